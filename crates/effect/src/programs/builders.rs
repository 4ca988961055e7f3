//! Build tools, test runners and bundlers: they run the project's code, which nobody here reads. What their options
//! write or run besides is said.

use bailiwick_vocab::effect::{OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::Program;
use crate::programs::interpreter::project_code;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["make", "gmake"], effects: make },
    Program { names: &["cmake"], effects: cmake },
    Program { names: &["xcodebuild"], effects: project },
    Program { names: &["knip"], effects: tests },
    Program {
        names: &[
            "webpack",
            "vite",
            "rollup",
            "parcel",
            "next",
            "nuxt",
            "astro",
            "esbuild",
            "webpack-dev-server",
            "ng",
            "react-scripts",
            "svelte-kit",
            "gatsby",
            "nodemon",
        ],
        effects: bundler,
    },
    Program { names: &["tsc", "vue-tsc", "svelte-check"], effects: tsc },
];

fn only_shows(inv: &Invocation<'_>) -> bool {
    let shows = |word: &Word| {
        matches!(word.text.as_str(), "--help" | "--version" | "-h" | "-v" | "-V" | "-version" | "help" | "--list-sdks" | "--info")
    };
    args::asks_help(inv.args) || matches!(inv.args, [only] if shows(only))
}

fn project(inv: &Invocation<'_>, sink: &mut Sink) {
    if only_shows(inv) {
        return;
    }
    for word in inv.args.iter().filter_map(|word| word.after("-Dmaven.ext.class.path=").or_else(|| word.after("--init-script=")))
    {
        sink.opaque(OpaqueCause::Script, "other", &[], word.span);
    }
    publishes(inv, sink);
    project_code(inv, sink);
}

/// `mvn deploy`, `gradle publish`, `dotnet nuget push`: what is built is made public.
fn publishes(inv: &Invocation<'_>, sink: &mut Sink) {
    let verb = inv.args.iter().find(|word| {
        let name = word.text.rsplit(':').next().unwrap_or_default();
        matches!(name, "deploy" | "publish" | "release" | "publishPlugins" | "hex.publish" | "push")
            || name.starts_with("publishTo")
    });
    if let Some(word) =
        verb.filter(|_| matches!(inv.name, "mvn" | "mvnw" | "gradle" | "gradlew" | "dotnet" | "mix" | "sbt" | "dart" | "flutter"))
    {
        let deed = bailiwick_vocab::effect::Deed::Publish { registry: "*".to_owned(), package: ".".to_owned() };
        sink.deed(deed, word.span);
    }
}

fn make(inv: &Invocation<'_>, sink: &mut Sink) {
    if only_shows(inv) {
        return;
    }
    let parsed = args::parse(
        inv.args,
        &Grammar::valued(&["C", "f", "I", "o", "W", "directory", "file", "makefile", "include-dir", "eval"]),
    );
    for word in parsed.values(&["eval"]) {
        sink.opaque(OpaqueCause::InlineCode, "make", &[], word.span);
    }
    for word in
        parsed.values(&["f", "file", "makefile"]).into_iter().filter(|word| word.text == "-" || word.text.starts_with('/'))
    {
        sink.opaque(OpaqueCause::Dynamic, "make", &[], word.span);
    }
    // SHELL=/tmp/x on the command line starts that for every recipe.
    for word in parsed.operands.iter().filter_map(|word| word.after("SHELL=")) {
        sink.run(std::slice::from_ref(&word), inv.stdin);
    }
    project_code(inv, sink);
}

fn cmake(inv: &Invocation<'_>, sink: &mut Sink) {
    if only_shows(inv) {
        return;
    }
    if let Some((first, rest)) = inv.args.split_first().filter(|(first, _)| first.text == "-E") {
        return cmake_tool(first, rest, inv, sink);
    }
    let parsed = args::parse(
        inv.args,
        &Grammar::valued(&[
            "S", "B", "G", "D", "P", "C", "T", "A", "U", "build", "install", "target", "config", "prefix", "preset", "j",
        ]),
    );
    for word in parsed.values(&["P", "C"]) {
        sink.opaque(OpaqueCause::Script, "cmake", &[], word.span);
    }
    for word in parsed.values(&["B", "prefix"]) {
        sink.write_tree(word, WriteMode::Change);
    }
    project_code(inv, sink);
}

/// `cmake -E` is a small toolbox of file commands.
fn cmake_tool(first: &Word, rest: &[Word], inv: &Invocation<'_>, sink: &mut Sink) {
    let Some((verb, words)) = rest.split_first() else { return };
    let operands: Vec<Word> = words.iter().filter(|word| !word.text.starts_with('-')).cloned().collect();
    match verb.text.as_str() {
        "echo" | "echo_append" | "environment" | "capabilities" | "sleep" | "true" | "false" | "md5sum" | "sha256sum" | "cat"
        | "compare_files" => {}
        "rm" | "remove" | "remove_directory" => operands.iter().for_each(|word| sink.delete_tree(word)),
        "copy" | "copy_directory" | "copy_if_different" | "rename" | "create_symlink" | "create_hardlink" => {
            if let Some((destination, sources)) = operands.split_last() {
                sources.iter().for_each(|word| if verb.text == "rename" { sink.delete_tree(word) } else { sink.read_tree(word) });
                sink.write_tree(destination, WriteMode::Replace);
            }
        }
        "make_directory" | "touch" | "touch_nocreate" => operands.iter().for_each(|word| sink.write(word, WriteMode::Change)),
        "tar" => sink.write_tree(&Word::literal(".", inv.span), WriteMode::Change),
        "env" | "time" | "chdir" => {
            let skip = words.iter().take_while(|word| word.text.contains('=') || word.text.starts_with('-')).count()
                + usize::from(verb.text == "chdir");
            sink.run(words.get(skip..).unwrap_or_default(), inv.stdin);
        }
        _ => sink.opaque(OpaqueCause::Dynamic, "cmake", &[], first.span),
    }
}

fn tests(inv: &Invocation<'_>, sink: &mut Sink) {
    if only_shows(inv) {
        return;
    }
    let parsed = args::parse(
        inv.args,
        &Grammar::valued(&[
            "c",
            "p",
            "k",
            "m",
            "n",
            "o",
            "W",
            "junitxml",
            "junit-xml",
            "outputFile",
            "rootdir",
            "config",
            "log-file",
            "basetemp",
        ]),
    );
    for word in parsed.values(&["junitxml", "junit-xml", "outputFile", "log-file"]) {
        sink.write(word, WriteMode::Replace);
    }
    for word in parsed.values(&["basetemp"]) {
        sink.delete_tree(word);
    }
    project_code(inv, sink);
}

fn bundler(inv: &Invocation<'_>, sink: &mut Sink) {
    if only_shows(inv) {
        return;
    }
    let parsed = args::parse(
        inv.args,
        &Grammar::valued(&[
            "o",
            "d",
            "p",
            "c",
            "outdir",
            "outfile",
            "outDir",
            "output-path",
            "dist-dir",
            "out-dir",
            "port",
            "host",
            "H",
            "config",
        ]),
    );
    for word in parsed.values(&["o", "d", "outdir", "outfile", "outDir", "output-path", "dist-dir", "out-dir"]) {
        sink.write_tree(word, WriteMode::Replace);
    }
    serve(inv, &parsed, sink);
    project_code(inv, sink);
}

/// Development servers listen, on this machine alone unless told otherwise.
fn serve(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    let verb = parsed.operand(0).map_or("", |word| &word.text);
    let serves = matches!(verb, "dev" | "serve" | "start" | "preview" | "develop")
        || (inv.name == "vite" && verb.is_empty())
        || inv.name == "webpack-dev-server";
    if serves || parsed.has(&["serve"]) {
        let open = parsed.has(&["host", "H"]);
        let host = parsed.value(&["host", "H"]).map_or(if open { "0.0.0.0" } else { "localhost" }, |word| &word.text);
        let port = parsed.value(&["p", "port"]).and_then(|word| word.text.parse().ok());
        sink.connect(host, port, "listen", None, true, inv.span);
    }
}

#[rustfmt::skip]
const TSC: Grammar = Grammar::valued(&[
    "p", "project", "outDir", "outFile", "rootDir", "declarationDir", "tsBuildInfoFile", "target", "t", "module", "m", "lib", "jsx",
    "moduleResolution", "baseUrl", "types", "typeRoots", "generateTrace", "generateCpuProfile", "plugins",
]);

fn tsc(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &TSC);
    if only_shows(inv) || parsed.has(&["showConfig", "all"]) {
        return;
    }
    for word in parsed.values(&["generateTrace", "generateCpuProfile", "tsBuildInfoFile", "declarationDir", "outFile"]) {
        sink.write_tree(word, WriteMode::Change);
    }
    if parsed.has(&["init"]) {
        return sink.write(&Word::literal("tsconfig.json", inv.span), WriteMode::Replace);
    }
    let here = Word::literal(".", inv.span);
    sink.read_tree(&here);
    if !parsed.has(&["noEmit", "listFilesOnly"]) && inv.name == "tsc" {
        sink.write_tree(parsed.value(&["outDir"]).unwrap_or(&here), WriteMode::Change);
    }
}
