//! What the docs show is true: commands run, scenarios in them load, links lead somewhere.

mod common;

use common::{root, text};
use std::path::Path;
use std::process::Command;

/// The documents of the project.
fn documents() -> Vec<String> {
    let mut found = vec!["README.md".to_owned(), "CONTRIBUTING.md".to_owned(), "CHANGELOG.md".to_owned()];
    for entry in std::fs::read_dir(root().join("docs")).expect("docs") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if name.ends_with(".md") {
            found.push(format!("docs/{name}"));
        }
    }
    found.sort();
    found.retain(|path| root().join(path).is_file());
    found
}

/// The fenced blocks of one language in a document.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

#[test]
fn scenarios_in_the_docs_are_clean() {
    for path in documents() {
        for block in blocks(&text(&path), "toml").into_iter().filter(|block| block.contains("language = 1")) {
            let scenario = common::read(block);
            let findings = escalate::compile::check(&scenario);
            let shown = escalate::diagnostic::render(&findings, &path, block, escalate::diagnostic::Style::Plain);
            assert!(findings.is_empty(), "{shown}");
        }
    }
}

#[test]
fn commands_in_the_docs_run() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    for link in ["scenarios", "docs"] {
        #[cfg(unix)]
        std::os::unix::fs::symlink(root().join(link), folder.join(link)).expect("a link");
    }
    for path in documents() {
        let text = text(&path);
        let commands = blocks(&text, "sh").into_iter().flat_map(str::lines);
        for command in commands.filter_map(arguments) {
            let output = Command::new(env!("CARGO_BIN_EXE_escalate"))
                .args(&command)
                .current_dir(&folder)
                .output()
                .expect("the binary runs");
            assert!(output.status.success(), "{path}: escalate {}: {output:?}", command.join(" "));
        }
    }
}

#[test]
fn what_the_readme_shows_is_what_is_printed() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    #[cfg(unix)]
    std::os::unix::fs::symlink(root().join("scenarios"), folder.join("scenarios")).expect("a link");
    let readme = text("README.md");
    let mut shown = 0;
    for part in readme.split("```sh\n").skip(1) {
        let (commands, rest) = part.split_once("\n```").expect("a closed block");
        let Some((between, after)) = rest.split_once("```text\n") else { continue };
        if between.contains("```") {
            continue;
        }
        let command = commands.lines().rev().find_map(arguments).expect("a command");
        let output =
            Command::new(env!("CARGO_BIN_EXE_escalate")).args(&command).current_dir(&folder).output().expect("runs");
        let printed = String::from_utf8(output.stdout).expect("UTF-8");
        let example = after.split_once("\n```").expect("a closed block").0;
        assert!(printed.contains(example), "`{}` prints\n{printed}", commands);
        shown += 1;
    }
    assert!(shown >= 2);
}

/// The arguments of a line that calls the program, as `escalate …` or through cargo; up to a comment or a `>`.
fn arguments(line: &str) -> Option<Vec<String>> {
    let line = line.trim();
    let call = line.strip_prefix("escalate ").or_else(|| line.strip_prefix("cargo run --release -- "))?;
    let mut words = Vec::new();
    // What stands in double quotes is every second part.
    for (index, part) in call.split('"').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
            continue;
        }
        for word in part.split_whitespace() {
            if word.starts_with('#') || word == ">" {
                return Some(words);
            }
            words.push(word.to_owned());
        }
    }
    Some(words)
}

#[test]
fn links_lead_somewhere() {
    for path in documents() {
        let text = text(&path);
        let folder = Path::new(&path).parent().expect("a folder").to_owned();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.contains(' ') {
                continue;
            }
            assert!(root().join(&folder).join(target).exists(), "{path}: {target}");
        }
    }
}
