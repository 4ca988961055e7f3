//! Redirections: files read and written, the command's input, and where its output goes.

use std::rc::Rc;

use bailiwick_vocab::effect::{Deed, Effect, WriteMode};

use crate::invocation::{Stdin, UNKNOWN, Word};
use crate::shell::ast::{Redirect, RedirectKind};

use super::Walker;
use super::flow::Out;
use super::place::is_device;
use super::state::State;

/// Where a command's standard output goes in place of the pipe or terminal.
#[derive(Default)]
pub(super) struct Outputs {
    /// Files by absolute path, and whether they are appended to.
    files: Vec<(String, bool)>,
    /// Whether standard output goes elsewhere.
    moved: bool,
    /// Whether it goes where cannot be seen.
    lost: bool,
}

impl Walker<'_> {
    pub(super) fn redirect(&mut self, redirect: &Redirect, state: &mut State, outputs: &mut Outputs) {
        match redirect.kind {
            RedirectKind::HereDoc | RedirectKind::HereString => {
                let mut text = self.whole(&redirect.target, state);
                if redirect.kind == RedirectKind::HereString {
                    text.text.push('\n');
                }
                if redirect.fd.unwrap_or(0) == 0 {
                    state.stdin = Rc::new(Stdin::Text(text));
                }
            }
            RedirectKind::Duplicate => self.duplicate(redirect, state, outputs),
            RedirectKind::Read | RedirectKind::Write | RedirectKind::Append | RedirectKind::ReadWrite => {
                for word in self.word(&redirect.target, state) {
                    self.redirect_file(redirect, &word, state, outputs);
                }
            }
        }
    }

    fn duplicate(&mut self, redirect: &Redirect, state: &mut State, outputs: &mut Outputs) {
        let word = self.whole(&redirect.target, state);
        let plain = word.text.trim_end_matches('-');
        let descriptor = plain.is_empty() || plain.bytes().all(|byte| byte.is_ascii_digit());
        if !descriptor && redirect.fd.is_none() {
            // `>&$name` writes a file where the value is no number.
            self.place(written(&word, WriteMode::Replace), state);
        }
        match redirect.fd {
            Some(0) => state.stdin = Rc::new(Stdin::Pipe),
            None | Some(1) => outputs.lost = true,
            Some(_) => {}
        }
    }

    fn redirect_file(&mut self, redirect: &Redirect, word: &Word, state: &mut State, outputs: &mut Outputs) {
        let reads = matches!(redirect.kind, RedirectKind::Read | RedirectKind::ReadWrite);
        if let Some(connect) = network(word, !reads || redirect.kind == RedirectKind::ReadWrite) {
            self.place(Effect::new(connect, word.span), state);
            if reads && redirect.fd.unwrap_or(0) == 0 {
                state.stdin = Rc::new(Stdin::Pipe);
            }
            return;
        }
        if reads {
            self.place(Effect::new(Deed::Read(word.target()), word.span), state);
            if redirect.fd.unwrap_or(0) == 0 {
                state.stdin = Rc::new(if is_device(&word.text) { device_input(word) } else { Stdin::File(word.clone()) });
            }
        }
        let mode = match redirect.kind {
            RedirectKind::Write => WriteMode::Replace,
            RedirectKind::Append | RedirectKind::ReadWrite => WriteMode::Change,
            RedirectKind::Read | RedirectKind::Duplicate | RedirectKind::HereDoc | RedirectKind::HereString => return,
        };
        let append = redirect.kind != RedirectKind::Write;
        if redirect.fd.unwrap_or(1) == 1 && redirect.kind != RedirectKind::ReadWrite {
            outputs.moved = true;
            if word.known() && word.pattern.is_none() && !is_device(&word.text) {
                outputs.files.extend(self.paths(word, state).into_iter().map(|path| (path, append)));
            }
        }
        // What was in a file that is appended to must be known before it counts as changed.
        if append {
            self.keep_before(word, state);
        }
        let before = self.written.clone();
        self.place(written(word, mode), state);
        if append {
            self.written = before;
        }
    }

    /// Takes the text of a file about to be appended to from the disk.
    fn keep_before(&mut self, word: &Word, state: &State) {
        for path in self.paths(word, state) {
            let real = self.world.real_path(&path, true);
            if !self.written.contains_key(&real) {
                let exists = self.world.facts(&real, false).exists;
                let text = if exists { self.world.text(&real, super::inner::MAX_SCRIPT_BYTES) } else { Some(String::new()) };
                self.written.insert(real, text);
            }
        }
    }

    /// Sends what a command printed to its files; what is left goes on to the pipe.
    pub(super) fn deliver(&mut self, outputs: Outputs, out: Out) -> Out {
        for (path, append) in &outputs.files {
            let real = self.world.real_path(path, true);
            let text = if let Out::Text(word) = &out { Some(word.text.clone()).filter(|_| word.pattern.is_none()) } else { None };
            let text = if *append {
                let before = self.written.get(&real).cloned().flatten();
                before.zip(text).map(|(before, text)| before + &text)
            } else {
                text
            };
            self.written.insert(real, text.filter(|text| text.len() <= super::inner::MAX_SCRIPT_BYTES));
        }
        if outputs.lost {
            Out::Unknown
        } else if outputs.moved {
            Out::nothing()
        } else {
            out
        }
    }
}

fn written(word: &Word, mode: WriteMode) -> Effect {
    Effect::new(Deed::Write { target: word.target(), mode }, word.span)
}

fn device_input(word: &Word) -> Stdin {
    if word.text == "/dev/null" { Stdin::Text(Word::literal("", word.span)) } else { Stdin::Pipe }
}

/// bash opens `/dev/tcp/HOST/PORT` itself.
fn network(word: &Word, upload: bool) -> Option<Deed> {
    let (scheme, rest) = if let Some(rest) = word.text.strip_prefix("/dev/tcp/") {
        ("tcp", rest)
    } else {
        ("udp", word.text.strip_prefix("/dev/udp/")?)
    };
    let (host, port) = rest.split_once('/').unwrap_or((rest, ""));
    let host =
        if host.contains(UNKNOWN) { "*".to_owned() } else { crate::url::normal_host(host).unwrap_or_else(|| "*".to_owned()) };
    Some(Deed::Connect {
        host,
        port: port.parse().ok(),
        scheme: scheme.to_owned(),
        method: None,
        upload,
        path: None,
        bytes: None,
    })
}
