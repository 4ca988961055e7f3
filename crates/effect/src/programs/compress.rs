//! Programs that compress: gzip, bzip2, xz, zstd and kin change files in place; zip, unzip, 7z, unrar hold many.

use bailiwick_vocab::effect::WriteMode;

use super::Program;
use crate::args::{Grammar, Parsed, asks_help, parse};
use crate::invocation::{Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "gzip",
            "gunzip",
            "pigz",
            "unpigz",
            "bzip2",
            "bunzip2",
            "pbzip2",
            "xz",
            "unxz",
            "lzma",
            "unlzma",
            "lzip",
            "compress",
            "uncompress",
            "lzop",
        ],
        effects: |invocation, sink| in_place(invocation, true, sink),
    },
    Program {
        names: &["zstd", "unzstd", "lz4", "unlz4", "brotli"],
        effects: |invocation, sink| in_place(invocation, false, sink),
    },
    Program { names: &["znew", "zforce", "gzexe"], effects: rewrapped },
    Program { names: &["zip"], effects: zip },
    Program { names: &["unzip"], effects: unzip },
    Program { names: &["zipinfo", "zipgrep", "zcmp"], effects: |invocation, sink| super::readers::PLAIN.read(invocation, sink) },
    Program { names: &["7z", "7za", "7zr", "7zz", "rar", "unrar"], effects: seven },
];

const IN_PLACE: Grammar = Grammar {
    optional: &["memory", "adapt", "long", "patch-from", "fast", "T", "M"],
    ..Grammar::valued(&[
        "S",
        "suffix",
        "o",
        "output",
        "p",
        "processes",
        "b",
        "blocksize",
        "D",
        "output-dir-flat",
        "output-dir-mirror",
        "filelist",
        "files",
        "files0",
        "threads",
        "memlimit",
        "B",
    ])
};

/// `file` becomes `file.gz` or back; `-c` prints, `-t` and `-l` look, `-k` keeps.
fn in_place(invocation: &Invocation<'_>, removes: bool, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let parsed = parse(invocation.args, &IN_PLACE);
    for list in parsed.values(&["filelist", "files", "files0", "D"]) {
        sink.read(list);
    }
    for output in parsed.values(&["o", "output"]) {
        sink.write(output, WriteMode::Replace);
    }
    for directory in parsed.values(&["output-dir-flat", "output-dir-mirror"]) {
        sink.write_tree(directory, WriteMode::Change);
    }
    let tree = parsed.may_have(&["r", "recursive"]);
    let looks = parsed.has(&["c", "stdout", "to-stdout", "t", "test", "l", "list"]) && !parsed.uncertain;
    let keeps = looks || if removes { parsed.has(&["k", "keep"]) } else { !parsed.has(&["rm"]) };
    for path in parsed.operands.iter().filter(|path| path.text != "-") {
        if tree {
            sink.read_tree(path)
        } else {
            sink.read(path)
        }
        if !looks && parsed.values(&["o", "output"]).is_empty() {
            result(path, &parsed, invocation.name, tree, sink);
        }
        if !keeps {
            replaced(path, tree, sink);
        }
    }
}

/// Scripts around gzip: each file is packed anew, or gets another name or a copy beside it, all of them beginning alike.
fn rewrapped(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    for path in &parse(invocation.args, &Grammar::PLAIN).operands {
        sink.read(path);
        replaced(path, false, sink);
        let directory = path.text.rsplit_once('/').map_or("", |(directory, _)| directory);
        let stem = path.text.strip_suffix(".Z").or_else(|| path.text.strip_suffix(".gz")).unwrap_or(&path.text);
        let below = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        for pattern in [format!("{stem}*"), format!("{below}gzexe*"), format!("{below}.gzexe*")] {
            sink.write(&Word { text: pattern.clone(), pattern: Some(pattern), span: path.span }, WriteMode::Replace);
        }
        sink.write(&Word { text: stem.to_owned(), pattern: None, span: path.span }, WriteMode::Replace);
    }
}

/// The input goes, but its contents stay in the output.
fn replaced(path: &Word, tree: bool, sink: &mut Sink) {
    let target = if tree { path.target().tree() } else { path.target() };
    let effect = bailiwick_vocab::effect::Effect::new(bailiwick_vocab::effect::Deed::Delete(target), path.span);
    sink.effects
        .push(bailiwick_vocab::effect::Effect { reversible: bailiwick_vocab::effect::Reversibility::Compensable, ..effect });
}

/// The file that comes out.
fn result(path: &Word, parsed: &Parsed, name: &str, tree: bool, sink: &mut Sink) {
    if tree {
        return sink.write_tree(path, WriteMode::Change);
    }
    let unpacks = name.starts_with("un")
        || name.contains("gunzip")
        || name.contains("bunzip")
        || parsed.has(&["d", "decompress", "uncompress"]);
    let stem = |text: &str| Some(text.rsplit_once('.').filter(|(_, extension)| !extension.contains('/'))?.0.to_owned());
    let suffix = match name {
        "bzip2" | "pbzip2" => ".bz2",
        "xz" => ".xz",
        "lzma" => ".lzma",
        "zstd" => ".zst",
        "lz4" => ".lz4",
        "brotli" => ".br",
        "lzip" => ".lz",
        "compress" => ".Z",
        _ => ".gz",
    };
    match (unpacks, stem(&path.text)) {
        (true, Some(text)) => {
            // Of a pattern whose end is not the extension, the files' own names say what comes out.
            let pattern = path.pattern.as_deref().map(|pattern| stem(pattern).unwrap_or_else(|| pattern.to_owned() + "*"));
            sink.write(&Word { text, pattern, span: path.span }, WriteMode::Replace);
        }
        (true, None) => sink.write(path, WriteMode::Replace),
        (false, _) => {
            let pattern = path.pattern.as_ref().map(|pattern| pattern.clone() + suffix);
            sink.write(&Word { text: path.text.clone() + suffix, pattern, span: path.span }, WriteMode::Replace);
        }
    }
}

/// `-T -TT command` tests with a command of one's choice; `-m` moves files in.
fn zip(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar::valued(&[
        "b",
        "temp-path",
        "n",
        "suffixes",
        "P",
        "password",
        "t",
        "tt",
        "x",
        "i",
        "O",
        "output-file",
        "out",
        "s",
        "split-size",
        "TT",
        "unzip-command",
        "lf",
        "log-file-path",
    ]);
    let (tests, rest) = without_test_command(invocation.args);
    tests.iter().for_each(|command| sink.shell(command));
    let parsed = parse(&rest, &grammar);
    for command in parsed.values(&["unzip-command"]) {
        sink.shell(command);
    }
    // `--out` is short for `--output-file`.
    for path in parsed.values(&["O", "output-file", "lf", "log-file-path"]) {
        sink.write(path, WriteMode::Replace);
    }
    let Some((archive, members)) = parsed.operands.split_first() else { return };
    if parsed.has(&["F", "FF", "fix", "fixfix"]) {
        // What could be saved so far stays where the mended archive should lie.
        let output = parsed.value(&["O", "output-file"]).unwrap_or(archive);
        let directory = output.text.rsplit_once('/').map_or_else(String::new, |(directory, _)| format!("{directory}/"));
        let pattern = format!("{directory}zi??????");
        sink.write(&Word { text: pattern.clone(), pattern: Some(pattern), span: output.span }, WriteMode::Replace);
    }
    if archive.text != "-" {
        for directory in parsed.values(&["b", "temp-path"]) {
            sink.write_tree(directory, WriteMode::Change);
        }
        sink.write(archive, WriteMode::Change);
        if !super::destination::base(&archive.text).contains('.') && archive.pattern.is_none() {
            sink.write(&Word::literal(format!("{}.zip", archive.text), archive.span), WriteMode::Change);
        }
    }
    let tree = parsed.may_have(&["r", "R", "recurse-paths", "recurse-patterns"]);
    for member in members.iter().filter(|member| member.text != "-") {
        if tree {
            sink.read_tree(member)
        } else {
            sink.read(member)
        }
        if parsed.may_have(&["m", "move"]) {
            if tree { sink.delete_tree(member) } else { sink.delete(member) }
        }
    }
}

/// `-TT command` (or `-TTcommand`) is one option of two letters.
fn without_test_command(args: &[Word]) -> (Vec<Word>, Vec<Word>) {
    let (mut tests, mut rest) = (Vec::new(), Vec::new());
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.after("-TT") {
            Some(attached) if attached.text.is_empty() => tests.extend(words.next().cloned()),
            Some(attached) => tests.push(attached),
            None => rest.push(word.clone()),
        }
    }
    (tests, rest)
}

fn unzip(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["d", "P", "x", "I", "O"]));
    let Some(archive) = parsed.operand(0) else { return };
    sink.read(archive);
    let looks = parsed.has(&["l", "t", "p", "c", "v", "Z", "z"]) && !parsed.uncertain;
    if looks {
        return;
    }
    let here = Word::literal(".", invocation.span);
    let root = parsed.value(&["d"]).unwrap_or(&here);
    // `-:` lets names lead out of the directory.
    let root = if parsed.has(&[":"]) { Word::literal("/", invocation.span) } else { root.clone() };
    sink.write_tree(&root, WriteMode::Change);
}

/// 7z and rar: a letter for what to do, the archive, the files; `-oDIR` says where to.
fn seven(invocation: &Invocation<'_>, sink: &mut Sink) {
    let (options, operands): (Vec<&Word>, Vec<&Word>) = invocation.args.iter().partition(|word| word.text.starts_with('-'));
    let [verb, archive, members @ ..] = operands.as_slice() else { return };
    for list in invocation.args.iter().filter_map(|word| word.after("@")) {
        sink.read(&list);
    }
    let printed = options.iter().any(|word| word.text == "-so");
    match verb.text.as_str() {
        "l" | "t" | "i" | "h" | "b" | "v" | "vt" | "lb" | "p" => sink.read(archive),
        "e" | "x" => {
            sink.read(archive);
            let rar = invocation.name.contains("rar");
            let given = options.iter().find_map(|word| word.after("-o")).filter(|path| !path.text.is_empty() && !rar);
            let last = members.last().filter(|path| rar && path.text.ends_with('/')).map(|path| (*path).clone());
            let root = given.or(last).unwrap_or_else(|| Word::literal(".", invocation.span));
            if !printed {
                sink.write_tree(&root, WriteMode::Change);
            }
        }
        _ => {
            sink.write(archive, WriteMode::Change);
            let deletes = options.iter().any(|word| matches!(word.text.as_str(), "-sdel" | "-df"));
            for member in members {
                sink.read_tree(member);
                if deletes {
                    sink.delete_tree(member);
                }
            }
        }
    }
}
