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
    /// How much it says.
    #[serde(default, skip_serializing_if = "Strength::is_strong")]
    pub strength: Strength,
    /// In which dress it was seen: `base64 in an HTML comment`; empty where it stands openly.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seen: String,
}

/// How much a finding says, so that policy can tell a hint from a plain case. Ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Also common in harmless texts: texts about the matter, examples, ordinary advice.
    Weak,
    /// Rare in harmless texts.
    Fair,
    /// Hardly ever in harmless texts. What older records hold counts as this.
    #[default]
    Strong,
}

impl Strength {
    /// Whether it is the strongest.
    #[must_use]
    pub fn is_strong(&self) -> bool {
        *self == Strength::Strong
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Strength::Weak => "weak",
            Strength::Fair => "fair",
            Strength::Strong => "strong",
        }
    }
}

impl Finding {
    /// A strong finding that stands openly.
    #[must_use]
    pub fn new(rule: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        Finding { rule: rule.into(), span, text: text.into(), strength: Strength::Strong, seen: String::new() }
    }

    /// The part of the rule's identifier before the slash.
    #[must_use]
    pub fn family(&self) -> &str {
        self.rule.split('/').next().unwrap_or(&self.rule)
    }
}
