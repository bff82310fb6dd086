//! How much memory and how many threads a command may take: as said, or by what the machine has.

use std::fs;

/// Where nothing is known of the machine: two gibibytes.
const UNKNOWN: u64 = 2 << 30;

/// More threads than this only wait for each other.
const THREADS_MAX: usize = 1_024;

/// A number of threads; 0 for as many as there are processors.
pub fn threads(text: &str) -> Result<usize, String> {
    let threads: usize = text.parse().map_err(|_| "a number of threads is expected, such as 8".to_owned())?;
    if threads <= THREADS_MAX {
        return Ok(threads);
    }
    Err(format!("at most {THREADS_MAX} threads; 0 takes as many as there are processors"))
}

/// A number of bytes with K, M, G or T behind it, powers of 1,024.
pub fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let shift = match text[digits.len()..].trim_end_matches("iB").trim_end_matches('B') {
        "" => 0,
        "K" | "k" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return Err("a number of bytes is expected, such as 500M or 4G".to_owned()),
    };
    let number: u64 = digits.parse().map_err(|_| "a number of bytes is expected, such as 500M or 4G".to_owned())?;
    number.checked_mul(1 << shift).filter(|bytes| *bytes > 0).ok_or_else(|| "from 1 byte to 2^64 - 1".to_owned())
}

/// Three quarters of what is free, by `/proc/meminfo` and the limits of the control groups.
pub fn free() -> u64 {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
        line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kibibytes| kibibytes << 10)
    });
    let group = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok());
    group.chain(machine).min().unwrap_or(UNKNOWN) / 4 * 3
}
