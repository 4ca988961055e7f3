//! What detection saw in a text. A signal for policy and people, never a wall.

use serde::{Deserialize, Serialize};

use crate::effect::Span;

/// One thing seen in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's identifier, `family/name`: `secret/aws-access-key`, `hidden/tag-characters`.
    pub rule: String,
    /// Where in the text, in bytes of the text as it came.
    pub span: Span,
    /// What it means, for people. Never the secret itself.
    pub text: String,
}

impl Finding {
    /// The part of the rule's identifier before the slash.
    #[must_use]
    pub fn family(&self) -> &str {
        self.rule.split('/').next().unwrap_or(&self.rule)
    }
}
