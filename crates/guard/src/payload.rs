//! Makes what goes into the ledger: redacted text, inline where short, as an object where long, always with the
//! digest of the original.

use bailiwick_vocab::effect::{Deed, Effect};
use bailiwick_vocab::record::Payload;
use sha2::{Digest, Sha256};

/// Texts up to this many bytes stand in the entry itself. An entry holds at most 65,535 bytes (the tile format's
/// length prefix) and JSON escaping may make a byte six, so 4 KiB leaves room for effects; longer ones are objects.
const MAX_INLINE_BYTES: usize = 4_096;

/// What the effects of one call may take of an entry, which holds at most 65,535 bytes; the rest is for arguments
/// (4 KiB of text, escaped), findings, labels and reasons.
const MAX_EFFECTS_BYTES: usize = 24 << 10;

/// The effects that fit into an entry, and the whole list as JSON where that is not all of them.
#[must_use]
pub fn fitting(mut effects: Vec<Effect>) -> (Vec<Effect>, Option<Vec<u8>>) {
    let size = |effect: &Effect| serde_json::to_vec(effect).map_or(MAX_EFFECTS_BYTES, |bytes| bytes.len() + 1);
    let mut used = 0;
    let fit = effects
        .iter()
        .take_while(|effect| {
            used += size(effect);
            used <= MAX_EFFECTS_BYTES
        })
        .count();
    if fit == effects.len() {
        return (effects, None);
    }
    let all = serde_json::to_vec(&effects).unwrap_or_default();
    effects.truncate(fit);
    (effects, Some(all))
}

/// A payload, and the object that must be stored before the record that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// For the record.
    pub payload: Payload,
    /// For the object store.
    pub object: Option<Vec<u8>>,
}

/// Redacts `text` and keeps it.
#[must_use]
pub fn keep(text: &str) -> Kept {
    let redacted = bailiwick_detect::redact(text);
    let mut payload = Payload {
        sha256: hex(&Sha256::digest(text.as_bytes())),
        bytes: text.len() as u64,
        text: None,
        object: None,
        redacted: redacted.count,
    };
    if redacted.text.len() <= MAX_INLINE_BYTES {
        payload.text = Some(redacted.text);
        return Kept { payload, object: None };
    }
    let bytes = redacted.text.into_bytes();
    payload.object = Some(hex(&Sha256::digest(&bytes)));
    Kept { payload, object: Some(bytes) }
}

/// The effect as it may be recorded: secrets in any of its texts are taken out, among a command's arguments also where
/// only the option before them says that they are one.
#[must_use]
pub fn redact_effect(mut effect: Effect) -> Effect {
    if let Deed::Execute { argv, .. } = &mut effect.deed {
        let mut names_secret = false;
        for argument in argv.iter_mut() {
            let next = names_secret_option(argument);
            if names_secret && !argument.starts_with('-') {
                "[redacted argument]".clone_into(argument);
            }
            names_secret = next;
        }
    }
    let redacted = serde_json::to_value(&effect).map(redact_texts).and_then(serde_json::from_value);
    // Plain data goes through JSON unchanged; were it not to, nothing of the effect but its kind may be kept.
    redacted.unwrap_or_else(|_| Effect::new(Deed::Configure { what: format!("(not recorded: {})", effect.deed.act()) }, None))
}

fn redact_texts(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::String(text) => serde_json::Value::String(bailiwick_detect::redact(&text).text),
        serde_json::Value::Array(items) => items.into_iter().map(redact_texts).collect(),
        serde_json::Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, redact_texts(value))).collect(),
        other @ (serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_)) => other,
    }
}

/// `--password`, `--api-key`, `--token` … whose value is the next argument.
fn names_secret_option(argument: &str) -> bool {
    let Some(name) = argument.strip_prefix("--") else { return false };
    let last = name.rsplit(['-', '_']).next().unwrap_or(name);
    matches!(last, "password" | "passwd" | "token" | "secret" | "key" | "passphrase")
        && !matches!(name, "key" | "public-key" | "foreign-key" | "sort-key")
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from(DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0')));
        }
    }
    text
}
