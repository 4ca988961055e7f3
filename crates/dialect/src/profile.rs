//! What an agent's own process needs when the whole agent runs behind the wall: one table an agent. Its tool processes get
//! none of it. Data for the caller, who knows the disk and the environment; paths begin with `~/` or `/`.
//!
//! Sources: what each agent was seen to open and to connect to (versions in `crates/modelserver`), and the makers' pages on
//! networks behind proxies: code.claude.com/docs/en/network-config, developers.openai.com/codex, geminicli.com/docs,
//! docs.github.com/en/copilot/reference/allowlist-reference.

/// One agent's own process.
#[derive(Debug)]
pub struct Profile {
    /// Hosts where its model answers; nobody else inside reaches them. A name, or `.name` for all below.
    pub model: &'static [&'static str],
    /// Further hosts that it speaks to: log-in, its account.
    pub hosts: &'static [&'static str],
    /// Variables that hold the address of another model.
    pub endpoints: &'static [&'static str],
    /// A settings file, and the key in it that holds the address of another model: `key = "https://…"`, also in arguments.
    pub endpoint_key: Option<(&'static str, &'static str)>,
    /// Directories and files that it keeps its state in, and the variable that moves each.
    pub state: &'static [State],
    /// Below these, what only it reads: its log-in.
    pub private: &'static [&'static str],
    /// Below these, what not even it writes: what says what it may do, and who watches it.
    pub closed: &'static [&'static str],
    /// Variables that it gets although they look like secrets; names, or beginnings that end with `*`.
    pub variables: &'static [&'static str],
    /// Of these, and of what it makes itself, those that its tools do not get.
    pub secret_variables: &'static [&'static str],
    /// Variables that are set for it: a sandbox of its own, which cannot be built inside ours, off.
    pub set: &'static [(&'static str, &'static str)],
    /// Arguments put before the user's, unless one of `unless` is among those: the same.
    pub arguments: &'static [&'static str],
    /// See `arguments`.
    pub unless: &'static [&'static str],
    /// How its own sandbox is asked for in arguments; none where it is not.
    pub sandbox: Option<&'static SandboxFlag>,
    /// Said once as it begins: what of the agent's own is off inside.
    pub off: Option<&'static str>,
}

/// An argument that asks for a sandbox of the agent's own, with a value.
#[derive(Debug)]
pub struct SandboxFlag {
    /// What it is called.
    pub names: &'static [&'static str],
    /// Values that ask for no more than our wall holds: the argument is left out. Any other is refused.
    pub held: &'static [&'static str],
}

/// A place of its state.
#[derive(Debug)]
pub struct State {
    /// Where.
    pub path: &'static str,
    /// The variable that names another directory in its place.
    pub moved_by: Option<&'static str>,
    /// A file's text where there is none yet; none for a directory.
    pub file: Option<&'static str>,
}

const fn directory(path: &'static str, moved_by: Option<&'static str>) -> State {
    State { path, moved_by, file: None }
}

/// Claude Code.
pub(crate) static CLAUDE: Profile = Profile {
    model: &["api.anthropic.com"],
    hosts: &["claude.ai", "claude.com", "platform.claude.com", "console.anthropic.com", "mcp-proxy.anthropic.com"],
    endpoints: &["ANTHROPIC_BASE_URL"],
    endpoint_key: None,
    state: &[
        directory("~/.claude", Some("CLAUDE_CONFIG_DIR")),
        directory("/tmp/claude-{uid}", Some("CLAUDE_CODE_TMPDIR")),
        State { path: "~/.claude.json", moved_by: None, file: Some("{}") },
    ],
    private: &["~/.claude/.credentials.json", "~/.claude.json"],
    closed: &[
        "~/.claude/settings.json",
        "~/.claude/settings.local.json",
        "~/.claude/hooks",
        "~/.claude/agents",
        "~/.claude/skills",
        "~/.claude/commands",
        "~/.claude/CLAUDE.md",
    ],
    variables: &["ANTHROPIC_*", "CLAUDE_*", "DISABLE_*", "API_TIMEOUT_MS", "MAX_*", "BASH_*", "MCP_*"],
    secret_variables: &["ANTHROPIC_*", "CLAUDE_CODE_OAUTH_*", "CLAUDE_CODE_MESSAGING_*"],
    set: &[],
    arguments: &[],
    unless: &[],
    sandbox: None,
    off: Some("a sandbox of its own (\"sandbox\" in its settings) cannot be built inside and is off: this wall holds its tools"),
};

/// Codex CLI.
pub(crate) static CODEX: Profile = Profile {
    model: &["api.openai.com", "chatgpt.com"],
    hosts: &["auth.openai.com"],
    endpoints: &["OPENAI_BASE_URL"],
    endpoint_key: Some(("~/.codex/config.toml", "base_url")),
    state: &[directory("~/.codex", Some("CODEX_HOME"))],
    private: &["~/.codex/auth.json"],
    closed: &[
        "~/.codex/config.toml",
        "~/.codex/hooks.json",
        "~/.codex/hooks",
        "~/.codex/rules",
        "~/.codex/AGENTS.md",
        "~/.codex/requirements.toml",
        "~/.codex/managed_config.toml",
    ],
    variables: &["OPENAI_*", "CODEX_*"],
    secret_variables: &["OPENAI_*", "CODEX_API_KEY", "CODEX_ACCESS_TOKEN"],
    set: &[],
    arguments: &["-c", "sandbox_mode=\"danger-full-access\""],
    unless: &["--dangerously-bypass-approvals-and-sandbox"],
    sandbox: Some(&SandboxFlag { names: &["-s", "--sandbox"], held: &["workspace-write", "danger-full-access"] }),
    off: Some("its own sandbox is off inside (sandbox_mode): this wall holds its tools"),
};

/// Gemini CLI.
pub(crate) static GEMINI: Profile = Profile {
    model: &[
        "generativelanguage.googleapis.com",
        "cloudcode-pa.googleapis.com",
        "aiplatform.googleapis.com",
        ".aiplatform.googleapis.com",
    ],
    hosts: &["oauth2.googleapis.com", "accounts.google.com", "www.googleapis.com"],
    endpoints: &["GOOGLE_GEMINI_BASE_URL", "GOOGLE_VERTEX_BASE_URL", "CODE_ASSIST_ENDPOINT"],
    endpoint_key: None,
    state: &[directory("~/.gemini", None)],
    private: &[
        "~/.gemini/oauth_creds.json",
        "~/.gemini/google_accounts.json",
        "~/.gemini/.env",
        "~/.gemini/mcp-oauth-tokens.json",
    ],
    closed: &[
        "~/.gemini/settings.json",
        "~/.gemini/trustedFolders.json",
        "~/.gemini/policies",
        "~/.gemini/hooks",
        "~/.gemini/commands",
        "~/.gemini/extensions",
        "~/.gemini/GEMINI.md",
    ],
    variables: &["GEMINI_*", "GOOGLE_*"],
    secret_variables: &["GEMINI_API_KEY", "GOOGLE_*"],
    // It starts itself again for more memory, and in a container where it is told to; here it stays the process that it is.
    set: &[("GEMINI_CLI_NO_RELAUNCH", "true"), ("GEMINI_SANDBOX", "false")],
    arguments: &[],
    unless: &[],
    sandbox: None,
    off: Some("its own sandbox is off inside (GEMINI_SANDBOX): this wall holds its tools"),
};

/// GitHub Copilot CLI.
pub(crate) static COPILOT: Profile = Profile {
    model: &["api.githubcopilot.com", ".githubcopilot.com", "copilot-proxy.githubusercontent.com"],
    hosts: &["api.github.com", "github.com"],
    endpoints: &["COPILOT_PROVIDER_BASE_URL"],
    endpoint_key: None,
    state: &[directory("~/.copilot", Some("COPILOT_HOME")), directory("~/.cache/copilot", None)],
    private: &["~/.copilot/config.json", "~/.copilot/mcp-oauth-config"],
    closed: &[
        "~/.copilot/settings.json",
        "~/.copilot/hooks",
        "~/.copilot/agents",
        "~/.copilot/skills",
        "~/.copilot/permissions-config.json",
        "~/.copilot/mcp-config.json",
        "~/.copilot/copilot-instructions.md",
    ],
    variables: &["COPILOT_*", "GH_TOKEN", "GITHUB_TOKEN"],
    secret_variables: &["COPILOT_PROVIDER_*", "COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"],
    set: &[],
    arguments: &[],
    unless: &[],
    sandbox: None,
    off: None,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_is_narrow_and_whole() {
        for profile in [&CLAUDE, &CODEX, &GEMINI, &COPILOT] {
            assert!(!profile.model.is_empty() && !profile.state.is_empty() && !profile.private.is_empty());
            let below = |path: &&str| profile.state.iter().any(|state| path.starts_with(state.path));
            assert!(profile.private.iter().all(below), "{profile:?}");
            assert!(profile.closed.iter().all(below), "{profile:?}");
            let wide = |host: &&str| !host.trim_start_matches('.').contains('.') || host.contains('*');
            assert!(!profile.model.iter().chain(profile.hosts).any(wide), "{profile:?}");
        }
    }
}
