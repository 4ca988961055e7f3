//! Planted tokens in what is judged and recorded. In: a text or a record, and the tokens. Out: findings, and the same text
//! without them: no token stands in the ledger, in whatever dress it came.

use std::collections::HashMap;

use bailiwick_detect::canary::seen;
use bailiwick_vocab::effect::Span;
use bailiwick_vocab::finding::Finding;
use bailiwick_vocab::record::Record;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::payload::hex;

/// The rule of their findings.
pub const RULE: &str = "canary/planted";

/// What stands in a token's place.
const BLANK: &str = "[redacted canary]";

/// Rounds of blanking: each takes out one sighting of each token. What is left then goes out with the whole text.
const ROUNDS: usize = 32;

/// The tokens that a text holds, as findings: each once.
#[must_use]
pub fn findings(text: &str, tokens: &[String]) -> Vec<Finding> {
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let finding = |sighting: bailiwick_detect::canary::Sighting| {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let span = Span { start: offset(sighting.span.start), end: offset(sighting.span.end) };
        Finding { seen: sighting.seen, ..Finding::new(RULE, span, "a token that was planted as a trap") }
    };
    if tokens.is_empty() {
        return Vec::new();
    }
    let mut found = seen(text, &tokens);
    if found.is_empty() {
        // An address's marks are letters of base64: what stands between them may be a dress of its own.
        let apart = text.replace(['/', '?', '&', '=', '+', '.', ':'], " ");
        found = seen(&apart, &tokens);
    }
    found.into_iter().map(finding).collect()
}

/// The text without the tokens, where it holds any.
#[must_use]
pub fn blanked(text: &str, tokens: &[String]) -> Option<String> {
    let mut now = text.to_owned();
    for _ in 0..ROUNDS {
        let mut spans: Vec<Span> = findings(&now, tokens).into_iter().map(|finding| finding.span).collect();
        if spans.is_empty() {
            return (now != text).then_some(now);
        }
        spans.sort_by_key(|span| std::cmp::Reverse(span.start));
        let mut last = now.len();
        for span in spans {
            let start = now.floor_char_boundary(span.start as usize);
            let end = now.ceil_char_boundary(span.end as usize).min(last).max(start);
            now.replace_range(start..end, BLANK);
            last = start;
        }
    }
    Some(BLANK.to_owned())
}

/// The record without the tokens.
#[must_use]
pub fn purged(record: Record, tokens: &[String]) -> Record {
    let mut none = Vec::new();
    all_purged(record, &mut none, tokens)
}

/// The record and the objects that it names, without the tokens. An object that changes has another name.
#[must_use]
pub fn all_purged(record: Record, objects: &mut [Vec<u8>], tokens: &[String]) -> Record {
    if tokens.is_empty() {
        return record;
    }
    let mut renamed = HashMap::new();
    for object in objects {
        if let Some(text) = blanked(&String::from_utf8_lossy(object), tokens) {
            let old = hex(&Sha256::digest(&*object));
            *object = text.into_bytes();
            renamed.insert(old, hex(&Sha256::digest(&*object)));
        }
    }
    let Ok(value) = serde_json::to_value(&record) else { return record };
    if renamed.is_empty() && findings(&value.to_string(), tokens).is_empty() {
        return record;
    }
    // Plain data goes through JSON unchanged but for its texts.
    serde_json::from_value(without(value, tokens, &renamed)).unwrap_or_else(|_| emptied(record))
}

fn without(value: Value, tokens: &[String], renamed: &HashMap<String, String>) -> Value {
    match value {
        Value::String(text) => match renamed.get(&text) {
            Some(name) => Value::String(name.clone()),
            None => Value::String(blanked(&text, tokens).unwrap_or(text)),
        },
        Value::Array(items) => Value::Array(items.into_iter().map(|item| without(item, tokens, renamed)).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, without(value, tokens, renamed))).collect())
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
    }
}

/// What remains of a record of which a text that was blanked is one of a closed set: that it was.
fn emptied(record: Record) -> Record {
    let text = "a record held a planted token where none can be taken out".to_owned();
    let body = bailiwick_vocab::record::Body::Failure { stage: "canary".to_owned(), text, input: None };
    Record { body, cwd: String::new(), ..record }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use bailiwick_vocab::event::Agent;
    use bailiwick_vocab::record::Body;

    const TOKEN: &str = "q7w3e9r2t5y8u1i4o6p0";

    fn tokens() -> Vec<String> {
        vec![TOKEN.to_owned(), "zzxxccvvbbnnmmaa1122".to_owned()]
    }

    /// The token in several dresses, made here.
    fn dressed() -> Vec<String> {
        let hexed: String = TOKEN.bytes().map(|byte| format!("{byte:02x}")).collect();
        let urled: String = TOKEN.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let spaced: String = TOKEN.chars().flat_map(|char| [char, ' ']).collect();
        let rotated = TOKEN.chars().map(|char| match char {
            'a'..='z' => char::from((char as u8 - b'a' + 13) % 26 + b'a'),
            other => other,
        });
        vec![
            TOKEN.to_owned(),
            TOKEN.to_uppercase(),
            TOKEN.chars().rev().collect(),
            "cTd3M2U5cjJ0NXk4dTFpNG82cDA=".to_owned(),
            hexed,
            urled,
            spaced,
            rotated.collect(),
            format!("/{}", TOKEN.bytes().map(|byte| format!("{byte:02x}")).collect::<String>()),
            format!("{} {}", &TOKEN[..9], &TOKEN[9..]),
        ]
    }

    #[test]
    fn a_token_is_seen_and_taken_out_in_each_dress_and_as_often_as_it_stands() {
        for dress in dressed() {
            let text = format!("curl -d '{dress}' https://example.org # {dress}");
            assert_eq!(findings(&text, &tokens()).len(), 1, "{text}");
            let blank = blanked(&text, &tokens()).unwrap();
            assert!(findings(&blank, &tokens()).is_empty() && blank.contains("https://example.org"), "{text}: {blank}");
        }
        assert_eq!(blanked("curl https://example.org", &tokens()), None);
        assert_eq!(findings(TOKEN, &[]), Vec::new());
    }

    #[test]
    fn no_token_is_left_in_a_record_or_its_objects() {
        let objects_text = format!("{} {TOKEN} {}", "a".repeat(50), "b".repeat(50));
        let mut objects = vec![objects_text.clone().into_bytes(), b"other".to_vec()];
        let payload = bailiwick_vocab::record::Payload {
            sha256: hex(&Sha256::digest(objects_text.as_bytes())),
            bytes: 3,
            text: None,
            object: Some(hex(&Sha256::digest(objects_text.as_bytes()))),
            redacted: 0,
        };
        let body = Body::Failure { stage: "parse".into(), text: format!("saw {TOKEN}"), input: Some(payload) };
        let record = Record { at_ms: 1, session: "s".into(), agent: Agent::default(), cwd: format!("/w/{TOKEN}"), body };
        let purged = all_purged(record, &mut objects, &tokens());
        let json = serde_json::to_string(&purged).unwrap();
        assert!(!json.contains(TOKEN) && json.contains("/w/[redacted canary]"), "{json}");
        let Body::Failure { input: Some(payload), .. } = purged.body else { unreachable!("{json}") };
        assert_eq!(payload.object.unwrap(), hex(&Sha256::digest(&objects[0])));
        assert!(!String::from_utf8_lossy(&objects[0]).contains(TOKEN));
        assert_eq!(objects[1], b"other");
    }
}
