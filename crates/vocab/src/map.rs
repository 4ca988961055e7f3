//! The map: named places, what tools can do, secrets and the way out. Written in `bailiwick.toml`, with built-in knowledge
//! below it.

pub mod detect;
pub mod secret;
mod words;

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::call::{Request, ToolCall};
use crate::effect::ToolKnowledge;
use crate::origin::Voice;
use detect::Detect;
use secret::Secret;
use words::words;

/// The map as a person writes it. Parsing is the reader's; this is the shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Map {
    /// Places by name.
    pub places: BTreeMap<String, Place>,
    /// Tools by name: an MCP tool as `server/tool` or `server/*`, any other by its own name.
    pub tools: BTreeMap<String, Tool>,
    /// The wall around shell commands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wall: Option<Wall>,
    /// Credentials by name, for programs behind the wall.
    #[serde(deserialize_with = "secret::named", skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, Secret>,
    /// The way out of the wall.
    #[serde(skip_serializing_if = "Egress::is_empty")]
    pub egress: Egress,
    /// What detection has besides its own rules.
    #[serde(skip_serializing_if = "Detect::is_empty")]
    pub detect: Detect,
    /// How much undo keeps.
    #[serde(skip_serializing_if = "Undo::is_empty")]
    pub undo: Undo,
}

impl Map {
    /// What is known of the tool that a call is for, where only the map can know it.
    #[must_use]
    pub fn of_call(&self, call: &ToolCall) -> Option<&Tool> {
        match &call.request {
            Request::Mcp { server, tool } => self.of_server(server, tool),
            Request::Named { name } => self.tools.get(name),
            Request::Shell { .. }
            | Request::Read { .. }
            | Request::Write { .. }
            | Request::Edit { .. }
            | Request::Delete { .. }
            | Request::Type { .. }
            | Request::Many { .. }
            | Request::Search { .. }
            | Request::Fetch { .. }
            | Request::WebSearch { .. }
            | Request::Spawn { .. }
            | Request::Skill { .. }
            | Request::Internal { .. } => None,
        }
    }

    /// What is known of a tool of an MCP server; of one of no server, where that is empty.
    #[must_use]
    pub fn of_server(&self, server: &str, tool: &str) -> Option<&Tool> {
        if server.is_empty() {
            return self.tools.get(tool);
        }
        self.tools.get(&format!("{server}/{tool}")).or_else(|| self.tools.get(&format!("{server}/*")))
    }
}

/// How much undo keeps; what is not said is as usual.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Undo {
    /// The largest file that is copied before it changes, in MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_mib: Option<u32>,
    /// All copies of one call together, in MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_mib: Option<u32>,
    /// The most files kept of one call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<u32>,
    /// For how many days a call can be undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// All that is kept together, in MiB; the oldest calls go first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_mib: Option<u32>,
}

impl Undo {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Undo::default()
    }

    /// What this says, else what the other one does.
    #[must_use]
    pub fn or(self, other: Undo) -> Undo {
        Undo {
            file_mib: self.file_mib.or(other.file_mib),
            call_mib: self.call_mib.or(other.call_mib),
            files: self.files.or(other.files),
            days: self.days.or(other.days),
            total_mib: self.total_mib.or(other.total_mib),
        }
    }
}

/// What of the connections behind the wall is looked into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Egress {
    /// Hosts whose TLS is opened, so that the policy decides on each request: `api.example.org`, `*.example.org`, either
    /// with `:port`; `*` is every host.
    #[serde(deserialize_with = "hosts", skip_serializing_if = "Vec::is_empty")]
    pub intercept: Vec<String>,
    /// Hosts that are never opened, where nothing names them: their programs know nobody but the real server.
    #[serde(deserialize_with = "hosts", skip_serializing_if = "Vec::is_empty")]
    pub spare: Vec<String>,
}

impl Egress {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.intercept.is_empty() && self.spare.is_empty()
    }
}

/// How shell commands are walled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wall {
    /// Whether hooks put allowed shell commands behind it. Where this is not said, they do where the machine and the agent
    /// let them; `true` refuses commands that cannot be walled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exec: Option<bool>,
    /// For how many seconds a command is held when it is about to do what a person would be asked about; 0 refuses at once.
    pub wait: u32,
}

/// A named set of paths and hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Place {
    /// Globs over absolute paths: `*` within a segment, `**` over segments. `{home}`, `{workspace}`, `{state}`,
    /// `{config}` stand for those directories; a pattern that begins with `**/` matches anywhere.
    pub paths: Vec<String>,
    /// Globs that are taken out again.
    pub except: Vec<String>,
    /// Host names; `.example.org` is every name below, `10.0.0.0/8` an address range.
    pub hosts: Vec<String>,
}

/// What a tool can do, and who controls what it returns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// What it does.
    pub does: ToolKnowledge,
    /// Whether what it returns may come from strangers.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub untrusted: bool,
    /// Whether what it returns is secret.
    #[serde(default, skip_serializing_if = "is_no")]
    pub secret: bool,
    /// Argument that is a path the tool reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reads: Option<String>,
    /// Argument that is a path the tool writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writes: Option<String>,
    /// Argument that is a URL or host the tool reaches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reaches: Option<String>,
    /// What it does to others, where it does more than the agent's own work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acts: Option<Act>,
    /// Arguments that say whom or what it reaches: recipients, accounts, addresses, channels.
    #[serde(default, deserialize_with = "words", skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// Arguments that say which of the things that are there it acts on: identifiers, titles.
    #[serde(default, deserialize_with = "words", skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
    /// Arguments that are set as they are: a password, a street, a phone number.
    #[serde(default, deserialize_with = "words", skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<String>,
    /// Arguments that say what a new thing is called.
    #[serde(default, deserialize_with = "words", skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Argument that is an amount of money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// Who writes the free text in what it returns; where this is not said, strangers if `untrusted`, else the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<Voice>,
    /// Fields of what it returns whose values the account's owner or the service sets, whoever writes the rest. `*` is
    /// every field, `*_id` every one of that ending, `-` the items of a plain list, `key` the names of fields, `.` a text
    /// that is one value, `line` the lines of a text that is a plain listing.
    #[serde(default, deserialize_with = "words", skip_serializing_if = "Vec::is_empty")]
    pub owned: Vec<String>,
    /// Fields of what it returns that say who wrote a record: a letter's sender. Whoever wrote it chose that; where the
    /// user's words mean this writer and nobody else does, an answer may go there.
    #[serde(default, deserialize_with = "words", skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
}

/// What a tool does to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// A message goes to somebody.
    Send,
    /// Money moves.
    Pay,
    /// Somebody gets access: an invitation, a share, a membership.
    Grant,
    /// Something is booked or bought.
    Order,
    /// Something is made public, or uploaded.
    Post,
    /// What is there is taken away.
    Remove,
    /// An account is set differently.
    Set,
}

impl Tool {
    /// A tool of which no more than this is known: what it returns may come from strangers.
    #[must_use]
    pub fn that(does: ToolKnowledge) -> Tool {
        Tool {
            does,
            untrusted: true,
            secret: false,
            reads: None,
            writes: None,
            reaches: None,
            acts: None,
            to: Vec::new(),
            of: Vec::new(),
            sets: Vec::new(),
            names: Vec::new(),
            amount: None,
            voice: None,
            owned: Vec::new(),
            from: Vec::new(),
        }
    }

    /// Who writes the free text in what it returns.
    #[must_use]
    pub fn speaks(&self) -> Voice {
        self.voice.unwrap_or(if self.untrusted { Voice::Strangers } else { Voice::Owner })
    }
}

fn hosts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let hosts = words(from)?;
    match hosts.iter().find(|host| *host != "*" && !secret::is_host(host)) {
        Some(host) => Err(D::Error::custom(format!("{host:?} is no host: a name, `*.` and a name of two parts or more, or `*`"))),
        None => Ok(hosts),
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_yes(flag: &bool) -> bool {
    *flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_no(flag: &bool) -> bool {
    !flag
}
