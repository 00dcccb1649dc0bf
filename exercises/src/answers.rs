//! `answers.txt`: a learner's answers to questions, one a line.
//!
//! ```text
//! # In how many places does a square fit?
//! places_of_a_square = 81
//! ```

use thiserror::Error;

use crate::probe::{End, Run};
use crate::transcript::{Case, Step, Transcript};

/// The answers that a learner has written, by the name of their question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    answers: Vec<(String, String)>,
}

/// Why a text holds no answers.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {problem}")]
pub struct AnswersError {
    line: usize,
    problem: String,
}

impl Answers {
    /// Parses the text of `answers.txt`, whose questions are the cases. Without `words`, any
    /// answer is possible.
    ///
    /// # Errors
    /// If a line is neither a comment nor `name = answer`, its name is no question or occurs
    /// twice, or its answer is none of the `words`.
    pub fn parse(
        text: &str,
        questions: &Transcript,
        words: &[String],
    ) -> Result<Answers, AnswersError> {
        let mut answers = Answers::default();
        for (line, text) in (1..).zip(text.lines()) {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let error = |problem| AnswersError { line, problem };
            let Some((name, answer)) = text.split_once('=') else {
                return Err(error(format!("expected `name = answer`, not `{text}`")));
            };
            let name = name.trim();
            if questions.case(name).is_none() {
                let names: Vec<_> = questions.cases.iter().map(|it| it.name.as_str()).collect();
                let names = names.join(", ");
                return Err(error(format!(
                    "there is no question `{name}`; they are {names}"
                )));
            }
            if answers.get(name).is_some() {
                return Err(error(format!("`{name}` is answered twice")));
            }
            let answer = normalized(answer);
            if !answer.is_empty() && !words.is_empty() && !words.contains(&answer) {
                let words = words.join(", ");
                return Err(error(format!("`{answer}` is none of {words}")));
            }
            answers.answers.push((name.to_owned(), answer));
        }
        Ok(answers)
    }

    /// Returns the text of a file without answers: each question as a comment, and its name.
    pub fn blank(questions: &Transcript) -> String {
        let questions = questions
            .cases
            .iter()
            .map(|case| format!("# {}\n{} =\n", case.about, case.name));
        let text = "# Write each answer behind its `=`.\n\n".to_owned();
        text + &questions.collect::<Vec<_>>().join("\n")
    }

    /// Returns the answer to a question as a run of its case: one line, or none.
    pub(crate) fn run(&self, case: &Case) -> Run {
        let answer = self.get(&case.name).filter(|answer| !answer.is_empty());
        let steps = case.steps.iter().map(|step| Step {
            command: step.command.clone(),
            answer: answer.map(str::to_owned).into_iter().collect(),
        });
        Run {
            steps: steps.collect(),
            end: End::Finished,
            printed: Vec::new(),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let mut answers = self.answers.iter();
        let (_, answer) = answers.find(|(question, _)| question == name)?;
        Some(answer)
    }
}

/// Case, spaces and backticks around it, and separators of thousands do not matter.
fn normalized(answer: &str) -> String {
    let around = |it: char| it.is_whitespace() || it == '`';
    let answer = answer.trim_matches(around).to_lowercase();
    let is_number = answer
        .chars()
        .all(|it| it.is_ascii_digit() || ",_ '".contains(it));
    match is_number {
        true => answer.chars().filter(char::is_ascii_digit).collect(),
        false => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn questions() -> Transcript {
        let text = "# places\nHow many?\n> answer\n# first\nWho?\n> answer\n";
        text.parse().expect("a transcript")
    }

    fn answer(text: &str, name: &str) -> Result<Vec<String>, String> {
        let answers = Answers::parse(text, &questions(), &[]).map_err(|error| error.to_string())?;
        let case = questions().case(name).cloned().expect("a question");
        Ok(answers.run(&case).steps.remove(0).answer)
    }

    #[test]
    fn numbers_and_words_may_be_written_in_several_ways() {
        assert_eq!(answer("places = 7,776", "places"), Ok(vec!["7776".into()]));
        assert_eq!(answer("places=7 776", "places"), Ok(vec!["7776".into()]));
        assert_eq!(answer("first = Ada ", "first"), Ok(vec!["ada".into()]));
        assert_eq!(answer("first = `Ada`", "first"), Ok(vec!["ada".into()]));
    }

    #[test]
    fn an_answer_that_is_none_of_the_words_is_refused() {
        let words = ["ada".to_owned(), "bob".to_owned()];
        let parse = |text| Answers::parse(text, &questions(), &words);
        assert!(parse("first = bob\nplaces =").is_ok());
        let error = parse("first = bop").expect_err("a typo").to_string();
        assert_eq!(error, "line 1: `bop` is none of ada, bob");
    }

    #[test]
    fn a_question_without_an_answer_has_no_line() {
        let blank = Answers::blank(&questions());
        assert_eq!(answer(&blank, "places"), Ok(vec![]));
        assert_eq!(answer("", "places"), Ok(vec![]));
    }

    #[test]
    fn a_typo_is_named_with_its_line_and_what_is_expected() {
        let error = |text| answer(text, "places").expect_err("a typo");
        assert_eq!(
            error("# 1\n\nplace = 7"),
            "line 3: there is no question `place`; they are places, first"
        );
        assert_eq!(
            error("places 7"),
            "line 1: expected `name = answer`, not `places 7`"
        );
        assert_eq!(
            error("places = 7\nplaces = 8"),
            "line 2: `places` is answered twice"
        );
    }
}
