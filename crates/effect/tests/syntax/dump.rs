//! A compact, readable form of a syntax tree for tests: quoted text in `'…'`, quoted expansions in `"…"`, pieces of one
//! word joined by `+`, scripts in braces. Everything but spans is shown.

use bailiwick_effect::shell::ast::{
    Assign, Command, CommandKind, Item, Join, ParamOp, Piece, Pipeline, Redirect, RedirectKind, Script, Word,
};

/// One line for each item.
pub(crate) fn script(script: &Script) -> String {
    script.items.iter().map(|one| item(one) + "\n").collect()
}

fn inner(script: &Script) -> String {
    format!("{{ {} }}", list(&script.items, "; ", item))
}

fn list<T>(all: &[T], between: &str, show: impl Fn(&T) -> String) -> String {
    all.iter().map(show).collect::<Vec<_>>().join(between)
}

fn item(item: &Item) -> String {
    let mut text = pipeline(&item.first);
    for (join, next) in &item.rest {
        text += match join {
            Join::And => " && ",
            Join::Or => " || ",
        };
        text += &pipeline(next);
    }
    if item.background { text + " &" } else { text }
}

fn pipeline(pipeline: &Pipeline) -> String {
    list(&pipeline.commands, " | ", command)
}

fn command(command: &Command) -> String {
    let mut parts = vec![kind(&command.kind)];
    parts.extend(command.redirects.iter().map(redirect));
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(" ") }
}

fn kind(kind: &CommandKind) -> String {
    match kind {
        CommandKind::Simple { assigns, words } => {
            assigns.iter().map(assign).chain(words.iter().map(word)).collect::<Vec<_>>().join(" ")
        }
        CommandKind::Group(script) => format!("group {}", inner(script)),
        CommandKind::Subshell(script) => format!("subshell {}", inner(script)),
        CommandKind::If { arms, otherwise } => {
            let arms = list(arms, " ", |(condition, body)| format!("if {} then {}", inner(condition), inner(body)));
            otherwise.as_ref().map_or(arms.clone(), |body| format!("{arms} else {}", inner(body)))
        }
        CommandKind::Loop { condition, body } => format!("loop {} do {}", inner(condition), inner(body)),
        CommandKind::For { name, words: None, body } => format!("for {name} do {}", inner(body)),
        CommandKind::For { name, words: Some(words), body } => {
            format!("for {name} in [{}] do {}", list(words, " ", word), inner(body))
        }
        CommandKind::ForArith { arith, body } => format!("for ((⟨{}⟩)) do {}", word(arith), inner(body)),
        CommandKind::Case { word: matched, arms } => {
            let arms = list(arms, "", |(patterns, body)| format!(" [{}] => {}", list(patterns, " | ", word), inner(body)));
            format!("case {}{arms}", word(matched))
        }
        CommandKind::Test(words) => format!("test [{}]", list(words, " ", word)),
        CommandKind::Arith(arith) => format!("arith ⟨{}⟩", word(arith)),
        CommandKind::Function { name, body } => format!("function {name} = {}", command(body)),
        CommandKind::Coproc(body) => format!("coproc {}", command(body)),
    }
}

fn assign(assign: &Assign) -> String {
    let subscript = assign.subscript.as_ref().map_or(String::new(), |subscript| format!("[{}]", word(subscript)));
    let sign = if assign.append { "+:=" } else { ":=" };
    let values = list(&assign.values, " ", word);
    let values = if assign.array && assign.subscript.is_none() { format!("({values})") } else { values };
    format!("{}{subscript}{sign}{values}", assign.name)
}

fn redirect(redirect: &Redirect) -> String {
    let fd = redirect.fd.map_or(String::new(), |fd| fd.to_string());
    let sign = match redirect.kind {
        RedirectKind::Read => "<",
        RedirectKind::Write => ">",
        RedirectKind::Append => ">>",
        RedirectKind::ReadWrite => "<>",
        RedirectKind::Duplicate => ">&",
        RedirectKind::HereDoc => "<<",
        RedirectKind::HereString => "<<<",
    };
    format!("{fd}{sign} {}", word(&redirect.target))
}

/// A word.
pub(crate) fn word(word: &Word) -> String {
    pieces(&word.pieces)
}

fn pieces(pieces: &[Piece]) -> String {
    list(pieces, "+", piece)
}

fn quotes(text: String, quoted: bool) -> String {
    if quoted { format!("\"{text}\"") } else { text }
}

/// Text with its invisible characters escaped.
fn visible(text: &str) -> String {
    let mut shown = String::new();
    for char in text.chars() {
        match char {
            '\'' | '"' => shown.push(char),
            _ => shown.extend(char.escape_debug()),
        }
    }
    shown
}

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Text { text, quoted: true } => format!("'{}'", visible(text)),
        Piece::Text { text, quoted: false } => visible(text),
        Piece::Tilde(name) => format!("<~{name}>"),
        Piece::Param { name, op, quoted } => quotes(param(name, op), *quoted),
        Piece::Command { script, quoted } => quotes(format!("$({})", list(&script.items, "; ", item)), *quoted),
        Piece::Process { script, output } => {
            format!("{}({})", if *output { '>' } else { '<' }, list(&script.items, "; ", item))
        }
        Piece::Arith(inner) => format!("$((⟨{}⟩))", pieces(inner)),
        Piece::Brace(words) => format!("{{{}}}", list(words, ", ", word)),
        Piece::Pattern(inner) => format!("pattern⟨{}⟩", pieces(inner)),
    }
}

fn param(name: &str, op: &ParamOp) -> String {
    let (sign, word) = match op {
        ParamOp::Plain => return format!("${name}"),
        ParamOp::Default(word) => ("-", word),
        ParamOp::Assign(word) => ("=", word),
        ParamOp::Alternative(word) => ("+", word),
        ParamOp::Error(word) => ("?", word),
        ParamOp::Other(word) => (" other ", word),
    };
    format!("${{{name}{sign}{}}}", self::word(word))
}
