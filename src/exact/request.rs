//! How a model is solved, what is given of each turn, and why there may be no solution.

use super::masses::Masses;
use super::obstacles::Obstacle;
use super::walk;
use super::weight::DoubleDouble;
use crate::error::Error;
use crate::model::uses::Wanted;
use crate::threads::ThreadsError;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64};

/// States that are carried at most, unless asked otherwise.
pub const STATES_MAX: usize = 2_000_000;

/// How a model is solved.
pub struct Request<'a> {
    pub wanted: Wanted,
    /// States of one moment that are allowed.
    pub states_max: usize,
    /// Bytes that states may take.
    pub memory_max: u64,
    /// States lighter than this are dropped, and their mass is reported; 0 to keep all.
    pub prune: f64,
    /// Ends before the last turn once less than this is under way.
    pub until_undecided: Option<f64>,
    /// Ends each branch where this event fires: its firings are then first firings.
    pub until: Option<u32>,
    /// Whether what makes no difference is forgotten; if not, there are more states and the same answers.
    pub forget: bool,
    /// Threads; 0 for as many as there are processors.
    pub threads: usize,
    /// Counts turns as they are done, if somebody wants to know.
    pub done: Option<&'a AtomicU64>,
    /// Set from outside to end early.
    pub stop: &'a AtomicBool,
}

impl<'a> Request<'a> {
    /// All milestones and rungs, on all processors.
    pub fn new(stop: &'a AtomicBool) -> Self {
        Self {
            wanted: Wanted { milestones: true, rungs: true, scores: false },
            states_max: STATES_MAX,
            memory_max: u64::MAX,
            prune: 0.0,
            until_undecided: None,
            until: None,
            forget: true,
            threads: 0,
            done: None,
            stop,
        }
    }
}

/// One turn, solved.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    pub turn: u32,
    pub masses: Masses,
    /// What has neither ended nor failed at the end of the turn.
    pub under_way: DoubleDouble,
    /// How many states that is.
    pub states: usize,
}

/// What it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    pub last_turn: u32,
    /// The most states at any moment.
    pub most_states: usize,
    /// States times steps that they were taken through.
    pub state_steps: u64,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// Something has more outcomes than can be followed.
    Obstacles(Vec<Obstacle>),
    /// More states than are allowed; what has the most values among them.
    States {
        turn: u32,
        step: String,
        most: usize,
        columns: Vec<(String, usize)>,
    },
    /// More bytes than are allowed, with what is known of the states.
    Memory {
        turn: u32,
        step: String,
        most: u64,
        states: usize,
        numbers: usize,
    },
    /// More ways through one step than are followed.
    Ways {
        turn: u32,
        step: String,
    },
    Stopped {
        turn: u32,
    },
    Threads(ThreadsError),
    /// What reads the turn in a way that no turn ends, so that there is no chain without a horizon.
    Clock(Vec<String>),
    /// Values were found, but they could not be proved.
    Unproved,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Obstacles(obstacles) => {
                write!(f, "this has more outcomes than can be followed one by one:")?;
                obstacles.iter().try_for_each(|it| write!(f, "\n  {it}"))
            }
            Trouble::States { turn, step, most, columns } => {
                write!(f, "turn {turn}, after {step}: more than {most} states")?;
                if columns.is_empty() {
                    return Ok(());
                }
                let columns: Vec<String> = columns.iter().map(|(name, values)| format!("{name} ({values})")).collect();
                write!(f, "; those with the most values: {}", columns.join(", "))
            }
            Trouble::Memory { turn, step, most, states, numbers } => {
                write!(f, "turn {turn}, after {step}: {states} states of {numbers} words each take more than ")?;
                write!(f, "{} MiB", most >> 20)
            }
            Trouble::Ways { turn, step } => {
                write!(f, "turn {turn}, at {step}: more than {} ways to go in one step", walk::WAYS_MAX)
            }
            Trouble::Stopped { turn } => write!(f, "interrupted in turn {turn}"),
            Trouble::Clock(places) => {
                write!(f, "its turns differ for ever, so it has no solution without a horizon:")?;
                places.iter().try_for_each(|it| write!(f, "\n  {it}"))
            }
            Trouble::Unproved => write!(f, "its states are left too slowly: no bounds could be proved"),
            Trouble::Threads(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Trouble {}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Threads(error) => Self::Threads(error),
            Trouble::Stopped { .. } => Self::Interrupted(trouble.to_string()),
            trouble => Self::Unsolved(trouble.into()),
        }
    }
}
