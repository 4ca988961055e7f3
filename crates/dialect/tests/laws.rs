//! What holds for all bytes: nothing panics, every refusal is one JSON object, hooks go in and out of settings without a
//! trace.
#![expect(clippy::unwrap_used, reason = "tests")]

use bailiwick_dialect::claude::settings::USER;
use bailiwick_dialect::settings::HookCommand;
use bailiwick_dialect::{claude, judge, ordered};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// JSON with the keys and texts that the dialects look for, so that parsing gets past the first member.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        prop::sample::select(vec![
            "PreToolUse",
            "PostToolUse",
            "Bash",
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

fn command() -> HookCommand {
    HookCommand { program: "/opt/bailiwick".into(), args: vec!["--state".into(), "/a b".into()] }
}

/// Lists of hooks that were empty before may go with ours.
fn without_empty_hooks(mut settings: Value) -> Value {
    if let Some(hooks) = settings.get_mut("hooks").and_then(Value::as_object_mut) {
        hooks.retain(|event, groups| event != "PreToolUse" || groups.as_array().is_none_or(|groups| !groups.is_empty()));
        if hooks.is_empty() {
            settings.as_object_mut().unwrap().remove("hooks");
        }
    }
    settings
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_bytes_are_refused_in_form(bytes in prop::collection::vec(any::<u8>(), 0..200), reason in "\\PC{0,900}") {
        prop_assert!(claude::parse(&bytes).is_err());
        prop_assert!(is_one_object(&claude::refuse(&bytes, &reason)));
        if let Err(bad) = judge::parse(&bytes) {
            prop_assert!(is_one_object(&judge::refuse(&bad.id, &reason)));
        }
    }

    #[test]
    fn any_json_is_read_or_refused(value in json()) {
        let bytes = value.to_string().into_bytes();
        let _ = claude::parse(&bytes);
        let _ = judge::parse(&bytes);
        prop_assert!(is_one_object(&claude::refuse(&bytes, "x")));
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
        if let Ok(change) = USER.plan_install(Some(&text), &command()) {
            prop_assert!(USER.missing(&change.after, &command()).unwrap().is_empty());
            prop_assert_eq!(USER.find_commands(&change.after).unwrap().iter().filter(|found| found.ours).count(), 11);
            let out = USER.plan_uninstall(&change.after).unwrap();
            let expected = without_empty_hooks(value);
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
        assert!(claude::parse(bomb.as_bytes()).is_err());
        assert!(is_one_object(&claude::refuse(bomb.as_bytes(), "bomb")));
    }
}
