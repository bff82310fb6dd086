//! `escalate run`: one replication, told turn by turn.

use super::ending::{Done, ExitStatus, Stop};
use super::terminal::out;
use super::{chronicle, load};
use clap::{Args, ValueEnum};
use escalate::batch::REPLICATIONS_MAX;
use escalate::chronicle::replay;
use escalate::model::Model;
use std::path::PathBuf;

/// Run one replication and tell it: who did what, why, with what chance, what came of it
#[derive(Debug, Args)]
pub struct Run {
    /// The scenario file
    file: PathBuf,
    /// The seed; a batch of the same seed has this replication as one of its own
    #[arg(long, short, default_value_t = 1)]
    seed: u64,
    /// The number of the replication
    #[arg(long, short, default_value_t = 0)]
    replication: u64,
    /// The variant to run instead of the scenario as written
    #[arg(long)]
    variant: Option<String>,
    #[command(flatten)]
    telling: Telling,
}

/// How a replication is told.
#[derive(Debug, Args)]
pub struct Telling {
    /// How to tell it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Tell of chances that did not come, too
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// The same as data
    Json,
}

impl Run {
    pub fn execute(&self) -> Done {
        if self.replication >= REPLICATIONS_MAX {
            let last = REPLICATIONS_MAX - 1;
            return Err(Stop::trouble(format_args!("--replication: replications are numbered from 0 to {last}")));
        }
        let loaded = load::load_clean(&self.file)?;
        let variant = load::variant(&loaded, self.variant.as_deref())?;
        let model = load::model(&loaded, variant)?;
        self.telling.tell(&model, self.seed, self.replication);
        Ok(ExitStatus::Success)
    }
}

impl Telling {
    pub fn tell(&self, model: &Model, seed: u64, replication: u64) {
        let told = replay(model, seed, replication);
        match self.format {
            Format::Text => out(&chronicle::text(&told, self.all)),
            Format::Json => out(&format!("{}\n", serde_json::to_string_pretty(&told).unwrap_or_default())),
        }
    }
}
