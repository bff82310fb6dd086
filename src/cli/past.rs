//! The folder of a batch that was run before: what it says, and the scenario in it.

use super::load::{self, Loaded};
use super::{FINDINGS, INTERRUPTED, TROUBLE};
use escalate::Error;
use escalate::model::Model;
use escalate::provenance::{self, FORMAT_VERSION, SEMANTICS_VERSION};
use escalate::questions::precision::Until;
use escalate::runs::folder::{Folder, SCENARIO};
use escalate::runs::manifest::Manifest;
use escalate::scenario::Variant;
use std::path::{Path, PathBuf};

/// Why it does not end well: with what exit code, after saying what.
pub struct Stop {
    pub code: u8,
    what: String,
}

impl Stop {
    pub fn new(code: u8, what: String) -> Self {
        Self { code, what }
    }

    /// Something is not what it should be.
    pub fn differs(what: String) -> Self {
        Self::new(FINDINGS, what)
    }

    /// Says what it is, and gives the exit code.
    pub fn said(&self, folder: &Path) -> u8 {
        let word = if self.code == FINDINGS { "differs: " } else { "" };
        eprintln!("{}: {word}{}", folder.display(), self.what);
        self.code
    }
}

impl From<Error> for Stop {
    /// A file that is there but does not hold what it should is a difference; one that cannot be read is trouble.
    fn from(trouble: Error) -> Self {
        let code = match trouble {
            Error::Damaged { .. } | Error::Differs(_) => FINDINGS,
            Error::Interrupted(_) => INTERRUPTED,
            _ => TROUBLE,
        };
        Stop::new(code, trouble.to_string())
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
    pub fn open(path: &Path) -> Result<Self, Stop> {
        let Some(manifest) = Folder::read(path)? else {
            return Err(Stop::new(
                TROUBLE,
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
            return Err(Stop::new(TROUBLE, message));
        }
        let scenario = path.join(SCENARIO);
        let loaded = load::load_clean(&scenario)
            .map_err(|code| Stop::new(code, format!("{} cannot be run", scenario.display())))?;
        Ok(Self { path: path.to_owned(), manifest, loaded })
    }

    pub fn variant(&self) -> Result<Option<&Variant>, Stop> {
        let variant = load::variant(&self.loaded, Some(&self.manifest.variant));
        variant.map_err(|_| Stop::differs(format!("{SCENARIO} has no variant `{}`", self.manifest.variant)))
    }

    /// The precision that was asked for, if one was.
    pub fn until(&self, model: &Model) -> Result<Option<Until>, Stop> {
        let until = self.manifest.until.as_ref().map(|until| Until::read(until, model)).transpose();
        until.map_err(|error| Stop::differs(format!("until in the manifest: {}", error.message)))
    }

    /// The model, if it is the one that was run.
    pub fn model(&self) -> Result<Model, Stop> {
        let model = load::model(&self.loaded, self.variant()?);
        let model = model.map_err(|code| Stop::new(code, format!("{SCENARIO} cannot be run")))?;
        if provenance::hex(&model.hash) != self.manifest.scenario_hash {
            return Err(Stop::differs(format!(
                "{SCENARIO} does not mean what was run: its hash is not that of the manifest"
            )));
        }
        Ok(model)
    }
}
