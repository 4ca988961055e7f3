//! Markup by which a text passes itself off as another speaker: chat templates, role tags and lines, tool calls, the end of
//! what is quoted, pictures whose address carries data. By its exact signs, so that it is found at the speed of secrets.

use bailiwick_vocab::finding::Strength;

use crate::rule::{Look, Place, Rule};

/// Every rule.
pub(crate) static RULES: [Rule; 7] = [
    rule(
        "instruction/chat-markup",
        "markup of a chat template, as if another speaker began",
        Strength::Fair,
        &CHAT,
        false,
        whole,
    ),
    rule("instruction/role-tag", "a tag that passes its content off as the system's words", Strength::Fair, &TAGS, true, tag),
    rule("instruction/role-line", "a line that begins as another speaker's turn does", Strength::Weak, &LINES, true, line),
    rule(
        "instruction/tool-call-markup",
        "markup of a tool call, as if the agent had made it",
        Strength::Fair,
        &CALLS,
        true,
        whole,
    ),
    rule("instruction/context-end", "a mark as if the quoted text ended here", Strength::Fair, &ENDS, true, whole),
    rule("instruction/beacon-markup", "a picture whose address has a place for data", Strength::Fair, &["](http"], false, beacon),
    rule("instruction/encoded-shell", "an encoded command for a shell", Strength::Fair, &SHELLS, true, whole),
];

const fn rule(
    id: &'static str,
    means: &'static str,
    strength: Strength,
    starts: &'static [&'static str],
    any_case: bool,
    look: fn(&Place<'_>) -> Option<(usize, usize)>,
) -> Rule {
    Rule { id, means, strength, starts, any_case, look: Look::With(look) }
}

const CHAT: [&str; 22] = [
    "<|im_start|>",
    "<|im_end|>",
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eot_id|>",
    "<|endoftext|>",
    "<|begin_of_text|>",
    "<|end_of_text|>",
    "<|channel|>",
    "<|message|>",
    "<|tool",
    "<start_of_turn>",
    "<end_of_turn>",
    "<<SYS>>",
    "<</SYS>>",
    "[INST]",
    "[/INST]",
    "[SYSTEM_PROMPT]",
    "[AVAILABLE_TOOLS]",
];

const TAGS: [&str; 17] = [
    "<system>",
    "</system>",
    "<system-",
    "<system_",
    "</system-",
    "</system_",
    "<important>",
    "<hidden>",
    "<secret>",
    "<admin>",
    "<override>",
    "<assistant>",
    "[system]",
    "[system:",
    "[admin]",
    "[assistant]",
    "{{system",
];

const LINES: [&str; 10] = [
    "\"role\": \"system\"",
    "\"role\":\"system\"",
    "system:",
    "assistant:",
    "human:",
    "system prompt:",
    "system message:",
    "system note:",
    "system override",
    "system instruction",
];

const CALLS: [&str; 9] = [
    "<tool_call",
    "</tool_call",
    "<function_call",
    "</function_call",
    "<function=",
    "<invoke name",
    "<tool_use",
    "<tool_code",
    "<tool_result",
];

const ENDS: [&str; 15] = [
    "</untrusted",
    "</tool_result",
    "</tool_output",
    "</tool_response",
    "</function_result",
    "</user_query",
    "</user_input",
    "</search_result",
    "</retrieved",
    "</context>",
    "</external",
    "[end of document",
    "[end of tool",
    "[end of context",
    "end of untrusted",
];

const SHELLS: [&str; 6] =
    ["powershell -enc", "powershell.exe -enc", "base64 -d | ", "base64 --decode | ", "base64 -d|", "frombase64string("];

/// The signs themselves.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every look")]
fn whole(place: &Place<'_>) -> Option<(usize, usize)> {
    Some((place.at, place.after))
}

/// A tag, up to its end.
fn tag(place: &Place<'_>) -> Option<(usize, usize)> {
    let end = place.run(place.after, 40, |byte| byte.is_ascii_alphanumeric() || b"-_ :".contains(&byte));
    Some((place.at, end))
}

/// Only where a line begins, past what lists, quotations and headings put there.
fn line(place: &Place<'_>) -> Option<(usize, usize)> {
    let head = place.before(12);
    let mark = head.iter().rposition(|byte| !b" #>*-_\t[(\"'`:/!=".contains(byte));
    let begins = match mark {
        None => place.at <= 12,
        Some(at) => head.get(at) == Some(&b'\n'),
    };
    begins.then_some((place.at, place.after))
}

/// `![…](https://…{…})`: braces or brackets in the query, or a parameter that is left open.
fn beacon(place: &Place<'_>) -> Option<(usize, usize)> {
    const LONGEST: usize = 300;
    let alt = place.before(LONGEST);
    let open = alt.windows(2).rposition(|two| two == b"![")?;
    let alt = alt.get(open..)?;
    let end = place.run(place.after, LONGEST, |byte| !matches!(byte, b')' | b'\n' | b' '));
    let address = place.text.get(place.after..end)?;
    let query = address.get(address.iter().position(|byte| *byte == b'?')? + 1..)?;
    let slot = query.iter().any(|byte| b"{[<$".contains(byte)) || query.ends_with(b"=");
    (slot && !alt.iter().any(|byte| matches!(byte, b']' | b'\n'))).then_some((place.at - alt.len(), end))
}
