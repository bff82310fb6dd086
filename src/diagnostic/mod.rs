//! What is wrong with a file, and where: span, severity, stable code, message, hint.
//!
//! - `code`: the kinds of findings; `finding`: one of them; `render`: how it is shown; `findings`: all of a text, as an error

mod code;
mod finding;
mod findings;
mod render;

pub use code::{Code, Severity, Stage};
pub use finding::{Diagnostic, Span, closest};
pub use findings::Diagnostics;
pub use render::{Position, Style, position, render};
