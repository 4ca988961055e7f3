//! A compiled policy as bytes, for processes that live for one call: checked once, then only the rules that a call needs
//! are parsed. In and out: our own JSON. The key ties it to every text it was made from and to the versions that made it.
//!
//! The bytes are trusted as much as the directory they lie in, which is the place `guard`: no agent writes there.

use bailiwick_vocab::map::Map;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;
use crate::load::Layer;
use crate::policy::{Policy, Rule, Traits};
use crate::schema::SCHEMA;

#[derive(Serialize)]
struct Kept<'a> {
    digest: &'a str,
    traits: &'a Traits,
    rules: &'a [Rule],
    notes: &'a [Diagnostic],
}

#[derive(Deserialize)]
struct Cached {
    digest: String,
    traits: Traits,
    rules: Vec<Rule>,
    notes: Vec<Diagnostic>,
}

/// Names everything that the compiled form depends on. Each part is preceded by its length, so that no two inputs run
/// together into one.
pub(crate) fn digest(layers: &[Layer], map: &Map) -> String {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    part(env!("CARGO_PKG_VERSION").as_bytes());
    part(cedar_policy::get_sdk_version().to_string().as_bytes());
    part(SCHEMA.as_bytes());
    part(&serde_json::to_vec(map).unwrap_or_default());
    for layer in layers {
        part(layer.kind.word().as_bytes());
        part(&[u8::from(layer.trusted)]);
        part(layer.source.as_bytes());
        part(layer.text.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Policy {
    /// The compiled form as bytes.
    #[must_use]
    pub fn to_cache(&self) -> Vec<u8> {
        let kept = Kept { digest: &self.digest, traits: &self.traits, rules: &self.rules, notes: &self.notes };
        serde_json::to_vec(&kept).unwrap_or_default()
    }

    /// The compiled form again. `None` where the bytes are not ours or not for `expected_digest`: compile instead.
    #[must_use]
    pub fn from_cache(bytes: &[u8], expected_digest: &str) -> Option<Policy> {
        let cached: Cached = serde_json::from_slice(bytes).ok()?;
        (cached.digest == expected_digest).then(|| Policy::new(cached.rules, cached.notes, cached.traits, cached.digest))
    }
}
