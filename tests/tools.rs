//! The commands that help to write scenarios, and the options of all commands.

mod common;

use common::root;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const TUTORIAL: &str = "scenarios/tutorial.toml";

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tools").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// The program in a folder, with its exit code, what it prints and what it says on standard error.
fn escalate(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    told(Command::new(env!("CARGO_BIN_EXE_escalate")).args(arguments).current_dir(folder))
}

fn told(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("the binary runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("an exit code"), text(stdout), text(stderr))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file")
}

#[test]
fn a_new_scenario_is_clean_and_as_expected() {
    let folder = folder("new");
    let (code, printed, _) = escalate(&folder, &["new", "my-crisis 2.toml"]);
    assert_eq!(code, 0);
    assert!(printed.starts_with("my-crisis 2.toml: a scenario to start from"), "{printed}");
    assert!(read(&folder.join("my-crisis 2.toml")).contains("\nid = \"my_crisis_2\"\n"));
    assert_eq!(escalate(&folder, &["check", "my-crisis 2.toml"]).0, 0);
    let (code, printed, _) = escalate(&folder, &["test", "my-crisis 2.toml"]);
    assert_eq!((code, printed.lines().last()), (0, Some("2 passed, 0 failed")));
    assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 1, "nothing is left over");
}

#[test]
fn a_new_scenario_takes_nobodys_place() {
    let folder = folder("new_again");
    assert_eq!(escalate(&folder, &["new"]).0, 0);
    let path = folder.join("scenario.toml");
    std::fs::write(&path, "mine").expect("written");
    let (code, _, said) = escalate(&folder, &["new", "scenario.toml"]);
    assert_eq!(code, 2);
    assert_eq!(said, "scenario.toml: there is such a file, and it is left as it is\n");
    assert_eq!(read(&path), "mine");
    let (code, _, said) = escalate(&folder, &["new", "no/such/folder.toml"]);
    assert_eq!(code, 2);
    assert!(said.starts_with("no/such/folder.toml: "), "{said}");
}

#[test]
fn names_that_are_none_give_a_scenario_all_the_same() {
    let folder = folder("new_names");
    for name in ["1962.toml", "turn.toml", "кризис.toml", "line\nbreak.toml"] {
        assert_eq!(escalate(&folder, &["new", name]).0, 0, "{name}");
        assert_eq!(escalate(&folder, &["check", name]).0, 0, "{name}");
        assert!(read(&folder.join(name)).contains("id = \"my_scenario\""), "{name}");
    }
}

#[test]
fn quiet_says_only_what_is_wrong() {
    let folder = folder("quiet");
    let broken = common::text(TUTORIAL).replace("tension += 0.12", "tensoin += 0.12");
    std::fs::write(folder.join("broken.toml"), broken).expect("written");
    let broken = folder.join("broken.toml");
    let broken = broken.to_str().expect("UTF-8");
    let (code, printed, said) = escalate(root(), &["--quiet", "check", TUTORIAL]);
    assert_eq!((code, printed.as_str(), said.as_str()), (0, "", ""));
    let (code, printed, said) = escalate(root(), &["check", "-q", TUTORIAL, broken]);
    assert_eq!((code, printed.lines().count()), (1, 1));
    assert!(said.contains("did you mean `tension`?"), "{said}");
    assert_eq!(escalate(root(), &["test", TUTORIAL, "-q"]), (0, String::new(), String::new()));
    assert_eq!(escalate(root(), &["check", "-q", "-v", TUTORIAL]).0, 2);
}

#[test]
fn colours_come_when_wanted() {
    let broken = folder("colour").join("broken.toml");
    std::fs::write(&broken, common::text(TUTORIAL).replace("tension += 0.12", "tensoin += 0.12")).expect("written");
    let broken = broken.to_str().expect("UTF-8");
    let coloured = |arguments: &[&str], variable: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_escalate"));
        let (_, printed, said) = told(command.args(arguments).current_dir(root()).env("NO_COLOR", variable));
        format!("{printed}{said}").contains('\u{1b}')
    };
    for (arguments, wanted) in [(&["check", broken][..], false), (&["check", broken, "--color", "always"], true)] {
        assert_eq!(coloured(arguments, ""), wanted, "{arguments:?}");
    }
    assert!(coloured(&["run", TUTORIAL, "--color=always"], "1"), "what is asked for outweighs the variable");
    assert!(!coloured(&["run", TUTORIAL, "--color=never"], ""));
    assert!(coloured(&["--color", "always", "help"], ""));
    assert!(!coloured(&["--color", "never", "help"], ""));
    assert_eq!(escalate(root(), &["check", TUTORIAL, "--color", "sometimes"]).0, 2);
}

#[test]
fn completions_and_pages_know_all_commands() {
    let folder = folder("man");
    let (_, help, _) = escalate(&folder, &["--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands = commands.filter(|line| !line.starts_with("   "));
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"batch") && commands.contains(&"new"), "{commands:?}");
    assert_eq!(escalate(&folder, &["man", "pages"]).0, 0);
    for command in commands.iter().filter(|command| **command != "help") {
        let page = read(&folder.join(format!("pages/escalate-{command}.1")));
        assert!(page.contains(".SH OPTIONS"), "{command}");
    }
    assert!(escalate(&folder, &["man"]).1.contains("escalate\\-batch(1)"));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, printed, _) = escalate(&folder, &["completions", shell]);
        assert_eq!(code, 0);
        assert!(commands.iter().all(|command| printed.contains(command)), "{shell}");
    }
}
