//! Laws of the walk: it never panics, ends in bounded time, and is never silent about a text it could not read.

#![expect(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_types, reason = "tests; the clock only bounds them")]

use std::time::{Duration, Instant};

use bailiwick_effect::effects::effects;
use bailiwick_effect::resolve::{resolve, resolve_to_compare};
use bailiwick_effect::world::Imagined;
use bailiwick_vocab::call::{Request, Shell, ToolCall};
use bailiwick_vocab::effect::{Deed, Effect, OpaqueCause};
use bailiwick_vocab::map::Map;
use proptest::prelude::*;

/// A debug build on a loaded machine; the walk itself takes far less.
const LONGEST: Duration = Duration::from_secs(20);

fn world() -> Imagined {
    let mut world = Imagined { home: Some("/home/u".into()), ..Imagined::default() };
    world.files.insert("/work/a.sh".into(), "rm -rf \"$1\"; . ./b.sh; sh a.sh".into());
    world.files.insert("/work/b.sh".into(), "x=$x$x; sh a.sh $x & . ./b.sh".into());
    world.links.insert("/work/l".into(), "/work/l/../l".into());
    world
}

fn shell(command: &str) -> Vec<Effect> {
    let request = Request::Shell { command: command.into(), shell: Shell::Bash, background: false, unseen_input: false };
    let call = ToolCall { id: String::new(), tool: "Bash".into(), request, input: serde_json::Value::Null };
    let world = world();
    let start = Instant::now();
    let found = resolve(effects(&call, "/work", &Map::default(), &world), "/work", &world);
    assert!(start.elapsed() < LONGEST, "{:?} for {command:?}", start.elapsed());
    found
}

fn words() -> impl Strategy<Value = String> {
    let parts = [
        "rm", "-rf", "$x", "\"$x\"", "x=", "x=$x$x", "(", ")", "{", "}", ";", "&&", "||", "|", "&", "\n", "if", "then", "else",
        "fi", "for", "x", "in", "do", "done", "while", "case", "esac", "*)", ";;", "$(", "`", "'", "\"", "\\", "<<E", "E", ">",
        "f", "f()", "eval", "sh", "-c", "cd", "..", "/", "~", "*", "a{b,c}", "{1..9}", "${x:-", "${x%", "source", "a.sh", "b.sh",
        "l/x", "trap", "EXIT", "set", "--", "shift", "$@", "$1", "local", "python3", "node", "-e", "awk", "xargs", "find",
        "-exec", "{}", "\\;", "env", "exec", "time", "!", "[[", "]]", "((", "))", "<(", ">(", "é", "\u{FFFC}", "\0",
    ];
    prop::collection::vec(prop::sample::select(parts.to_vec()), 0..40).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_ends(text in any::<String>()) {
        shell(&text);
    }

    #[test]
    fn any_words_end(text in words()) {
        shell(&text);
    }

    #[test]
    fn any_python_ends(text in any::<String>()) {
        shell(&format!("python3 - <<'EOFEOF'\n{text}\nEOFEOF"));
    }

    #[test]
    fn any_code_of_words_ends(parts in prop::collection::vec(prop::sample::select(vec!["open(", "(", ")", "\"", "'", "`", "${", "}", "f\"", "{", "os.remove", "=", "x", "+", ",", "[", "]", "\n", ".", ".unlink", "eval", "/", "\\", "|", "import", "from", "as"]), 0..80), language in prop::sample::select(vec!["python3 -", "node -", "perl -", "ruby -", "php"])) {
        shell(&format!("{language} <<'EOFEOF'\n{}\nEOFEOF", parts.join(" ")));
    }
}

fn is_opaque(effects: &[Effect], cause: OpaqueCause) -> bool {
    effects.iter().any(|effect| matches!(&effect.deed, Deed::Opaque { cause: found, .. } if *found == cause))
}

#[test]
fn bombs_end_and_say_so() {
    let deep = format!("{}rm x{}", "$(".repeat(5_000), ")".repeat(5_000));
    assert!(is_opaque(&shell(&deep), OpaqueCause::Limit));
    let long = "rm x; ".repeat(20_000);
    assert!(is_opaque(&shell(&long), OpaqueCause::Limit));
    let many = "rm x; ".repeat(5_000);
    assert!(is_opaque(&shell(&many), OpaqueCause::Limit));
    let nested = "for a in 1 2 3 4 5 6 7 8; do ".repeat(20) + "rm $a" + &"; done".repeat(20);
    assert!(is_opaque(&shell(&nested), OpaqueCause::Limit));
    let loops = "while true; do ".repeat(40) + "cd a; rm b" + &"; done".repeat(40);
    assert!(!shell(&loops).is_empty());
    let doubled = format!("x=aaaaaaaaaa; {} rm $x", "x=$x$x$x$x; ".repeat(50));
    assert!(shell(&doubled).iter().any(|effect| effect.deed.target().is_some_and(|target| !target.known)));
    let braces = format!("rm {}", "{a,b}".repeat(40));
    assert!(!shell(&braces).is_empty());
    let functions = (0..60).map(|n| format!("f{n}() {{ f{} a; f{} b; }}; ", n + 1, n + 1)).collect::<String>() + "f0";
    assert!(is_opaque(&shell(&functions), OpaqueCause::Limit));
    let parens = format!("python3 -c '{}'", "(".repeat(30_000));
    assert!(is_opaque(&shell(&parens), OpaqueCause::InlineCode));
    let calls = format!("python3 -c '{}'", "open(".repeat(10_000));
    assert!(is_opaque(&shell(&calls), OpaqueCause::InlineCode));
    let formatted = format!("python3 - <<'E'\n{}\nE", "f\"{x}\"".repeat(8_000));
    assert!(!shell(&formatted).is_empty());
    let evals = format!("x='eval \"$x\" \"$x\"'; {}", "eval \"$x\"");
    assert!(is_opaque(&shell(&evals), OpaqueCause::Limit));
}

#[test]
fn a_script_that_sources_itself_ends() {
    assert!(is_opaque(&shell("sh a.sh /etc"), OpaqueCause::Limit));
    assert!(is_opaque(&shell(". ./b.sh"), OpaqueCause::Limit));
}

#[test]
fn what_is_compared_is_the_same_but_for_facts_of_what_is_read() {
    let request =
        |command: &str| Request::Shell { command: command.into(), shell: Shell::Bash, background: false, unseen_input: false };
    let world = world();
    for command in ["git status", "grep -r x .", "cat *.sh; rm *.sh", "cp -r . ../x; rm -rf .", "sh a.sh l; git log > b.sh"] {
        let call = ToolCall { id: String::new(), tool: "Bash".into(), request: request(command), input: serde_json::Value::Null };
        let found = effects(&call, "/work", &Map::default(), &world);
        let mut whole = resolve(found.clone(), "/work", &world);
        for effect in &mut whole {
            if let Deed::Read(target) = &mut effect.deed {
                target.facts = None;
            }
        }
        assert_eq!(resolve_to_compare(found, "/work", &world), whole, "{command}");
    }
}

#[test]
fn the_same_call_has_the_same_effects() {
    let command = "for f in *; do x=$f; done; rm $x; a() { b; }; b() { a; }; a";
    let one = serde_json::to_string(&shell(command)).unwrap();
    assert_eq!(one, serde_json::to_string(&shell(command)).unwrap());
}

/// Not a benchmark: prints what one ordinary command takes, so that a change by an order of magnitude is seen in the log.
#[test]
fn ordinary_commands_are_quick() {
    let commands = [
        "ls -la src && cat Cargo.toml | head -20",
        "cd /work && grep -rn 'fn main' --include='*.rs' . | head",
        "git status --short && git diff HEAD~1 -- src/lib.rs",
        "for f in a b c; do sed -n '1,20p' \"$f\"; done",
        "cargo test -p x 2>&1 | tail -30",
    ];
    let world = world();
    for command in commands {
        let request = Request::Shell { command: command.into(), shell: Shell::Bash, background: false, unseen_input: false };
        let call = ToolCall { id: String::new(), tool: "Bash".into(), request, input: serde_json::Value::Null };
        let start = Instant::now();
        for _ in 0..200 {
            std::hint::black_box(effects(&call, "/work", &Map::default(), &world));
        }
        let each = start.elapsed() / 200;
        assert!(each < Duration::from_millis(20), "{each:?} for {command}");
        println!("{each:?} {command}");
    }
}
