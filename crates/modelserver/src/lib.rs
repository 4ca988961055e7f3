//! A scripted model on loopback: a real agent is pointed at it and makes exactly the tool calls of a [`Script`].
//!
//! In: requests as the agents make them (`wire`), each tongue at its own address. Out: the script's next turn, and
//! afterwards everything the agent told the model. Beside it one module an agent, which runs it headless and offline. It
//! judges nothing, keeps no state between requests but the record of them, and serves loopback only. For development: no
//! shipped crate depends on it.

pub mod claude;
pub mod cline;
pub mod codex;
pub mod copilot;
mod drive;
pub mod gemini;
mod ground;
mod http;
pub mod opencode;
pub mod qwen;
mod server;
mod wire;

pub use drive::{Run, Transcript};
pub use ground::{Ground, ground};
pub use server::Server;
pub use wire::ToolResult;

use serde_json::Value;

/// What the model says and does, in order.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The main agent's turns.
    pub turns: Vec<Turn>,
    /// The turns of sub-agents.
    pub branches: Vec<Branch>,
}

/// The turns of a sub-agent, known by a marker in the prompt that it was started with.
#[derive(Clone, Debug)]
pub struct Branch {
    /// A word that is in this sub-agent's prompt and in no other's.
    pub marker: String,
    /// Its turns.
    pub turns: Vec<Turn>,
}

/// One answer of the model.
#[derive(Clone, Debug)]
pub enum Turn {
    /// Text alone: the agent stops here.
    Say(String),
    /// Tool calls: the agent carries them out and comes back.
    Call(Vec<ToolUse>),
}

/// One tool call.
#[derive(Clone, Debug)]
pub struct ToolUse {
    /// The tool's name as the agent offers it.
    pub name: String,
    /// Its arguments. An object `{"$after": TEXT}` in them stands for the word that follows the text in what the model
    /// was last told: an identifier that nobody knows beforehand.
    pub input: Value,
}

impl Turn {
    /// A turn of one call.
    #[must_use]
    pub fn call(name: &str, input: Value) -> Turn {
        Turn::Call(vec![ToolUse { name: name.to_owned(), input }])
    }
}

impl Script {
    /// A script of these turns and no sub-agents.
    #[must_use]
    pub fn of(turns: Vec<Turn>) -> Script {
        Script { turns, branches: Vec::new() }
    }

    /// The same with a sub-agent's turns.
    #[must_use]
    pub fn with_branch(mut self, marker: &str, turns: Vec<Turn>) -> Script {
        self.branches.push(Branch { marker: marker.to_owned(), turns });
        self
    }
}
