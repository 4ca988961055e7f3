//! find and fd: what they list, remove, write and run.
//!
//! What they find is only known on the disk. Where one test on the name says which, the effects stand on patterns
//! below the roots (one for plain directories, one through a hidden one); else on the whole trees.

use bailiwick_vocab::effect::{Effect, WriteMode};

use super::Program;
use super::destination::{escaped, inside};
use super::listing::{self, below};
use crate::args::{Grammar, Parsed, asks_help, parse};
use crate::invocation::{Invocation, Sink, Stdin, UNKNOWN, Word};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["find", "gfind", "bfs"], effects: find }, Program { names: &["fd", "fdfind"], effects: fd }];

/// Primaries of find's expression that take one word.
const ONE_WORD: &[&str] = &[
    "-name",
    "-iname",
    "-path",
    "-ipath",
    "-wholename",
    "-iwholename",
    "-regex",
    "-iregex",
    "-lname",
    "-ilname",
    "-type",
    "-xtype",
    "-size",
    "-mtime",
    "-atime",
    "-ctime",
    "-mmin",
    "-amin",
    "-cmin",
    "-newer",
    "-anewer",
    "-cnewer",
    "-perm",
    "-user",
    "-group",
    "-uid",
    "-gid",
    "-links",
    "-inum",
    "-samefile",
    "-maxdepth",
    "-mindepth",
    "-regextype",
    "-printf",
    "-fstype",
    "-used",
    "-context",
    "-D",
    "-Bmin",
    "-Btime",
    "-flags",
];

/// What was found, as words to act on.
struct Found {
    roots: Vec<Word>,
    words: Vec<Word>,
    /// The words stand for themselves with everything below, not for matches.
    trees: bool,
}

fn find(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let (roots, expression) = roots(invocation);
    for root in &roots {
        looked_through(root, expression, sink);
    }
    // The first word is a place to look in practice; a later one that cannot be seen may be -delete.
    if roots.iter().skip(1).any(may_be_primary) {
        roots.iter().for_each(|root| sink.delete_tree(root));
    }
    let found = found(&roots, expression);
    let mut at = 0;
    while let Some(word) = expression.get(at) {
        at += 1 + primary(word, expression.get(at + 1..).unwrap_or(&[]), &found, invocation, sink);
    }
    let prints =
        !expression.iter().any(|word| word.text.starts_with("-printf") || word.text.contains("exec") || word.text == "-ls");
    if prints {
        sink.stdout = listing::of(&found.names());
    }
}

/// Parts of names under which keys and log-ins are kept.
#[rustfmt::skip]
const SECRET_NAMES: &[&str] = &[
    "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "credential", "netrc", "passw", "secret", "token", "shadow", ".pem", ".key", ".kdbx", ".p12",
    ".pfx", ".ppk", "wallet", "keystore", ".aws", ".ssh", ".gnupg", "kubeconfig", "cookies", "login data", "logins.json", "_history", ".env",
];

/// Names below a directory are read, not what the files hold. Who looks for secrets by name outside the directory worked in
/// is after them.
fn looked_through(root: &Word, expression: &[Word], sink: &mut Sink) {
    sink.read(root);
    let outside = root.text.starts_with(['/', '~']) || root.text.starts_with("..") || !root.known();
    let names = expression.windows(2).filter(|pair| {
        matches!(pair, [test, _] if matches!(test.text.as_str(), "-name" | "-iname" | "-path" | "-ipath" | "-wholename" | "-regex" | "-iregex"))
    });
    let secret = |text: &str| SECRET_NAMES.iter().any(|name| text.to_lowercase().contains(name));
    let sought = names.filter_map(|pair| pair.get(1)).find(|word| secret(&word.text));
    if let Some(name) = sought.filter(|_| outside) {
        let what = format!("search for {}", name.text);
        sink.deed(bailiwick_vocab::effect::Deed::UseSecret { name: what }, name.span);
    }
}

/// The starting points and the expression after them.
fn roots<'a>(invocation: &Invocation<'a>) -> (Vec<Word>, &'a [Word]) {
    let mut args = invocation.args;
    while let Some((first, rest)) = args.split_first() {
        match first.text.as_str() {
            "-H" | "-L" | "-P" | "-E" | "-X" | "-d" | "-s" | "-x" => args = rest,
            "-D" | "-f" => args = rest.get(1..).unwrap_or(&[]),
            text if text.starts_with("-O") => args = rest,
            _ => break,
        }
    }
    let starts = |word: &Word| word.text.starts_with('-') || matches!(word.text.as_str(), "(" | ")" | "!" | ",");
    let count = args.iter().position(starts).unwrap_or(args.len());
    let (roots, expression) = args.split_at(count);
    let roots = if roots.is_empty() { vec![Word::literal(".", invocation.span)] } else { roots.to_vec() };
    (roots, expression)
}

/// Acts on one primary; how many further words it took.
fn primary(word: &Word, rest: &[Word], found: &Found, invocation: &Invocation<'_>, sink: &mut Sink) -> usize {
    match word.text.as_str() {
        _ if may_be_primary(word) => found.roots.iter().for_each(|root| sink.delete_tree(root)),
        "-delete" => delete(found, sink),
        "-exec" | "-ok" => return execute(rest, found, invocation, sink),
        "-execdir" | "-okdir" => {
            // Started beside each file: what it writes by relative names lies below the roots.
            found.roots.iter().for_each(|root| sink.write_tree(root, WriteMode::Change));
            return execute(rest, found, invocation, sink);
        }
        "-fprint" | "-fprint0" | "-fls" | "-fprintf" => {
            if let Some(path) = rest.first() {
                sink.write(path, WriteMode::Replace);
            }
            return if word.text == "-fprintf" { 2 } else { 1 };
        }
        "-files0-from" => {
            if let Some(path) = rest.first() {
                sink.read(path);
            }
            return 1;
        }
        text => return usize::from(ONE_WORD.contains(&text) || text.starts_with("-newer")),
    }
    0
}

fn may_be_primary(word: &Word) -> bool {
    word.text.starts_with(UNKNOWN) || (word.text.starts_with('-') && !word.known())
}

fn delete(found: &Found, sink: &mut Sink) {
    for word in &found.words {
        if found.trees { sink.delete_tree(word) } else { sink.delete(word) }
    }
}

fn execute(rest: &[Word], found: &Found, invocation: &Invocation<'_>, sink: &mut Sink) -> usize {
    let end = |(index, word): (usize, &Word)| {
        word.text == ";" || (word.text == "+" && index > 0 && rest.get(index - 1).is_some_and(|before| before.text == "{}"))
    };
    let count = rest.iter().enumerate().position(|(index, word)| end((index, word))).unwrap_or(rest.len());
    run_on(rest.get(..count).unwrap_or(rest), found, invocation, sink);
    count + 1
}

/// A command on what was found: `{}` becomes the words found.
fn run_on(command: &[Word], found: &Found, invocation: &Invocation<'_>, sink: &mut Sink) {
    let Some((program, arguments)) = command.split_first() else { return };
    let Some(patterns) = found.patterns() else {
        return sink.opaque(bailiwick_vocab::effect::OpaqueCause::Limit, "", &[], invocation.span);
    };
    if found.trees {
        on_trees(program, &filled(arguments, &found.words), found, invocation, sink);
    }
    let words: Vec<Word> = std::iter::once(fill(program, patterns.first())).chain(filled(arguments, &patterns)).collect();
    sink.run(&words, invocation.stdin);
}

impl Found {
    /// The words that match each name found.
    fn names(&self) -> Vec<Word> {
        if self.trees { self.words.iter().flat_map(listing::everything).collect() } else { self.words.clone() }
    }

    /// The words as patterns for a command's arguments.
    fn patterns(&self) -> Option<Vec<Word>> {
        if !self.trees {
            return Some(self.words.clone());
        }
        (self.words.len() <= 64).then(|| self.words.iter().map(|root| below(root, "**")).collect())
    }
}

/// What a program of the table does to a file it does to every file below: its effects with the roots as trees.
fn on_trees(program: &Word, arguments: &[Word], found: &Found, invocation: &Invocation<'_>, sink: &mut Sink) {
    let name = program.text.rsplit('/').next().unwrap_or("");
    let Some(known) = super::lookup(name).filter(|_| !matches!(name, "find" | "fd" | "fdfind" | "xargs" | "parallel")) else {
        return;
    };
    let mut inner = Sink::default();
    (known.effects)(&Invocation { name, program, args: arguments, stdin: &Stdin::Inherited, ..invocation.clone() }, &mut inner);
    for mut effect in inner.effects {
        widen(&mut effect, &found.words);
        sink.effects.push(effect);
    }
}

fn widen(effect: &mut Effect, roots: &[Word]) {
    if let Some(target) = effect.deed.target_mut() {
        target.tree |= roots.iter().any(|root| root.target().path == target.path);
    }
}

/// Arguments with `{}` replaced: a word of its own by all words, inside another by the first.
fn filled(arguments: &[Word], words: &[Word]) -> Vec<Word> {
    arguments.iter().flat_map(|word| if word.text == "{}" { words.to_vec() } else { vec![fill(word, words.first())] }).collect()
}

fn fill(word: &Word, found: Option<&Word>) -> Word {
    let Some(found) = found.filter(|_| word.text.contains("{}")) else { return word.clone() };
    let text = word.text.replace("{}", &found.text);
    let shown = found.pattern.clone().unwrap_or_else(|| escaped(&found.text));
    let pattern = word.pattern.clone().unwrap_or_else(|| word.text.clone()).replace("\\{\\}", "{}").replace("{}", &shown);
    Word { text, pattern: (found.pattern.is_some() || word.pattern.is_some()).then_some(pattern), span: word.span }
}

/// What the expression finds, by its one test on the name where that is all there is to it.
fn found(roots: &[Word], expression: &[Word]) -> Found {
    let words = match only_name(expression) {
        Some(name) if roots.len() <= 16 => roots.iter().flat_map(|root| named(root, name, shallow(expression))).collect(),
        Some(_) | None => return Found { roots: roots.to_vec(), words: roots.to_vec(), trees: true },
    };
    Found { roots: roots.to_vec(), words, trees: false }
}

/// The pattern of the first `-name`, where no alternative or negation stands beside it and actions come after it.
fn only_name(expression: &[Word]) -> Option<&str> {
    let texts: Vec<&str> = expression.iter().map(|word| word.text.as_str()).collect();
    let at = texts.iter().position(|text| *text == "-name")?;
    let alters = |text: &&str| matches!(*text, "-o" | "-or" | "!" | "-not" | "," | "(" | "-L" | "-follow");
    let acts = |text: &&str| matches!(*text, "-delete" | "-exec" | "-execdir" | "-ok" | "-okdir");
    let first_act = texts.iter().position(acts).unwrap_or(texts.len());
    let name = expression.get(at + 1)?;
    let fine = first_act > at && !texts.iter().take(first_act).any(alters) && name.known() && !name.text.contains('/');
    fine.then_some(name.text.as_str())
}

/// Whether only the roots' own entries are looked at.
fn shallow(expression: &[Word]) -> bool {
    expression.windows(2).any(|pair| matches!(pair, [option, depth] if option.text == "-maxdepth" && depth.text == "1"))
}

fn named(root: &Word, name: &str, shallow: bool) -> Vec<Word> {
    // find's `*` matches a leading dot, the shell's does not.
    let hidden = name.strip_prefix('*').map(|rest| format!(".*{rest}"));
    let names = std::iter::once(name.to_owned()).chain(hidden);
    if shallow {
        return names.map(|name| below(root, &name)).collect();
    }
    names.flat_map(|name| [below(root, &format!("**/{name}")), below(root, &format!("**/.*/**/{name}"))]).collect()
}

fn fd(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let exec = |word: &Word| matches!(word.text.as_str(), "-x" | "-X" | "--exec" | "--exec-batch");
    let at = invocation.args.iter().position(exec).unwrap_or(invocation.args.len());
    let (before, command) = invocation.args.split_at(at);
    let grammar = Grammar::valued(&[
        "d",
        "max-depth",
        "min-depth",
        "exact-depth",
        "t",
        "type",
        "e",
        "extension",
        "E",
        "exclude",
        "S",
        "size",
        "o",
        "owner",
        "c",
        "color",
        "j",
        "threads",
        "changed-within",
        "changed-before",
        "search-path",
        "base-directory",
        "max-results",
        "format",
        "ignore-file",
        "path-separator",
        "batch-size",
        "and",
        "gen-completions",
    ]);
    let parsed = parse(before, &grammar);
    let roots = fd_roots(&parsed, invocation);
    for root in &roots {
        sink.read_tree(root);
    }
    if let Some((_, command)) = command.split_first() {
        let found = Found { roots: roots.clone(), words: roots.clone(), trees: true };
        let named = command.iter().any(|word| word.text.contains('{'));
        let with_path: Vec<Word> =
            command.iter().cloned().chain((!named).then(|| Word::literal("{}", invocation.span))).collect();
        let simple: Vec<Word> = with_path.iter().map(simplified).collect();
        run_on(&simple, &found, invocation, sink);
    } else {
        sink.stdout = listing::of(&roots.iter().flat_map(listing::everything).collect::<Vec<_>>());
    }
}

/// fd's `{.}`, `{/}`, `{//}` and `{/.}` are parts of the path found.
fn simplified(word: &Word) -> Word {
    let text = ["{//}", "{/.}", "{/}", "{.}"].iter().fold(word.text.clone(), |text, part| text.replace(part, "{}"));
    Word { text, ..word.clone() }
}

fn fd_roots(parsed: &Parsed, invocation: &Invocation<'_>) -> Vec<Word> {
    let searched = parsed.values(&["search-path"]);
    let given = parsed.operands_from(usize::from(searched.is_empty()));
    let mut roots: Vec<Word> = searched.into_iter().chain(given).cloned().collect();
    if let Some(base) = parsed.value(&["base-directory"]) {
        roots =
            roots.iter().map(|root| if root.text.starts_with('/') { root.clone() } else { inside(base, &root.text) }).collect();
        roots.push(base.clone());
    }
    if roots.is_empty() { vec![Word::literal(".", invocation.span)] } else { roots }
}
