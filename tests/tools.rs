//! The commands that help to write scenarios, and the options of all commands.

mod common;
mod mangle;

use common::root;
use escalate::compile;
use escalate::provenance::hex;
use escalate::scenario::Scenario;
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
    assert_eq!(said, "scenario.toml: there is such a file, and it is left as it is; choose another name\n");
    assert_eq!(read(&path), "mine");
    let (code, _, said) = escalate(&folder, &["new", "no/such/folder.toml"]);
    assert_eq!(code, 2);
    assert!(said.starts_with("no/such/folder.toml could not be written: "), "{said}");
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
    let groups: Vec<&str> = help.lines().filter(|line| line.ends_with(':')).collect();
    assert_eq!(groups, ["Write scenarios:", "Run them:", "Keep and share results:", "Set up:", "Options:"]);
    let commands = help.lines().take_while(|line| *line != "Options:");
    let commands = commands.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"batch") && commands.contains(&"new"), "{commands:?}");
    assert_eq!(escalate(&folder, &["man", "pages"]).0, 0);
    assert_eq!(commands.len(), 17, "{commands:?}");
    for command in &commands {
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

/// A scenario with one of everything.
const EVERYTHING: &str = include_str!("mangle/everything.toml");

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn diff_sees_no_difference_in_words_spaces_and_order_of_keys() {
    let folder = folder("diff_same");
    let text = common::text(TUTORIAL)
        .replace("id = \"borland_patrols\"\nactor = \"borland\"", "actor = \"borland\"\nid = \"borland_patrols\"");
    let text = text.replace("Two neighbours", "Two good neighbours").replace("boldness * (1.2 -", "(boldness)*(1.2-");
    let other = written(&folder, "other.toml", &text);
    let (code, printed, _) = escalate(root(), &["diff", TUTORIAL, &other]);
    assert_eq!(code, 0, "{printed}");
    assert!(printed.starts_with("same meaning: scenario hash "), "{printed}");
    assert_eq!(escalate(root(), &["diff", TUTORIAL, "--variant", "base"]).0, 0);
}

#[test]
fn diff_tells_of_named_things() {
    let folder = folder("diff");
    let changes = [
        ("then = [\"tension += 0.12\"]", "then = [\"tension += 0.2\", \"arland.credibility -= 0.1\"]"),
        ("chance = 0.8\n", ""),
        ("breach = {", "limit = 2\nbreach = { rung = \"protest\","),
        ("value = 0.4, range", "value = 0.5, range"),
        ("state.tension = 0.4", "state.tension = 0.4\nstate.calls = { initial = 0, max = 9, integer = true }"),
        ("state = { \"arland.credibility\" = 0.1 }", "state = { \"arland.credibility\" = 0.2 }"),
        ("expectations =", "variants.silence = { disable = [\"arland_protests\"] }\nexpectations ="),
    ];
    let text = changes.iter().fold(common::text(TUTORIAL), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    // The protest is played first.
    let (head, tail) = text.split_once("[[triggers]]").expect("triggers");
    let (first, rest) = tail.split_once("[[triggers]]").expect("two");
    let (second, rest) = rest.split_once("[[triggers]]").expect("three");
    let text = format!("{head}[[triggers]]{second}[[triggers]]{first}[[triggers]]{rest}");
    let other = written(&folder, "other.toml", &text);
    let (code, printed, said) = escalate(root(), &["diff", TUTORIAL, &other]);
    assert_eq!(code, 1, "{said}");
    insta::assert_snapshot!(printed, @"
    variable calls: only in the second
      + initial = 0
      + max = 9
      + integer = true
    parameter boldness
      value: 0.4 -> 0.5
    trigger borland_patrols
      then:
        - tension += 0.12
        + tension += 0.2
        + arland.credibility -= 0.1
      stands first -> after arland_protests
    trigger arland_protests
      chance: 0.8 -> left out
    trigger arland_threat
      limit: left out -> 2
      breach: rung: left out -> protest
    variant bluff, beyond that
      variable arland.credibility
        initial: 0.1 -> 0.2
    variant silence: only in the second
    ");
    let (code, data, _) = escalate(root(), &["diff", TUTORIAL, &other, "--format", "json"]);
    let data: serde_json::Value = serde_json::from_str(&data).expect("JSON");
    assert_eq!((code, data["same"].as_bool()), (1, Some(false)));
    let kinds: Vec<&str> =
        data["differences"].as_array().expect("a list").iter().filter_map(|it| it["kind"].as_str()).collect();
    assert!(kinds.contains(&"trigger") && kinds.contains(&"parameter"), "{kinds:?}");
}

#[test]
fn diff_holds_a_variant_against_the_base_case() {
    let (code, printed, _) = escalate(root(), &["diff", TUTORIAL, "--variant", "bluff"]);
    assert_eq!((code, printed.as_str()), (1, "variable arland.credibility\n  initial: 0.6 -> 0.1\n"));
    assert_eq!(escalate(root(), &["diff", TUTORIAL]).0, 2);
    assert_eq!(escalate(root(), &["diff", TUTORIAL, "--variant", "blufff"]).0, 2);
    assert_eq!(escalate(root(), &["diff", TUTORIAL, "no/such.toml"]).0, 2);
}

/// Mangled files that still mean something.
fn mangled(count: u64) -> impl Iterator<Item = (String, Scenario)> {
    let seeds = mangle::seeds();
    (0..count).filter_map(move |number| {
        let text = String::from_utf8(mangle::mangled(&seeds, number)).ok()?;
        let (scenario, findings) = escalate::scenario::read(text.as_bytes());
        let scenario = scenario.filter(|_| !findings.iter().any(|finding| finding.is_error()))?;
        Some((text, scenario))
    })
}

#[test]
fn diff_never_disagrees_with_the_hash() {
    let everything = common::read(EVERYTHING);
    let (mut same, mut other) = (0, 0);
    for (text, scenario) in mangled(4_000) {
        let Ok(model) = compile::compile(&scenario, None) else { continue };
        let found = compile::compare((&everything, None), (&scenario, None)).expect("no variant");
        assert_eq!(found.hashes[1], hex(&model.hash));
        assert_eq!(found.hashes[0] == found.hashes[1], found.differences.is_empty(), "{text}");
        *(if found.differences.is_empty() { &mut same } else { &mut other }) += 1;
    }
    assert!(same > 20 && other > 200, "{same} {other}");
}

#[test]
fn batch_goes_on_until_a_precision_is_reached() {
    let folder = folder("until");
    let out = folder.join("run");
    let out = out.to_str().expect("UTF-8");
    let until = "half_width(shots_fired) < 0.02 and relative_error(third_patrol) < 0.2";
    let (code, printed, said) = escalate(root(), &["batch", TUTORIAL, "--until", until, "--out", out]);
    assert_eq!(code, 0, "{said}");
    assert!(said.starts_with("tutorial [base]: a pilot of 8,192 replications says: about "), "{said}");
    assert!(printed.contains(&format!("until {until}: reached at look ")), "{printed}");
    let summary: serde_json::Value = serde_json::from_str(&read(&folder.join("run/summary.json"))).expect("JSON");
    assert_eq!(summary["run"]["precision"]["until"], until);
    let (code, printed, said) = escalate(
        root(),
        &[
            "batch",
            TUTORIAL,
            "-q",
            "--until",
            "half_width(shots_fired) < 1e-5",
            "--at-most",
            "9000",
            "--force",
            "--out",
            out,
        ],
    );
    assert_eq!((code, printed, said), (0, format!("{out}\n"), String::new()));
    let (code, _, said) = escalate(root(), &["batch", TUTORIAL, "--until", "half_width(shot_fired) < 0.1"]);
    assert_eq!(code, 2);
    assert!(said.contains("did you mean `shots_fired`?"), "{said}");
    assert_eq!(escalate(root(), &["batch", TUTORIAL, "--until", until, "-n", "5"]).0, 2);
    assert_eq!(escalate(root(), &["batch", TUTORIAL, "--at-most", "5"]).0, 2);
}

/// A file laid out as nobody should, and how it is laid out.
const UNTIDY: (&str, &str) = (
    "\u{feff}\r\n\r\n# A coin\t \r\nlanguage=1\r\n\r\n\r\n[ scenario ]\r\nid='coin'   \r\n  turns   = 1   # one\r\n                # is enough\r\nevidence=\"C:  a  coin\"\r\n[[ triggers ]]   # heads\r\nid = \"heads\"\r\nchance=\"1/2-0*( pi-3 )\"\r\n    then=[  ]\r\n[[triggers]]\r\nid=\"edge\"\r\nwhen=\"fired(heads)and not(turn>1)\"#never\r\nlimit = 1\r\n[[outcomes]]\r\nid=\"heads\"\r\nwhen=\"fired( heads )\"\r\n[[outcomes]]\r\nid=\"tails\"\r\n[variants]\r\nnone={disable=[\r\n\"heads\",\r\n      # and\r\n\"edge\"  ,\r\n]}\r\n\r\n",
    "# A coin\nlanguage = 1\n\n[scenario]\nid = 'coin'\nturns = 1       # one\n                # is enough\nevidence = \"C:  a  coin\"\n[[triggers]]     # heads\nid = \"heads\"\nchance = \"1/2 - 0*(pi - 3)\"\nthen = []\n[[triggers]]\nid = \"edge\"\nwhen = \"fired(heads) and not (turn > 1)\" #never\nlimit = 1\n[[outcomes]]\nid = \"heads\"\nwhen = \"fired(heads)\"\n[[outcomes]]\nid = \"tails\"\n[variants]\nnone = { disable = [\n  \"heads\",\n  # and\n  \"edge\",\n] }\n",
);

#[test]
fn fmt_lays_out_and_keeps_comments_and_meaning() {
    let folder = folder("fmt");
    let path = written(&folder, "untidy.toml", UNTIDY.0);
    let (code, printed, said) = escalate(&folder, &["fmt", "--check", "untidy.toml"]);
    assert_eq!((code, printed.as_str()), (1, "untidy.toml\n"), "{said}");
    let (code, printed, _) = escalate(&folder, &["fmt", "--diff", "untidy.toml"]);
    assert!(code == 1 && printed.contains("\n+chance = \"1/2 - 0*(pi - 3)\"\n"), "{printed}");
    assert_eq!(read(Path::new(&path)), UNTIDY.0, "nothing is written");
    let before = written(&folder, "before.toml", UNTIDY.0);
    let (code, printed, _) = escalate(&folder, &["fmt", "untidy.toml"]);
    assert_eq!((code, printed.as_str()), (0, "untidy.toml\n1 file changed\n"));
    assert_eq!(read(Path::new(&path)), UNTIDY.1);
    assert_eq!(escalate(&folder, &["fmt", "--check", "untidy.toml"]).0, 0);
    assert_eq!(escalate(&folder, &["diff", &before, &path]).0, 0);
    assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 2, "nothing is left over");
}

#[test]
fn fmt_leaves_alone_what_has_errors() {
    let folder = folder("fmt_errors");
    let broken = UNTIDY.0.replace("fired( heads )", "fired( hads )");
    let path = written(&folder, "broken.toml", &broken);
    let (code, _, said) = escalate(&folder, &["fmt", "broken.toml"]);
    assert_eq!(code, 1);
    assert!(said.contains("did you mean `heads`?"), "{said}");
    assert_eq!(read(Path::new(&path)), broken);
    assert_eq!(escalate(&folder, &["fmt", "none.toml"]).0, 2);
}

#[test]
fn shipped_scenarios_are_laid_out() {
    let mut texts: Vec<(String, String)> =
        common::shipped().iter().map(|path| (path.display().to_string(), read(path))).collect();
    texts.push(("the starter".to_owned(), common::text("src/cli/starter.toml")));
    texts.push(("everything".to_owned(), EVERYTHING.to_owned()));
    for (name, text) in texts {
        assert_eq!(compile::format(&text).ok().as_ref(), Some(&text), "{name}: `escalate fmt` changes it");
    }
}

/// Whatever is still TOML keeps what it says, whether it means anything or not; twice is as good as once.
#[test]
fn fmt_never_changes_what_is_said() {
    let seeds = mangle::seeds();
    let mut formatted = 0;
    for number in 0..500 {
        let Ok(text) = String::from_utf8(mangle::mangled(&seeds, number)) else { continue };
        let spread = text.replace(" = ", "=").replace(", ", " ,  ").replace(" + ", "+").replace('{', "{  ");
        for text in [text, spread] {
            if escalate::scenario::read(text.as_bytes()).0.is_none() {
                continue;
            }
            let once = compile::format(&text).unwrap_or_else(|error| panic!("file {number}: {error}\n{text}"));
            assert_eq!(compile::format(&once).ok().as_ref(), Some(&once), "file {number}");
            formatted += 1;
        }
    }
    assert!(formatted > 200, "{formatted}");
}
