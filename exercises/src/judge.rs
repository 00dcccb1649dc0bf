//! Compares what a probe writes with the recorded transcript.

use std::io;
use std::path::Path;

use serde::Serialize;

use crate::course::{CourseError, Exercise};
use crate::points::Points;
use crate::probe::{self, End, Limits, Run};
use crate::transcript::{Case, Transcript};

/// The recorded transcripts of an exercise.
#[derive(Debug)]
pub struct Judge {
    id: String,
    solution: Transcript,
    /// The points of each case, in the order of the solution's cases.
    points: Vec<Points>,
}

/// The outcome of one case, as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The exercise's id.
    pub exercise: String,
    /// The case's name.
    pub case: String,
    /// The points that a pass earns.
    pub points: Points,
    /// How it went.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// How a case went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// All answers are as recorded.
    Passed,
    /// An answer differs.
    Wrong {
        /// The first command with another answer.
        command: String,
        /// The recorded lines.
        expected: Vec<String>,
        /// The learner's lines.
        actual: Vec<String>,
    },
    /// The code panicked.
    Crashed {
        /// The command that it panicked at.
        command: String,
        /// The place and the message of the panic.
        message: String,
    },
    /// The code had not answered when the time was up.
    TimedOut {
        /// The command that it did not answer.
        command: String,
    },
    /// The code wrote more than it may.
    TooMuchOutput,
    /// The code does not compile.
    DoesNotBuild {
        /// What the compiler says.
        messages: String,
    },
    /// The judge itself failed, which costs no points.
    Infrastructure {
        /// What failed.
        problem: String,
    },
}

impl Verdict {
    /// Returns whether the case is passed.
    pub fn is_passed(&self) -> bool {
        self.outcome == Outcome::Passed
    }

    /// Returns the points that the case has earned.
    pub fn earned(&self) -> Points {
        if self.is_passed() {
            self.points
        } else {
            Points::ZERO
        }
    }
}

impl Judge {
    /// Reads the recorded transcripts of an exercise.
    ///
    /// The points of the exercise are split over the cases that its stub fails, so that an
    /// untouched exercise earns none.
    ///
    /// # Errors
    /// If a recorded transcript cannot be read.
    pub fn new(exercise: &Exercise) -> Result<Judge, CourseError> {
        let solution = exercise.answers("solution")?;
        let stub = exercise.answers("stub")?;
        let fails = |case: &Case| {
            stub.case(&case.name)
                .is_none_or(|it| it.steps != case.steps)
        };
        let failed = solution.cases.iter().filter(|case| fails(case)).count();
        let mut shares = exercise.points().split(failed).into_iter();
        let points = solution.cases.iter().map(|case| match fails(case) {
            true => shares.next().unwrap_or_default(),
            false => Points::ZERO,
        });
        Ok(Judge {
            id: exercise.id.clone(),
            points: points.collect(),
            solution,
        })
    }

    /// Returns the cases, with the expected answers.
    pub fn cases(&self) -> &[Case] {
        &self.solution.cases
    }

    /// Runs a probe on a case, and compares.
    ///
    /// # Errors
    /// If the probe cannot be started.
    pub fn run(&self, case: &Case, program: &Path, limits: Limits) -> io::Result<(Verdict, Run)> {
        let run = probe::run(program, &case.steps, limits)?;
        let verdict = self.verdict(case, outcome(case, &run));
        Ok((verdict, run))
    }

    /// Returns the verdict on a case with this outcome.
    pub fn verdict(&self, case: &Case, outcome: Outcome) -> Verdict {
        let place = self
            .solution
            .cases
            .iter()
            .position(|it| it.name == case.name);
        let points = place.and_then(|place| self.points.get(place));
        Verdict {
            exercise: self.id.clone(),
            case: case.name.clone(),
            points: points.copied().unwrap_or_default(),
            outcome,
        }
    }
}

fn outcome(case: &Case, run: &Run) -> Outcome {
    let differs = |place: &usize| {
        let actual = run.steps.get(*place);
        actual.is_none_or(|actual| actual.answer != case.steps[*place].answer)
    };
    let Some(place) = (0..case.steps.len()).find(differs) else {
        return Outcome::Passed;
    };
    let (expected, actual) = (&case.steps[place], run.steps.get(place));
    let command = expected.command.clone();
    // A program that ends too early has begun to answer its last command.
    let is_last = place + 1 >= run.steps.len();
    match &run.end {
        End::Crashed(message) if is_last => Outcome::Crashed {
            command,
            message: message.clone(),
        },
        End::TimedOut if is_last => Outcome::TimedOut { command },
        End::TooMuchOutput => Outcome::TooMuchOutput,
        _ => Outcome::Wrong {
            command,
            expected: expected.answer.clone(),
            actual: actual.map(|step| step.answer.clone()).unwrap_or_default(),
        },
    }
}
