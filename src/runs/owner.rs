//! Who writes: the processes whose part files and folders are found, and whether they are provably dead.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

/// The number of the process namespace in which Linux starts; a container has one of its own.
const FIRST_NAMESPACE: &str = "pid:[4026531836]";

/// A process on a machine, as names of files carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// None in names of versions that did not carry it.
    pub host: Option<String>,
    pub process: u32,
}

impl Owner {
    /// This process.
    pub fn own() -> Self {
        Self { host: Some(host().to_owned()), process: std::process::id() }
    }

    /// Whether it surely runs no more: it ran on this machine, and the machine has no such process. Of another
    /// machine's processes nothing can be known.
    pub fn is_dead(&self) -> bool {
        self.host.as_deref() == Some(host()) && has_ended(self.process)
    }

    /// Whether it may be at work, even if whoever asks holds the lock of the folder: it runs on this machine.
    pub fn is_running(&self) -> bool {
        self.host.as_deref() == Some(host()) && !has_ended(self.process)
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} on {}", self.process, self.host.as_deref().unwrap_or("some machine"))
    }
}

/// Reads an owner as `host.process`, or as `process` alone.
pub fn read(text: &str) -> Option<Owner> {
    match text.rsplit_once('.') {
        Some((host, process)) => Some(Owner { host: Some(host.to_owned()), process: process.parse().ok()? }),
        None => Some(Owner { host: None, process: text.parse().ok()? }),
    }
}

/// The name of this machine, in letters that every file system takes; with the process namespace if it is a container.
pub fn host() -> &'static str {
    static HOST: OnceLock<String> = OnceLock::new();
    HOST.get_or_init(|| {
        let said = fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| fs::read_to_string("/etc/hostname"));
        let name = said.ok().or_else(|| std::env::var("HOSTNAME").ok()).or_else(|| std::env::var("COMPUTERNAME").ok());
        let namespace = fs::read_link("/proc/self/ns/pid").map(|link| link.to_string_lossy().into_owned());
        let namespace = namespace.ok().filter(|it| it != FIRST_NAMESPACE).unwrap_or_default();
        let safe = |c: &char| c.is_ascii_alphanumeric() || *c == '-' || *c == '_';
        let name: String = name.unwrap_or_default().chars().filter(safe).take(40).collect();
        let namespace: String = namespace.chars().filter(char::is_ascii_digit).collect();
        let parts: Vec<String> = [name, namespace].into_iter().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { "machine".to_owned() } else { parts.join("-") }
    })
}

/// Whether this machine surely has no such process: only where the system lists its processes can that be known.
fn has_ended(process: u32) -> bool {
    if !Path::new("/proc/self/stat").exists() {
        return false;
    }
    match fs::read_to_string(format!("/proc/{process}/stat")) {
        // The state follows the name, which stands in parentheses; a zombie writes nothing any more.
        Ok(stat) => stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with(['Z', 'X'])),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_not_dead_and_strangers_are_not_known_to_be() {
        let own = Owner::own();
        assert!(!own.is_dead());
        assert!(!Owner { host: Some("another".to_owned()), process: u32::MAX - 1 }.is_dead());
        assert!(!Owner { host: None, process: u32::MAX - 1 }.is_dead());
        let gone = Owner { process: u32::MAX - 1, ..own };
        assert_eq!(gone.is_dead(), cfg!(target_os = "linux"));
    }
}
