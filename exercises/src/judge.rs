//! Compares what a probe writes with the recorded transcript.

use serde::Serialize;

use crate::course::CourseError;
use crate::exercise::{Exercise, Kind};
use crate::points::Points;
use crate::probe::{End, Run};
use crate::transcript::{Case, Transcript};

/// The recorded transcripts of an exercise.
#[derive(Debug)]
pub struct Judge {
    id: String,
    kind: Kind,
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
    /// The answer to a question is not right.
    NotRight {
        /// What the learner has answered, if anything.
        given: Option<String>,
        /// Whether the answer is a whole number.
        is_number: bool,
    },
    /// The code panicked or ended the program.
    Crashed {
        /// The command that it did not answer.
        command: String,
        /// The place and the message of the panic, or what else is known.
        message: String,
    },
    /// The code had not answered when the time was up.
    TimedOut {
        /// The command that it did not answer.
        command: String,
    },
    /// The code wrote more than it may.
    TooMuchOutput {
        /// The first command without the right answer.
        command: String,
    },
    /// The code does not compile.
    DoesNotBuild {
        /// What the compiler says.
        messages: String,
    },
    /// The judge itself failed, which costs no points: the case does not count.
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
        let stub = exercise.answers(exercise.first_version())?;
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
            kind: exercise.kind,
            points: points.collect(),
            solution,
        })
    }

    /// Returns the cases, with the expected answers.
    pub fn cases(&self) -> &[Case] {
        &self.solution.cases
    }

    /// Compares what was done in a case with the recorded answers.
    pub fn judge(&self, case: &Case, run: &Run) -> Verdict {
        self.verdict(case, outcome(case, run, self.kind))
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

fn outcome(case: &Case, run: &Run, kind: Kind) -> Outcome {
    let differs = |place: &usize| {
        let actual = run.steps.get(*place);
        actual.is_none_or(|actual| actual.answer != case.steps[*place].answer)
    };
    let differing = (0..case.steps.len()).find(differs);
    let place = match (differing, &run.end) {
        (None, End::Finished) => return Outcome::Passed,
        (None, _) => case.steps.len().saturating_sub(1),
        (Some(place), _) => place,
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
        End::TooMuchOutput => Outcome::TooMuchOutput { command },
        // The expected answer would give the question away.
        End::Finished if kind == Kind::Predict => Outcome::NotRight {
            given: actual.and_then(|step| step.answer.first().cloned()),
            is_number: expected.answer.iter().all(|it| is_number(it)),
        },
        _ => Outcome::Wrong {
            command,
            expected: expected.answer.clone(),
            actual: actual.map(|step| step.answer.clone()).unwrap_or_default(),
        },
    }
}

fn is_number(answer: &str) -> bool {
    answer.chars().all(|it| it.is_ascii_digit())
}
