//! claude, codex, gemini and the other agents: another one is started, and what it will do nobody can read here.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["claude"], effects: |inv, sink| CLAUDE.say(inv, sink) },
    Program { names: &["codex"], effects: |inv, sink| CODEX.say(inv, sink) },
    Program { names: &["gemini", "qwen"], effects: |inv, sink| GEMINI.say(inv, sink) },
    Program { names: &["cursor-agent", "amp", "crush", "droid"], effects: |inv, sink| CURSOR_AGENT.say(inv, sink) },
    Program {
        names: &[
            "copilot",
            "opencode",
            "cline",
            "kilo",
            "kilocode",
            "auggie",
            "kiro-cli",
            "junie",
            "plandex",
            "openhands",
            "swe-agent",
            "sweagent",
            "gptme",
            "open-interpreter",
            "codebuff",
        ],
        effects: |inv, sink| COPILOT.say(inv, sink),
    },
    Program {
        names: &["aider", "goose", "mentat", "sgpt", "gpt-engineer", "tgpt", "aichat", "shell-gpt"],
        effects: |inv, sink| AIDER.say(inv, sink),
    },
];

const CLAUDE: Described = Described {
    target: "agent",
    valued: "model system-prompt append-system-prompt allowedTools disallowedTools output-format input-format session-id r resume fallback-model max-turns agents permission-prompt-tool permission-mode",
    options: &[("mcp-config|settings|plugin-dir|add-dir", Value::Read)],
    flags: &[
        (
            "dangerously-skip-permissions|allow-dangerously-skip-permissions|permission-mode=bypassPermissions",
            &[Act::Escalate("agent without questions")],
        ),
        ("bare", &[Act::Escalate("agent without hooks")]),
    ],
    verbs: &[
        ("mcp list|get, config list|get, doctor, plugin list, agents --help, auth status", &[Act::Ask]),
        (
            "mcp add|remove|add-json|add-from-claude-desktop|reset-project-choices|serve, config, plugin, migrate-installer, install, update, setup-token, auth",
            &[Act::Configure("agent-settings")],
        ),
    ],
    otherwise: &[Act::Spawn("claude"), Act::Opaque(OpaqueCause::Dynamic, "agent")],
    alone: Some(&[Act::Spawn("claude"), Act::Opaque(OpaqueCause::Dynamic, "agent")]),
    ..Described::NEW
};

const CODEX: Described = Described {
    target: "agent",
    valued: "m model p profile C cd s sandbox a ask-for-approval i image color o",
    options: &[("c|config", Value::Script("agent setting"))],
    flags: &[(
        "dangerously-bypass-approvals-and-sandbox|yolo|full-auto|sandbox=danger-full-access|s=danger-full-access|ask-for-approval=never|a=never",
        &[Act::Escalate("agent without questions")],
    )],
    verbs: &[
        ("mcp list|get, login status, completion, features list", &[Act::Ask]),
        ("mcp, login, logout, features, app-server, update", &[Act::Configure("agent-settings")]),
        ("sandbox, debug", &[Act::Run(1)]),
        ("apply", &[Act::WriteTreeAt(".")]),
        ("mcp-server", &[Act::Listen]),
    ],
    otherwise: &[Act::Spawn("codex"), Act::Opaque(OpaqueCause::Dynamic, "agent")],
    alone: Some(&[Act::Spawn("codex"), Act::Opaque(OpaqueCause::Dynamic, "agent")]),
    ..Described::NEW
};

const GEMINI: Described = Described {
    target: "agent",
    valued: "m model p prompt i prompt-interactive sandbox-image approval-mode allowed-tools allowed-mcp-server-names e extensions include-directories o output-format",
    flags: &[("y|yolo|approval-mode=yolo", &[Act::Escalate("agent without questions")])],
    verbs: &[
        ("mcp list, extensions list, --list-extensions", &[Act::Ask]),
        ("mcp, extensions, config", &[Act::Configure("agent-settings")]),
    ],
    otherwise: &[Act::Spawn("gemini"), Act::Opaque(OpaqueCause::Dynamic, "agent")],
    alone: Some(&[Act::Spawn("gemini"), Act::Opaque(OpaqueCause::Dynamic, "agent")]),
    ..Described::NEW
};

const CURSOR_AGENT: Described = Described {
    target: "agent",
    valued: "model output-format r resume session x execute",
    flags: &[(
        "force|f|yolo|y|dangerously-allow-all|skip-permissions-unsafe|auto=high",
        &[Act::Escalate("agent without questions")],
    )],
    verbs: &[
        ("mcp list, auth list, models, status, about, whoami, logs, ls, threads list, dirs", &[Act::Ask]),
        ("mcp, auth, config, login, logout, install-shell-integration, update, permissions", &[Act::Configure("agent-settings")]),
    ],
    otherwise: &[Act::Spawn("agent"), Act::Opaque(OpaqueCause::Dynamic, "agent")],
    alone: Some(&[Act::Spawn("agent"), Act::Opaque(OpaqueCause::Dynamic, "agent")]),
    ..Described::NEW
};

const COPILOT: Described = Described {
    target: "agent",
    valued: "m model p prompt agent session s title f file port hostname cwd C c",
    flags: &[(
        "allow-all-tools|allow-all-paths|yolo|trust-all-tools|auto-run|y|dangerously-skip-permissions",
        &[Act::Escalate("agent without questions")],
    )],
    verbs: &[
        (
            "mcp list, auth list, models, stats, agent list, config list|get, ls, sessions, session list, export, logs, status, whoami, about, threads list, dirs, doctor",
            &[Act::Ask],
        ),
        (
            "mcp, auth, config, login, logout, agent create, upgrade, settings, plugin, permissions",
            &[Act::Configure("agent-settings")],
        ),
        ("serve, web", &[Act::Listen]),
    ],
    otherwise: &[Act::Spawn("agent"), Act::Opaque(OpaqueCause::Dynamic, "agent")],
    alone: Some(&[Act::Spawn("agent"), Act::Opaque(OpaqueCause::Dynamic, "agent")]),
    ..Described::NEW
};

const AIDER: Described = Described {
    target: "agent",
    valued: "model m message f file edit-format t text i instructions recipe name r",
    options: &[("read|message-file|load|i|instructions|recipe|test-cmd|lint-cmd", Value::Read)],
    flags: &[("yes-always|yes|auto-test|auto-approve", &[Act::Escalate("agent without questions")])],
    verbs: &[
        ("configure, project, mcp, update", &[Act::Configure("agent-settings")]),
        ("info, version, session list, list, models", &[Act::Ask]),
        ("schedule", &[Act::Persist("agent schedule")]),
    ],
    otherwise: &[Act::Spawn("agent"), Act::Opaque(OpaqueCause::Dynamic, "agent")],
    alone: Some(&[Act::Spawn("agent"), Act::Opaque(OpaqueCause::Dynamic, "agent")]),
    ..Described::NEW
};
