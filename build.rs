//! Tells the program where it comes from: commit, toolchain, target. No result hangs on it.

use std::path::Path;
use std::process::Command;

fn main() {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let profile = variable("PROFILE");
    println!("cargo:rerun-if-changed=build.rs");
    // Builds for debugging are not made anew for each commit, so they do not know theirs.
    let commit = if profile == "release" { commit().unwrap_or_default() } else { String::new() };
    println!("cargo:rustc-env=ESCALATE_COMMIT={commit}");
    println!("cargo:rustc-env=ESCALATE_TOOLCHAIN={}", said(&variable("RUSTC"), &["--version"]).unwrap_or_default());
    println!("cargo:rustc-env=ESCALATE_TARGET={}", variable("TARGET"));
    println!("cargo:rustc-env=ESCALATE_PROFILE={profile}");
}

/// The commit of the files, with `+` if they were changed since; that of a published package is in a file of its own.
fn commit() -> Option<String> {
    const FILES: [&str; 4] = ["src", "build.rs", "Cargo.toml", "Cargo.lock"];
    let published = Path::new(".cargo_vcs_info.json");
    if published.exists() {
        let text = std::fs::read_to_string(published).ok()?;
        return text.split('"').find(|word| word.len() == 40).map(str::to_owned);
    }
    // A package unpacked within another repository is not of that repository.
    let top = said("git", &["rev-parse", "--show-toplevel"])?;
    if std::fs::canonicalize(top).ok()? != std::fs::canonicalize(".").ok()? {
        return None;
    }
    FILES.iter().for_each(|file| println!("cargo:rerun-if-changed={file}"));
    for file in ["HEAD", "logs/HEAD"] {
        let path = said("git", &["rev-parse", "--git-path", file]);
        path.filter(|path| Path::new(path).exists()).iter().for_each(|path| println!("cargo:rerun-if-changed={path}"));
    }
    let commit = said("git", &["rev-parse", "HEAD"])?;
    let changed = said("git", &[&["status", "--porcelain", "--"], &FILES[..]].concat())?;
    Some(if changed.is_empty() { commit } else { format!("{commit}+") })
}

/// What a program says, if it ends well.
fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
