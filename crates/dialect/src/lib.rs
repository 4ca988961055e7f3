//! Agents' own tongues: their bytes become [`bailiwick_vocab::event::Event`]s, and receipts become their bytes.
//!
//! No other crate knows a foreign field name. Pure: no file system, environment, clock or process. What does not parse
//! is an error that the caller answers with a refusal; nothing is guessed or defaulted.

pub mod agents;
mod call_id;
pub mod claude;
mod cline;
pub mod codex;
mod copilot;
mod cursor;
pub mod error;
mod fields;
pub mod gemini;
mod guess;
mod handled;
pub mod judge;
mod opencode;
pub mod ordered;
mod patch;
pub mod permissions;
pub mod profile;
pub mod project;
pub mod qwen;
mod response;
mod ruled;
pub mod settings;
pub mod tongue;
pub mod trust;
mod vscode;
mod windsurf;
mod wording;

pub use error::ParseError;
