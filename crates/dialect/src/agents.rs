//! The agents that are known, one line each.

use crate::tongue::Tongue;
use crate::{claude, codex, copilot, gemini, opencode};

static AGENTS: [&Tongue; 5] = [
    &claude::TONGUE, // keeps one agent a line
    &codex::TONGUE,
    &gemini::TONGUE,
    &copilot::TONGUE,
    &opencode::TONGUE,
];

/// Every agent, in the order in which people are shown them.
#[must_use]
pub fn all() -> &'static [&'static Tongue] {
    &AGENTS
}

/// The agent of that name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Tongue> {
    AGENTS.into_iter().find(|agent| agent.name == name)
}
