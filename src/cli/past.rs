//! The folder of a batch that was run before: what it says, and the scenario in it.

use super::ending::{ExitStatus, Stop};
use super::load::{self, Loaded};
use escalate::error::Error;
use escalate::model::Model;
use escalate::provenance::{self, FORMAT_VERSION, SEMANTICS_VERSION};
use escalate::questions::precision::Until;
use escalate::runs::folder::{Folder, SCENARIO};
use escalate::runs::manifest::Manifest;
use escalate::scenario::Variant;
use std::path::{Path, PathBuf};

/// Why something is not to be done with a folder: what is said of it, and of the scenario in it before.
pub struct Fault {
    status: ExitStatus,
    before: String,
    what: String,
}

impl Fault {
    pub fn new(status: ExitStatus, what: String) -> Self {
        Self { status, before: String::new(), what }
    }

    /// Something is not what it should be.
    pub fn differs(what: String) -> Self {
        Self::new(ExitStatus::Findings, what)
    }

    fn after(stop: Stop, what: String) -> Self {
        Self { status: stop.status, before: stop.text, what }
    }

    /// What is said, with the name of the folder.
    pub fn of(self, folder: &Path) -> Stop {
        let word = if self.status == ExitStatus::Findings { "differs: " } else { "" };
        Stop { status: self.status, text: format!("{}{}: {word}{}\n", self.before, folder.display(), self.what) }
    }
}

impl From<Error> for Fault {
    /// A file that is there but does not hold what it should is a difference; one that cannot be read is trouble.
    fn from(error: Error) -> Self {
        let status = match error {
            Error::Damaged { .. } | Error::Differs(_) => ExitStatus::Findings,
            Error::Interrupted(_) => ExitStatus::Interrupted,
            _ => ExitStatus::Trouble,
        };
        Fault::new(status, error.to_string())
    }
}

/// A folder with a run, and the scenario in it, read.
pub struct Past {
    pub path: PathBuf,
    pub manifest: Manifest,
    pub loaded: Loaded,
}

impl Past {
    /// Reads a folder.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let Some(manifest) = Folder::read(path)? else {
            return Err(Fault::new(
                ExitStatus::Trouble,
                format!("{}: no manifest.json, so this is no folder of a batch", path.display()),
            ));
        };
        let versions = (manifest.semantics_version, manifest.format_version);
        if versions != (SEMANTICS_VERSION, FORMAT_VERSION) {
            let message = format!(
                "{}: made with semantics {} and results format {}; this program has {SEMANTICS_VERSION} and \
                 {FORMAT_VERSION}. Use {}",
                path.display(),
                versions.0,
                versions.1,
                manifest.engine.short()
            );
            return Err(Fault::new(ExitStatus::Trouble, message));
        }
        let scenario = path.join(SCENARIO);
        let loaded = load::load_clean(&scenario)
            .map_err(|stop| Fault::after(stop, format!("{} cannot be run", scenario.display())))?;
        Ok(Self { path: path.to_owned(), manifest, loaded })
    }

    pub fn variant(&self) -> Result<Option<&Variant>, Fault> {
        let variant = load::variant(&self.loaded, Some(&self.manifest.variant));
        let what = || format!("{SCENARIO} has no variant `{}`", self.manifest.variant);
        variant.map_err(|stop| Fault::after(stop.with(ExitStatus::Findings), what()))
    }

    /// The precision that was asked for, if one was.
    pub fn until(&self, model: &Model) -> Result<Option<Until>, Fault> {
        let until = self.manifest.until.as_ref().map(|until| Until::read(until, model)).transpose();
        until.map_err(|error| Fault::differs(format!("until in the manifest: {}", error.message)))
    }

    /// The model, if it is the one that was run.
    pub fn model(&self) -> Result<Model, Fault> {
        let model = load::model(&self.loaded, self.variant()?);
        let model = model.map_err(|stop| Fault::after(stop, format!("{SCENARIO} cannot be run")))?;
        if provenance::hex(&model.hash) != self.manifest.scenario_hash {
            return Err(Fault::differs(format!(
                "{SCENARIO} does not mean what was run: its hash is not that of the manifest"
            )));
        }
        Ok(model)
    }
}
