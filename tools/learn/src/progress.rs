//! `cargo x progress`: which exercises are solved.

use anyhow::Result;
use exercises::{Course, Points};

use crate::notes::Notes;
use crate::screen::{Look, Screen};

/// Lists the exercises, with a mark for each that is solved, and the hints that were seen.
pub(crate) fn run(course: &Course, notes: &Notes, screen: &mut Screen) -> Result<()> {
    let width = course
        .exercises
        .iter()
        .map(|it| it.title.chars().count())
        .max();
    let width = width.unwrap_or(0);
    let mut earned = Points::ZERO;
    for exercise in &course.exercises {
        let id = &exercise.id;
        let mark = match notes.is_solved(id) {
            true => {
                earned = earned + exercise.points();
                screen.styled(Look::Good, "✓")
            }
            false => "·".to_owned(),
        };
        let help = match (notes.count("hints", id), notes.count("revealed", id)) {
            (0, 0) => String::new(),
            (1, 0) => "1 hint".to_owned(),
            (hints, 0) => format!("{hints} hints"),
            _ => "solution seen".to_owned(),
        };
        let line = format!("  {mark} {id}  {:<width$}  {help}", exercise.title);
        screen.line(line.trim_end());
    }
    let possible: Points = course
        .exercises
        .iter()
        .map(exercises::Exercise::points)
        .sum();
    screen.line(format!("\nSolved: {earned} of {possible} points."));
    Ok(())
}
