//! The house holds: imports go down only and in no circle, one dependency has one room, and no file is without its
//! sentence.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The rooms, lowest floor first. Rooms of one floor never import one another.
const FLOORS: &[&[&str]] = &[
    &["simd"],
    &["draws", "diagnostic", "provenance", "threads"],
    &["error"],
    &["expression", "results"],
    &["scenario"],
    &["statistics"],
    &["model"],
    &["compile", "engine"],
    &["answers"],
    &["chronicle"],
    &["batch", "exact", "rare", "play"],
    &["questions"],
    &["studies"],
    &["report"],
    &["runs"],
    &["simulation"],
    &["cli", "main"],
];

/// Walls within what the floors allow: a room, and what it never imports.
const NEVER: &[(&str, &[&str])] = &[
    ("expression", &["draws"]),
    ("compile", &["draws"]),
    ("engine", &["scenario", "draws"]),
    ("model", &["scenario"]),
    ("report", &["engine", "batch", "exact", "rare", "scenario", "compile", "questions", "model"]),
    ("runs", &["engine", "compile"]),
];

/// Dependencies that only these rooms name.
const ONLY: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["diagnostic"]),
    ("strsim", &["diagnostic"]),
    ("blake3", &["provenance"]),
    ("clap", &["cli", "main"]),
    ("clap_complete", &["cli", "main"]),
    ("clap_mangen", &["cli", "main"]),
    ("comfy_table", &["cli", "main"]),
    ("csv", &["report"]),
    ("ctrlc", &["cli", "main"]),
    ("indicatif", &["cli", "main"]),
    ("num_bigint", &["results"]),
    ("num_rational", &["exact", "results", "report"]),
    ("jiff", &["compile", "cli"]),
    ("parquet", &["report"]),
    ("plotters", &["report"]),
    ("postcard", &["runs"]),
    ("pulp", &["simd"]),
    ("rand_chacha", &["draws"]),
    ("rayon", &["threads", "batch", "exact", "rare"]),
    ("similar", &["cli", "main"]),
    ("toml", &["scenario"]),
    ("toml_parser", &["scenario"]),
];

/// Circles of files within a room, each of whose files imports another, directly or through others, that imports it.
/// They are to be opened: the list is as long as there are any, and never grows.
const CIRCLES: &[&[&str]] = &[];

/// How long a file may be: longer ones hold two things.
const LINES_MAX: usize = 450;

struct File {
    /// Below `src`, with `/` between folders.
    path: String,
    text: String,
}

impl File {
    fn room(&self) -> &str {
        self.path.split('/').next().map_or("", |first| first.strip_suffix(".rs").unwrap_or(first))
    }

    /// The lines that are program: no comments, and nothing from the tests of the file on.
    fn program(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        let tests = self.text.find("#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        let tests = self.text[..tests].lines().count();
        lines.take(tests).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Whether nothing in it but tests is compiled.
    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path == "report/charts/sample.rs"
    }

    /// Where its module stands: `["engine", "program"]` for `engine/program/mod.rs`.
    fn module(&self) -> Vec<&str> {
        let path = self.path.trim_end_matches(".rs");
        path.split('/').filter(|part| *part != "mod").collect()
    }
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut waiting = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder") {
            let path: PathBuf = entry.expect("a readable entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let below = path.strip_prefix(&root).expect("a path below src").to_string_lossy().replace('\\', "/");
                files.push(File { path: below, text: std::fs::read_to_string(&path).expect("a readable file") });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 50, "src is not where it was");
    files
}

#[track_caller]
fn holds(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The words that follow `crate::` (in the binary, `escalate::`) in a line, groups in braces opened.
fn imports(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for root in ["crate::", "escalate::"] {
        for (at, _) in line.match_indices(root) {
            let before = line[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let rest = &line[at + root.len()..];
            match rest.strip_prefix('{') {
                None => found.push(word(rest)),
                Some(group) => found.extend(heads(group)),
            }
        }
    }
    found
}

/// The first words of the parts of a group, those within inner braces left out.
fn heads(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            c if depth == 0 => parts.last_mut().expect("one part").push(c),
            _ => {}
        }
    }
    parts.iter().map(|part| word(part.trim())).filter(|word| !word.is_empty()).collect()
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The program of a file in one line, so that an import over several lines is seen whole, by statement.
fn statements(file: &File) -> Vec<(usize, String)> {
    let mut statements: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (number, line) in file.program() {
        match statements.last_mut() {
            Some((_, statement)) if open => statement.push_str(line.trim()),
            _ => statements.push((number, line.trim().to_owned())),
        }
        let (_, last) = statements.last().expect("just pushed");
        let is_use = last.starts_with("use ") || last.starts_with("pub use ") || last.starts_with("pub(super) use ");
        open = is_use && !last.ends_with(';');
    }
    statements
}

#[test]
fn imports_go_down_only() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.path != "lib.rs") {
        let room = file.room();
        let Some(mine) = floor(room) else {
            wrong.push(format!("src/{}: the room `{room}` stands on no floor of tests/house.rs", file.path));
            continue;
        };
        for (line, statement) in statements(file) {
            for other in imports(&statement).iter().filter(|other| *other != room) {
                let place = format!("src/{}:{line}", file.path);
                // In the binary, `crate` is the binary.
                let is_own = mine == FLOORS.len() - 1 && floor(other) == Some(mine);
                match floor(other) {
                    _ if is_own => {}
                    None => wrong.push(format!("{place}: `{other}` is no room; import it from the room it is in")),
                    Some(theirs) if theirs > mine => {
                        wrong.push(format!("{place}: {room} imports {other}, which is above it"))
                    }
                    Some(theirs) if theirs == mine => {
                        wrong.push(format!("{place}: {room} imports {other}, which stands beside it"));
                    }
                    Some(_) => {}
                }
                if NEVER.iter().any(|(who, never)| *who == room && never.contains(&other.as_str())) {
                    wrong.push(format!("{place}: {room} never imports {other}"));
                }
            }
        }
    }
    holds(&wrong);
}

/// All paths that stand in a statement and begin at a module: those of a `use` with its groups opened, and those that
/// begin with `crate`, `self` or `super` anywhere else.
fn paths(statement: &str) -> Vec<Vec<String>> {
    let text = statement.trim_start_matches("pub").trim_start();
    let text =
        text.strip_prefix('(').map_or(text, |rest| rest.split_once(')').map_or("", |(_, rest)| rest)).trim_start();
    if let Some(tree) = text.strip_prefix("use ") {
        let mut found = Vec::new();
        open(tree.trim_end_matches(';'), &[], &mut found);
        return found;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let words = statement.split(|c| !is_word(c)).filter(|word| word.contains("::"));
    let paths = words.map(|word| word.split("::").map(str::to_owned).collect::<Vec<_>>());
    paths.filter(|path| ["crate", "self", "super"].contains(&path[0].as_str())).collect()
}

/// The paths of a tree of imports, each after what stands before it.
fn open(tree: &str, before: &[String], found: &mut Vec<Vec<String>>) {
    let mut depth = 0;
    let parts = tree.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        let (head, group) = part.split_once('{').map_or((part, None), |(head, group)| (head, Some(group)));
        let names = head.split("::").map(word).filter(|name| !name.is_empty());
        let path: Vec<String> = before.iter().cloned().chain(names).collect();
        match group.and_then(|group| group.rsplit_once('}')) {
            Some((group, _)) => open(group, &path, found),
            None => found.push(path),
        }
    }
}

/// The files that a file imports, itself not counted: of each path the file of the innermost module that it names.
fn imported<'a>(file: &File, modules: &BTreeMap<Vec<&str>, &'a str>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    for path in statements(file).iter().flat_map(|(_, statement)| paths(statement)) {
        let mut module: Vec<&str> = file.module();
        let mut names = path.iter().map(String::as_str).peekable();
        match names.peek().copied() {
            Some("crate") => module.clear(),
            Some("super") => drop(module.pop()),
            _ => {}
        }
        for name in names.skip_while(|name| *name == "crate" || *name == "self").skip(usize::from(path[0] == "super")) {
            if name == "super" {
                module.pop();
                continue;
            }
            module.push(name);
            if !modules.contains_key(&module) {
                module.pop();
                break;
            }
        }
        found.extend(modules.get(&module).copied().filter(|other| *other != file.path));
    }
    found
}

#[test]
fn files_of_a_room_import_in_no_circle() {
    let files = files();
    let of_library = |file: &&File| !matches!(file.path.as_str(), "lib.rs" | "main.rs");
    let modules: BTreeMap<Vec<&str>, &str> =
        files.iter().filter(of_library).map(|file| (file.module(), file.path.as_str())).collect();
    let room = |path: &str| path.split(['/', '.']).next().map(str::to_owned);
    let direct: BTreeMap<&str, BTreeSet<&str>> = files
        .iter()
        .filter(of_library)
        .map(|file| {
            let others = imported(file, &modules).into_iter().filter(|other| room(other) == room(&file.path));
            (file.path.as_str(), others.collect())
        })
        .collect();
    let reached = |from: &str| {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut waiting: Vec<&str> = direct[from].iter().copied().collect();
        while let Some(file) = waiting.pop() {
            if reached.insert(file) {
                waiting.extend(&direct[file]);
            }
        }
        reached
    };
    let reached: BTreeMap<&str, BTreeSet<&str>> = direct.keys().map(|file| (*file, reached(file))).collect();
    let circle = |file: &str| -> Vec<&str> {
        reached[file].iter().copied().filter(|other| reached[other].contains(file)).collect()
    };
    let found: BTreeSet<Vec<&str>> =
        direct.keys().map(|file| circle(file)).filter(|circle| !circle.is_empty()).collect();
    let listed: BTreeSet<Vec<&str>> = CIRCLES.iter().map(|circle| circle.to_vec()).collect();
    let closed = found.difference(&listed).map(|circle| {
        let imports = |file: &&str| {
            let others: Vec<&str> = direct[file].iter().copied().filter(|other| circle.contains(other)).collect();
            format!("\n    src/{file} imports {}", others.join(", "))
        };
        format!("files in a circle: {circle:?}{}", circle.iter().map(imports).collect::<String>())
    });
    let opened = listed.difference(&found).map(|circle| format!("tests/house.rs: no longer a circle: {circle:?}"));
    holds(&closed.chain(opened).collect::<Vec<_>>());
}

#[test]
fn one_dependency_has_one_room() {
    let mut wrong = Vec::new();
    for file in &files() {
        for (line, statement) in statements(file) {
            for (name, rooms) in ONLY.iter().filter(|(_, rooms)| !rooms.contains(&file.room())) {
                let starts = [
                    format!("use {name}::"),
                    format!("use {name};"),
                    format!("use {name} "),
                    format!(" {name}::"),
                    format!("({name}::"),
                ];
                if starts.iter().any(|start| statement.contains(start.as_str())) {
                    wrong.push(format!("src/{}:{line}: `{name}` belongs in {rooms:?}", file.path));
                }
            }
        }
    }
    holds(&wrong);
}

#[test]
fn only_the_command_line_prints() {
    let mut wrong = Vec::new();
    let prints = |file: &File| matches!(file.room(), "cli" | "main" | "play") || file.is_test();
    for file in files().iter().filter(|file| !prints(file)) {
        for (line, text) in file.program() {
            if ["println!", "print!", "dbg!", "stdout()", "stderr()", "process::exit"]
                .iter()
                .any(|it| text.contains(it))
            {
                wrong.push(format!("src/{}:{line}: only cli prints; return what is to be said", file.path));
            }
        }
    }
    holds(&wrong);
}

#[test]
fn nothing_gives_up() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| !file.is_test()) {
        for (line, text) in file.program() {
            // What makes a machine an x86-64 cannot be missing, and no type says so.
            if text.contains("every x86-64 has SSE2") {
                continue;
            }
            let says_why = |rest: &str| rest.starts_with('"') && rest.contains(' ');
            let silent = text.split("unreachable!(").skip(1).any(|rest| !says_why(rest));
            if silent || [".unwrap()", ".expect(", "panic!("].iter().any(|it| text.contains(it)) {
                wrong
                    .push(format!("src/{}:{line}: return an error, or let the types say that it cannot be", file.path));
            }
        }
    }
    holds(&wrong);
}

#[test]
fn every_file_opens_with_its_sentence() {
    let mut wrong = Vec::new();
    for file in &files() {
        let first = file.text.lines().next().unwrap_or("");
        let ends = file.text.lines().take_while(|line| line.starts_with("//!")).any(|line| line.contains(['.', ':']));
        if !first.starts_with("//! ") || !ends {
            wrong.push(format!("src/{}: opens with no `//!` sentence that says what it is for", file.path));
        }
    }
    holds(&wrong);
}

#[test]
fn nothing_is_left_over() {
    let mut wrong = Vec::new();
    for file in &files() {
        for (index, line) in file.text.lines().enumerate() {
            for left in ["TODO", "FIXME", "XXX", "HACK", "todo!", "unimplemented!"] {
                if line.contains(left) {
                    wrong.push(format!(
                        "src/{}:{}: `{left}` is left over; do it, or write an issue",
                        file.path,
                        index + 1
                    ));
                }
            }
        }
        let lines = file.text.lines().count();
        if lines > LINES_MAX {
            wrong.push(format!("src/{}: {lines} lines; above {LINES_MAX} a file holds two things", file.path));
        }
    }
    holds(&wrong);
}

#[test]
fn every_file_is_part_of_the_program() {
    let files = files();
    let mut declared: BTreeMap<String, String> = BTreeMap::new();
    for file in &files {
        let folder = match file.path.rsplit_once('/') {
            _ if matches!(file.path.as_str(), "lib.rs" | "main.rs") => String::new(),
            Some((folder, "mod.rs")) => format!("{folder}/"),
            _ => format!("{}/", file.path.trim_end_matches(".rs")),
        };
        for line in file.text.lines() {
            let line = line
                .trim()
                .trim_start_matches("pub ")
                .trim_start_matches("pub(crate) ")
                .trim_start_matches("pub(super) ");
            if let Some(name) = line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')) {
                declared.insert(format!("{folder}{name}"), file.path.clone());
            }
        }
    }
    let there: BTreeSet<String> = files
        .iter()
        .filter(|file| !matches!(file.path.as_str(), "lib.rs" | "main.rs"))
        .map(|file| file.path.trim_end_matches(".rs").trim_end_matches("/mod").to_owned())
        .collect();
    let dead =
        there.iter().filter(|path| !declared.contains_key(*path)).map(|path| format!("src/{path}: no `mod` names it"));
    let gone = declared
        .iter()
        .filter(|(path, _)| !there.contains(*path))
        .map(|(path, by)| format!("src/{by}: `mod {path}` has no file"));
    holds(&dead.chain(gone).collect::<Vec<_>>());
}
