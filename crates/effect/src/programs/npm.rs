//! npm, yarn, pnpm, bun and their runners: packages fetched, the project's scripts run, releases published,
//! settings changed. Which script of a package runs is said; the walk reads it.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Inner, Invocation, PackageScript, Sink, Stdin, Word};
use crate::programs::interpreter::{self, project_code};
use crate::programs::registry::{self, NPM};
use crate::programs::{Program, package_files};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["npm", "cnpm"], effects: npm },
    Program { names: &["npx", "pnpx", "bunx"], effects: npx },
    Program { names: &["yarn", "yarnpkg", "pnpm"], effects: yarn_or_pnpm },
    Program { names: &["bun"], effects: bun },
];

#[rustfmt::skip]
const GRAMMAR: Grammar = Grammar {
    valued: &[
        "C", "c", "w", "p", "F", "prefix", "registry", "workspace", "userconfig", "globalconfig", "cache", "tag", "otp", "loglevel",
        "omit", "include", "access", "call", "package", "script-shell", "node-options", "filter", "dir", "cwd", "modules-folder",
        "cache-folder", "network-timeout", "store-dir", "shell", "init-module", "scope", "depth", "before", "message", "reporter",
        "use-yarnrc", "global-dir", "editor",
    ],
    optional: &["global", "inspect"],
    long_with_one_dash: false,
    stop_at_operand: false,
};
#[rustfmt::skip]
const BUN: Grammar = Grammar::valued(&[
    "e", "r", "p", "c", "eval", "print", "preload", "cwd", "filter", "outdir", "outfile", "target", "entrypoint", "define", "registry", "config",
    "env-file", "port", "host", "loader", "tsconfig-override", "conditions", "external", "format",
]);
/// npx and its like: what follows the program's name is the program's.
const RUNNER: Grammar = Grammar { stop_at_operand: true, ..GRAMMAR };

/// Programs that a project has among its own packages; running one runs what is installed.
const PROJECT_TOOLS: &[&str] = &[
    "tsc",
    "eslint",
    "prettier",
    "jest",
    "vitest",
    "vite",
    "webpack",
    "mocha",
    "rollup",
    "esbuild",
    "next",
    "playwright",
    "cypress",
    "tsx",
    "ts-node",
    "turbo",
    "nx",
    "stylelint",
    "biome",
    "prisma",
    "husky",
    "lint-staged",
    "rimraf",
    "nodemon",
    "concurrently",
    "cross-env",
    "ava",
    "c8",
    "nyc",
    "tap",
    "knip",
    "madge",
    "tailwindcss",
    "postcss",
    "babel",
    "swc",
    "svelte-check",
    "vue-tsc",
    "astro",
    "nuxt",
    "remix",
    "storybook",
];

fn npm(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GRAMMAR);
    settings(inv, &parsed, sink);
    let Some((verb, rest)) = parsed.operands.split_first() else { return no_verb(inv, sink) };
    match verb.text.as_str() {
        "exec" | "x" => run_package(inv, &after_verb(inv, verb), sink),
        "explore" => rest.get(1..).into_iter().for_each(|words| sink.run(words, inv.stdin)),
        _ => common(inv, verb, rest, &parsed, sink),
    }
}

/// Options alone show something; more than two words of them have swallowed a verb that we did not see.
fn no_verb(inv: &Invocation<'_>, sink: &mut Sink) {
    if inv.args.len() > 1 {
        project_code(inv, sink);
    }
}

/// The words after the verb, unread.
fn after_verb(inv: &Invocation<'_>, verb: &Word) -> Vec<Word> {
    let at = inv.args.iter().position(|word| word == verb).map_or(inv.args.len(), |at| at + 1);
    inv.args.get(at..).unwrap_or_default().to_vec()
}

/// Options that run something themselves.
fn settings(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    for word in parsed.values(&["script-shell", "shell", "editor"]) {
        sink.run(std::slice::from_ref(word), inv.stdin);
    }
    for word in parsed.values(&["node-options", "userconfig", "globalconfig", "init-module", "use-yarnrc"]) {
        sink.opaque(OpaqueCause::Dynamic, "npm", &[], word.span);
    }
    if parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "npm", &[], inv.span);
    }
}

/// Verbs that mean the same to all of them.
fn common(inv: &Invocation<'_>, verb: &Word, rest: &[Word], parsed: &Parsed, sink: &mut Sink) {
    if parsed.has(&["help"]) && inv.name == "npm" {
        return;
    }
    let elsewhere = parsed.values(&["registry"]);
    match verb.text.as_str() {
        "ls" | "list" | "la" | "ll" | "root" | "bin" | "help" | "explain" | "why" | "query" | "completion" | "help-search"
        | "fund" | "licenses" | "get" | "--version" => {}
        "prefix" | "version" | "versions" if rest.is_empty() => {}
        "view" | "info" | "show" | "v" | "outdated" | "search" | "ping" | "whoami" | "doctor" | "docs" | "repo" | "bugs"
        | "diff" | "home" | "se" | "s" | "find" | "stars" => NPM.ask(&elsewhere, false, inv, sink),
        "audit" if rest.first().is_none_or(|word| word.text != "fix") => NPM.ask(&elsewhere, false, inv, sink),
        "install" | "i" | "in" | "ins" | "inst" | "isntall" | "add" | "ci" | "clean-install" | "ic" | "install-clean"
        | "update" | "up" | "upgrade" | "udpate" | "dedupe" | "ddp" | "rebuild" | "rb" | "link" | "ln" | "install-test"
        | "it" | "cit" | "audit" | "import" | "fetch" | "unplug" => {
            install(inv, rest_of_install(verb, rest), parsed, sink);
        }
        "uninstall" | "un" | "unlink" | "remove" | "rm" | "r" | "prune" => {
            registry::install_into("node_modules", parsed.value(&["prefix", "C", "dir", "cwd"]), inv, sink);
            registry::change("package.json", inv, sink);
            global(inv, parsed, sink);
        }
        "run" | "run-script" | "rum" | "urn" => match rest.split_first() {
            // Alone it names them; options may have swallowed the name.
            None if inv.args.len() == 1 => {}
            None => project_code(inv, sink),
            Some((name, rest)) => script(inv, (name, name), rest, parsed, sink),
        },
        "test" | "t" | "tst" => script(inv, (verb, &Word::literal("test", verb.span)), rest, parsed, sink),
        "start" | "stop" => script(inv, (verb, verb), rest, parsed, sink),
        "restart" | "version" | "versions" | "workspaces" | "build" if inv.name == "npm" => project_code(inv, sink),
        // What publishing would run, it runs on trial as well.
        "publish" if parsed.has(&["dry-run"]) => project_code(inv, sink),
        "unpublish" if parsed.has(&["dry-run"]) => NPM.ask(&elsewhere, false, inv, sink),
        "access" | "owner" | "team" | "org" | "hook" | "trust"
            if rest.first().is_some_and(|word| matches!(word.text.as_str(), "ls" | "list" | "get")) =>
        {
            NPM.ask(&elsewhere, false, inv, sink);
        }
        "publish" => publish(inv, rest, &elsewhere, sink),
        "unpublish" => service(inv, "unpublish", true, sink),
        "deprecate" | "undeprecate" | "access" | "owner" | "author" | "team" | "org" | "hook" | "star" | "unstar" | "trust" => {
            service(inv, &verb.text, false, sink)
        }
        "dist-tag" | "dist-tags" | "tag" | "profile" => match rest.first().map(|word| word.text.as_str()) {
            None | Some("ls" | "list" | "get") => NPM.ask(&elsewhere, false, inv, sink),
            Some(_) => service(inv, &verb.text, false, sink),
        },
        "token" | "login" | "adduser" | "add-user" | "logout" => {
            sink.deed(Deed::UseSecret { name: "npm credentials".to_owned() }, verb.span);
            NPM.ask(&elsewhere, true, inv, sink);
        }
        "config" | "c" | "set" => configure(inv, verb, rest, sink),
        "pkg" | "set-script" if rest.first().is_some_and(|word| word.text != "get") => {
            rest.iter().for_each(|word| package_files::assigned(word, sink));
            registry::change("package.json", inv, sink)
        }
        "pkg" => {}
        "init" | "create" | "innit" => create(inv, rest, sink),
        "pack" => {
            project_code(inv, sink);
            sink.write_tree(&Word::literal(".", inv.span), WriteMode::Change);
        }
        "cache"
            if rest
                .first()
                .is_none_or(|word| word.text == "ls" || word.text == "verify" || word.text == "dir" || word.text == "list") => {}
        "cache" | "store" => sink.deed(Deed::Configure { what: "package cache".to_owned() }, verb.span),
        _ if inv.name == "npm" || inv.name == "bun" => project_code(inv, sink),
        _ => script(inv, (verb, verb), rest, parsed, sink),
    }
}

/// Options with which it is not simply the nearest package's script that runs, in the shell that everybody has.
const NOT_PLAIN: &[&str] = &[
    "w",
    "workspace",
    "workspaces",
    "ws",
    "r",
    "recursive",
    "F",
    "filter",
    "filter-prod",
    "script-shell",
    "shell",
    "shell-emulator",
    "node-options",
    "userconfig",
    "globalconfig",
    "use-yarnrc",
    "top-level",
    "T",
    "B",
    "binaries-only",
    "include-workspace-root",
    "parallel",
    "require",
    "inspect",
    "inspect-brk",
    "location",
    "g",
    "global",
];

/// A script of the nearest manifest, with what stands behind its name. npm keeps options before `--` to itself, the others
/// hand all of them on. The name comes as it is written and as it is meant.
fn script(inv: &Invocation<'_>, (written, name): (&Word, &Word), rest: &[Word], parsed: &Parsed, sink: &mut Sink) {
    let at = inv.args.iter().position(|word| word.text == written.text);
    let behind = at.and_then(|at| inv.args.get(at + 1..)).filter(|_| inv.name != "npm");
    let args = behind.unwrap_or(rest);
    let own = parsed
        .options
        .iter()
        .any(|(_, value)| value.as_ref().is_some_and(|value| Some(value) == at.and_then(|at| inv.args.get(at))));
    let dashes = inv.name != "npm" && args.iter().any(|word| word.text == "--");
    let elsewhere = inv.args.iter().any(|word| matches!(word.text.as_str(), "-w" | "-c"));
    if inv.name == "bun" || elsewhere || parsed.uncertain || parsed.has(NOT_PLAIN) || own || dashes {
        return project_code(inv, sink);
    }
    let must_be = inv.name == "npm" && !matches!(name.text.as_str(), "start" | "restart");
    let directory = parsed.value(&["prefix", "C", "dir", "cwd"]).cloned();
    sink.inner.push(Inner::PackageScript(PackageScript { name: name.clone(), args: args.to_vec(), directory, must_be }));
}

/// `link`, `rebuild`, `audit fix` and their like name no package to fetch.
fn rest_of_install<'a>(verb: &Word, rest: &'a [Word]) -> &'a [Word] {
    match verb.text.as_str() {
        "ci" | "clean-install" | "ic" | "audit" | "rebuild" | "rb" | "dedupe" | "ddp" | "import" | "fetch" | "cit" => &[],
        _ => rest,
    }
}

fn install(inv: &Invocation<'_>, packages: &[Word], parsed: &Parsed, sink: &mut Sink) {
    let elsewhere = parsed.values(&["registry"]);
    if packages.is_empty() {
        NPM.ask(&elsewhere, false, inv, sink);
    } else {
        NPM.fetch(packages, &elsewhere, inv, sink);
    }
    if parsed.has(&["dry-run"]) {
        return;
    }
    registry::install_into("node_modules", parsed.value(&["prefix", "C", "dir", "cwd", "modules-folder"]), inv, sink);
    if !parsed.has(&["no-package-lock", "no-lockfile", "frozen-lockfile", "immutable"]) {
        registry::change(lock_file(inv.name), inv, sink);
    }
    if !packages.is_empty() {
        registry::change("package.json", inv, sink);
    } else if !parsed.has(&["ignore-scripts"]) {
        project_code(inv, sink);
    }
    global(inv, parsed, sink);
}

/// Where the versions that were chosen are kept.
fn lock_file(program: &str) -> &'static str {
    match program {
        "yarn" => "yarn.lock",
        "pnpm" => "pnpm-lock.yaml",
        "bun" => "bun.lock",
        _ => "package-lock.json",
    }
}

fn global(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    if parsed.has(&["g", "global"]) || parsed.has(&["location"]) {
        sink.deed(Deed::Configure { what: "global packages".to_owned() }, inv.span);
    }
}

fn publish(inv: &Invocation<'_>, rest: &[Word], elsewhere: &[&Word], sink: &mut Sink) {
    let host =
        elsewhere.first().and_then(|word| crate::url::parse(&word.text)).map_or_else(|| NPM.host.to_owned(), |url| url.host);
    let package = rest.first().map_or(".", |word| &word.text).to_owned();
    sink.deed(Deed::Publish { registry: host, package }, inv.span);
    project_code(inv, sink);
}

fn service(inv: &Invocation<'_>, what: &str, destroys: bool, sink: &mut Sink) {
    sink.deed(Deed::Deploy { target: "npm registry".to_owned(), what: what.to_owned(), destroys }, inv.span);
}

fn configure(inv: &Invocation<'_>, verb: &Word, rest: &[Word], sink: &mut Sink) {
    let action = if verb.text == "set" { "set" } else { rest.first().map_or("list", |word| word.text.as_str()) };
    let secret =
        rest.iter().any(|word| ["token", "auth", "password"].iter().any(|part| word.text.to_ascii_lowercase().contains(part)));
    match action {
        "list" | "ls" | "get" if secret => sink.deed(Deed::UseSecret { name: "npm credentials".to_owned() }, inv.span),
        "list" | "ls" | "get" => {}
        _ => sink.deed(Deed::Configure { what: "package manager settings".to_owned() }, inv.span),
    }
}

/// `npm init NAME` fetches and runs `create-NAME`.
fn create(inv: &Invocation<'_>, rest: &[Word], sink: &mut Sink) {
    match rest.first() {
        Some(name) => {
            let name = Word::literal(format!("create-{}", name.text), name.span);
            NPM.fetch(std::slice::from_ref(&name), &[], inv, sink);
            sink.write_tree(&Word::literal(".", inv.span), WriteMode::Change);
        }
        None => registry::change("package.json", inv, sink),
    }
}

fn npx(inv: &Invocation<'_>, sink: &mut Sink) {
    if !args::asks_help(inv.args) {
        run_package(inv, inv.args, sink);
    }
}

/// `[options] PACKAGE[@version] [arguments]`, or `-c 'shell text'`.
fn run_package(inv: &Invocation<'_>, words: &[Word], sink: &mut Sink) {
    let parsed = args::parse(words, &RUNNER);
    settings(inv, &parsed, sink);
    let named: Vec<Word> = parsed.values(&["p", "package"]).into_iter().cloned().collect();
    if !named.is_empty() {
        NPM.fetch(&named, &parsed.values(&["registry"]), inv, sink);
    }
    for code in parsed.values(&["c", "call"]) {
        sink.shell(code);
    }
    // `npx -- tool` and `pnpm dlx tool` alike.
    let Some((program, rest)) = parsed.operands.split_first() else { return };
    let bare = bare_name(&program.text);
    if PROJECT_TOOLS.contains(&bare.as_str()) && bare == program.text {
        project_code(inv, sink);
    } else if !parsed.has(&["no-install", "no"]) && named.is_empty() {
        NPM.fetch(std::slice::from_ref(program), &parsed.values(&["registry"]), inv, sink);
    } else {
        project_code(inv, sink);
    }
    let words: Vec<Word> = std::iter::once(Word::literal(bare, program.span)).chain(rest.iter().cloned()).collect();
    sink.inner.push(Inner::Argv { words, stdin: inv.stdin.clone(), cwd: None, env: Vec::new() });
}

/// A package's name without its version.
fn bare_name(name: &str) -> String {
    match name.rfind('@') {
        Some(at) if at > 0 => name.get(..at).unwrap_or(name).to_owned(),
        Some(_) | None => name.to_owned(),
    }
}

fn yarn_or_pnpm(inv: &Invocation<'_>, sink: &mut Sink) {
    // In these -w and -c take no value.
    let words: Vec<Word> = inv.args.iter().filter(|word| word.text != "-w" && word.text != "-c").cloned().collect();
    let parsed = args::parse(&words, &GRAMMAR);
    settings(inv, &parsed, sink);
    let Some((verb, rest)) = parsed.operands.split_first() else {
        // yarn alone installs; with only --version it shows it.
        let shows = args::asks_help(inv.args) || parsed.has(&["v", "h"]) || inv.name == "pnpm";
        return if !shows {
            install(inv, &[], &parsed, sink)
        };
    };
    match verb.text.as_str() {
        "dlx" => run_package(inv, &after_verb(inv, verb), sink),
        "exec" | "node" => executed(inv, verb, sink),
        "global" => {
            sink.deed(Deed::Configure { what: "global packages".to_owned() }, verb.span);
            if let Some((verb, rest)) = rest.split_first() {
                common(inv, verb, rest, &parsed, sink);
            }
        }
        "npm" => rest.split_first().into_iter().for_each(|(verb, rest)| common(inv, verb, rest, &parsed, sink)),
        "workspace" | "workspaces" | "plugin" | "deploy" | "patch" | "patch-commit" | "set" | "setup" | "env" | "self-update"
        | "policies" => {
            project_code(inv, sink);
            if matches!(verb.text.as_str(), "plugin" | "set" | "setup" | "env" | "self-update" | "policies") {
                sink.deed(Deed::Configure { what: "package manager settings".to_owned() }, verb.span);
            }
        }
        _ => common(inv, verb, rest, &parsed, sink),
    }
}

/// `pnpm exec cmd …`, `yarn node file`: a command run with the project's programs in reach.
fn executed(inv: &Invocation<'_>, verb: &Word, sink: &mut Sink) {
    let words = after_verb(inv, verb);
    let words = if words.first().is_some_and(|word| word.text == "--") { words.get(1..).unwrap_or_default() } else { &words };
    project_code(inv, sink);
    if verb.text == "node" {
        let node: Vec<Word> = std::iter::once(verb.clone()).chain(words.iter().cloned()).collect();
        sink.run(&node, inv.stdin);
    } else if let [only] = words {
        sink.shell(only);
    } else {
        sink.run(words, inv.stdin);
    }
}

fn bun(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &BUN);
    for code in parsed.values(&["e", "eval", "p", "print"]) {
        sink.code("javascript", code);
    }
    let Some((verb, rest)) = parsed.operands.split_first() else {
        let silent =
            args::asks_help(inv.args) || parsed.has(&["e", "eval", "p", "print", "v", "h"]) || *inv.stdin == Stdin::Inherited;
        return if !silent {
            interpreter::input(inv, "javascript", sink)
        };
    };
    let file = |word: &Word| {
        word.text.starts_with(['.', '/'])
            || word.text.rsplit('.').next().is_some_and(|end| ["ts", "tsx", "js", "mjs", "cjs", "jsx"].contains(&end))
    };
    match verb.text.as_str() {
        "x" => run_package(inv, &after_verb(inv, verb), sink),
        "pm" => {}
        "run" if rest.first().is_some_and(file) => interpreter::script_or_input(inv, "javascript", rest, sink),
        "build" => {
            parsed.values(&["outdir", "outfile"]).into_iter().for_each(|word| sink.write_tree(word, WriteMode::Replace));
            project_code(inv, sink);
        }
        "upgrade" => sink.deed(Deed::Configure { what: "bun".to_owned() }, verb.span),
        "repl" | "test" | "exec" => project_code(inv, sink),
        _ if file(verb) => interpreter::script_or_input(inv, "javascript", &parsed.operands, sink),
        _ => common(inv, verb, rest, &parsed, sink),
    }
}
