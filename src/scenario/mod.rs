//! A scenario file as written: TOML text to plain tables with spans, and every expression parsed; names mean nothing yet.

mod dom;
mod file;
mod formula;
pub mod grammar;
mod layout;
pub mod limits;
mod names;
mod read;
mod schema;
mod shape;
mod strings;
mod text;
mod toml_version;
mod variant;
mod written;

pub use file::read;
pub use formula::{EffectText, ExprText, Formula, Parsed};
pub use layout::{laid_out, pieces};
pub use names::{BASE, RESERVED, is_reserved};
pub use schema::schema;
pub use strings::expressions;
pub use text::Text;
pub use written::*;
