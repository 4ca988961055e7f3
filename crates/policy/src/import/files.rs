//! Rules about files: conditions over paths. Cedar's `*` goes over slashes, a rule's does not: what is denied may so grow,
//! what is allowed is written only where it cannot.

use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::permission::{Access, FilePattern, Files, Permission, Piece, Segment};

use super::text::{is, joined, list, plain, string};
use super::{Draft, Drafted, example};

/// Forms that a pattern with `**` may take; past them, `**/` is taken for anything at all.
const MOST_FORMS: usize = 16;
/// The directory of examples for rules that hang on the agent's own.
const SOMEWHERE: &str = "/home/user/project";

pub(super) fn drafts(permission: &Permission, files: &Files) -> Drafted {
    if permission.verdict == Verdict::Allow { allowed(permission, files) } else { Ok(denied(permission, files)) }
}

fn allowed(permission: &Permission, files: &Files) -> Drafted {
    let wide = "its `*` stops at a slash, and policy's does not: as written it cannot be said without allowing more";
    let places: Vec<String> = files.patterns.iter().map(strict).collect::<Option<_>>().ok_or(wide)?;
    let (act, actions) = match files.access {
        Access::Read => ("read", "action == Action::\"read\""),
        Access::Change => ("write", "action == Action::\"write\""),
    };
    let tools = format!("{}.contains(context.tool)", list(&files.tools));
    let when = format!("resource.known && !resource.pattern && {tools} && ({})", places.join(" || "));
    let tool = files.tools.first().map_or("", String::as_str);
    let mut draft = Draft { own: true, actions, when: vec![when], ..Draft::default() };
    for pattern in &files.patterns {
        let path = sample(pattern);
        draft
            .examples
            .extend(example(permission, act, std::slice::from_ref(&path), &format!(" tool={tool}")).map(|text| (text, true)));
        draft.examples.extend(example(permission, act, &[path], " tool=Other").map(|text| (text, false)));
    }
    Ok((vec![draft], None))
}

fn denied(permission: &Permission, files: &Files) -> (Vec<Draft>, Option<String>) {
    let above: Vec<String> = files.patterns.iter().flat_map(above).collect();
    let mut when: Vec<String> = files.patterns.iter().map(loose).collect();
    let (act, actions) = match files.access {
        Access::Read => ("read", "action == Action::\"read\""),
        Access::Change => ("write", "action in [Action::\"write\", Action::\"delete\"]"),
    };
    if files.access == Access::Change && !above.is_empty() {
        when.push(format!("(action == Action::\"delete\" && resource.tree && {}.contains(resource.path))", list(&above)));
    }
    let mut draft = Draft { actions, when, ..Draft::default() };
    for pattern in &files.patterns {
        draft.examples.extend(example(permission, act, &[sample(pattern)], "").map(|text| (text, true)));
        let (fixed, rest) = fixed(pattern);
        if let Some(dir) = fixed.filter(|dir| dir.len() > 1)
            && rest.iter().all(|segment| *segment == Segment::Deep)
        {
            draft.examples.extend(example(permission, act, &[format!("{dir}-beside")], "").map(|text| (text, false)));
        }
    }
    draft.examples.push(("execute true".to_owned(), false));
    let mut note = match files.access {
        Access::Change => "for every way to change them; removing a directory above them counts".to_owned(),
        Access::Read => {
            "for every way to read them; reading a whole tree above them asks outside the workspace, and is not met inside it"
                .to_owned()
        }
    };
    note.push_str(reach(&files.patterns));
    let sweep = (files.access == Access::Read && !above.is_empty()).then(|| sweep(permission, &above));
    (std::iter::once(draft).chain(sweep).collect(), Some(note))
}

/// Where patterns say more, or less, than people may think.
fn reach(patterns: &[FilePattern]) -> &'static str {
    let named = |pattern: &FilePattern, wanted: fn(&[Segment]) -> bool| wanted(fixed(pattern).1);
    let deep = |rest: &[Segment]| rest.len() > 1 && rest.contains(&Segment::Deep);
    let star = |rest: &[Segment]| rest.iter().any(|segment| matches!(segment, Segment::Name(name) if name.plain().is_none()));
    match (patterns.iter().any(|pattern| named(pattern, deep)), patterns.iter().any(|pattern| named(pattern, star))) {
        (true, true) => {
            "; `*` goes over slashes too; those in a directory further down are not seen where that is read or removed whole"
        }
        (true, false) => "; those in a directory further down are not seen where that is read or removed whole",
        (false, true) => "; `*` goes over slashes too",
        (false, false) => "",
    }
}

/// Reading everything below a directory that holds what must not be read.
fn sweep(permission: &Permission, above: &[String]) -> Draft {
    let when = format!(
        "resource.tree && {}.contains(resource.path) && !(resource in Place::\"workspace\" || resource in Place::\"workspace-root\")",
        list(above)
    );
    let examples = [("/", " tree=true", true), ("/", " tree=true approved=user", false), ("/no/such", " tree=true", false)];
    let examples = examples.into_iter().filter(|(path, _, _)| *path != "/no/such" || !above.iter().any(|dir| dir == path));
    let examples = examples
        .filter_map(|(path, details, holds)| Some((example(permission, "read", &[path.to_owned()], details)?, holds)))
        .collect();
    Draft { suffix: "-tree", actions: "action == Action::\"read\"", when: vec![when], examples, asks: true, ..Draft::default() }
}

/// The directory that the pattern begins with (`None`: any workspace's), and what follows it.
fn fixed(pattern: &FilePattern) -> (Option<String>, &[Segment]) {
    let Some(mut dir) = pattern.base.clone() else { return (None, &pattern.segments) };
    let mut taken = 0;
    for segment in &pattern.segments {
        let Segment::Name(name) = segment else { break };
        let Some(name) = name.plain() else { break };
        dir.push('/');
        dir.push_str(name);
        taken += 1;
    }
    (Some(dir), pattern.segments.get(taken..).unwrap_or_default())
}

fn path(dir: &str) -> String {
    format!("Path::{}", string(if dir.is_empty() { "/" } else { dir }))
}

fn loose(pattern: &FilePattern) -> String {
    let (dir, rest) = fixed(pattern);
    if let (Some(dir), [] | [Segment::Deep]) = (&dir, rest) {
        return format!("resource in {}", path(dir));
    }
    let (scope, start) = match &dir {
        Some(dir) => (format!("resource in {}", path(dir)), plain(&format!("{dir}/"))),
        None => ("resource in Place::\"workspace\"".to_owned(), joined(&[&[Piece::Any], &plain("/")])),
    };
    let forms = forms(start, rest);
    let below = forms.iter().map(|form| joined(&[form, &plain("/"), &[Piece::Any]]));
    let all: Vec<String> = forms.iter().cloned().chain(below).map(|form| is("resource.path", &form)).collect();
    format!("({scope} && ({}))", all.join(" || "))
}

/// The paths that the segments make, each as a pattern.
fn forms(start: Vec<Piece>, segments: &[Segment]) -> Vec<Vec<Piece>> {
    let mut forms = vec![start];
    for (at, segment) in segments.iter().enumerate() {
        let last = at + 1 == segments.len();
        let absorbed = matches!(segments.get(at + 1), Some(Segment::Name(name)) if name.0.first() == Some(&Piece::Any));
        match segment {
            Segment::Name(name) => {
                let end = if last { Vec::new() } else { plain("/") };
                forms = forms.iter().map(|form| joined(&[form, &name.0, &end])).collect();
            }
            Segment::Deep if last || forms.len() >= MOST_FORMS => {
                forms = forms.iter().map(|form| joined(&[form, &[Piece::Any]])).collect();
            }
            Segment::Deep if absorbed => {}
            Segment::Deep => {
                let deeper: Vec<Vec<Piece>> = forms.iter().map(|form| joined(&[form, &[Piece::Any], &plain("/")])).collect();
                forms.extend(deeper);
            }
        }
    }
    forms
}

/// The condition that says no more than the pattern, where there is one.
fn strict(pattern: &FilePattern) -> Option<String> {
    let (dir, rest) = fixed(pattern);
    let dir = dir.filter(|_| pattern.exact)?;
    let own = path(&dir);
    let like = |rest: &[Segment]| -> Vec<String> {
        forms(plain(&format!("{dir}/")), rest).iter().map(|form| is("resource.path", form)).collect()
    };
    match rest {
        [] => Some(format!("resource in {own}")),
        [Segment::Deep] => Some(format!("(resource in {own} && resource != {own})")),
        [Segment::Name(name)] if name.0 == [Piece::Any] => Some(format!("(resource in {own} && resource != {own})")),
        // Below the directory, at any depth, a name with this end, or with this text in it.
        [Segment::Deep, Segment::Name(name)] if ends(&name.0) => {
            Some(format!("(resource in {own} && ({}))", like(rest).join(" || ")))
        }
        // The same number of slashes leaves none for a `*` to go over.
        names if names.iter().all(|segment| *segment != Segment::Deep) => {
            let slashes = dir.matches('/').count() + names.len();
            let deeper = vec![[Piece::Any, Piece::Text("/".to_owned())]; slashes + 1].concat();
            let deeper = is("resource.path", &joined(&[&deeper, &[Piece::Any]]));
            Some(format!("(resource in {own} && ({}) && !({deeper}))", like(names).join(" || ")))
        }
        _ => None,
    }
}

fn ends(name: &[Piece]) -> bool {
    matches!(name, [Piece::Text(_)] | [Piece::Any, Piece::Text(_)] | [Piece::Any, Piece::Text(_), Piece::Any])
}

/// The directories above what the pattern may match: to read or remove one whole is to read or remove that.
fn above(pattern: &FilePattern) -> Vec<String> {
    let (Some(dir), rest) = fixed(pattern) else { return Vec::new() };
    let ends = dir.match_indices('/').map(|(at, _)| at.max(1));
    let mut all: Vec<String> = ends.filter_map(|end| dir.get(..end)).filter(|above| *above != dir).map(str::to_owned).collect();
    if !rest.is_empty() || all.is_empty() {
        all.push(if dir.is_empty() { "/".to_owned() } else { dir });
    }
    all
}

/// A path that matches.
fn sample(pattern: &FilePattern) -> String {
    let mut path = pattern.base.clone().unwrap_or_else(|| SOMEWHERE.to_owned());
    for (at, segment) in pattern.segments.iter().enumerate() {
        match segment {
            Segment::Name(name) => {
                path.push('/');
                path.push_str(&name.filled("x"));
            }
            Segment::Deep if at + 1 == pattern.segments.len() => path.push_str("/x"),
            Segment::Deep => {}
        }
    }
    path
}
