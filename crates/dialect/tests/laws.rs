//! What holds for all bytes: nothing panics, every refusal is one JSON object, hooks go in and out of settings without a
//! trace.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use bailiwick_dialect::settings::{Constant, HookCommand, Layout};
use bailiwick_dialect::tongue::{Answer, Form};
use bailiwick_dialect::{agents, judge, ordered};
use bailiwick_vocab::call::{Request, ToolCall};
use bailiwick_vocab::event::Happening;
use bailiwick_vocab::record::{Body, Receipt, Record};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// JSON with the keys and texts that the dialects look for, so that parsing gets past the first member.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        prop::sample::select(vec![
            "PreToolUse",
            "PostToolUse",
            "BeforeTool",
            "Bash",
            "apply_patch",
            "run_shell_command",
            "Edit",
            "mcp__a__b",
            "/w",
            "call",
            "outcome",
            "",
            "shell",
            "command"
        ])
        .prop_map(Value::from),
        "\\PC{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let key = prop::sample::select(vec![
            "hook_event_name",
            "session_id",
            "cwd",
            "tool_name",
            "tool_input",
            "command",
            "file_path",
            "edits",
            "event",
            "session",
            "id",
            "tool",
            "input",
            "text",
            "hooks",
            "PreToolUse",
            "matcher",
            "type",
            "timeout",
            "tool_response",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..8).prop_map(|map| Value::Object(
                map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>()
            )),
        ]
    })
}

fn is_one_object(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).unwrap();
    text.ends_with('\n') && text.matches('\n').count() == 1 && matches!(serde_json::from_str(text), Ok(Value::Object(_)))
}

/// One object and exit code 0, or a reason on standard error and exit code 2: there is no third refusal.
fn is_refusal(answer: &Answer) -> bool {
    let said = answer.exit == 0 && is_one_object(&answer.stdout) && answer.stderr.is_empty();
    let exited = answer.exit == 2 && answer.stdout.is_empty() && !answer.stderr.trim().is_empty();
    said || exited
}

/// A receipt for a failure of the guard's own.
fn failure() -> Receipt {
    let body = Body::Failure { stage: "policy".into(), text: String::new(), input: None };
    let record = Record { at_ms: 0, session: "s".into(), agent: Default::default(), cwd: String::new(), body };
    Receipt::issued_by_ledger(7, record)
}

/// Every layout of every agent's settings.
fn layouts() -> Vec<&'static Layout> {
    let forms = agents::all().iter().flat_map(|agent| agent.placements).map(|placement| &placement.form);
    forms.filter_map(|form| if let Form::Settings(layout) = form { Some(*layout) } else { None }).collect()
}

fn command() -> HookCommand {
    HookCommand { program: "/opt/bailiwick".into(), args: vec!["--state".into(), "/a b".into()] }
}

/// Lists of hooks that were empty before may go with ours.
fn without_empty_hooks(mut settings: Value, layout: &Layout) -> Value {
    if let Some(hooks) = settings.get_mut("hooks").and_then(Value::as_object_mut) {
        let ours = |event: &String| layout.entries.iter().any(|entry| entry.event == event);
        hooks.retain(|event, groups| !ours(event) || groups.as_array().is_none_or(|groups| !groups.is_empty()));
        if hooks.is_empty() {
            settings.as_object_mut().unwrap().remove("hooks");
        }
    }
    settings
}

/// A format's version number stays with what else is in the file.
fn with_version(mut settings: Value, layout: &Layout) -> Value {
    if let Some(members) = settings.as_object_mut().filter(|members| !members.is_empty()) {
        for (path, constant, _) in layout.forced.iter().filter(|(_, _, stays)| *stays) {
            if let Constant::Count(version) = constant {
                members.insert((*path).to_owned(), Value::from(*version));
            }
        }
    }
    settings
}

/// Lines of patches, well and badly made.
const PATCH_LINES: [&str; 18] = [
    "*** Add File: a",
    "*** Add File: b",
    "*** Delete File: a",
    "*** Delete File: c",
    "*** Update File: a",
    "*** Update File: b",
    "*** Move to: d",
    "*** Move to: e",
    "*** End of File",
    "@@",
    "@@ fn",
    "+x",
    "+x",
    "-y",
    " z",
    "",
    " *** Delete File: f",
    "*** Add File:  g",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_bytes_are_refused_in_form(bytes in prop::collection::vec(any::<u8>(), 0..200), reason in "\\PC{0,900}") {
        for agent in agents::all() {
            prop_assert!((agent.parse)(&bytes).is_err());
            prop_assert!(is_refusal(&(agent.refuse)(&bytes, &reason)), "{}", agent.name);
            let _ = (agent.session_of)(&bytes);
        }
        if let Err(bad) = judge::parse(&bytes) {
            prop_assert!(is_one_object(&judge::refuse(&bad.id, &reason)));
        }
    }

    #[test]
    fn any_json_is_read_or_refused(value in json()) {
        let bytes = value.to_string().into_bytes();
        let _ = judge::parse(&bytes);
        for agent in agents::all() {
            prop_assert!(is_refusal(&(agent.refuse)(&bytes, "x")), "{}", agent.name);
            if let Ok(event) = (agent.parse)(&bytes) {
                prop_assert!(is_refusal(&(agent.render)(&bytes, &event, &failure())), "{}", agent.name);
            }
        }
    }

    /// What a patch names at the beginning of a line is in what is asked, or the patch is refused.
    #[test]
    fn no_file_of_a_patch_is_lost(lines in prop::collection::vec(prop::sample::select(PATCH_LINES.to_vec()), 1..9)) {
        let patch = format!("*** Begin Patch\n{}\n*** End Patch\n", lines.join("\n"));
        let event = json!({"hook_event_name": "PreToolUse", "session_id": "s", "cwd": "/w", "tool_name": "apply_patch",
            "tool_input": {"command": patch}, "tool_use_id": "c"});
        let Ok(event) = (agents::named("codex").unwrap().parse)(event.to_string().as_bytes()) else { return Ok(()) };
        let Happening::Call(ToolCall { request: Request::Many { requests }, .. }) = event.happening else { panic!("no patch") };
        let has = |wanted: &dyn Fn(&Request) -> bool| requests.iter().any(wanted);
        for line in lines {
            let Some((verb, file)) = line.strip_prefix("*** ").and_then(|header| header.split_once(": ")) else { continue };
            prop_assert!(match verb {
                "Add File" | "Move to" => has(&|one| matches!(one, Request::Write { path, .. } if path == file)),
                "Delete File" => has(&|one| matches!(one, Request::Delete { path } if path == file)),
                _ => has(&|one| matches!(one, Request::Edit { path, .. } | Request::Delete { path } if path == file)),
            }, "{line:?} in {requests:?}");
        }
    }

    #[test]
    fn json_keeps_its_value(value in json()) {
        let read = ordered::parse(&value.to_string()).unwrap();
        prop_assert_eq!(&read.to_serde(), &value);
        prop_assert_eq!(ordered::parse(&read.pretty("\t")).unwrap(), read);
    }

    #[test]
    fn hooks_go_in_and_out_without_a_trace(value in json()) {
        let text = value.to_string();
        for layout in layouts() {
            let Ok(change) = layout.plan_install(Some(&text), &command()) else { continue };
            prop_assert!(layout.missing(&change.after, &command()).unwrap().is_empty());
            let ours = layout.find_commands(&change.after).unwrap().iter().filter(|found| found.ours).count();
            prop_assert_eq!(ours, layout.entries.len());
            let out = layout.plan_uninstall(&change.after).unwrap();
            let expected = with_version(without_empty_hooks(value.clone(), layout), layout);
            prop_assert_eq!(serde_json::from_str::<Value>(&out.after).unwrap(), expected);
        }
    }
}

/// Nesting, size and repetition that must end in an answer.
#[test]
fn parse_bombs_are_refused() {
    let deep = format!(r#"{{"hook_event_name":"PreToolUse","tool_input":{}"#, r#"{"a":"#.repeat(1_000_000));
    let large = format!(r#"{{"hook_event_name":"PreToolUse","x":"{}"}}"#, "a".repeat(17 * 1024 * 1024));
    let keys: String = (0..200_000).map(|index| format!(r#""k{index}":0,"#)).collect();
    let many = format!(r#"{{{keys}"k0":1}}"#);
    for bomb in [deep, large, many] {
        for agent in agents::all() {
            assert!((agent.parse)(bomb.as_bytes()).is_err());
            assert!(is_refusal(&(agent.refuse)(bomb.as_bytes(), "bomb")), "{}", agent.name);
        }
    }
}
