//! A tool call as the guard sees it: the agent's own name for the tool, and what it asks for in neutral terms.
//!
//! Dialects translate foreign field names into [`Request`]; no other crate knows a foreign name.

use serde::{Deserialize, Serialize};

/// One call of one tool, before it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The agent's identifier of the call, unique within a session; empty where the agent gives none.
    pub id: String,
    /// The tool's name as the agent writes it.
    pub tool: String,
    /// What is asked, in neutral terms.
    pub request: Request,
    /// The arguments exactly as they came, for the record.
    pub input: serde_json::Value,
}

/// What a tool is asked to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case")]
pub enum Request {
    /// Run a command line in a shell.
    Shell {
        /// The command line.
        command: String,
        /// Which shell reads it.
        shell: Shell,
        /// Whether the agent goes on while it runs.
        background: bool,
        /// Whether the agent can type into it afterwards without a call that we see.
        #[serde(default, skip_serializing_if = "is_false")]
        unseen_input: bool,
    },
    /// Read one file.
    Read {
        /// As the agent wrote it.
        path: String,
    },
    /// Create or replace one file.
    Write {
        /// As the agent wrote it.
        path: String,
        /// The whole new content.
        content: String,
    },
    /// Change parts of one file.
    Edit {
        /// As the agent wrote it.
        path: String,
        /// Text that goes in, all replacements joined by newlines.
        new_text: String,
    },
    /// Delete one file or an empty directory.
    Delete {
        /// As the agent wrote it.
        path: String,
    },
    /// Type text into a program that is already running (an open shell, a prompt of an installer).
    Type {
        /// What is typed.
        text: String,
    },
    /// Several things at once, in order: a patch over many files, a list of commands.
    Many {
        /// Each of them; none is itself `Many`.
        requests: Vec<Request>,
    },
    /// Look into files or names below a directory.
    Search {
        /// Where; `None` is the working directory.
        path: Option<String>,
        /// The pattern searched for.
        pattern: String,
        /// Whether contents are read, or only names.
        contents: bool,
    },
    /// Get a web page.
    Fetch {
        /// The address.
        url: String,
    },
    /// Ask a search engine.
    WebSearch {
        /// The words.
        query: String,
    },
    /// Start another agent.
    Spawn {
        /// The kind of agent, empty where unnamed.
        agent: String,
        /// What it is told.
        prompt: String,
    },
    /// Load instructions the agent will follow.
    Skill {
        /// Its name.
        name: String,
        /// Its arguments.
        args: String,
    },
    /// A tool of an MCP server.
    Mcp {
        /// The server's name in the agent's configuration.
        server: String,
        /// The tool's name at that server.
        tool: String,
    },
    /// A tool of the agent's own that touches nothing but the agent (a to-do list, a tool search).
    Internal {
        /// Its name.
        name: String,
    },
    /// A named tool of which only the map can say what it does.
    Named {
        /// Its name.
        name: String,
    },
}

/// The language of a shell command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shell {
    /// POSIX shell and bash.
    Bash,
    /// Windows PowerShell.
    PowerShell,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_false(flag: &bool) -> bool {
    !flag
}
