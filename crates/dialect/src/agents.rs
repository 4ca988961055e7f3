//! The agents that are known, one line each.

use crate::tongue::Tongue;

/// Written out in full, so that a new agent is one line here and touches no other.
static AGENTS: &[&Tongue] = &[
    &crate::claude::TONGUE,
    &crate::codex::TONGUE,
    &crate::gemini::TONGUE,
    &crate::copilot::TONGUE,
    &crate::opencode::TONGUE,
    &crate::cline::TONGUE,
    &crate::qwen::TONGUE,
    &crate::cursor::TONGUE,
    &crate::windsurf::TONGUE,
    &crate::vscode::TONGUE,
];

/// Every agent, in the order in which people are shown them.
#[must_use]
pub fn all() -> &'static [&'static Tongue] {
    AGENTS
}

/// The agent of that name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Tongue> {
    AGENTS.iter().copied().find(|agent| agent.name == name)
}
