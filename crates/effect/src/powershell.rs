//! PowerShell and `cmd`: a text in; what its commands do, as far as they are the common ones, out. Words, quotes, pipes,
//! script blocks and assignments are read; the language itself is not. What is not known is opaque.

mod batch;
mod cmdlets;
mod names;
mod words;

use bailiwick_vocab::effect::{Hint, OpaqueCause, Span, WriteMode};

use crate::invocation::{Sink, Stdin, UNKNOWN, Word};

use words::{Command, Piece};

/// Script blocks in script blocks.
const MAX_DEPTH: usize = 6;
/// Longest text that is read.
const MAX_BYTES: usize = 65_536;
/// Commands of one text.
const MAX_COMMANDS: usize = 400;

/// What a text of PowerShell (`powershell`) or `cmd` (`batch`) does.
pub(crate) fn read(language: &str, text: &Word, sink: &mut Sink) {
    if text.text.len() > MAX_BYTES {
        return sink.opaque(OpaqueCause::Limit, "powershell", &[Hint::Dynamic], text.span);
    }
    if !text.known() {
        sink.opaque(OpaqueCause::InlineCode, language_name(language), &[Hint::Dynamic], text.span);
    }
    if language == "batch" {
        return batch::read(&text.text, text.span, sink);
    }
    let mut reader = Reader { span: text.span, sink, left: MAX_COMMANDS };
    reader.text(&text.text, 0);
}

/// Whether this is a language that is read here.
pub(crate) fn reads(language: &str) -> bool {
    matches!(language, "powershell" | "batch")
}

fn language_name(language: &str) -> &'static str {
    if language == "batch" { "batch" } else { "powershell" }
}

struct Reader<'a> {
    span: Option<Span>,
    sink: &'a mut Sink,
    left: usize,
}

impl Reader<'_> {
    fn text(&mut self, text: &str, depth: usize) {
        if self.left == 0 {
            return;
        }
        if depth > MAX_DEPTH {
            self.left = 0;
            return self.opaque(OpaqueCause::Limit, &[Hint::Dynamic]);
        }
        let read = words::commands(text);
        if read.unsure {
            self.opaque(OpaqueCause::Unparsed, &[Hint::Dynamic]);
        }
        let mut piped = false;
        for command in read.commands {
            self.left = self.left.saturating_sub(1);
            if self.left == 0 {
                return self.opaque(OpaqueCause::Limit, &[Hint::Dynamic]);
            }
            for block in &command.blocks {
                self.text(block, depth + 1);
            }
            let gets = std::mem::replace(&mut piped, command.piped);
            self.command(&command, gets, depth);
        }
    }

    fn opaque(&mut self, cause: OpaqueCause, hints: &[Hint]) {
        self.sink.opaque(cause, "powershell", hints, self.span);
    }

    /// One command. `gets` says whether another's output comes in.
    fn command(&mut self, command: &Command, gets: bool, depth: usize) {
        for (path, appends) in &command.outputs {
            let mode = if *appends { WriteMode::Change } else { WriteMode::Replace };
            self.sink.write(&self.path(path), mode);
        }
        let words = without_assignment(&command.words);
        let Some((first, rest)) = words.split_first() else { return };
        if words.len() < command.words.len() && command.loader {
            // What is started later is looked for, or loaded, elsewhere.
            self.opaque(OpaqueCause::Dynamic, &[Hint::Dynamic]);
        }
        match first {
            Piece::Operator(sign) if sign == "&" || sign == "." => self.called(rest, gets, depth),
            Piece::Operator(_) | Piece::Block => {}
            Piece::Word(word) if word.text.starts_with('[') => self.dotnet(&word.text, rest),
            Piece::Word(word) if is_value(word) => self.members(words),
            Piece::Word(word) => {
                let values: Vec<Piece> =
                    rest.iter().filter(|piece| matches!(piece, Piece::Word(word) if is_value(word))).cloned().collect();
                self.members(&values);
                self.named(word, rest, gets, depth);
            }
        }
    }

    /// `& "program" words`, `. ./script.ps1`, `& { block }`.
    fn called(&mut self, words: &[Piece], gets: bool, depth: usize) {
        match words.split_first() {
            Some((Piece::Word(word), rest)) if word.known() && !is_value(word) => {
                let plain = Word::literal(word.text.trim_matches(['\'', '"']), word.span);
                self.named(&plain, rest, gets, depth);
            }
            Some((Piece::Block, _)) | None => {}
            Some(_) => self.opaque(OpaqueCause::Dynamic, &[Hint::Runs, Hint::Dynamic]),
        }
    }

    /// A command by its name: a cmdlet, an alias of one, a word of the language, a script, or a program.
    fn named(&mut self, word: &Word, rest: &[Piece], gets: bool, depth: usize) {
        let name = names::plain(&word.text);
        if name.contains(UNKNOWN) {
            return self.opaque(OpaqueCause::Dynamic, &[Hint::Runs]);
        }
        if names::is_grammar(&name) {
            // Conditions and loops: what they hold stands in blocks, or comes after the word.
            return self.tail(rest, gets, depth);
        }
        let cmdlet = names::cmdlet(&name);
        let arguments = cmdlets::Arguments::of(rest, self.span);
        // Elsewhere than on Windows these two are programs of their own.
        let option = |piece: &Piece| matches!(piece, Piece::Word(word) if word.text.starts_with("--") || word.text.len() == 2 && word.text.starts_with('-'));
        if matches!(name.as_str(), "curl" | "wget") && rest.iter().any(option) {
            self.other(&name, word, rest, gets);
        }
        if !cmdlets::effects(cmdlet, &arguments, gets, self.span, self.sink) {
            self.other(cmdlet, word, rest, gets);
        }
    }

    /// `return Remove-Item x`: what comes after the word is a command too.
    fn tail(&mut self, rest: &[Piece], gets: bool, depth: usize) {
        if let Some((Piece::Operator(sign), after)) = rest.split_first()
            && matches!(sign.as_str(), "&" | ".")
        {
            return self.called(after, gets, depth);
        }
        if let Some((Piece::Word(word), after)) = rest.split_first()
            && !is_value(word)
            && !word.text.starts_with('-')
            && depth < MAX_DEPTH
        {
            self.named(word, after, gets, depth + 1);
        }
    }

    /// A name that is no cmdlet known here: with a dash it is one of somebody's, a script, or a program.
    fn other(&mut self, cmdlet: &str, word: &Word, rest: &[Piece], gets: bool) {
        if cmdlet.ends_with(".ps1") {
            let path = self.path(word);
            return self.sink.inner.push(crate::invocation::Inner::CodeFile { language: "powershell", path });
        }
        if names::has_verb(cmdlet) {
            return self.opaque(OpaqueCause::InlineCode, names::verb_hints(cmdlet));
        }
        let mut words = vec![self.path(word)];
        words.extend(rest.iter().filter_map(|piece| if let Piece::Word(word) = piece { Some(word.clone()) } else { None }));
        let stdin = if gets { Stdin::Pipe } else { Stdin::Inherited };
        self.sink.run(&words, &stdin);
    }

    /// Members of a value: `$x.Delete()`, `(New-Object Net.WebClient).DownloadString("…")`.
    fn members(&mut self, words: &[Piece]) {
        let mut hints: Vec<Hint> = Vec::new();
        let mut gap = false;
        for piece in words {
            let Piece::Word(word) = piece else { continue };
            let lower = word.text.to_ascii_lowercase();
            for member in lower.split('.').skip(1) {
                let Some((name, _)) = member.split_once('(') else { continue };
                match names::method(name) {
                    Some(found) => hints.extend(found),
                    None => gap = true,
                }
            }
        }
        if gap || !hints.is_empty() {
            self.opaque(OpaqueCause::InlineCode, &hints);
        }
    }

    /// `[Type]::Member(…)`: the plain types are read, files and processes by name, the rest not.
    fn dotnet(&mut self, text: &str, rest: &[Piece]) {
        let lower = text.to_ascii_lowercase();
        let (kind, member) = lower.split_once("::").unwrap_or((&lower, ""));
        let kind = kind.trim_matches(['[', ']']).trim_start_matches("system.");
        if names::is_plain_type(kind) && !names::sets(kind, member) {
            return self.members(rest);
        }
        let argument = text.split_once('(').map(|(_, inside)| inside.trim_end_matches(')'));
        let first = argument.and_then(|inside| inside.split(',').next()).map(|first| first.trim().trim_matches(['\'', '"']));
        let path = first
            .filter(|first| !first.is_empty() && !first.starts_with(['$', '(', '[']))
            .map(|first| Word::literal(first, self.span));
        let hints = names::type_hints(kind, member);
        match (kind, path) {
            ("io.file" | "io.directory", Some(path)) => {
                let path = self.path(&path);
                match names::file_act(member) {
                    Some(names::FileAct::Read) => self.sink.read(&path),
                    Some(names::FileAct::Write) => self.sink.write(&path, WriteMode::Change),
                    Some(names::FileAct::Delete) => self.sink.delete_tree(&path),
                    None => self.opaque(OpaqueCause::InlineCode, hints),
                }
            }
            _ => self.opaque(OpaqueCause::InlineCode, hints),
        }
    }

    fn path(&self, word: &Word) -> Word {
        cmdlets::path(word, self.span)
    }
}

/// `$x = …`, `$x += …`, `[int]$x = …`: what is assigned runs.
fn without_assignment(words: &[Piece]) -> &[Piece] {
    match words {
        [Piece::Word(name), Piece::Operator(sign), rest @ ..]
            if sign.ends_with('=') && (name.text.starts_with(UNKNOWN) || name.text.contains(UNKNOWN)) =>
        {
            rest
        }
        _ => words,
    }
}

/// A variable, a text, a number or something in brackets: no command begins so.
fn is_value(word: &Word) -> bool {
    word.text.starts_with([UNKNOWN, '\'', '"', '(', '@', '-', '{']) || word.text.starts_with(|first: char| first.is_ascii_digit())
}
