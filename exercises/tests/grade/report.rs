//! The verdicts as JSON, CSV and JUnit XML.

use std::error::Error;
use std::fs::{self, File};
use std::path::Path;

use exercises::{Exercise, Outcome, Points, Verdict, mistake};
use quick_xml::Writer;
use quick_xml::events::{BytesText, Event};
use serde::Serialize;

use crate::trials::Graded;

#[derive(Serialize)]
struct Report<'a> {
    points: Points,
    earned: Points,
    exercises: Vec<ExerciseReport<'a>>,
}

#[derive(Serialize)]
struct ExerciseReport<'a> {
    id: &'a str,
    title: &'a str,
    points: Points,
    earned: Points,
    /// The name of the wrong version that behaves the same, if there is exactly one.
    mistake: Option<String>,
    cases: Vec<&'a Verdict>,
}

/// A line of `cases.csv`.
#[derive(Serialize)]
struct Row<'a> {
    exercise: &'a str,
    case: &'a str,
    outcome: &'a str,
    points: Points,
    earned: Points,
    mistake: &'a str,
}

/// Writes the three reports into this folder.
pub fn write(graded: &Graded, folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let mut exercises = Vec::new();
    for exercise in &graded.exercises {
        exercises.push(exercise_report(graded, exercise)?);
    }
    let report = Report {
        points: graded.possible(),
        earned: graded.earned(),
        exercises,
    };
    serde_json::to_writer_pretty(File::create(folder.join("results.json"))?, &report)?;
    csv(&report, &folder.join("cases.csv"))?;
    junit(&report, &folder.join("junit.xml"))?;
    Ok(())
}

fn exercise_report<'a>(
    graded: &'a Graded,
    exercise: &'a Exercise,
) -> Result<ExerciseReport<'a>, Box<dyn Error>> {
    let of_this = graded
        .judged
        .iter()
        .filter(|(it, _)| it.exercise == exercise.id);
    let mut judged: Vec<_> = of_this.collect();
    let cases: Vec<String> = exercise
        .cases()?
        .cases
        .into_iter()
        .map(|it| it.name)
        .collect();
    judged.sort_by_key(|(verdict, _)| cases.iter().position(|name| *name == verdict.case));
    let runs: Vec<_> = judged
        .iter()
        .filter_map(|(verdict, run)| Some((verdict.case.as_str(), run.as_ref()?)))
        .collect();
    let mistakes = mistake::mistakes(exercise)?;
    let is_solved = judged.iter().all(|(verdict, _)| verdict.is_passed());
    let mistake = mistake::recognize(&mistakes, &runs).filter(|_| !is_solved);
    Ok(ExerciseReport {
        id: &exercise.id,
        title: &exercise.title,
        points: exercise.points(),
        earned: judged.iter().map(|(verdict, _)| verdict.earned()).sum(),
        mistake: mistake.map(|mistake| mistake.name.clone()),
        cases: judged.iter().map(|(verdict, _)| verdict).collect(),
    })
}

fn csv(report: &Report<'_>, path: &Path) -> Result<(), Box<dyn Error>> {
    let mut rows = csv::Writer::from_path(path)?;
    for exercise in &report.exercises {
        for verdict in &exercise.cases {
            rows.serialize(Row {
                exercise: exercise.id,
                case: &verdict.case,
                outcome: verdict.outcome.name(),
                points: verdict.points,
                earned: verdict.earned(),
                mistake: exercise.mistake.as_deref().unwrap_or_default(),
            })?;
        }
    }
    rows.flush()?;
    Ok(())
}

fn junit(report: &Report<'_>, path: &Path) -> Result<(), Box<dyn Error>> {
    let mut xml = Writer::new_with_indent(File::create(path)?, b' ', 2);
    xml.create_element("testsuites")
        .write_inner_content(|xml| {
            for exercise in &report.exercises {
                suite(xml, exercise)?;
            }
            Ok(())
        })?;
    Ok(())
}

fn suite(xml: &mut Writer<File>, exercise: &ExerciseReport<'_>) -> std::io::Result<()> {
    let cases = &exercise.cases;
    let is_error = |it: &&&Verdict| matches!(it.outcome, Outcome::Infrastructure { .. });
    let errors = cases.iter().filter(is_error).count();
    let passed = cases.iter().filter(|verdict| verdict.is_passed()).count();
    let failures = cases.len() - passed - errors;
    xml.create_element("testsuite")
        .with_attribute(("name", exercise.id))
        .with_attribute(("tests", cases.len().to_string().as_str()))
        .with_attribute(("failures", failures.to_string().as_str()))
        .with_attribute(("errors", errors.to_string().as_str()))
        .write_inner_content(|xml| {
            for verdict in cases {
                let case = xml
                    .create_element("testcase")
                    .with_attribute(("classname", exercise.id))
                    .with_attribute(("name", verdict.case.as_str()));
                match &verdict.outcome {
                    Outcome::Passed => case.write_empty()?,
                    outcome => case.write_inner_content(|xml| {
                        let text = outcome.text(usize::MAX);
                        let text = Event::Text(BytesText::new(&text));
                        let element = match outcome {
                            Outcome::Infrastructure { .. } => "error",
                            _ => "failure",
                        };
                        xml.create_element(element)
                            .with_attribute(("message", outcome.name()))
                            .write_inner_content(|xml| xml.write_event(text))?;
                        Ok(())
                    })?,
                };
            }
            Ok(())
        })?;
    Ok(())
}
