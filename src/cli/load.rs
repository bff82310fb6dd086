//! Scenario files from disk, with their findings reported.

use super::ending::Stop;
use super::terminal;
use escalate::compile;
use escalate::diagnostic::{self, Diagnostic};
use escalate::model::Model;
use escalate::scenario::{self, Scenario, Variant};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file, what it says, and all that was found in it.
pub struct Loaded {
    pub path: PathBuf,
    pub bytes: Arc<[u8]>,
    pub source: String,
    pub scenario: Option<Scenario>,
    pub findings: Vec<Diagnostic>,
}

impl Loaded {
    pub fn has_errors(&self) -> bool {
        self.scenario.is_none() || self.findings.iter().any(Diagnostic::is_error)
    }

    /// The scenario, if the file could be read as one; why it could not is among the findings.
    pub fn scenario(&self) -> Result<&Scenario, Stop> {
        self.scenario.as_ref().ok_or_else(|| Stop::findings(self.render(&self.findings)))
    }

    /// The findings as text.
    pub fn render(&self, findings: &[Diagnostic]) -> String {
        diagnostic::render(findings, &self.path.display().to_string(), &self.source, terminal::style_of_stderr())
    }
}

/// Reads and checks a file; what is wrong within it is no reason to stop.
pub fn load(path: &Path) -> Result<Loaded, Stop> {
    let bytes = read(path).map_err(|error| Stop::trouble(format_args!("{}: {error}", path.display())))?;
    let (scenario, mut findings) = scenario::read(&bytes);
    if let Some(scenario) = &scenario {
        findings = compile::check_read(scenario, findings);
    }
    let source = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Loaded { path: path.to_owned(), bytes: bytes.into(), source, scenario, findings })
}

/// Reads a file, but no more of it than a scenario may have and one byte, so that a wrong name costs no memory.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let most = scenario::limits::FILE_BYTES_MAX as u64 + 1;
    std::fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A scenario without errors. Warnings are counted only, unless more is wanted.
pub fn load_clean(path: &Path) -> Result<Loaded, Stop> {
    let loaded = load_clean_quietly(path)?;
    if terminal::is_verbose() {
        terminal::err(&loaded.render(&loaded.findings));
    } else if !loaded.findings.is_empty() {
        let warnings = count(loaded.findings.len(), "warning");
        terminal::remark(format_args!(
            "{}: {warnings}; `escalate check {}` shows them",
            path.display(),
            path.display()
        ));
    }
    Ok(loaded)
}

/// The same without a word on warnings.
pub fn load_clean_quietly(path: &Path) -> Result<Loaded, Stop> {
    let loaded = load(path)?;
    if loaded.has_errors() {
        let errors: Vec<Diagnostic> = loaded.findings.iter().filter(|finding| finding.is_error()).cloned().collect();
        let number = count(errors.len(), "error");
        return Err(Stop::findings(format!("{}{}: {number}\n", loaded.render(&errors), path.display())));
    }
    Ok(loaded)
}

/// The model of a scenario or of one of its variants.
pub fn model(loaded: &Loaded, variant: Option<&Variant>) -> Result<Model, Stop> {
    let scenario = loaded.scenario()?;
    compile::compile(scenario, variant).map_err(|findings| Stop::findings(loaded.render(&findings)))
}

/// The variant of a name; an unknown one is said, with those there are.
pub fn variant<'l>(loaded: &'l Loaded, name: Option<&str>) -> Result<Option<&'l Variant>, Stop> {
    let (Some(name), Some(scenario)) = (name.filter(|name| *name != compile::BASE), &loaded.scenario) else {
        return Ok(None);
    };
    scenario.variant(name).map(Some).ok_or_else(|| {
        let mut known: Vec<&str> = vec![compile::BASE];
        known.extend(scenario.variants.iter().map(|variant| variant.id.text.as_str()));
        let meant = diagnostic::closest(name, known.iter().copied());
        let hint =
            meant.map_or_else(|| format!("there are {}", known.join(", ")), |it| format!("did you mean `{it}`?"));
        Stop::trouble(format_args!("{}: there is no variant `{name}`: {hint}", loaded.path.display()))
    })
}

/// Whether there is something of a name; if not it is said, with what there is.
pub fn known(loaded: &Loaded, what: &str, name: &str, ids: Vec<String>) -> Result<(), Stop> {
    if ids.iter().any(|id| id == name) {
        return Ok(());
    }
    let meant = diagnostic::closest(name, ids.iter().map(String::as_str));
    let hint = meant.map_or_else(|| format!("there are {}", ids.join(", ")), |it| format!("did you mean `{it}`?"));
    Err(Stop::trouble(format_args!("{}: there is no {what} `{name}`: {hint}", loaded.path.display())))
}

/// `1 error`, `2 errors`.
pub fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
