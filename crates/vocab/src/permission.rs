//! Permissions: what an agent's own rules of permission say, in neutral terms. Dialects read them, policy writes them as
//! Cedar. What they could not say here is an [`Untranslated`], never a guess.

use crate::case::Verdict;

/// One rule of an agent's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The agent's client, as in [`crate::event::Agent::client`].
    pub client: String,
    /// The rule as its owner would recognise it: `deny Bash(git push *)`.
    pub origin: String,
    /// What it says to do.
    pub verdict: Verdict,
    /// About what.
    pub about: About,
    /// What stands above it and allows: for this it does not hold.
    pub except: Vec<About>,
    /// Why, in the words of whoever wrote it.
    pub reason: Option<String>,
    /// Argument vectors for which it must hold (true) and must not (false), as its author gave them.
    pub examples: Vec<(Vec<String>, bool)>,
    /// Where this is not word for word what was written.
    pub note: Option<String>,
}

/// What a rule is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// Programs started with these arguments: any of the lines.
    Commands(Vec<Line>),
    /// Files.
    Files(Files),
    /// Connections to hosts.
    Hosts(Hosts),
    /// Tools of MCP servers.
    ServerTools {
        /// The server's name.
        server: Wild,
        /// The tool's name there.
        tool: Wild,
    },
    /// Sub-agents of one kind.
    Subagents {
        /// The kind.
        kind: String,
    },
    /// The agent's tools of these names, whatever they are used for.
    Tools {
        /// Their names.
        names: Vec<Wild>,
        /// What they are there for.
        purpose: Purpose,
    },
}

/// What an agent's tool is there for. An allowed tool is allowed that, and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Running programs.
    Shell,
    /// Reading files.
    Reading,
    /// Changing files.
    Writing,
    /// Getting pages.
    Fetching,
    /// Starting agents.
    Spawning,
    /// Anything else, or several at once.
    Other,
}

/// A text with `*` in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wild(pub Vec<Piece>);

/// A part of a [`Wild`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Exactly this text.
    Text(String),
    /// Anything, or nothing.
    Any,
}

/// A program with its arguments, as one line with single spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The program as written: a name or a path.
    pub program: Wild,
    /// The arguments that come first. A `*` may stand for several, or a part of one.
    pub arguments: Vec<Wild>,
    /// Whether further arguments may follow.
    pub more: bool,
}

/// Files, by where they lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// What is done with them.
    pub access: Access,
    /// Any of these. Whatever lies below a directory that matches, matches.
    pub patterns: Vec<FilePattern>,
    /// The agent's tools that the rule speaks of.
    pub tools: Vec<String>,
}

/// What is done with files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// They are read.
    Read,
    /// They are made, changed or removed.
    Change,
}

/// Where files lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePattern {
    /// The absolute directory that the segments begin in, without a final slash (the root is empty). `None`: whatever
    /// directory the agent works in.
    pub base: Option<String>,
    /// The names below it.
    pub segments: Vec<Segment>,
    /// Whether the segments say exactly what was written. Otherwise they say more.
    pub exact: bool,
}

/// A part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Any number of names, none too.
    Deep,
    /// One name.
    Name(Wild),
}

/// Hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosts {
    /// Their names, lower case.
    pub names: Vec<Wild>,
    /// Whether every name below them is meant as well.
    pub below: bool,
    /// Whether commits pushed there are meant as well.
    pub pushes: bool,
    /// The agent's tools that the rule speaks of; empty: everything that connects.
    pub tools: Vec<String>,
}

/// A rule, or a part of one, that says nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untranslated {
    /// The rule as its owner would recognise it.
    pub origin: String,
    /// What it said to do, where it is a rule. A denial that is lost is the one to look at.
    pub verdict: Option<Verdict>,
    /// Why.
    pub why: String,
}

impl Wild {
    /// A text without `*`.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Wild {
        Wild(vec![Piece::Text(text.into())])
    }

    /// A text in which each `*` stands for anything.
    #[must_use]
    pub fn parse(text: &str) -> Wild {
        let mut pieces = Vec::new();
        for (at, part) in text.split('*').enumerate() {
            if at > 0 && pieces.last() != Some(&Piece::Any) {
                pieces.push(Piece::Any);
            }
            if !part.is_empty() {
                pieces.push(Piece::Text(part.to_owned()));
            }
        }
        Wild(pieces)
    }

    /// The text, where there is no `*` in it.
    #[must_use]
    pub fn plain(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The text with `filler` in place of each `*`.
    #[must_use]
    pub fn filled(&self, filler: &str) -> String {
        let texts = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.as_str(),
            Piece::Any => filler,
        });
        texts.collect()
    }
}
