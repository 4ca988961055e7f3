//! The map: named places, and what tools can do. Written in `bailiwick.toml`, with built-in knowledge below it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::effect::ToolKnowledge;

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
}

/// How shell commands are walled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wall {
    /// Whether hooks put allowed shell commands behind it, where the agent lets a hook rewrite a command.
    pub exec: bool,
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

fn yes() -> bool {
    true
}
