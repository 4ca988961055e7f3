//! What a rule is, and the list of all rules.

use crate::{bytes, hidden, instruction, secret};

/// One thing that can be seen in a text.
#[derive(Debug)]
pub struct Rule {
    /// `family/name`.
    pub id: &'static str,
    /// What a match means, for people.
    pub means: &'static str,
    /// What a match begins with, at least three bytes each; empty where the rule is found otherwise.
    pub(crate) starts: &'static [&'static str],
    /// Whether upper and lower case of the beginning are the same.
    pub(crate) any_case: bool,
    /// Looks at the place of a beginning.
    pub(crate) look: Look,
}

/// How the place of a beginning is looked at.
#[derive(Debug)]
pub(crate) enum Look {
    /// The beginning, then a run of one class of bytes.
    Token(Token),
    /// Anything else.
    With(fn(&Place<'_>) -> Option<(usize, usize)>),
    /// By a pass of its own.
    Elsewhere,
}

/// A secret that is a beginning and a run of bytes.
#[derive(Debug)]
pub(crate) struct Token {
    /// Which bytes the run may have.
    pub(crate) class: fn(u8) -> bool,
    /// The fewest.
    pub(crate) min: usize,
    /// The most; a longer run is something else. `usize::MAX` where any length goes.
    pub(crate) max: usize,
    /// Whether the beginning must not stand within a word.
    pub(crate) apart: bool,
}

/// A place in a text where a rule's beginning stands.
pub(crate) struct Place<'a> {
    /// The whole text.
    pub(crate) text: &'a [u8],
    /// Where the beginning starts.
    pub(crate) at: usize,
    /// Where it ends.
    pub(crate) after: usize,
    /// Where the last secret before it ended: what is before that is gone, and nothing may be made of it.
    pub(crate) ended: usize,
}

impl Place<'_> {
    /// The byte at an offset; 0 past the end, which belongs to no class.
    pub(crate) fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    /// Whether the beginning does not stand within a word.
    pub(crate) fn apart(&self) -> bool {
        !self.before(1).iter().any(|byte| bytes::base64url(*byte))
    }

    /// The bytes before the beginning, at most `most`, as far as they are not part of another secret.
    pub(crate) fn before(&self, most: usize) -> &[u8] {
        self.text.get(self.at.saturating_sub(most).max(self.ended)..self.at).unwrap_or_default()
    }

    /// The end of the run of `class` that begins at `from`, at most `most` bytes on.
    pub(crate) fn run(&self, from: usize, most: usize, class: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        let rest = rest.get(..most).unwrap_or(rest);
        from + rest.iter().position(|byte| !class(*byte)).unwrap_or(rest.len())
    }
}

impl Rule {
    /// Whether what it matches is itself a secret.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.id.starts_with("secret/")
    }
}

/// The text was longer than was looked at.
pub(crate) static TOO_LONG: Rule = elsewhere("unscanned/length", "the rest of the text was not looked at: it is too long");

/// More was found than is said.
pub(crate) static TOO_MANY: Rule = elsewhere("unscanned/findings", "there is more in the rest of the text than is listed");

/// A rule that no beginning leads to.
pub(crate) const fn elsewhere(id: &'static str, means: &'static str) -> Rule {
    Rule { id, means, starts: &[], any_case: false, look: Look::Elsewhere }
}

/// Every rule.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let hidden = hidden::RULES.iter().copied();
    secret::RULES.iter().chain(&instruction::RULES).chain(hidden).chain([&TOO_LONG, &TOO_MANY])
}
