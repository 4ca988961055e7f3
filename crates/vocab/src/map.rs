//! The map: named places, what tools can do, secrets and the way out. Written in `bailiwick.toml`, with built-in knowledge
//! below it.

pub mod secret;
mod words;

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::effect::ToolKnowledge;
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
    /// How much undo keeps.
    #[serde(skip_serializing_if = "Undo::is_empty")]
    pub undo: Undo,
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
    #[serde(default = "yes")]
    pub untrusted: bool,
    /// Whether what it returns is secret.
    #[serde(default)]
    pub secret: bool,
    /// Argument that is a path the tool reads.
    #[serde(default)]
    pub reads: Option<String>,
    /// Argument that is a path the tool writes.
    #[serde(default)]
    pub writes: Option<String>,
    /// Argument that is a URL or host the tool reaches.
    #[serde(default)]
    pub reaches: Option<String>,
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
