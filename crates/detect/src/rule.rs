//! What a rule is, and the list of all rules.

use bailiwick_vocab::finding::Strength;

use crate::{bytes, hidden, markup, personal, secret, signature};

/// One thing that can be seen in a text.
#[derive(Debug)]
pub struct Rule {
    /// `family/name`.
    pub id: &'static str,
    /// What a match means, for people.
    pub means: &'static str,
    /// How much a match says where nothing around it says otherwise.
    pub(crate) strength: Strength,
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
    Rule { id, means, strength: Strength::Strong, starts: &[], any_case: false, look: Look::Elsewhere }
}

/// Of some text only the readable part was scanned.
pub(crate) static NOT_READ: Rule = elsewhere("unscanned/format", "a part of the document could not be read");

/// The classifier takes a passage for an order to an agent.
pub(crate) static CLASSIFIER: Rule =
    elsewhere("instruction/classifier", "reads like an order to an agent, by the words as a whole");

/// Archives are files for programs; agents do not read them as text, so that one was not is no more than a hint.
pub(crate) static ARCHIVE: Rule =
    Rule { strength: Strength::Weak, ..elsewhere("unscanned/archive", "an archive: what it holds was not read") };

/// Disguises within disguises, deeper or longer than is followed.
pub(crate) static TOO_DEEP: Rule =
    elsewhere("unscanned/nesting", "something encoded was not followed: it is nested too deep, or too long");

/// A rule's name and meaning, whatever kind it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// `family/name`.
    pub id: &'static str,
    /// What a match means, for people.
    pub means: &'static str,
    /// Texts that it catches, where the rule's own file has some.
    pub catches: &'static [&'static str],
    /// Texts that it does not take for more than a hint, likewise.
    pub spares: &'static [&'static str],
}

/// Every rule.
pub fn rules() -> impl Iterator<Item = Named> {
    let simple = secret::RULES.iter().chain(&markup::RULES).chain(hidden::RULES).chain(&personal::RULES);
    let simple = simple.chain([&CLASSIFIER, &TOO_LONG, &TOO_MANY, &NOT_READ, &ARCHIVE, &TOO_DEEP]);
    let simple = simple.map(|rule| Named { id: rule.id, means: rule.means, catches: &[], spares: &[] });
    let signatures = signature::SIGNATURES.iter();
    simple.chain(signatures.map(|rule| Named { id: rule.id, means: rule.means, catches: rule.catches, spares: rule.spares }))
}
