//! Random games on a correct server, between clients with bad connections.

use history::{Batch, Client, Entry, History, Report};
use islands_core::bot::{self, Strength};
use islands_core::{
    Command, Event, Facts, Game, GameId, MIN_AWAY_MS, Placement, Player, PlayerView, Reply, Rng,
    View, Viewer, apply, create, decide, legal_places, public_event,
};

pub(crate) const GAME: GameId = GameId::from_bytes([7; 10]);

/// Facts under which every claim that the opponent is away holds.
const FACTS: Facts = Facts {
    opponent_away_ms: MIN_AWAY_MS,
    rematch: GameId::from_bytes([8; 10]),
};

const VIEWERS: [Viewer; 3] = [
    Viewer::Player(Player::One),
    Viewer::Player(Player::Two),
    Viewer::Spectator,
];

/// A game's record and its log.
#[derive(Clone)]
pub(crate) struct Played {
    pub(crate) entries: Vec<Entry>,
    pub(crate) log: Vec<Batch>,
    pub(crate) game: Game,
    /// The counts that the checker should return.
    pub(crate) counts: Counts,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) acknowledged: u64,
    pub(crate) refused: u64,
    pub(crate) unanswered: u64,
    pub(crate) carried_out: u64,
}

impl Played {
    /// Plays a game; the seed decides its moves and its length.
    pub(crate) fn new(seed: u64) -> Played {
        let mut table = Table::open(seed);
        let commands = 5 + table.below(120);
        for _ in 0..commands {
            table.command();
            table.listen();
        }
        Played {
            entries: table.history.entries(GAME),
            log: table.log,
            game: table.game,
            counts: table.counts,
        }
    }

    /// Plays the same game, and adds a last view of each viewer.
    pub(crate) fn with_views(seed: u64) -> Played {
        let mut played = Played::new(seed);
        let history = History::new();
        for viewer in VIEWERS {
            let view = View::of(&played.game, viewer);
            let client = history.client(GAME, viewer);
            client.viewed_last(view.seq(), &view);
        }
        played.entries.extend(history.entries(GAME));
        played
    }

    pub(crate) fn check(&self) -> Report {
        history::check(GAME, &self.entries, &self.log)
    }
}

struct Table {
    history: History,
    rng: Rng,
    game: Game,
    log: Vec<Batch>,
    /// Each event, and the game just after it.
    events: Vec<(Event, Game)>,
    listeners: [(Client, Option<u64>); 3],
    sent: u64,
    counts: Counts,
}

impl Table {
    fn open(seed: u64) -> Table {
        let history = History::new();
        history.opened(GAME, "Ada", None);
        let created = create("Ada").expect("a name");
        let game = Game::new(&created);
        let opening = Event::GameCreated(created);
        Table {
            listeners: VIEWERS.map(|viewer| (history.client(GAME, viewer), None)),
            history,
            rng: Rng::new(seed),
            log: vec![Batch::new(Player::One, None, vec![opening.clone()])],
            events: vec![(opening, game.clone())],
            game,
            sent: 0,
            counts: Counts {
                acknowledged: 1,
                ..Counts::default()
            },
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        let all: Vec<usize> = (0..bound).collect();
        self.rng.pick(&all).expect("a number")
    }

    /// Has a client send a command. The command or its answer may get lost, and the
    /// client may repeat it.
    fn command(&mut self) {
        let by = Player::BOTH[self.below(2)];
        let command = self.random_command(by);
        self.sent += 1;
        let id = match self.below(6) {
            0 => None,
            _ => Some(format!("{by}-{}", self.sent)),
        };
        let client = self.listeners[by as usize].0.clone();
        let mut done: Option<(u64, Reply)> = None;
        let mut times = 0;
        loop {
            let sent = client.send(id.as_deref(), &command);
            times += 1;
            let arrives = self.below(8) != 0;
            let is_answered = arrives && self.below(8) != 0;
            let refused = match done {
                None if arrives => match self.carry_out(by, &command, id.as_deref()) {
                    Ok(brought) => {
                        done = Some(brought);
                        None
                    }
                    Err(reason) => Some(reason),
                },
                _ => None,
            };
            match (done, refused) {
                (Some((seq, reply)), _) if is_answered => {
                    self.counts.acknowledged += 1;
                    return sent.accepted(seq, &reply);
                }
                (None, Some(reason)) if is_answered => {
                    if times == 1 {
                        self.counts.refused += 1;
                    } else {
                        self.counts.unanswered += 1;
                    }
                    return sent.refused(reason);
                }
                _ if id.is_none() || self.below(4) == 0 => {
                    self.counts.unanswered += 1;
                    self.counts.carried_out += u64::from(done.is_some());
                    return;
                }
                _ => self.listen(),
            }
        }
    }

    fn carry_out(
        &mut self,
        by: Player,
        command: &Command,
        id: Option<&str>,
    ) -> Result<(u64, Reply), &'static str> {
        let events =
            decide(&self.game, by, command.clone(), &FACTS).map_err(|refused| refused.reason())?;
        for event in &events {
            self.game = apply(self.game.clone(), event);
            self.events.push((event.clone(), self.game.clone()));
        }
        // The server draws an id for a command without one.
        let drawn = format!("~{}", self.log.len());
        let id = Some(id.unwrap_or(&drawn));
        self.log.push(Batch::new(by, id, events.clone()));
        let reply = Reply::of(&self.game, by, &events);
        Ok((self.game.seq(), reply))
    }

    /// Chooses a command, a sensible one most of the time.
    fn random_command(&mut self, by: Player) -> Command {
        if self.game.seq() == 1 {
            let name = "Bob".into();
            return Command::AddPlayer { name };
        }
        let over = self.game.is_over();
        match self.below(10) {
            0 if self.below(8) == 0 => Command::Resign,
            0 if self.below(8) == 0 => Command::ClaimWin,
            0 => Command::GuessCoordinate { row: 1, col: 1 },
            1 => Command::GuessCoordinate { row: 0, col: 11 },
            2 | 3 => {
                let kinds = islands_core::IslandType::ALL;
                let kind = kinds[self.below(kinds.len())];
                let places: Vec<_> = legal_places(kind).collect();
                let place = self.rng.pick(&places).expect("a place");
                Command::PositionIsland(Placement::from(place))
            }
            4 if over => Command::RequestRematch,
            _ => {
                let view = PlayerView::of(&self.game, by);
                let seed = self.rng.next_u64();
                let next = bot::next_command(&view, Strength::Hunt, seed);
                next.unwrap_or(Command::SetIslands)
            }
        }
    }

    /// Has each client receive some events, lose its connection or resume.
    fn listen(&mut self) {
        for place in 0..self.listeners.len() {
            let (client, seen) = self.listeners[place].clone();
            let seen = match (seen, self.below(20)) {
                (Some(seen), 0) => {
                    client.resumed(seen);
                    Some(seen)
                }
                (Some(_), 1) => None,
                (None, 0..10) => {
                    client.began(self.game.seq(), &View::of(&self.game, client.viewer()));
                    Some(self.game.seq())
                }
                (Some(seen), _) => Some(self.receive(&client, seen)),
                (None, _) => None,
            };
            self.listeners[place].1 = seen;
            if self.below(30) == 0 {
                client.viewed(self.game.seq(), &View::of(&self.game, client.viewer()));
            }
        }
    }

    fn receive(&mut self, client: &Client, seen: u64) -> u64 {
        let upto = (seen + self.below(4) as u64).min(self.game.seq());
        for (event, game) in &self.events[seen as usize..upto as usize] {
            let event = public_event(game, event, client.viewer());
            client.saw(game.seq(), event.name(), &event);
        }
        upto
    }
}
