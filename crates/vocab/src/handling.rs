//! What is done with an outcome's text before its agent reads it: what the policy looks at, what it wants, and what the
//! agent's contract lets be done.

use serde::{Deserialize, Serialize};

use crate::event::Agent;
use crate::finding::Finding;
use crate::label::Labels;

/// What is done with a text, mildest first, so that the strictest of several is their `max`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Handling {
    /// It goes on as it came.
    #[default]
    Pass,
    /// It goes on, and the agent is told which part of it asks for what.
    Annotate,
    /// That part is taken out.
    Redact,
    /// None of it goes on.
    Withhold,
}

impl Handling {
    /// All of them.
    pub const ALL: [Handling; 4] = [Handling::Pass, Handling::Annotate, Handling::Redact, Handling::Withhold];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Handling::Pass => "pass",
            Handling::Annotate => "annotate",
            Handling::Redact => "redact",
            Handling::Withhold => "withhold",
        }
    }

    /// The one of that word.
    #[must_use]
    pub fn named(word: &str) -> Option<Handling> {
        Handling::ALL.into_iter().find(|handling| handling.word() == word)
    }
}

/// What an agent lets be done with the outcome of one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Means {
    /// Words can be put beside the text.
    pub adds: bool,
    /// Another text can be put in its place.
    pub replaces: bool,
    /// The agent can be stopped before it reads the text.
    pub stops: bool,
}

impl Means {
    /// Nothing.
    pub const NONE: Means = Means { adds: false, replaces: false, stops: false };
    /// Words beside the text.
    pub const ADDS: Means = Means { adds: true, replaces: false, stops: false };
    /// Everything.
    pub const REPLACES: Means = Means { adds: true, replaces: true, stops: false };

    /// The strictest that can be done and is no stricter than what is wanted.
    #[must_use]
    pub fn best(self, wanted: Handling) -> Handling {
        let told = if self.adds || self.replaces { Handling::Annotate } else { Handling::Pass };
        match wanted {
            Handling::Withhold if self.replaces || self.stops => Handling::Withhold,
            Handling::Redact if self.replaces => Handling::Redact,
            Handling::Annotate | Handling::Redact | Handling::Withhold => told,
            Handling::Pass => Handling::Pass,
        }
    }
}

/// An outcome on its way to its agent: all that a policy may look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival<'a> {
    /// Who will read it.
    pub agent: &'a Agent,
    /// In which session.
    pub session: &'a str,
    /// The agent's name of the tool that gave it.
    pub tool: &'a str,
    /// The MCP server; empty where it is none's.
    pub server: &'a str,
    /// The tool's name at that server, else the agent's name of it.
    pub name: &'a str,
    /// What has flowed into the session, with it.
    pub labels: &'a Labels,
    /// What flows in by it.
    pub brings: &'a Labels,
    /// What detection saw in it.
    pub findings: &'a [Finding],
    /// Of each: whether people who look at the text do not see it.
    pub hidden: &'a [bool],
    /// How likely it orders an agent about, in per cent.
    pub score: u8,
    /// Its length in bytes.
    pub bytes: u64,
    /// Whether the tool failed.
    pub failed: bool,
}

/// What was decided about an outcome that does not simply pass, and what was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Treatment {
    /// The strictest handling that the policy wants of any part.
    pub wanted: Handling,
    /// What the agent's contract let be done of it.
    pub given: Handling,
    /// Why, one for each policy that decided.
    pub causes: Vec<Cause>,
    /// Stands in what the agent is told. Nobody who wrote the text can have known it.
    pub nonce: String,
}

/// One policy's part in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The policy's `@id`.
    pub policy: String,
    /// Its `@reason`, for people.
    pub text: String,
    /// What it wants.
    pub handling: Handling,
    /// Which findings it is about, as indices into the outcome's; none: the text as a whole.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub findings: Vec<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_never_stricter_than_wanted_and_as_strict_as_can_be() {
        for bits in 0..8 {
            let means = Means { adds: bits & 1 > 0, replaces: bits & 2 > 0, stops: bits & 4 > 0 };
            for wanted in Handling::ALL {
                let given = means.best(wanted);
                assert!(given <= wanted, "{means:?} {wanted:?}");
                assert!(!means.replaces || given == wanted, "{means:?} {wanted:?}");
                assert_eq!(given == Handling::Redact, wanted == Handling::Redact && means.replaces);
            }
        }
        assert_eq!(Means::ADDS.best(Handling::Withhold), Handling::Annotate);
        assert_eq!(Means { stops: true, ..Means::ADDS }.best(Handling::Redact), Handling::Annotate);
        assert_eq!(Means::NONE.best(Handling::Withhold), Handling::Pass);
    }

    #[test]
    fn words_name_handlings() {
        assert!(Handling::ALL.into_iter().all(|handling| Handling::named(handling.word()) == Some(handling)));
        assert_eq!(Handling::named("Redact"), None);
    }
}
