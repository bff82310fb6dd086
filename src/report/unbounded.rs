//! The file of a solution without a horizon: `unbounded.json`.

use super::files::Files;
use crate::error::Error;
use crate::results::unbounded::Unbounded;

/// The file of a solution without a horizon, `unbounded.json`.
///
/// # Errors
/// It cannot be made.
pub fn unbounded(found: &Unbounded) -> Result<Files, Error> {
    let mut files = Files::default();
    files.json("unbounded.json", found)?;
    Ok(files)
}
