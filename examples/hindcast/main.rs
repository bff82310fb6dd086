//! The hindcast page of Korea 2024: makes the tables of `docs/korea_2024.md` from files of the project.
//!
//! `cargo run --release --example hindcast` prints them, `-- --write` puts them into the page, `-- --check` says whether the page is as
//! they are. It takes some minutes: most of them go into moving every uncertain number to both ends of its range.

#[allow(dead_code)]
mod base_rates;
mod measure;
mod page;
mod tables;
#[allow(dead_code)]
mod timeline;

use std::process::ExitCode;

fn main() -> ExitCode {
    let wish = std::env::args().nth(1);
    match made(wish.as_deref()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("hindcast: {error}");
            ExitCode::from(2)
        }
    }
}

fn made(wish: Option<&str>) -> Result<ExitCode, String> {
    let tables = tables::all()?;
    match wish {
        None => tables.iter().for_each(|(name, table)| println!("## {name}\n\n{table}")),
        Some("--write") => page::write(&tables)?,
        Some("--check") => {
            let stale = page::stale(&tables)?;
            if !stale.is_empty() {
                eprintln!("{} is not up to date in: {}; run with --write", page::PAGE, stale.join(", "));
                return Ok(ExitCode::FAILURE);
            }
        }
        Some(other) => return Err(format!("`{other}`: there are --write and --check")),
    }
    Ok(ExitCode::SUCCESS)
}
