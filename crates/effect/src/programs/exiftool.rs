//! exiftool: what pictures say of themselves, shown, changed, taken out. Its settings, conditions and formats may hold Perl.

use bailiwick_vocab::effect::{Hint, OpaqueCause, WriteMode};

use super::Program;
use crate::args::{Grammar, asks_help, parse};
use crate::invocation::{Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["exiftool"], effects: exiftool }];

const GRAMMAR: Grammar = Grammar {
    long_with_one_dash: true,
    ..Grammar::valued(&[
        "charset",
        "c",
        "coordFormat",
        "d",
        "dateFormat",
        "lang",
        "x",
        "exclude",
        "ext",
        "extension",
        "i",
        "ignore",
        "fileOrder",
        "o",
        "out",
        "p",
        "printFormat",
        "W",
        "w",
        "textOut",
        "if",
        "if1",
        "if2",
        "if3",
        "if4",
        "if5",
        "config",
        "@",
        "argfile",
        "srcfile",
        "tagsFromFile",
        "tagsfromfile",
        "TagsFromFile",
        "userParam",
        "sep",
        "separator",
        "stay_open",
        "diff",
        "efile",
        "api",
        "password",
        "geotag",
        "listItem",
        "echo",
    ])
};

/// Options after which code of Perl is run where their value holds any.
const CODE: &[&str] = &["if", "if1", "if2", "if3", "if4", "if5", "config", "@", "argfile", "stay_open"];
/// Options that write beside the pictures.
const BESIDE: &[&str] = &["w", "W", "textOut", "tagOut", "efile"];
/// Options that change the pictures without naming a value.
const CHANGES: &[&str] = &[
    "tagsFromFile",
    "tagsfromfile",
    "TagsFromFile",
    "geotag",
    "overwrite_original",
    "overwrite_original_in_place",
    "restore_original",
    "delete_original",
];

fn exiftool(inv: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(inv.args) || matches!(inv.args, [only] if only.text == "-ver" || only.text == "-list") {
        return;
    }
    let parsed = parse(inv.args, &GRAMMAR);
    for word in parsed.values(CODE) {
        sink.opaque(OpaqueCause::InlineCode, "perl", &[Hint::Dynamic], word.span);
    }
    // `-Tag<${other; code}`: an expression in a format or a copied value.
    if inv.args.iter().any(|word| word.text.contains("${") && word.text.contains(';')) || parsed.uncertain {
        sink.opaque(OpaqueCause::InlineCode, "perl", &[Hint::Dynamic], inv.span);
    }
    for word in parsed.values(&["p", "printFormat", "srcfile", "geotag", "tagsFromFile", "tagsfromfile", "diff"]) {
        sink.read(word);
    }
    for word in parsed.values(&["o", "out"]).into_iter().filter(|word| word.text != "-") {
        sink.write_tree(word, WriteMode::Change);
    }
    for word in &inv
        .args
        .iter()
        .filter_map(|word| ["-csv=", "-csv+=", "-json=", "-json+=", "-j="].iter().find_map(|start| word.after(start)))
        .collect::<Vec<_>>()
    {
        sink.read(word);
    }
    let changes = parsed.has(CHANGES) || inv.args.iter().any(assigns);
    let tree = parsed.may_have(&["r", "recurse", "r."]);
    for picture in parsed.operands.iter().filter(|word| word.text != "-") {
        if tree {
            sink.read_tree(picture)
        } else {
            sink.read(picture)
        }
        if changes && !parsed.has(&["o", "out"]) {
            changed(picture, sink);
        }
        if parsed.has(BESIDE) {
            sink.write_tree(picture, WriteMode::Change);
            beside(picture, sink);
        }
    }
    // `-FileName<…` and `-Directory=…` move pictures to where their own words say.
    let moves = inv.args.iter().any(|word| {
        let name = word.text.trim_start_matches('-').to_ascii_lowercase();
        ["filename", "directory", "testname", "hardlink", "symlink"].iter().any(|tag| name.starts_with(tag)) && assigns(word)
    });
    if moves {
        sink.write(&Word { text: crate::invocation::UNKNOWN.to_string(), pattern: None, span: inv.span }, WriteMode::Replace);
    }
}

/// `-Tag=value`, `-Tag+=value`, `-Tag<other`, `-all=`.
fn assigns(word: &Word) -> bool {
    word.text.starts_with('-') && word.text.contains(['=', '<'])
}

/// The picture is replaced, after a copy is made of it.
fn changed(picture: &Word, sink: &mut Sink) {
    sink.write_tree(picture, WriteMode::Change);
    for ending in ["_original", "_exiftool_tmp"] {
        let pattern = picture.pattern.as_ref().map(|pattern| format!("{pattern}{ending}"));
        sink.write(&Word { text: format!("{}{ending}", picture.text), pattern, span: picture.span }, WriteMode::Replace);
    }
}

/// Files with the picture's name and another ending.
fn beside(picture: &Word, sink: &mut Sink) {
    let stem = picture.text.rsplit_once('.').map_or(picture.text.as_str(), |(stem, _)| stem);
    let pattern = format!("{stem}*");
    sink.write(&Word { text: pattern.clone(), pattern: Some(pattern), span: picture.span }, WriteMode::Replace);
}
