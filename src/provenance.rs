//! Where results come from: hashes, and the versions of what they mean.

/// The version of what a scenario means and of how draws are defined. Results of one version are the same for ever.
pub const SEMANTICS_VERSION: u32 = 1;

/// The version of the shape of result files.
pub const FORMAT_VERSION: u32 = 2;

/// The version of the scenario language.
pub const LANGUAGE_VERSION: i64 = 1;

/// Where the program itself comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Build {
    pub version: &'static str,
    /// The commit; `+` behind it if files were changed, none if the build was made without git, or for debugging.
    pub commit: Option<&'static str>,
    /// What `rustc --version` says.
    pub toolchain: &'static str,
    pub target: &'static str,
    pub profile: &'static str,
}

impl Build {
    /// This program.
    pub fn own() -> Self {
        let commit = env!("ESCALATE_COMMIT");
        Self {
            version: env!("CARGO_PKG_VERSION"),
            commit: (!commit.is_empty()).then_some(commit),
            toolchain: env!("ESCALATE_TOOLCHAIN"),
            target: env!("ESCALATE_TARGET"),
            profile: env!("ESCALATE_PROFILE"),
        }
    }
}

/// The BLAKE3 digest of some bytes.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    *blake3::hash(bytes).as_bytes()
}

/// A digest as lower-case hexadecimal digits.
///
/// ```
/// use escalate::provenance::{digest, hex};
///
/// assert!(hex(&digest(b"crisis")).chars().all(|c| c.is_ascii_hexdigit()));
/// ```
pub fn hex(digest: &[u8; 32]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A digest in the making.
#[derive(Debug, Clone, Default)]
pub struct Digest(blake3::Hasher);

impl Digest {
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Adds all that can be read.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn read(&mut self, reader: impl std::io::Read) -> std::io::Result<()> {
        self.0.update_reader(reader).map(|_| ())
    }

    pub fn finish(&self) -> [u8; 32] {
        *self.0.finalize().as_bytes()
    }
}
