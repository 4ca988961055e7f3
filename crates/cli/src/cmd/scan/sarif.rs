//! Findings as SARIF 2.1.0 (OASIS), as much of it as code hosts read. In: located findings. Out: one log.

use std::collections::BTreeMap;

use bailiwick_vocab::finding::Strength;
use serde_json::{Value, json};

use crate::cmd::scan::Located;

/// The whole log.
pub fn log(found: &[Located]) -> Value {
    let mut rules: BTreeMap<&str, &str> = bailiwick_detect::rules().map(|rule| (rule.id, rule.means)).collect();
    for located in found {
        rules.entry(&located.finding.rule).or_insert(&located.finding.text);
    }
    let index = |rule: &str| rules.keys().position(|id| *id == rule).unwrap_or_default();
    let results: Vec<Value> = found.iter().map(|located| result(located, index(&located.finding.rule))).collect();
    let rules: Vec<Value> = rules.iter().map(|(id, means)| json!({ "id": id, "shortDescription": { "text": means } })).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "bailiwick", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(located: &Located, rule: usize) -> Value {
    let finding = &located.finding;
    let seen = if finding.seen.is_empty() { String::new() } else { format!(" ({})", finding.seen) };
    let mut place = json!({ "artifactLocation": { "uri": uri(&located.path) } });
    if let (Some([(line, column), (end_line, end_column)]), Some(place)) = (located.region, place.as_object_mut()) {
        let region = json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column });
        place.insert("region".to_owned(), region);
    }
    json!({
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": level(finding.strength),
        "message": { "text": format!("{}{seen}", finding.text) },
        "locations": [{ "physicalLocation": place }],
        "properties": { "strength": finding.strength.word(), "seen": finding.seen },
    })
}

fn level(strength: Strength) -> &'static str {
    match strength {
        Strength::Strong => "error",
        Strength::Fair => "warning",
        Strength::Weak => "note",
    }
}

/// A path as a URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    if path.starts_with('/') { format!("file://{uri}") } else { uri }
}
