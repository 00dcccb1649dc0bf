//! Draws the state machine from the transitions that were found.

use islands_core::StateName;

use crate::play::Transition;

/// Draws the states with an arrow for each pair that a transition connects, labeled with the
/// commands.
///
/// # Errors
/// If a transition has no arrow in the drawing, an arrow has no transition, or the two turns do
/// not end a game in the same ways: then the drawing would not be true.
pub(crate) fn draw(transitions: &[Transition]) -> Result<String, String> {
    use StateName::{GameOver, Initialized, Player1Turn, Player2Turn, PlayersSet};
    let arrows = [
        (Initialized, PlayersSet),
        (PlayersSet, Player1Turn),
        (PlayersSet, GameOver),
        (Player1Turn, Player2Turn),
        (Player2Turn, Player1Turn),
        (Player1Turn, GameOver),
        (Player2Turn, GameOver),
    ];
    let stray = transitions
        .iter()
        .find(|it| !arrows.contains(&(it.from, it.to)));
    if let Some(Transition { from, to, .. }) = stray {
        return Err(format!("the diagram has no arrow from {from} to {to}"));
    }
    let label = |from, to| {
        let labels = transitions
            .iter()
            .filter(|it| (it.from, it.to) == (from, to));
        labels.map(|it| it.label).collect::<Vec<_>>().join(", ")
    };
    let labels = arrows.map(|(from, to)| label(from, to));
    if let Some(empty) = labels.iter().position(String::is_empty) {
        let (from, to) = arrows[empty];
        return Err(format!("no command leads from {from} to {to}"));
    }
    let [join, set, give_up, guess, guess_back, end, end_too] = labels;
    if end != end_too {
        return Err(format!(
            "player 1's turn ends by {end}, player 2's by {end_too}"
        ));
    }
    let (first, second) = (join.len() + 2, set.len() + 2);
    let (line, line_too) = ("─".repeat(first - 1), "─".repeat(second - 1));
    let (gap, left, between) = (
        " ".repeat(first),
        " ".repeat(13 + first),
        " ".repeat(second),
    );
    let back = "─".repeat(second + 5);
    let guess_at = second + 8;
    Ok(format!(
        "\
┌───────────┐{join:^first$}┌───────────┐{set:^second$}┌────────────┐
│initialized├{line}►│players_set├{line_too}►│player1_turn│
└───────────┘{gap}└─────┬─────┘{between}└──┬──────▲──┘
{left}      │{guess:>guess_at$} │      │ {guess_back}
{left}      │      {between}┌──▼──────┴──┐
{left}      │ {give_up:<second$}     │player2_turn│
{left}      │      {between}└─────┬──────┘
{left}┌─────▼─────┐{between}      │
{left}│ game_over │◄{back}┘
{left}└───────────┘ from either turn:
{left}              {end}"
    ))
}
