//! A scenario file read: from bytes to a scenario, and all that is wrong with how it is written.

use super::written::Scenario;
use super::{dom, names, shape};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::provenance::LANGUAGE_VERSION;

/// Reads a scenario from the bytes of a file.
///
/// The scenario is none only if the file is no TOML at all; otherwise it holds what could be read, and the findings
/// all that could not.
pub fn read(bytes: &[u8]) -> (Option<Scenario>, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let source = match std::str::from_utf8(bytes) {
        Ok(source) => source,
        Err(error) => {
            let at = error.valid_up_to();
            let message = "the file is not UTF-8 text";
            let finding = Diagnostic::new(Code::NotText, Span::new(at, at), message);
            return (None, vec![finding.hint("save the file in the encoding UTF-8")]);
        }
    };
    let Some(document) = dom::parse(source, &mut findings) else { return (None, findings) };
    shape::check(&document, &mut findings);
    language(&document, &mut findings);
    let scenario = super::read::scenario(&document, &mut findings);
    names::check(&scenario, &mut findings);
    (Some(scenario), findings)
}

fn language(document: &dom::Node, findings: &mut Vec<Diagnostic>) {
    let Some(node) = document.get("language") else { return };
    if let dom::Value::Integer(version) = node.value
        && version != LANGUAGE_VERSION
    {
        let message = format!(
            "this program reads version {LANGUAGE_VERSION} of the language, and the file is in version {version}"
        );
        findings.push(Diagnostic::new(Code::BadValue, node.span, message));
    }
}
