//! Where results come from: hashes, and the versions of what they mean.

/// The version of what a scenario means and of how draws are defined. Results of one version are the same for ever.
pub const SEMANTICS_VERSION: u32 = 1;

/// The version of the shape of result files.
pub const FORMAT_VERSION: u32 = 1;

/// The version of the scenario language.
pub const LANGUAGE_VERSION: i64 = 1;

/// The BLAKE3 digest of some bytes.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    *blake3::hash(bytes).as_bytes()
}

/// A digest as lower-case hexadecimal digits.
pub fn hex(digest: &[u8; 32]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
