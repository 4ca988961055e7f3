//! What an agent that runs a user's hooks only once it is told to trust them is told, and what it says: a conversation
//! with a server that the agent's program can be, one message a line.
//!
//! 1. The caller writes [`Trust::greeting`] and [`Trust::list`] and reads lines until [`Trust::hooks`] gives a listing;
//! 2. where [`Listing::untrusted`] is not empty it writes [`Trust::trust`] and reads until [`Trust::trusted`] answers;
//! 3. it lists again and looks that all of ours would run.

use std::fmt;

use crate::settings::HookCommand;

/// The words of that conversation. Text in and out; starts nothing and waits for nothing.
#[derive(Debug)]
pub struct Trust {
    /// The arguments that make the agent's first program such a server on its standard streams.
    pub serve: &'static [&'static str],
    /// What opens the conversation, given our version.
    pub greeting: fn(&str) -> String,
    /// Asks which hooks the agent knows when it works in this directory.
    pub list: fn(&str) -> String,
    /// The answer to it, where this line is it; of all hooks those that have the command that `init` wrote.
    pub hooks: fn(&str, &HookCommand) -> Option<Result<Listing, Refused>>,
    /// Tells the agent to trust these.
    pub trust: fn(&[&Hook]) -> String,
    /// The answer to it, where this line is it: the file that the agent wrote.
    pub trusted: fn(&str) -> Option<Result<String, Refused>>,
}

/// One hook of ours as the agent sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The agent's name of it.
    pub key: String,
    /// The hash over its entry, as it now is.
    pub hash: String,
    /// Whether the agent trusts it as it now is.
    pub trusted: bool,
    /// Whether the agent would run it, were it trusted.
    pub enabled: bool,
    /// The event, as the agent writes it.
    pub event: String,
}

/// What the agent says of hooks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Those of ours.
    pub ours: Vec<Hook>,
    /// What the agent could not read, for people.
    pub errors: Vec<String>,
}

impl Listing {
    /// Those of ours that would not run for want of trust.
    #[must_use]
    pub fn untrusted(&self) -> Vec<&Hook> {
        self.ours.iter().filter(|hook| !hook.trusted).collect()
    }

    /// Those of ours that would not run, for whatever reason.
    #[must_use]
    pub fn idle(&self) -> Vec<&Hook> {
        self.ours.iter().filter(|hook| !hook.trusted || !hook.enabled).collect()
    }
}

/// Why an answer cannot be used. Holds the agent's own message where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub String);

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the agent refused: {}", self.0)
    }
}

impl std::error::Error for Refused {}
