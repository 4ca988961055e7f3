//! Effects: what a call may do to the world.
//!
//! INVARIANT (over-approximation): what a call really does is inside the union of its effects, or one of them is
//! [`Deed::Opaque`].

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// One thing that a call may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// What is done, and to what.
    #[serde(flatten)]
    pub deed: Deed,
    /// Where the call's text shows it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub span: Option<Span>,
    /// Whether it can be put back.
    pub reversible: Reversibility,
}

/// A stretch of the call's text, in bytes, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Whether an effect can be put back afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reversibility {
    /// Nothing changed, or we keep what it takes to put it back.
    Reversible,
    /// A further act makes up for it (remove what was created, restore from version control).
    Compensable,
    /// Gone, or out.
    Irreversible,
}

/// What is done. The variant's kebab-case name is the effect's `act`, in JSON and in policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Deed {
    /// Contents or names are read.
    Read(Target),
    /// Contents, names or permissions are changed, or a file is made.
    Write {
        /// What is written.
        #[serde(flatten)]
        target: Target,
        /// How.
        mode: WriteMode,
    },
    /// Something is removed.
    Delete(Target),
    /// A program is started.
    Execute {
        /// The program's name or path as it is looked up.
        program: String,
        /// The whole argument vector, the program first.
        argv: Vec<String>,
    },
    /// A connection is opened, or a datagram sent.
    Connect {
        /// Name or address, lower case; `*` where it cannot be known.
        host: String,
        /// Port where known.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        port: Option<u16>,
        /// URL scheme or protocol: `https`, `ssh`, `dns`, `tcp` …
        scheme: String,
        /// Request method where there is one, upper case.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        method: Option<String>,
        /// Whether local data goes out beyond the address itself.
        upload: bool,
        /// The path of the request, decoded and without its query, where the way out sees it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        path: Option<String>,
        /// Bytes of the request's body, where the way out sees it; of unknown length, the greatest number.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        bytes: Option<u64>,
    },
    /// Commits or references are sent to another repository.
    Push {
        /// The remote as written.
        remote: String,
        /// Its host, where resolved.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        host: Option<String>,
        /// Reference specifications as written.
        refs: Vec<String>,
        /// Whether history at the remote may be overwritten or removed.
        force: bool,
    },
    /// A package, image or release is made public.
    Publish {
        /// Which registry.
        registry: String,
        /// What, where known.
        package: String,
    },
    /// A message goes to people or another system.
    Send {
        /// Mail, chat, issue tracker …
        channel: String,
        /// To whom, where known.
        recipient: String,
    },
    /// A database is asked or changed.
    Query {
        /// Which, where known.
        database: String,
        /// What kind of statement is the strongest in it.
        kind: QueryKind,
    },
    /// Infrastructure or a running service is changed.
    Deploy {
        /// What, in words: `kubernetes`, `aws ec2`, `docker container` …
        target: String,
        /// What is done to it, in words.
        what: String,
        /// Whether something there is destroyed.
        destroys: bool,
    },
    /// Money moves.
    Pay {
        /// To whom, where known.
        recipient: String,
        /// How much, as written.
        amount: String,
    },
    /// A secret is taken out of a store that is not a file.
    UseSecret {
        /// Which.
        name: String,
    },
    /// Another agent is started.
    Spawn {
        /// Its kind.
        agent: String,
    },
    /// A process is sent a signal.
    Signal {
        /// Which, as written: a process id, a name, `*`.
        process: String,
    },
    /// More rights are taken than the user has given: `sudo`, setuid, capabilities.
    Escalate {
        /// By what.
        how: String,
    },
    /// Something will run later without being asked for: cron, services, start-up files, hooks.
    Persist {
        /// By what.
        how: String,
    },
    /// The system, an agent or the guard itself is set differently.
    Configure {
        /// What is set.
        what: String,
    },
    /// A tool is called of which only its description or the map is known.
    Call {
        /// MCP server or other provider, empty where there is none.
        server: String,
        /// The tool's name there.
        tool: String,
        /// What the map says of it.
        knowledge: ToolKnowledge,
    },
    /// What happens here cannot be read.
    Opaque {
        /// Why not.
        cause: OpaqueCause,
        /// The language of the code, empty where it is not code.
        language: String,
        /// What a shallow look at the code shows it may do; empty after a look that showed nothing.
        hints: BTreeSet<Hint>,
    },
}

/// A path that an effect touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Absolute, real (symbolic links followed) and lexically normal after resolution; before it, as written.
    pub path: String,
    /// As the call wrote it, where that differs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub given: Option<String>,
    /// False where a part depends on what cannot be seen before the call runs. Such a path may be any path.
    #[serde(skip_serializing_if = "is_true", default = "yes")]
    pub known: bool,
    /// Whether `path` is still a pattern with `*`, `?` or `[`.
    #[serde(skip_serializing_if = "is_false", default)]
    pub glob: bool,
    /// Whether everything below is touched as well.
    #[serde(skip_serializing_if = "is_false", default)]
    pub tree: bool,
    /// Other names under which the same file was reached (a link's own path), absolute.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub also: Vec<String>,
    /// What the disk says, after resolution.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub facts: Option<Facts>,
}

/// What the disk says of a target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Whether there is something at the path.
    pub exists: bool,
    /// Whether it is a directory.
    pub directory: bool,
    /// Files touched: 1 for a file, all below for a tree; counting stops at a bound.
    pub files: u64,
    /// Of those, how many version control does not hold: deleting them loses them.
    pub untracked: u64,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WriteMode {
    /// Made, or replaced whole.
    Replace,
    /// Added to, or changed in part.
    Change,
    /// Permissions, ownership or times only.
    Metadata,
}

/// The strongest kind of statement in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueryKind {
    /// Reads only.
    Read,
    /// Adds or changes rows.
    Write,
    /// Changes the shape: create, alter.
    Define,
    /// Drops, truncates, deletes without a condition.
    Destroy,
    /// Not known.
    Unknown,
}

/// What is known of a tool that is not one of the agent's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ToolKnowledge {
    /// The map says that it changes nothing.
    ReadOnly,
    /// The map says what it does, and that it destroys nothing.
    Writes,
    /// The map says that it may destroy.
    Destructive,
    /// The server is known, but nothing says what the tool does.
    Undescribed,
    /// Nobody has said anything about this tool.
    Unknown,
}

/// Why something cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpaqueCause {
    /// Code of another language, given on the command line or standard input.
    InlineCode,
    /// A script or program file whose text was not, or could not be, followed.
    Script,
    /// What runs is decided while it runs (`eval "$x"`, a pipe into a shell, a variable as the command).
    Dynamic,
    /// The text is not a command that we can parse.
    Unparsed,
    /// A limit of length, depth, steps or time was reached.
    Limit,
    /// A shell or language that we do not read.
    Language,
}

/// What a shallow look at code shows it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hint {
    /// Writes or creates files whose names are not literal.
    Writes,
    /// Deletes files whose names are not literal.
    Deletes,
    /// Opens sockets or URLs that are not literal.
    Network,
    /// Starts other programs.
    Runs,
    /// Builds code while it runs (`eval`, `exec`, decoding), or could not be looked at.
    Dynamic,
}

impl Effect {
    /// An effect with the usual reversibility of its deed.
    #[must_use]
    pub fn new(deed: Deed, span: Option<Span>) -> Self {
        let reversible = deed.usual_reversibility();
        Effect { deed, span, reversible }
    }
}

impl Deed {
    /// The act's name, as in JSON and in policy.
    #[must_use]
    pub fn act(&self) -> &'static str {
        match self {
            Deed::Read(_) => "read",
            Deed::Write { .. } => "write",
            Deed::Delete(_) => "delete",
            Deed::Execute { .. } => "execute",
            Deed::Connect { .. } => "connect",
            Deed::Push { .. } => "push",
            Deed::Publish { .. } => "publish",
            Deed::Send { .. } => "send",
            Deed::Query { .. } => "query",
            Deed::Deploy { .. } => "deploy",
            Deed::Pay { .. } => "pay",
            Deed::UseSecret { .. } => "use-secret",
            Deed::Spawn { .. } => "spawn",
            Deed::Signal { .. } => "signal",
            Deed::Escalate { .. } => "escalate",
            Deed::Persist { .. } => "persist",
            Deed::Configure { .. } => "configure",
            Deed::Call { .. } => "call",
            Deed::Opaque { .. } => "opaque",
        }
    }

    /// The path that is touched, where the deed touches one.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        if let Deed::Read(target) | Deed::Delete(target) | Deed::Write { target, .. } = self { Some(target) } else { None }
    }

    /// The same, to be resolved in place.
    pub fn target_mut(&mut self) -> Option<&mut Target> {
        if let Deed::Read(target) | Deed::Delete(target) | Deed::Write { target, .. } = self { Some(target) } else { None }
    }

    /// What can be said of reversibility before the disk is looked at.
    #[must_use]
    pub fn usual_reversibility(&self) -> Reversibility {
        match self {
            Deed::Read(_) | Deed::Execute { .. } | Deed::Spawn { .. } => Reversibility::Reversible,
            Deed::Query { kind: QueryKind::Read, .. } | Deed::Call { knowledge: ToolKnowledge::ReadOnly, .. } => {
                Reversibility::Reversible
            }
            Deed::Connect { upload: false, .. } => Reversibility::Reversible,
            Deed::Persist { .. } | Deed::Configure { .. } | Deed::Call { knowledge: ToolKnowledge::Writes, .. } => {
                Reversibility::Compensable
            }
            Deed::Write { mode: WriteMode::Metadata, .. } | Deed::Deploy { destroys: false, .. } => Reversibility::Compensable,
            Deed::Push { force: false, .. } => Reversibility::Compensable,
            Deed::Write { .. }
            | Deed::Delete(_)
            | Deed::Connect { .. }
            | Deed::Push { .. }
            | Deed::Publish { .. }
            | Deed::Send { .. }
            | Deed::Query { .. }
            | Deed::Deploy { .. }
            | Deed::Pay { .. }
            | Deed::UseSecret { .. }
            | Deed::Signal { .. }
            | Deed::Escalate { .. }
            | Deed::Call { .. }
            | Deed::Opaque { .. } => Reversibility::Irreversible,
        }
    }
}

/// How the user's own settings of git are shown, though they may lie elsewhere.
const GIT_USER_SETTINGS: &str = "~/.gitconfig";

impl Target {
    /// A path as written.
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        Target { path: path.into(), given: None, known: true, glob: false, tree: false, also: Vec::new(), facts: None }
    }

    /// The same with everything below it.
    #[must_use]
    pub fn tree(mut self) -> Self {
        self.tree = true;
        self
    }

    /// A path of which a part cannot be known; `path` is what can be shown to people.
    #[must_use]
    pub fn unknown(path: impl Into<String>) -> Self {
        Target { known: false, ..Target::new(path) }
    }

    /// The user's own settings of git, wherever git keeps them: what `git config --global` changes.
    #[must_use]
    pub fn git_user_settings() -> Self {
        Target::unknown(GIT_USER_SETTINGS)
    }

    /// Whether this is [`Target::git_user_settings`], resolved or not.
    #[must_use]
    pub fn is_git_user_settings(&self) -> bool {
        !self.known && self.given.as_deref().unwrap_or(&self.path) == GIT_USER_SETTINGS
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_true(value: &bool) -> bool {
    *value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

fn yes() -> bool {
    true
}
