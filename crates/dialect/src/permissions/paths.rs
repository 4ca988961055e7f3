//! Path patterns in the manner of `.gitignore` become [`FilePattern`]s.

use bailiwick_vocab::permission::{FilePattern, Segment, Wild};

/// Forms that one pattern with `{a,b}` may have, and names that one path may have.
const MOST_FORMS: usize = 16;
const MOST_SEGMENTS: usize = 32;

/// What a pattern is below, and whether it may begin deeper than that.
#[derive(Clone, Debug)]
pub(super) struct Start {
    /// The directory; `None`: whichever the agent works in.
    pub(super) base: Option<String>,
    /// Whether a pattern of a single name is meant at any depth.
    pub(super) floats: bool,
}

/// The patterns that `text`, below `start`, stands for.
///
/// # Errors
/// Why it stands for none.
pub(super) fn patterns(text: &str, start: &Start) -> Result<Vec<FilePattern>, String> {
    if text.contains('\\') || text.chars().any(char::is_control) {
        return Err("it holds a backslash or control character".into());
    }
    if text.starts_with('!') {
        return Err("it takes something out again, which a rule here cannot".into());
    }
    let forms = forms(text)?;
    let many = forms.len() > 1;
    forms.iter().map(|form| pattern(form, start, many)).collect()
}

fn pattern(form: &str, start: &Start, loose: bool) -> Result<FilePattern, String> {
    let mut names: Vec<&str> = form.split('/').filter(|name| !name.is_empty() && *name != ".").collect();
    let mut base = start.base.clone();
    while names.first() == Some(&"..") {
        names.remove(0);
        let above = base.as_deref().and_then(|dir| dir.rsplit_once('/')).map(|(above, _)| above.to_owned());
        base = Some(above.ok_or("it begins above a directory that is not known")?);
    }
    if names.contains(&"..") || names.len() > MOST_SEGMENTS {
        return Err("it goes up again within, or is too long".into());
    }
    let mut exact = !loose;
    let mut segments: Vec<Segment> = Vec::new();
    if start.floats && names.len() == 1 && !form.starts_with("./") && !form.starts_with('/') {
        segments.push(Segment::Deep);
    }
    for name in names {
        if name == "**" {
            if segments.last() != Some(&Segment::Deep) {
                segments.push(Segment::Deep);
            }
            continue;
        }
        let (wild, same) = wild(name);
        exact &= same;
        segments.push(Segment::Name(wild));
    }
    if segments.is_empty() {
        segments.push(Segment::Deep);
    }
    Ok(FilePattern { base, segments, exact })
}

/// `?` and `[…]` become `*`, which is more.
fn wild(name: &str) -> (Wild, bool) {
    let (mut text, mut rest, mut exact) = (String::new(), name, true);
    while let Some(letter) = rest.chars().next() {
        let after = rest.get(letter.len_utf8()..).unwrap_or_default();
        let class = after.find(']').filter(|_| letter == '[').and_then(|end| after.get(end + 1..));
        match (letter, class) {
            ('?', _) => {
                text.push('*');
                exact = false;
                rest = after;
            }
            (_, Some(past)) => {
                text.push('*');
                exact = false;
                rest = past;
            }
            (letter, None) => {
                text.push(letter);
                rest = after;
            }
        }
    }
    (Wild::parse(&text), exact)
}

/// Writes out `{a,b}`, which `.gitignore` does not know but people mean.
fn forms(text: &str) -> Result<Vec<String>, String> {
    let (mut done, mut open) = (Vec::new(), vec![text.to_owned()]);
    while let Some(form) = open.pop() {
        if done.len() + open.len() >= MOST_FORMS {
            return Err("it has too many choices in braces".into());
        }
        let group = form.find('{').and_then(|start| Some((start, start + form.get(start..)?.find('}')?)));
        let inner = group.and_then(|(start, end)| Some((start, end, form.get(start + 1..end)?)));
        match inner.filter(|(_, _, inner)| inner.contains(',') && !inner.contains('{')) {
            None if form.contains('{') || form.contains('}') => return Err("it holds a brace that is no choice".into()),
            None => done.push(form),
            Some((start, end, inner)) => {
                let (before, after) = (form.get(..start).unwrap_or_default(), form.get(end + 1..).unwrap_or_default());
                open.extend(inner.split(',').map(|choice| format!("{before}{choice}{after}")));
            }
        }
    }
    done.sort();
    Ok(done)
}
