//! The agents, one row each: how one is run, by which calls it does what a scenario wants, and where its hooks stand.

use std::io;
use std::path::{Path, PathBuf};

use bailiwick_modelserver::{Run, Server, Transcript, Turn, claude, cline, codex, copilot, gemini, opencode, qwen};
use bailiwick_vocab::handling::Handling::{self, Annotate, Redact};
use serde_json::{Value, json};

/// One agent.
pub struct Agent {
    /// What `bailiwick init --agent` calls it.
    pub name: &'static str,
    /// The program's name on a search path.
    pub program: &'static str,
    pub find: fn() -> Result<PathBuf, String>,
    pub run: fn(&Path, &Server, &Run<'_>, &str) -> io::Result<Transcript>,
    /// The call that runs a command.
    pub shell: fn(&str) -> Turn,
    /// The call that writes a new file.
    pub write: fn(&Path, &str) -> Turn,
    /// The call that reads a file.
    pub read: fn(&Path) -> Turn,
    /// The calls that give a task to a sub-agent and wait for its end.
    pub delegate: fn(&str) -> Vec<Turn>,
    /// A sub-agent's last turn.
    pub delegated: fn() -> Turn,
    /// How a tool of the MCP server `notes` is called.
    pub notes: fn(&str) -> String,
    /// Where MCP servers are entered, below the home.
    pub servers: &'static str,
    /// The text there that enters one, started with this program and these arguments.
    pub server: fn(&str, &[&str]) -> String,
    /// Its hook settings below the home, as `init` writes them.
    pub hooks: &'static str,
    /// Arguments that take the agent's own walls down, given the home, so that the guard is what is tested.
    pub arguments: fn(&Path) -> Vec<String>,
    /// What can be done with what it reads: a file, an MCP tool's text, the output of a command that fails.
    pub receives: [Handling; 3],
    /// Whether a refused call leaves the agent at its task; one does not.
    pub goes_on: bool,
}

pub const CODEX: Agent = Agent {
    name: "codex",
    program: "codex",
    find: codex::find,
    run: codex::run,
    shell: |command| Turn::call("exec_command", json!({"cmd": command})),
    write: |file, text| {
        Turn::call("apply_patch", json!(format!("*** Begin Patch\n*** Add File: {}\n+{text}\n*** End Patch\n", file.display())))
    },
    // It has no tool that reads; its model reads with the shell.
    read: |file| Turn::call("exec_command", json!({"cmd": format!("cat {}", file.display())})),
    delegate: |task| {
        // What waits for a sub-agent needs a name that nobody knows beforehand.
        vec![
            Turn::call("multi_agent_v1::spawn_agent", json!({"message": task})),
            Turn::call("multi_agent_v1::wait_agent", json!({"targets": [{"$after": "\"agent_id\":\""}], "timeout_ms": 60000})),
        ]
    },
    delegated: said,
    notes: |tool| format!("mcp__notes::{tool}"),
    servers: ".codex/config.toml",
    server: |program, arguments| format!("[mcp_servers.notes]\ncommand = {}\nargs = {}\n", json!(program), json!(arguments)),
    hooks: ".codex/hooks.json",
    arguments: |_| Vec::new(),
    receives: [Redact, Redact, Redact],
    goes_on: true,
};

pub const GEMINI: Agent = Agent {
    name: "gemini-cli",
    program: "gemini",
    find: gemini::find,
    run: gemini::run,
    shell: |command| Turn::call("run_shell_command", json!({"command": command, "description": "go on"})),
    write: |file, text| Turn::call("write_file", json!({"file_path": file, "content": text})),
    read: |file| Turn::call("read_file", json!({"file_path": file})),
    delegate: |task| vec![Turn::call("invoke_agent", json!({"agent_name": "generalist", "prompt": task}))],
    delegated: || Turn::call("complete_task", json!({"result": {"response": "done"}})),
    notes: |tool| format!("mcp_notes_{tool}"),
    servers: ".gemini/settings.json",
    server: servers_object,
    hooks: ".gemini/settings.json",
    // Its tools for files stay inside the folders it is given.
    arguments: |home| vec!["--include-directories".to_owned(), home.display().to_string()],
    receives: [Redact, Redact, Redact],
    goes_on: true,
};

pub const COPILOT: Agent = Agent {
    name: "copilot-cli",
    program: "copilot",
    find: copilot::find,
    run: copilot::run,
    shell: |command| Turn::call("bash", json!({"command": command, "description": "go on"})),
    write: |file, text| Turn::call("create", json!({"path": file, "file_text": text})),
    read: |file| Turn::call("view", json!({"path": file})),
    delegate: |task| {
        let start =
            json!({"agent_type": "general-purpose", "prompt": task, "description": "go on", "name": "sub", "mode": "sync"});
        vec![Turn::call("task", start)]
    },
    delegated: said,
    notes: |tool| format!("notes-{tool}"),
    servers: ".copilot/mcp-config.json",
    server: |program, arguments| {
        json!({"mcpServers": {"notes": {"type": "local", "command": program, "args": arguments, "tools": ["*"]}}}).to_string()
    },
    hooks: ".copilot/hooks/bailiwick.json",
    arguments: |_| Vec::new(),
    receives: [Redact, Redact, Redact],
    goes_on: true,
};

pub const QWEN: Agent = Agent {
    name: "qwen-code",
    program: "qwen",
    find: qwen::find,
    run: qwen::run,
    shell: |command| Turn::call("run_shell_command", json!({"command": command, "description": "go on", "is_background": false})),
    write: |file, text| Turn::call("write_file", json!({"file_path": file, "content": text})),
    read: |file| Turn::call("read_file", json!({"file_path": file})),
    delegate: |task| {
        let start =
            json!({"subagent_type": "general-purpose", "prompt": task, "description": "go on then", "run_in_background": false});
        vec![Turn::call("agent", start)]
    },
    delegated: said,
    notes: |tool| format!("mcp__notes__{tool}"),
    servers: ".qwen/settings.json",
    server: servers_object,
    hooks: ".qwen/settings.json",
    arguments: |_| Vec::new(),
    receives: [Annotate, Annotate, Annotate],
    goes_on: true,
};

pub const OPENCODE: Agent = Agent {
    name: "opencode",
    program: "opencode",
    find: opencode::find,
    run: opencode::run,
    shell: |command| Turn::call("bash", json!({"command": command, "description": "go on"})),
    write: |file, text| Turn::call("write", json!({"filePath": file, "content": text})),
    read: |file| Turn::call("read", json!({"filePath": file})),
    delegate: |task| vec![Turn::call("task", json!({"subagent_type": "general", "prompt": task, "description": "go on then"}))],
    delegated: said,
    notes: |tool| format!("notes_{tool}"),
    servers: ".config/opencode/opencode.json",
    server: |program, arguments| {
        let command: Vec<&str> = std::iter::once(program).chain(arguments.iter().copied()).collect();
        json!({"mcp": {"notes": {"type": "local", "enabled": true, "command": command}}}).to_string()
    },
    hooks: ".config/opencode/plugins/bailiwick.js",
    arguments: |_| Vec::new(),
    receives: [Redact, Redact, Redact],
    goes_on: true,
};

pub const CLINE: Agent = Agent {
    name: "cline",
    program: "cline",
    find: cline::find,
    run: cline::run,
    shell: |command| Turn::call("run_commands", json!({"commands": [command]})),
    write: |file, text| Turn::call("editor", json!({"path": file, "new_text": text})),
    read: |file| Turn::call("read_files", json!({"files": [{"path": file}]})),
    delegate: |task| vec![Turn::call("spawn_agent", json!({"systemPrompt": "You help.", "task": task}))],
    delegated: said,
    notes: |tool| format!("notes__{tool}"),
    servers: ".cline/data/settings/cline_mcp_settings.json",
    server: servers_object,
    hooks: ".cline/hooks/PreToolUse",
    arguments: |_| Vec::new(),
    receives: [Annotate, Annotate, Annotate],
    goes_on: false,
};

/// Its attacks have a suite of their own (`tests/e2e`); here it stands for the ways round its hooks.
pub const CLAUDE: Agent = Agent {
    name: "claude-code",
    program: "claude",
    find: claude::find,
    run: |program, model, run, prompt| claude::run(program, model, run, claude::Mode::Bypass, prompt),
    shell: |command| Turn::call("Bash", json!({"command": command, "description": "go on"})),
    write: |file, text| Turn::call("Write", json!({"file_path": file, "content": text})),
    read: |file| Turn::call("Read", json!({"file_path": file})),
    delegate: |task| {
        let start =
            json!({"description": "go on", "prompt": task, "subagent_type": "general-purpose", "run_in_background": false});
        vec![Turn::call("Agent", start)]
    },
    delegated: said,
    notes: |tool| format!("mcp__notes__{tool}"),
    servers: ".claude.json",
    server: servers_object,
    hooks: ".claude/settings.json",
    arguments: |_| Vec::new(),
    receives: [Redact, Redact, Annotate],
    goes_on: true,
};

fn said() -> Turn {
    Turn::Say("that is all".to_owned())
}

fn servers_object(program: &str, arguments: &[&str]) -> String {
    let entry: Value = json!({"command": program, "args": arguments});
    json!({"mcpServers": {"notes": entry}}).to_string()
}
