//! What must come of the golden scenarios: changed only together with a version.

/// Run, what was looked at, and its digest.
pub(super) const PINNED: &[(&str, &str, &str)] = &[];
