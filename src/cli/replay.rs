//! `escalate replay`: one replication of a batch in its folder, told turn by turn.

use super::ending::{Done, ExitStatus};
use super::past::{Fault, Past};
use super::run::Telling;
use clap::Args;
use std::path::PathBuf;

/// Tell one replication of a batch, from the folder of its results alone
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 if it was told, 1 if the scenario in the folder is not the one that was run, 2 \
                        if something could not be read."
)]
pub struct Replay {
    /// The folder of a batch
    folder: PathBuf,
    /// The number of the replication
    #[arg(long, short)]
    replication: u64,
    #[command(flatten)]
    telling: Telling,
}

impl Replay {
    pub fn execute(&self) -> Done {
        self.told().map(|()| ExitStatus::Success).map_err(|fault| fault.of(&self.folder))
    }

    fn told(&self) -> Result<(), Fault> {
        let past = Past::open(&self.folder)?;
        let model = past.model()?;
        let (first, replications) = (past.manifest.first, past.manifest.replications);
        if self.replication < first || self.replication - first >= replications {
            let message = format!("it has the replications {first} to {}", first + replications.saturating_sub(1));
            return Err(Fault::new(ExitStatus::Trouble, message));
        }
        self.telling.tell(&model, past.manifest.seed, self.replication);
        Ok(())
    }
}
