//! The shell language: source text in, syntax tree out. Bounded by construction: every step costs fuel, every nesting
//! counts towards one depth. It expands nothing, looks at no file, and refuses what it is not sure to read as bash does.

mod ansi;
mod arith;
pub mod ast;
mod command;
mod compound;
mod cursor;
mod dollar;
mod expand;
mod heredoc;
mod keyword;
mod list;
mod quote;
mod redirect;
pub(crate) mod refusal;
mod test;
mod word;

use ast::Script;
use cursor::{Budget, Parser};

/// Longest source read, in bytes: an agent's command is rarely over 4 kB, a script written in one over 64 kB never seen.
const MAX_BYTES: usize = 65_536;
/// Deepest nesting of any kind: people stop at 6; 64 fits a stack of 512 KiB in a debug build.
const MAX_DEPTH: usize = 64;
/// Steps for each byte of source: plain text takes 1 to 3, each nested backquote or here-document reads it again.
const STEPS_PER_BYTE: usize = 64;

/// Steps that any source gets: a short one may still write out a range or nest.
const BASE_STEPS: usize = 65_536;

/// How much is read before giving up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest source, in bytes.
    pub max_bytes: usize,
    /// Deepest nesting of commands, substitutions, expansions and quotes together.
    pub max_depth: usize,
    /// Most steps for one source; a short source gets fewer.
    pub max_steps: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { max_bytes: MAX_BYTES, max_depth: MAX_DEPTH, max_steps: MAX_BYTES * STEPS_PER_BYTE }
    }
}

/// Why a source was not read. Whoever gets it must take the command for anything at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Too long, too deep, or too many steps.
    Limit,
    /// Not bash, or bash that may be read in two ways.
    Syntax {
        /// The byte of the source where reading stopped.
        at: u32,
        /// What was wrong there.
        what: &'static str,
    },
}

/// Reads a command line or script as bash does.
///
/// # Errors
/// [`Unread`]: the source is then not understood at all; no part of it may be trusted.
pub fn parse(source: &str, limits: &Limits) -> Result<Script, Unread> {
    if source.len() > limits.max_bytes {
        return Err(Unread::Limit);
    }
    if let Some(at) = source.find('\0') {
        return Err(Unread::Syntax { at: u32::try_from(at).unwrap_or(u32::MAX), what: "a NUL" });
    }
    let steps = limits.max_steps.min(BASE_STEPS + source.len() * STEPS_PER_BYTE);
    let mut budget = Budget { steps, depth: limits.max_depth };
    Parser::new(source, None, &mut budget).script()
}
