//! Permissions' pages: a fence `AGENT PATH` is that agent's file of that name. A path that begins with `~/` is the user's
//! own file, any other lies in the project `/home/ada/work`.

use std::fmt::Write as _;

use bailiwick_casebook::Case;
use bailiwick_dialect::permissions::{Anchors, Rules, Source, guess, read};
use bailiwick_vocab::permission::{About, FilePattern, Line, Permission, Piece, Segment, Wild};

pub(crate) fn check(case: &Case) -> String {
    let mut out = String::new();
    for (info, body) in &case.inputs {
        let (agent, path) = info.split_once(' ').unwrap_or((info, "settings.json"));
        let source = Source::ALL.into_iter().find(|source| source.name() == agent).unwrap();
        if guess(path, body) != Some(source) {
            writeln!(out, "by itself taken for {:?}", guess(path, body)).unwrap();
        }
        match read(source, path, body, &anchors(path)) {
            Ok(rules) => out.push_str(&shown(&rules)),
            Err(error) => writeln!(out, "refused: {error}").unwrap(),
        }
    }
    out
}

fn anchors(path: &str) -> Anchors {
    let work = (!path.starts_with("~/")).then(|| "/home/ada/work".to_owned());
    Anchors {
        home: Some("/home/ada".to_owned()),
        root: Some(work.clone().unwrap_or_else(|| "/home/ada/.claude".to_owned())),
        work,
    }
}

fn shown(rules: &Rules) -> String {
    let mut out = String::new();
    for permission in &rules.permissions {
        writeln!(out, "{}", one(permission)).unwrap();
    }
    for lost in &rules.untranslated {
        let verdict = lost.verdict.map_or("-".to_owned(), |verdict| format!("{verdict:?}").to_lowercase());
        writeln!(out, "! {verdict} | {} | {}", lost.origin, lost.why).unwrap();
    }
    out
}

fn one(permission: &Permission) -> String {
    let mut out = format!("{} | {}", permission.origin, about(&permission.about));
    for except in &permission.except {
        write!(out, " | but {}", about(except)).unwrap();
    }
    for (words, holds) in &permission.examples {
        write!(out, " | {} {words:?}", if *holds { "holds" } else { "spares" }).unwrap();
    }
    for (key, text) in [("because", &permission.reason), ("note", &permission.note)] {
        if let Some(text) = text {
            write!(out, " | {key}: {text}").unwrap();
        }
    }
    out
}

fn about(about: &About) -> String {
    match about {
        About::Commands(lines) => lines.iter().map(line).collect::<Vec<_>>().join(" or "),
        About::Files(files) => {
            let patterns: Vec<String> = files.patterns.iter().map(pattern).collect();
            format!("{:?} {} by {}", files.access, patterns.join(" or "), any(&files.tools))
        }
        About::Hosts(hosts) => {
            let names: Vec<String> = hosts.names.iter().map(wild).collect();
            format!("host {}{} by {}", names.join(" or "), if hosts.below { " and below" } else { "" }, any(&hosts.tools))
        }
        About::ServerTools { server, tool } => format!("tool {} of server {}", wild(tool), wild(server)),
        About::Subagents { kind } => format!("sub-agent {kind}"),
        About::Tools { names, purpose } => {
            format!("{purpose:?} tool {}", names.iter().map(wild).collect::<Vec<_>>().join(" or "))
        }
    }
}

fn any(tools: &[String]) -> String {
    if tools.is_empty() { "anything".to_owned() } else { tools.join(", ") }
}

fn line(line: &Line) -> String {
    let more = if line.more { " …" } else { "" };
    let arguments: Vec<String> = line.arguments.iter().map(|word| format!(" `{}`", wild(word))).collect();
    format!("`{}`{}{more}", wild(&line.program), arguments.concat())
}

fn pattern(pattern: &FilePattern) -> String {
    let base = pattern.base.as_deref().unwrap_or("{any workspace}");
    let segments = pattern.segments.iter().map(|segment| match segment {
        Segment::Deep => "**".to_owned(),
        Segment::Name(name) => wild(name),
    });
    format!("{base}/{}{}", segments.collect::<Vec<_>>().join("/"), if pattern.exact { "" } else { " (more)" })
}

fn wild(text: &Wild) -> String {
    let pieces = text.0.iter().map(|piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Any => "⟨any⟩".to_owned(),
    });
    pieces.collect()
}
