//! The digest that an approval is bound to: the resolved effects, not the text that asked for them. Another spelling
//! of the same act needs no new approval; the same spelling with another effect does.

use bailiwick_vocab::effect::Effect;
use sha2::{Digest, Sha256};

use crate::payload::hex;

/// SHA-256, lower-case hex, over the effects without their spans, in order.
#[must_use]
pub fn effects_digest(effects: &[Effect]) -> String {
    let bare: Vec<Effect> = effects.iter().map(|effect| Effect { span: None, ..effect.clone() }).collect();
    // Serialising plain data with string keys cannot fail; were it to, the empty digest matches no approval.
    let text = serde_json::to_vec(&bare).unwrap_or_default();
    hex(&Sha256::digest(&text))
}
