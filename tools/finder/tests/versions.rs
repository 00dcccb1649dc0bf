//! Each version of each exercise, built and run: `cargo x course`.
//!
//! The transcripts are recorded here. `cargo x bless` records them anew.

// In a test, `unwrap` is an assertion.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use exercises::probe::{Limits, Run};
use exercises::{
    Builder, Case, Course, Exercise, Judge, Points, Subject, Transcript, mistake, root,
};
use finder::versions::{self, SOLUTION, STUB};

/// What a version does in each case.
type Runs = Vec<(Case, Run)>;

fn run(exercise: &Exercise, subject: &Subject) -> Runs {
    let limits = Limits::from_now();
    let cases = exercise.cases().unwrap().cases;
    let run = |case: Case| {
        let run = subject.run(&case, limits).unwrap();
        (case, run)
    };
    cases.into_iter().map(run).collect()
}

fn transcript(runs: &Runs) -> Transcript {
    let cases = runs.iter().map(|(case, run)| Case {
        steps: run.behavior(),
        ..case.clone()
    });
    Transcript {
        cases: cases.collect(),
    }
}

/// Compares the transcript with the recorded one, or records it.
fn check_snapshot(exercise: &Exercise, version: &str, runs: &Runs) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(exercise.path().join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(version, transcript(runs).to_string()));
}

/// Returns the points that these runs earn, and the name of the mistake.
fn judge(exercise: &Exercise, runs: &Runs) -> (Points, Option<String>) {
    let judge = Judge::new(exercise).unwrap();
    let mistakes = mistake::mistakes(exercise).unwrap();
    let judged = runs.iter().map(|(case, run)| {
        let recorded = judge
            .cases()
            .iter()
            .find(|it| it.name == case.name)
            .unwrap();
        (case, run, judge.judge(recorded, run))
    });
    let judged: Vec<_> = judged.collect();
    let runs: Vec<_> = runs
        .iter()
        .map(|(case, run)| (case.name.as_str(), run))
        .collect();
    let is_solved = judged.iter().all(|(.., verdict)| verdict.is_passed());
    let mistake = mistake::recognize(&mistakes, &runs).filter(|_| !is_solved);
    let name = mistake.map(|mistake| mistake.name.clone());
    (
        judged.iter().map(|(.., verdict)| verdict.earned()).sum(),
        name,
    )
}

#[test]
fn solutions_earn_all_points_stubs_none_and_each_mistake_is_recognized() {
    let course = Course::read(&root()).unwrap();
    let builder = Builder::new(&root());
    let versions = versions::subjects(&course.exercises, &builder).unwrap();
    for exercise in &course.exercises {
        let names = versions::names(exercise).unwrap();
        let subject = |version: &String| &versions[&(exercise.id.clone(), version.clone())];
        let runs: Vec<Runs> = names
            .iter()
            .map(|name| run(exercise, subject(name)))
            .collect();
        let mut behaviors: BTreeMap<String, &str> = BTreeMap::new();
        for (version, runs) in names.iter().zip(&runs) {
            check_snapshot(exercise, version, runs);
            let same = behaviors.insert(transcript(runs).to_string(), version);
            assert_eq!(
                same, None,
                "{}: {version} behaves like another version",
                exercise.id
            );
        }
        for (version, runs) in names.iter().zip(&runs) {
            let what = format!("{} {version}", exercise.id);
            let (points, mistake) = judge(exercise, runs);
            match version.as_str() {
                SOLUTION => {
                    assert_eq!(points, exercise.points(), "{what}");
                    let said = transcript(runs).to_string();
                    assert!(!said.contains("! unknown command"), "{what}: {said}");
                }
                STUB => assert_eq!(points, Points::ZERO, "{what}"),
                wrong => {
                    assert!(points < exercise.points(), "{what} earns all points");
                    let is_first = wrong == exercise.first_version();
                    assert!(!is_first || points == Points::ZERO, "{what} is the stub");
                    assert_eq!(mistake.as_deref(), Some(wrong), "{what}");
                }
            }
        }
    }
}
