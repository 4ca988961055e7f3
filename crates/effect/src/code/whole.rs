//! Whether all of a code is understood: tokens in, the gaps out. No gap means that nothing happens but what the scan says.
//!
//! The argument is that of capabilities: a dangerous function is reached by its name alone. So every name must be one of
//! the language's harmless ones, a call that the scan has read to the end, a word of the grammar, or a name that the
//! code gives its own values, which then are harmless too. What is neither is a gap, and so is every way to reach a
//! function without writing its name.

mod javascript;
mod python;
mod scripting;

use std::collections::BTreeSet;

use bailiwick_vocab::effect::Hint;

use super::lex::{Language, Token};
use super::names::Names;

/// What is not understood.
#[derive(Default)]
pub(super) struct Gaps {
    /// Whether anything is not.
    pub(super) any: bool,
    /// What it may do.
    pub(super) hints: BTreeSet<Hint>,
}

impl Gaps {
    fn plain(&mut self) {
        self.any = true;
    }

    fn hinted(&mut self, hint: Hint) {
        self.any = true;
        self.hints.insert(hint);
    }
}

/// One token with what stands around it.
#[derive(Clone, Copy)]
struct Place<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl<'a> Place<'a> {
    fn next(self, steps: usize) -> Option<&'a Token> {
        self.tokens.get(self.at + steps)
    }

    fn before(self, steps: usize) -> Option<&'a Token> {
        self.at.checked_sub(steps).and_then(|at| self.tokens.get(at))
    }

    fn called(self) -> bool {
        self.next(1) == Some(&Token::Sign('('))
    }

    fn follows(self, sign: char) -> bool {
        self.before(1) == Some(&Token::Sign(sign))
    }

    fn follows_word(self, words: &[&str]) -> bool {
        matches!(self.before(1), Some(Token::Name(name)) if words.contains(&name.as_str()))
    }

    /// `name =`, not `name ==`.
    fn assigned(self) -> bool {
        self.next(1) == Some(&Token::Sign('=')) && !matches!(self.next(2), Some(Token::Sign('=' | '~')))
    }
}

/// What of these tokens is not understood. `read` holds the calls that the scan has read to the end.
pub(super) fn gaps(language: Language, tokens: &[Token], names: &Names, read: &[bool]) -> Gaps {
    let mut gaps = Gaps { any: names.spoiled, hints: BTreeSet::new() };
    if names.spoiled {
        gaps.hints.insert(Hint::Dynamic);
    }
    let is_read = |at: usize| read.get(at).copied().unwrap_or(false) || names.binding.contains(&at);
    match language {
        Language::Python => python::gaps(tokens, names, &is_read, &mut gaps),
        Language::JavaScript => javascript::gaps(tokens, names, &is_read, &mut gaps),
        Language::Perl => scripting::perl(tokens, &is_read, &mut gaps),
        Language::Ruby => scripting::ruby(tokens, &is_read, &mut gaps),
        Language::Php => scripting::php(tokens, &is_read, &mut gaps),
        Language::Awk => scripting::awk(tokens, &is_read, &mut gaps),
        Language::Lua => scripting::lua(tokens, names, &is_read, &mut gaps),
    }
    gaps
}

/// What a module is there for.
pub(super) fn purpose(module: &str) -> Option<Hint> {
    Some(match module {
        "subprocess" | "pty" | "multiprocessing" | "commands" | "popen2" | "pexpect" | "sh" | "plumbum" | "fabric" | "invoke"
        | "child_process" | "cluster" | "shelljs" | "execa" | "cross-spawn" | "zx" => Hint::Runs,
        "socket" | "socketserver" | "http" | "https" | "http2" | "urllib" | "urllib2" | "urllib3" | "requests" | "httpx"
        | "aiohttp" | "ftplib" | "smtplib" | "telnetlib" | "imaplib" | "poplib" | "nntplib" | "xmlrpc" | "paramiko" | "ssl"
        | "websocket" | "websockets" | "pycurl" | "twisted" | "scapy" | "dns" | "boto3" | "net" | "tls" | "dgram"
        | "inspector" | "webbrowser" | "axios" | "node-fetch" | "undici" | "got" | "ws" | "nodemailer" | "ssh2" => Hint::Network,
        "ctypes" | "cffi" | "_ctypes" | "importlib" | "imp" | "runpy" | "marshal" | "pickle" | "shelve" | "code" | "codeop"
        | "builtins" | "gc" | "inspect" | "pkgutil" | "zipimport" | "cPickle" | "dill" | "cloudpickle" | "jsonpickle"
        | "mmap" | "vm" | "worker_threads" | "v8" | "module" | "repl" | "wasi" | "ffi-napi" | "vm2" => Hint::Dynamic,
        _ => return None,
    })
}

/// Verbs with which clients of services destroy: `client.deleteIndex(…)`, `db.drop_all()`.
fn destroys(member: &str) -> bool {
    let lower = member.to_ascii_lowercase();
    [
        "delete",
        "destroy",
        "drop",
        "purge",
        "truncate",
        "terminate",
        "wipe",
        "removeall",
        "remove_all",
        "clearobjects",
        "unlink",
        "rmtree",
    ]
    .iter()
    .any(|verb| lower.starts_with(verb))
}
