//! The readers' rows, and the few that need more than a row: ls, jq, uniq, xxd, checksums.

use bailiwick_vocab::effect::WriteMode;

use super::{PLAIN, Reader, named_in, read_path};
use crate::args::{Grammar, Parsed, asks_help, parse};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::{Program, listing, package_files};

const fn valued(valued: &'static [&'static str]) -> Reader {
    Reader { grammar: Grammar::valued(valued), ..PLAIN }
}

const LINES: Reader = Reader {
    keeps: Some(&["n", "lines", "q"]),
    ..valued(&["n", "c", "lines", "bytes", "s", "sleep-interval", "pid", "max-unchanged-stats"])
};
const PAGER: Reader = Reader {
    writes: &["o", "O", "log-file", "LOG-FILE"],
    reads: &["k", "lesskey-file", "T"],
    ..valued(&[
        "o",
        "O",
        "log-file",
        "LOG-FILE",
        "k",
        "lesskey-file",
        "T",
        "p",
        "pattern",
        "x",
        "tabs",
        "t",
        "b",
        "h",
        "j",
        "P",
        "y",
        "z",
    ])
};
const SORT: Reader = Reader {
    grammar: Grammar {
        optional: &["check"],
        ..Grammar::valued(&[
            "k",
            "key",
            "t",
            "field-separator",
            "o",
            "output",
            "S",
            "buffer-size",
            "T",
            "temporary-directory",
            "compress-program",
            "files0-from",
            "parallel",
            "batch-size",
            "random-source",
            "sort",
        ])
    },
    writes: &["o", "output"],
    reads: &["random-source"],
    lists: &["files0-from"],
    keeps: Some(&["u", "r", "n", "h", "V", "k", "t", "f", "unique", "reverse", "field-separator", "key"]),
    runs: &["compress-program"],
    ..PLAIN
};
const SHUF: Reader = Reader {
    writes: &["o", "output"],
    reads: &["random-source"],
    ..valued(&["n", "head-count", "o", "output", "random-source"])
};
const WC: Reader = Reader { lists: &["files0-from"], ..valued(&["files0-from", "total"]) };
const CUT: Reader = valued(&["b", "c", "d", "f", "bytes", "characters", "delimiter", "fields", "output-delimiter"]);
const NL: Reader = valued(&["b", "d", "f", "h", "i", "l", "n", "s", "v", "w"]);
const OD: Reader =
    valued(&["A", "j", "N", "S", "t", "w", "e", "n", "s", "f", "address-radix", "format", "read-bytes", "skip-bytes"]);
const STRINGS: Reader = valued(&["n", "t", "e", "T", "s", "bytes", "radix", "encoding", "target"]);
const FILE: Reader = Reader {
    reads: &["m", "magic-file"],
    lists: &["f", "files-from"],
    ..valued(&["f", "files-from", "m", "magic-file", "F", "P", "e", "separator"])
};
const STAT: Reader = valued(&["c", "format", "printf", "t"]);
const DIFF: Reader = Reader {
    grammar: Grammar {
        optional: &["color", "unified", "context", "palette", "from-file", "to-file"],
        ..Grammar::valued(&[
            "U",
            "C",
            "W",
            "x",
            "X",
            "I",
            "F",
            "L",
            "S",
            "D",
            "width",
            "label",
            "exclude",
            "exclude-from",
            "starting-file",
            "ignore-matching-lines",
            "show-function-line",
            "ifdef",
            "tabsize",
        ])
    },
    reads: &["X", "exclude-from", "from-file", "to-file"],
    deep: &["r", "recursive"],
    ..PLAIN
};
const CMP: Reader = valued(&["i", "ignore-initial", "n", "bytes"]);
const JOIN: Reader = valued(&["t", "o", "e", "a", "v", "1", "2", "j", "d", "delimiters", "output-delimiter", "check-order"]);
const FOLD: Reader =
    valued(&["w", "width", "s", "t", "c", "g", "i", "initial", "tabs", "goal", "l", "separator", "output-separator"]);
const BASE64: Reader =
    Reader { reads: &["i", "input"], writes: &["o", "output"], ..valued(&["w", "wrap", "b", "break", "o", "output", "input"]) };
const ICONV: Reader = Reader {
    writes: &["o", "output"],
    ..valued(&["f", "from-code", "t", "to-code", "o", "output", "byte-subst", "unicode-subst"])
};
const SHASUM: Reader = valued(&["a", "algorithm", "s", "l", "length"]);
const JQ: Reader = Reader {
    skip: 1,
    instead: &["f", "from-file"],
    reads: &["f", "from-file", "L"],
    ..valued(&["f", "from-file", "L", "indent"])
};
const LS: Reader = Reader {
    grammar: Grammar {
        optional: &["color", "classify", "hyperlink", "time", "sort", "format", "indicator-style"],
        ..Grammar::valued(&["I", "w", "T", "ignore", "hide", "width", "block-size", "time-style", "quoting-style"])
    },
    deep: &["R", "recursive", "tree"],
    here: true,
    ..PLAIN
};
const EZA: Reader = Reader {
    deep: &["R", "recurse", "T", "tree"],
    here: true,
    ..valued(&["L", "level", "s", "sort", "I", "ignore-glob", "t", "time", "w", "width", "time-style"])
};
const TREE: Reader = Reader {
    writes: &["o"],
    here: true,
    tree: true,
    ..valued(&["L", "P", "I", "o", "H", "T", "filelimit", "charset", "sort", "timefmt", "gitfile", "infofile"])
};
const DU: Reader = Reader {
    reads: &["X", "exclude-from"],
    lists: &["files0-from"],
    here: true,
    tree: true,
    ..valued(&[
        "d",
        "max-depth",
        "B",
        "block-size",
        "t",
        "threshold",
        "exclude",
        "X",
        "exclude-from",
        "files0-from",
        "time-style",
    ])
};
const NCDU: Reader = Reader { writes: &["o"], reads: &["f"], here: true, tree: true, ..valued(&["o", "f", "x", "exclude", "X"]) };
const BAT: Reader = Reader {
    runs: &["pager"],
    ..valued(&[
        "l",
        "language",
        "H",
        "highlight-line",
        "r",
        "line-range",
        "m",
        "map-syntax",
        "theme",
        "pager",
        "style",
        "tabs",
        "wrap",
        "terminal-width",
        "file-name",
        "paging",
        "color",
        "decorations",
        "diff-context",
        "italic-text",
    ])
};
const XMLLINT: Reader = Reader {
    writes: &["output", "o"],
    reads: &["schema", "relaxng", "dtdvalid"],
    grammar: Grammar {
        long_with_one_dash: true,
        ..Grammar::valued(&["output", "o", "schema", "relaxng", "dtdvalid", "xpath", "pattern", "encode", "format-style", "path"])
    },
    ..PLAIN
};

const CAT: Reader = Reader { keeps: Some(&["s", "u"]), ..PLAIN };

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["cat", "gcat", "tac", "gtac", "more"], effects: |invocation, sink| CAT.read(invocation, sink) },
    Program {
        names: &[
            "zcat",
            "bzcat",
            "xzcat",
            "zstdcat",
            "lz4cat",
            "rev",
            "zmore",
            "most",
            "tsort",
            "sum",
            "cksum",
            "b2sum",
            "md5",
            "nkf",
            "dos2ux",
            "asa",
            "vis",
            "ul",
            "readelf",
            "nm",
            "ldd",
            "otool",
            "pdfinfo",
            "zless",
            "mediainfo",
            "ffprobe",
            "cloc",
            "tokei",
            "scc",
            "lolcat",
            "look",
            "pwck",
            "zdiff",
        ],
        effects: |invocation, sink| PLAIN.read(invocation, sink),
    },
    Program { names: &["head", "ghead", "tail", "gtail"], effects: |invocation, sink| LINES.read(invocation, sink) },
    Program { names: &["less"], effects: less },
    Program { names: &["sort", "gsort"], effects: |invocation, sink| SORT.read(invocation, sink) },
    Program { names: &["shuf", "gshuf"], effects: |invocation, sink| SHUF.read(invocation, sink) },
    Program { names: &["wc", "gwc"], effects: |invocation, sink| WC.read(invocation, sink) },
    Program { names: &["cut", "gcut"], effects: |invocation, sink| CUT.read(invocation, sink) },
    Program { names: &["nl"], effects: |invocation, sink| NL.read(invocation, sink) },
    Program { names: &["od", "hexdump", "hd"], effects: |invocation, sink| OD.read(invocation, sink) },
    Program { names: &["strings", "gstrings"], effects: |invocation, sink| STRINGS.read(invocation, sink) },
    Program { names: &["file"], effects: file },
    Program { names: &["stat", "gstat"], effects: |invocation, sink| STAT.read(invocation, sink) },
    Program {
        names: &["diff", "gdiff", "colordiff", "sdiff", "diff3", "icdiff"],
        effects: |invocation, sink| DIFF.read(invocation, sink),
    },
    Program { names: &["cmp"], effects: |invocation, sink| CMP.read(invocation, sink) },
    Program { names: &["comm", "paste", "join"], effects: |invocation, sink| JOIN.read(invocation, sink) },
    Program {
        names: &["fold", "fmt", "expand", "unexpand", "column", "pr"],
        effects: |invocation, sink| FOLD.read(invocation, sink),
    },
    Program { names: &["base64", "base32", "basenc", "gbase64"], effects: |invocation, sink| BASE64.read(invocation, sink) },
    Program { names: &["iconv"], effects: |invocation, sink| ICONV.read(invocation, sink) },
    Program {
        names: &["md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "shasum", "b3sum", "xxhsum"],
        effects: checksum,
    },
    Program { names: &["jq", "gojq", "jaq"], effects: jq },
    Program { names: &["ls", "gls", "dir", "vdir"], effects: ls },
    Program { names: &["eza", "exa", "lsd"], effects: |invocation, sink| EZA.read(invocation, sink) },
    Program { names: &["tree"], effects: |invocation, sink| TREE.read(invocation, sink) },
    Program { names: &["du", "gdu", "dust"], effects: |invocation, sink| DU.read(invocation, sink) },
    Program { names: &["ncdu"], effects: |invocation, sink| NCDU.read(invocation, sink) },
    Program { names: &["bat", "batcat"], effects: |invocation, sink| BAT.read(invocation, sink) },
    Program { names: &["xmllint"], effects: |invocation, sink| XMLLINT.read(invocation, sink) },
    Program { names: &["uniq", "guniq"], effects: uniq },
    Program { names: &["xxd"], effects: xxd },
    Program { names: &["uudecode", "dos2unix", "unix2dos", "mac2unix"], effects: in_place },
];

/// The names printed are entries of directories, without those, or operands as given.
fn ls(invocation: &Invocation<'_>, sink: &mut Sink) {
    LS.read(invocation, sink);
    let parsed = parse(invocation.args, &LS.grammar);
    let long =
        parsed.has(&["l", "s", "i", "R", "recursive", "o", "g", "n", "Q", "F", "p", "size", "inode", "format", "classify"]);
    if !long && !parsed.uncertain && !asks_help(invocation.args) {
        let entry = |name: &str| Word { text: name.to_owned(), pattern: Some(name.to_owned()), span: invocation.span };
        let names: Vec<Word> = [entry("*"), entry(".*")].into_iter().chain(parsed.operands).collect();
        sink.stdout = listing::of(&names);
    }
}

/// `file -C` compiles the magic file beside its source.
fn file(invocation: &Invocation<'_>, sink: &mut Sink) {
    FILE.read(invocation, sink);
    let parsed = parse(invocation.args, &FILE.grammar);
    if parsed.has(&["C", "compile"]) {
        sink.write(&Word::literal("magic.mgc", invocation.span), WriteMode::Replace);
    }
}

/// `-c` reads the files that a list names.
fn checksum(invocation: &Invocation<'_>, sink: &mut Sink) {
    SHASUM.read(invocation, sink);
    let parsed = parse(invocation.args, &SHASUM.grammar);
    if parsed.has(&["c", "check"]) {
        parsed.operands.iter().for_each(|list| named_in(list, sink));
    }
}

/// Options of jq that take two words (a name and a file or text) and those that end the files.
fn jq(invocation: &Invocation<'_>, sink: &mut Sink) {
    let mut rest = Vec::new();
    let mut words = invocation.args.iter();
    while let Some(word) = words.next() {
        match word.text.as_str() {
            "--arg" | "--argjson" => drop(words.next().and_then(|_| words.next())),
            "--slurpfile" | "--rawfile" | "--argfile" => {
                if let Some(path) = words.next().and_then(|_| words.next()) {
                    sink.read(path);
                }
            }
            // What follows are texts, except the filter where none came yet.
            "--args" | "--jsonargs" => break,
            _ => rest.push(word.clone()),
        }
    }
    rest.iter().for_each(|word| package_files::filtered(word, sink));
    JQ.read(&Invocation { args: &rest, ..invocation.clone() }, sink);
}

/// The second operand is written.
fn uniq(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar {
        optional: &["all-repeated", "group"],
        ..Grammar::valued(&["f", "s", "w", "skip-fields", "skip-chars", "check-chars"])
    };
    let parsed = parse(invocation.args, &grammar);
    in_and_out(&parsed, sink);
    if parsed.operands.is_empty() && parsed.options.is_empty() {
        listing::passed_on(invocation, sink);
    }
}

fn xxd(invocation: &Invocation<'_>, sink: &mut Sink) {
    let valued = &[
        "c",
        "cols",
        "g",
        "groupsize",
        "l",
        "len",
        "s",
        "seek",
        "skip",
        "o",
        "offset",
        "n",
        "name",
        "R",
        "-cols",
        "-len",
        "-seek",
    ];
    let grammar = Grammar { long_with_one_dash: true, ..Grammar::valued(valued) };
    in_and_out(&parse(invocation.args, &grammar), sink);
}

fn in_and_out(parsed: &Parsed, sink: &mut Sink) {
    if let Some(input) = parsed.operand(0) {
        read_path(input, false, sink);
    }
    if let Some(output) = parsed.operand(1).filter(|output| output.text != "-") {
        sink.write(output, WriteMode::Replace);
    }
}

fn in_place(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let parsed = parse(invocation.args, &Grammar::valued(&["o", "n", "newfile", "c", "convmode", "D"]));
    for path in parsed.operands.iter().chain(parsed.values(&["o"])) {
        read_path(path, false, sink);
        sink.write(path, WriteMode::Change);
    }
    if invocation.name == "uudecode" && !parsed.has(&["o"]) {
        // The name to write stands in the input.
        sink.write_tree(&Word::literal(".", invocation.span), WriteMode::Change);
    }
}

/// A pager; `+COMMAND` is what one would type in it, and `!` there is a shell.
fn less(invocation: &Invocation<'_>, sink: &mut Sink) {
    let (typed, args): (Vec<Word>, Vec<Word>) = invocation.args.iter().cloned().partition(|word| word.text.starts_with('+'));
    PAGER.read(&Invocation { args: &args, ..*invocation }, sink);
    for word in &typed {
        if let Some((_, command)) = word.text.split_once(['!', '|', '#']) {
            sink.shell(&Word::literal(command, word.span));
        }
    }
}
