//! The door between the shell and the table of programs: a program's function gets one [`Invocation`] (words after
//! every expansion that can be done without running anything) and says into a [`Sink`] what it may do.

use std::collections::BTreeSet;

use bailiwick_vocab::effect::{Deed, Effect, Hint, OpaqueCause, Span, Target, WriteMode};

/// What stands in a [`Word`] for a stretch that is not known before the command runs.
pub const UNKNOWN: char = '\u{FFFC}';

/// One argument as the program will get it, as far as that can be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The text after quote removal; [`UNKNOWN`] stands for each stretch that is not known.
    pub text: String,
    /// Where the word holds active glob characters: the same as a pattern, with literal ones escaped by a backslash.
    pub pattern: Option<String>,
    /// Where it stands in the call's text.
    pub span: Option<Span>,
}

impl Word {
    /// A word whose text is known and means itself.
    #[must_use]
    pub fn literal(text: impl Into<String>, span: Option<Span>) -> Word {
        Word { text: text.into(), pattern: None, span }
    }

    /// Whether every byte is known. A glob is known: the disk says what it matches.
    #[must_use]
    pub fn known(&self) -> bool {
        !self.text.contains(UNKNOWN)
    }

    /// The rest of the word after `prefix` (`--file=…`, `@…`, `if=…`), with its pattern cut alike.
    #[must_use]
    pub fn after(&self, prefix: &str) -> Option<Word> {
        let text = self.text.strip_prefix(prefix)?.to_owned();
        // A pattern escapes only glob characters and backslashes; a prefix with one of those is given up on.
        let pattern = self.pattern.as_ref().map(|pattern| pattern.strip_prefix(prefix).unwrap_or("*").to_owned());
        Some(Word { text, pattern, span: self.span })
    }

    /// The target that this word names, read as a path.
    #[must_use]
    pub fn target(&self) -> Target {
        let mut target = Target::new(self.pattern.clone().unwrap_or_else(|| self.text.clone()));
        target.known = self.known();
        target.glob = self.pattern.is_some();
        target
    }
}

/// Where a program's standard input comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stdin {
    /// From wherever the whole command's comes.
    Inherited,
    /// Text that stands in the command: a here-document, a here-string, `echo text |`.
    Text(Word),
    /// A file (already said to be read).
    File(Word),
    /// The output of another command, not known.
    Pipe,
}

/// One program about to start.
#[derive(Clone, Debug)]
pub struct Invocation<'a> {
    /// The program's name without directories: the key into the table.
    pub name: &'a str,
    /// The program as written.
    pub program: &'a Word,
    /// Its arguments, without the program.
    pub args: &'a [Word],
    /// Assignments before the command (`NAME=value cmd`) and exported earlier, last one first.
    pub env: &'a [(String, Word)],
    /// Where its input comes from.
    pub stdin: &'a Stdin,
    /// The whole command.
    pub span: Option<Span>,
}

impl Invocation<'_> {
    /// The value given to an environment variable in the call itself.
    #[must_use]
    pub fn env(&self, name: &str) -> Option<&Word> {
        self.env.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

/// A command that another command runs (wrappers, `-exec`, `xargs`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inner {
    /// An argument vector.
    Argv {
        /// Program and arguments.
        words: Vec<Word>,
        /// Its input.
        stdin: Stdin,
        /// A directory it is started in, where that is not the current one.
        cwd: Option<Word>,
        /// Environment given to it on top.
        env: Vec<(String, Word)>,
    },
    /// Text read by a shell.
    Shell {
        /// The text.
        code: Word,
        /// `$0`, `$1` …
        args: Vec<Word>,
    },
    /// A file read by a shell, its path relative to the working directory.
    ShellFile {
        /// The file.
        path: Word,
        /// `$1` …
        args: Vec<Word>,
    },
    /// Code of another language.
    Code {
        /// `python`, `javascript`, `perl`, `ruby`, `awk`, `php`, `lua`, `sql`, `powershell` …
        language: &'static str,
        /// The text.
        code: Word,
        /// Arguments that the code gets.
        args: Vec<Word>,
    },
    /// A command of git that is none of its own: an alias or another program, in the working directory's repository.
    GitCommand {
        /// The command and its arguments.
        words: Vec<Word>,
    },
    /// A script that a package's manifest names.
    PackageScript(PackageScript),
    /// A file of code of another language.
    CodeFile {
        /// The language.
        language: &'static str,
        /// The file.
        path: Word,
    },
}

/// What a package manager is told to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageScript {
    /// The script's name.
    pub name: Word,
    /// What stands behind the script's text.
    pub args: Vec<Word>,
    /// Where the package is looked for, where that is not the current directory.
    pub directory: Option<Word>,
    /// Whether nothing runs where there is no such script.
    pub must_be: bool,
}

/// Collects what a program may do. The walker follows every [`Inner`] afterwards, to a bounded depth.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    /// What is done, in order.
    pub effects: Vec<Effect>,
    /// Commands that it runs in turn.
    pub inner: Vec<Inner>,
    /// Whether standard output is known text (`echo`, `printf`), for what reads the pipe.
    pub stdout: Option<Word>,
    /// Where the shell's working directory goes (`cd`, `pushd`).
    pub chdir: Option<Word>,
}

impl Sink {
    /// Any effect.
    pub fn deed(&mut self, deed: Deed, span: Option<Span>) {
        self.effects.push(Effect::new(deed, span));
    }

    /// A file, or the names in a directory, is read. `-` as standard input is for the caller to leave out.
    pub fn read(&mut self, path: &Word) {
        self.deed(Deed::Read(path.target()), path.span);
    }

    /// A directory is read with everything below.
    pub fn read_tree(&mut self, path: &Word) {
        self.deed(Deed::Read(path.target().tree()), path.span);
    }

    /// A file is written.
    pub fn write(&mut self, path: &Word, mode: WriteMode) {
        self.deed(Deed::Write { target: path.target(), mode }, path.span);
    }

    /// A directory is written with everything below.
    pub fn write_tree(&mut self, path: &Word, mode: WriteMode) {
        self.deed(Deed::Write { target: path.target().tree(), mode }, path.span);
    }

    /// A file, link or empty directory is removed.
    pub fn delete(&mut self, path: &Word) {
        self.deed(Deed::Delete(path.target()), path.span);
    }

    /// A directory is removed with everything below.
    pub fn delete_tree(&mut self, path: &Word) {
        self.deed(Deed::Delete(path.target().tree()), path.span);
    }

    /// A connection to `host`, which may be a URL's authority, `user@host:port`, or an unknown word (then `*`).
    pub fn connect(
        &mut self,
        host: &str,
        port: Option<u16>,
        scheme: &str,
        method: Option<&str>,
        upload: bool,
        span: Option<Span>,
    ) {
        let host = if host.is_empty() || host.contains(UNKNOWN) { "*".to_owned() } else { host.to_ascii_lowercase() };
        let method = method.map(str::to_owned);
        self.deed(Deed::Connect { host, port, scheme: scheme.to_owned(), method, upload, path: None, bytes: None }, span);
    }

    /// Something that cannot be read.
    pub fn opaque(&mut self, cause: OpaqueCause, language: &str, hints: &[Hint], span: Option<Span>) {
        let hints: BTreeSet<Hint> = hints.iter().copied().collect();
        self.deed(Deed::Opaque { cause, language: language.to_owned(), hints }, span);
    }

    /// An argument vector is run, with the invocation's own input.
    pub fn run(&mut self, words: &[Word], stdin: &Stdin) {
        if !words.is_empty() {
            self.inner.push(Inner::Argv { words: words.to_vec(), stdin: stdin.clone(), cwd: None, env: Vec::new() });
        }
    }

    /// Text is run by a shell.
    pub fn shell(&mut self, code: &Word) {
        self.inner.push(Inner::Shell { code: code.clone(), args: Vec::new() });
    }

    /// Code of another language is run.
    pub fn code(&mut self, language: &'static str, code: &Word) {
        self.code_with(language, code, &[]);
    }

    /// Code of another language is run, and gets arguments.
    pub fn code_with(&mut self, language: &'static str, code: &Word, args: &[Word]) {
        self.inner.push(Inner::Code { language, code: code.clone(), args: args.to_vec() });
    }
}
