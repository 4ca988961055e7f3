//! Interpreters and compilers of languages that nobody here reads: where their code stands on the command line, in files
//! or on standard input. The code itself is opaque, with what its words suggest.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar};
use crate::invocation::{Inner, Invocation, Sink, Word};
use crate::programs::Program;
use crate::programs::interpreter::{self, project_code};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["R", "Rscript", "rscript", "littler"], effects: |inv, sink| run(&ROWS[0], inv, sink) },
    Program { names: &["julia"], effects: |inv, sink| run(&ROWS[1], inv, sink) },
    Program { names: &["irb", "pry", "macruby", "rubinius"], effects: |inv, sink| run(&ROWS[2], inv, sink) },
    Program { names: &["groovy", "groovysh"], effects: |inv, sink| run(&ROWS[3], inv, sink) },
    Program { names: &["amm", "jbang"], effects: |inv, sink| run(&ROWS[4], inv, sink) },
    Program { names: &["ghci", "runghc", "runhaskell", "utop"], effects: |inv, sink| run(&ROWS[5], inv, sink) },
    Program { names: &["clojure", "clj", "bb"], effects: |inv, sink| run(&ROWS[6], inv, sink) },
    Program { names: &["tclsh", "wish", "jimsh"], effects: |inv, sink| run(&ROWS[7], inv, sink) },
    Program { names: &["expect"], effects: |inv, sink| run(&ROWS[8], inv, sink) },
    Program { names: &["guile", "ecl", "csi", "gosh"], effects: |inv, sink| run(&ROWS[9], inv, sink) },
    Program { names: &["gprolog"], effects: |inv, sink| run(&ROWS[10], inv, sink) },
    Program { names: &["hy", "coco", "xonsh-run", "janet", "fennel"], effects: |inv, sink| run(&ROWS[11], inv, sink) },
    Program { names: &["qjs", "d8", "coffee", "livescript", "lsc", "hermes"], effects: |inv, sink| run(&ROWS[12], inv, sink) },
    Program { names: &["java", "javaw"], effects: java },
    Program { names: &["ocamlc", "ocamlopt"], effects: compiler },
    Program { names: &["bc", "gbc"], effects: calculator },
    Program { names: &["dc"], effects: stack_calculator },
];

/// How one language's interpreter is called.
struct Row {
    /// What the code is called.
    language: &'static str,
    /// Options whose value is code.
    code: &'static [&'static str],
    /// Options whose value is a file of code.
    files: &'static [&'static str],
    /// Every option that takes a value.
    valued: &'static [&'static str],
    /// Whether the first operand may be a verb.
    verbs: bool,
}

const fn row(
    language: &'static str,
    code: &'static [&'static str],
    files: &'static [&'static str],
    valued: &'static [&'static str],
) -> Row {
    Row { language, code, files, valued, verbs: false }
}

static ROWS: [Row; 13] = [
    row("r", &["e"], &["f", "file"], &["e", "f", "file", "g", "gui", "encoding", "args", "default-packages"]),
    row(
        "julia",
        &["e", "E", "eval", "print"],
        &["L", "load"],
        &["e", "E", "eval", "print", "L", "load", "p", "t", "J", "H", "project", "threads", "procs", "sysimage", "C", "O"],
    ),
    row("ruby", &["e"], &[], &["e", "r", "require", "I", "prompt", "encoding"]),
    row("groovy", &["e"], &[], &["e", "cp", "classpath", "c", "i", "l"]),
    row(
        "jvm",
        &["e", "execute-script", "execution"],
        &["i", "startup"],
        &["e", "execute-script", "execution", "i", "startup", "cp", "classpath", "class-path", "feedback"],
    ),
    Row { verbs: true, ..row("compiled", &["e", "eval"], &["load"], &["e", "eval", "load", "I", "L", "o", "p"]) },
    Row {
        verbs: true,
        ..row(
            "clojure",
            &["e", "eval", "x"],
            &["i", "f", "init", "l"],
            &["e", "eval", "x", "i", "f", "init", "l", "m", "main", "cp", "Sdeps", "A", "M", "X"],
        )
    },
    row("tcl", &[], &[], &["encoding"]),
    row("expect", &["c"], &["f", "b"], &["c", "f", "b", "d"]),
    row(
        "lisp",
        &["c", "e", "eval", "x", "r", "ex"],
        &["s", "load", "script", "l", "t", "f", "i"],
        &["c", "e", "eval", "x", "r", "ex", "s", "load", "script", "l", "t", "f", "i", "I", "L", "core"],
    ),
    row("prolog", &["g", "t", "goal"], &["s", "f", "l"], &["g", "t", "goal", "s", "f", "l", "x", "o", "G", "L"]),
    row("lisp", &["c", "e", "eval"], &["l", "load"], &["c", "e", "eval", "l", "load", "m", "i"]),
    row(
        "javascript",
        &["e", "eval", "c"],
        &["I", "include", "r", "require"],
        &["e", "eval", "c", "I", "include", "r", "require", "m", "std"],
    ),
];

/// Code from options, then a script with arguments, else what standard input holds.
fn run(row: &'static Row, inv: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar { valued: row.valued, ..Grammar::PLAIN };
    let reading = interpreter::read(inv.args, &grammar, &[]);
    if reading.asks_help() {
        return;
    }
    let language = language(row, inv);
    // `dart run`, `nim c -r x.nim`, `lein test`: the project's own.
    let verb = reading.rest.first().filter(|word| row.verbs && !word.text.contains(['.', '/']) && word.known());
    match verb.map(|word| word.text.as_str()) {
        Some("eval") => return reading.rest.iter().skip(1).take(1).for_each(|code| sink.code(language, code)),
        Some(_) => return project_code(inv, sink),
        None => {}
    }
    let mut given = false;
    for code in reading.values(row.code) {
        given = true;
        sink.code_with(language, code, &reading.rest);
    }
    for path in reading.values(row.files) {
        given = true;
        sink.inner.push(Inner::CodeFile { language, path: path.clone() });
    }
    // Some print what they cannot run.
    let files = if row.code.is_empty() { reading.rest.len() } else { usize::from(!given) };
    reading.rest.iter().take(files).filter(|word| word.text != "-").for_each(|word| sink.read(word));
    if !given || (!reading.rest.is_empty() && row.code.is_empty()) {
        interpreter::script_or_input(inv, language, &reading.rest, sink);
    }
}

/// Where several languages are called alike, the code is called after the program.
fn language(row: &'static Row, inv: &Invocation<'_>) -> &'static str {
    if !matches!(row.language, "compiled" | "jvm") {
        return row.language;
    }
    let names = PROGRAMS.iter().flat_map(|program| program.names);
    names.copied().find(|name| *name == inv.name).unwrap_or(row.language)
}

/// `java -jar x.jar`, `java Main.java`, `java -cp dir Main`: somebody's program.
fn java(inv: &Invocation<'_>, sink: &mut Sink) {
    let asks = |word: &Word| {
        matches!(word.text.as_str(), "--version" | "-version" | "--help" | "-h" | "-help" | "-fullversion" | "-showversion")
    };
    if inv.args.iter().all(asks) {
        return;
    }
    for word in inv
        .args
        .iter()
        .filter(|word| word.text.starts_with("-javaagent:") || word.text.starts_with("-agentpath:") || word.text.starts_with('@'))
    {
        sink.opaque(OpaqueCause::Script, "native", &[], word.span);
    }
    let at = inv.args.iter().position(|word| word.text == "-jar");
    match at.and_then(|at| inv.args.get(at + 1)) {
        Some(jar) if jar.text.starts_with('/') || !jar.known() => {
            sink.read(jar);
            sink.opaque(OpaqueCause::Script, "java", &[], jar.span);
        }
        Some(jar) => {
            sink.read(jar);
            project_code(inv, sink);
            told_to_destroy(inv, at.unwrap_or_default() + 2, sink);
        }
        None => project_code(inv, sink),
    }
}

/// A client that comes as a jar, told to delete something.
fn told_to_destroy(inv: &Invocation<'_>, from: usize, sink: &mut Sink) {
    let words = inv.args.get(from..).unwrap_or_default();
    if let Some(verb) = words.iter().find(|word| super::families::plainly_destroys(&word.text)) {
        let deed = Deed::Deploy { target: "service".to_owned(), what: verb.text.clone(), destroys: true };
        sink.deed(deed, verb.span);
    }
}

/// A compiler reads its files and writes beside them.
fn compiler(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar::valued(&["o", "d", "I", "cp", "classpath", "outputdir", "odir", "hidir"]));
    if parsed.operands.is_empty() {
        return;
    }
    parsed.operands.iter().for_each(|word| sink.read(word));
    let here = [Word::literal(".", inv.span)];
    let outputs: Vec<&Word> = parsed.values(&["o", "d", "outputdir", "odir", "hidir"]);
    let outputs = if outputs.is_empty() { here.iter().collect() } else { outputs };
    outputs.into_iter().for_each(|word| sink.write_tree(word, WriteMode::Change));
    project_code(inv, sink);
}

/// bc reckons, and reads the files that are named.
fn calculator(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar::valued(&["e", "f", "expression", "file"]));
    parsed.operands.iter().chain(parsed.values(&["f", "file"])).for_each(|word| sink.read(word));
}

/// dc reckons; a line with `!` is a command.
fn stack_calculator(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar::valued(&["e", "f", "expression", "file"]));
    let mut texts: Vec<Word> = parsed.values(&["e", "expression"]).into_iter().cloned().collect();
    if let crate::invocation::Stdin::Text(text) = inv.stdin {
        texts.push(text.clone());
    }
    for path in parsed.operands.iter().chain(parsed.values(&["f", "file"])) {
        sink.inner.push(Inner::CodeFile { language: "dc", path: path.clone() });
    }
    for text in texts {
        for line in text.text.split('\n').filter_map(|line| line.split_once('!')).map(|(_, command)| command) {
            if !line.starts_with(['<', '>', '=']) {
                sink.shell(&Word::literal(line, text.span));
            }
        }
    }
}
