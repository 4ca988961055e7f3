//! The plainest phrases that tell an agent to drop its instructions, to hide what it does, or that fake a chat's markup.
//! A signal only: whoever writes in words of their own is not seen here.

use crate::rule::{Look, Place, Rule};

/// Every rule.
pub(crate) static RULES: [Rule; 3] = [
    Rule {
        id: "instruction/override",
        means: "a phrase that tells the reader to drop earlier instructions",
        starts: &["ignore ", "disregard ", "forget ", "override "],
        any_case: true,
        look: Look::With(override_phrase),
    },
    Rule {
        id: "instruction/concealment",
        means: "a phrase that tells the reader to keep something from the user",
        starts: &[
            "do not tell ",
            "don't tell ",
            "do not inform ",
            "don't inform ",
            "without telling ",
            "without informing ",
            "do not mention this to ",
        ],
        any_case: true,
        look: Look::With(concealment),
    },
    Rule {
        id: "instruction/chat-markup",
        means: "markup of a chat template, as if another speaker began",
        starts: &[
            "<|im_start|>",
            "<|im_end|>",
            "<|system|>",
            "<|start_header_id|>",
            "<|eot_id|>",
            "<<SYS>>",
            "[INST]",
            "[/INST]",
        ],
        any_case: false,
        look: Look::With(|place| Some((place.at, place.after))),
    },
];

/// How far a phrase may reach.
const REACH: usize = 96;

const FILLERS: [&str; 19] = [
    "all",
    "any",
    "every",
    "of",
    "the",
    "your",
    "my",
    "these",
    "those",
    "and",
    "everything",
    "other",
    "to",
    "completely",
    "about",
    "previously",
    "given",
    "system",
    "existing",
];
const EARLIER: [&str; 8] = ["previous", "prior", "above", "earlier", "preceding", "original", "initial", "former"];
const ORDERS: [&str; 10] = [
    "instructions",
    "instruction",
    "directions",
    "prompts",
    "prompt",
    "rules",
    "guidelines",
    "orders",
    "directives",
    "constraints",
];

/// A verb, then only small words, then earlier orders: `ignore all of your previous instructions`.
fn override_phrase(place: &Place<'_>) -> Option<(usize, usize)> {
    if place.before(1).iter().any(u8::is_ascii_alphanumeric) {
        return None;
    }
    let mut earlier = false;
    for (word, end) in words(place) {
        if ORDERS.contains(&word.as_str()) {
            return earlier.then_some((place.at, end));
        }
        earlier |= EARLIER.contains(&word.as_str()) || matches!(word.as_str(), "system" | "your");
        if !FILLERS.contains(&word.as_str()) && !EARLIER.contains(&word.as_str()) {
            return None;
        }
    }
    None
}

/// `do not tell the user`.
fn concealment(place: &Place<'_>) -> Option<(usize, usize)> {
    let mut words = words(place);
    let (first, end) = words.next()?;
    if matches!(first.as_str(), "users" | "user") {
        return Some((place.at, end));
    }
    let (second, end) = words.next()?;
    let who = matches!(first.as_str(), "the" | "your" | "any")
        && matches!(second.as_str(), "user" | "users" | "human" | "operator" | "developer");
    who.then_some((place.at, end))
}

/// The words after the beginning, in lower case, each with where it ends, as far as a phrase reaches.
fn words(place: &Place<'_>) -> impl Iterator<Item = (String, usize)> {
    let end = place.text.len().min(place.after + REACH);
    let mut at = place.after;
    std::iter::from_fn(move || {
        let start = place.run(at, end.saturating_sub(at), |byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b','));
        at = place.run(start, end.saturating_sub(start), |byte| byte.is_ascii_alphabetic());
        let word = place.text.get(start..at)?;
        (!word.is_empty()).then(|| (String::from_utf8_lossy(word).to_ascii_lowercase(), at))
    })
}
