//! What holds for every text that is taken for rules of permission: it is read or refused, and every rule of a list is
//! said or named as lost.
#![expect(clippy::unwrap_used, reason = "tests")]

use bailiwick_dialect::permissions::{Anchors, LARGEST_FILE_BYTES, Rules, RulesError, Source, guess, read};
use bailiwick_vocab::case::Verdict;
use proptest::prelude::*;

const FILES: [(Source, &str); 5] = [
    (Source::ClaudeCode, "settings.json"),
    (Source::Codex, "default.rules"),
    (Source::Codex, "requirements.toml"),
    (Source::GeminiCli, "policy.toml"),
    (Source::GeminiCli, "settings.json"),
];

fn anchors() -> Anchors {
    Anchors { home: Some("/home/ada".into()), root: Some("/w".into()), work: Some("/w".into()) }
}

/// Text out of the pieces that rules are made of.
fn rule() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "Bash", "Read", "Edit", "WebFetch", "Skill", "mcp__", "(", ")", ":*", " *", "*", "**", "/", "//", "~", "./", "../",
        "git", " push", "domain:", "{a,b}", "{", "}", "[a]", "?", "!", "'", "\"", "\\", "$", "é", "\n", "", "=",
    ]);
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn settings(list: &str, rules: &[String]) -> String {
    serde_json::json!({ "permissions": { list: rules } }).to_string()
}

fn claude(text: &str) -> Rules {
    read(Source::ClaudeCode, "settings.json", text, &anchors()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,300}") {
        for (source, path) in FILES {
            let _ = (read(source, path, &text, &anchors()), guess(path, &text));
        }
    }

    #[test]
    fn any_rules_file_is_read_or_refused(text in "(prefix_rule|network_rule|\\(|\\)|pattern|match|=|\\[|\\]|,|\"a\"|'b'|#|\n|\\\\|\"|None| ){0,40}") {
        let _ = read(Source::Codex, "a.rules", &text, &anchors());
    }

    #[test]
    fn any_toml_of_known_members_is_read_or_refused(text in "(\\[\\[rule\\]\\]\n|(toolName|commandPrefix|decision|modes|priority|mcpName) = (\"\\*\"|\"deny\"|\"allow\"|\\[\"git  x\", \"\"\\]|7|true)\n|\\[rules\\]\n|prefix_rules = \\[\\{ pattern = \\[\\{ token = \"\" \\}\\], decision = \"prompt\" \\}\\]\n){0,12}") {
        let _ = (read(Source::Codex, "config.toml", &text, &anchors()), read(Source::GeminiCli, "p.toml", &text, &anchors()));
    }

    #[test]
    fn every_rule_is_said_or_named(rules in prop::collection::vec(rule(), 0..12), at in 0..3_usize) {
        let (list, verdict) = [("allow", Verdict::Allow), ("ask", Verdict::Ask), ("deny", Verdict::Deny)][at];
        let found = claude(&settings(list, &rules));
        prop_assert_eq!(found.permissions.len() + found.untranslated.len(), rules.len());
        prop_assert!(found.permissions.iter().all(|permission| permission.verdict == verdict));
        prop_assert!(found.untranslated.iter().all(|lost| lost.verdict == Some(verdict) && !lost.why.is_empty()));
    }
}

#[test]
fn a_large_file_is_refused() {
    let text = " ".repeat(LARGEST_FILE_BYTES + 1);
    for (source, path) in FILES {
        assert_eq!(read(source, path, &text, &anchors()), Err(RulesError::TooLarge));
    }
}

#[test]
fn too_many_rules_are_refused() {
    let rules: Vec<String> = (0..2_001).map(|number| format!("Bash(p{number})")).collect();
    assert_eq!(read(Source::ClaudeCode, "settings.json", &settings("deny", &rules), &anchors()), Err(RulesError::TooMany));
}

/// Nesting that must end in an answer.
#[test]
fn deep_texts_are_refused() {
    let deep = [
        (Source::ClaudeCode, "s.json", "[".repeat(200_000)),
        (Source::GeminiCli, "s.json", r#"{"a":"#.repeat(200_000)),
        (Source::GeminiCli, "p.toml", format!("a = {}", "[".repeat(200_000))),
        (Source::Codex, "c.toml", format!("{}\n", "[".repeat(200_000))),
        (Source::Codex, "a.rules", format!("prefix_rule(pattern = {}", "[".repeat(200_000))),
        (Source::ClaudeCode, "s.json", settings("deny", &[format!("Read({})", "{a,".repeat(100_000))])),
    ];
    for (source, path, text) in deep {
        let found = read(source, path, &text, &anchors());
        assert!(found.as_ref().map_or(true, |rules| rules.permissions.is_empty()), "{path}");
    }
}
