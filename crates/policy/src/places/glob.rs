//! Patterns over paths: `*` and `?` within a segment, `**` over any number of segments (none too), `{a,b}` for choices.
//! In: a pattern's text after its root. Out: a matcher in time at most pattern × path, whatever the input.
//! Does not know roots, places or the disk.

/// A pattern has at most this many segments and, after its choices are written out, this many forms: enough for every
/// built-in pattern ten times over, and a bound on what a hostile map can cost.
const MOST_SEGMENTS: usize = 64;
const MOST_FORMS: usize = 64;

/// One segment of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// Any number of segments.
    Deep,
    /// Exactly this text.
    Text(String),
    /// Text with `*` and `?`.
    Wild(String),
}

/// Writes out the `{a,b}` choices of a pattern. Choices may nest. `None` where a brace is not closed or there are too
/// many forms.
pub(super) fn forms(pattern: &str) -> Option<Vec<String>> {
    let mut done = Vec::new();
    let mut open = vec![pattern.to_owned()];
    while let Some(form) = open.pop() {
        if open.len() + done.len() > MOST_FORMS {
            return None;
        }
        match form.find('{') {
            None if form.contains('}') => return None,
            None => done.push(form),
            Some(start) => open.extend(choices(&form, start)?),
        }
    }
    done.reverse();
    Some(done)
}

/// The forms of one brace group that opens at `start`.
fn choices(form: &str, start: usize) -> Option<Vec<String>> {
    let (before, rest) = (form.get(..start)?, form.get(start + 1..)?);
    let (mut depth, mut from, mut parts) = (0_usize, 0, Vec::new());
    for (at, letter) in rest.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' if depth == 0 => {
                parts.push(rest.get(from..at)?);
                from = at + 1;
            }
            '}' => {
                parts.push(rest.get(from..at)?);
                let after = rest.get(at + 1..)?;
                return Some(parts.iter().map(|part| format!("{before}{part}{after}")).collect());
            }
            _ => {}
        }
    }
    None
}

/// The segments of one form. `None` where there are too many.
pub(super) fn segments(form: &str) -> Option<Vec<Segment>> {
    let segments: Vec<Segment> = form.split('/').filter(|text| !text.is_empty()).map(segment).collect();
    (segments.len() <= MOST_SEGMENTS).then_some(segments)
}

fn segment(text: &str) -> Segment {
    match text {
        "**" => Segment::Deep,
        text if text.contains(['*', '?']) => Segment::Wild(text.to_owned()),
        text => Segment::Text(text.to_owned()),
    }
}

impl Segment {
    /// Whether this segment alone matches `text`. [`Segment::Deep`] matches any.
    pub(super) fn matches(&self, text: &str) -> bool {
        match self {
            Segment::Deep => true,
            Segment::Text(own) => own == text,
            Segment::Wild(pattern) => wild(pattern.as_bytes(), text.as_bytes()),
        }
    }

    /// As written.
    pub(super) fn text(&self) -> &str {
        match self {
            Segment::Deep => "**",
            Segment::Text(text) | Segment::Wild(text) => text,
        }
    }
}

/// Whether the whole pattern matches the whole path. Only the last `**` is ever gone back to, as an earlier one can do
/// nothing that it cannot.
pub(super) fn matches(pattern: &[Segment], path: &[&str]) -> bool {
    let (mut at, mut seen) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(at), path.get(seen)) {
            (Some(Segment::Deep), _) => {
                at += 1;
                retry = Some((at, seen));
            }
            (Some(segment), Some(text)) if segment.matches(text) => {
                at += 1;
                seen += 1;
            }
            (None, None) => return true,
            (_, _) => match retry {
                Some((after, from)) if from < path.len() => {
                    retry = Some((after, from + 1));
                    (at, seen) = (after, from + 1);
                }
                Some(_) | None => return false,
            },
        }
    }
}

/// The same on the bytes of one segment; `?` is one byte or one whole character.
fn wild(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut seen) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(at), text.get(seen)) {
            (Some(b'*'), _) => {
                at += 1;
                retry = Some((at, seen));
            }
            (Some(b'?'), Some(_)) => {
                at += 1;
                seen = next_character(text, seen);
            }
            (Some(byte), Some(other)) if byte == other => {
                at += 1;
                seen += 1;
            }
            (None, None) => return true,
            (_, _) => match retry {
                Some((after, from)) if from < text.len() => {
                    retry = Some((after, from + 1));
                    (at, seen) = (after, from + 1);
                }
                Some(_) | None => return false,
            },
        }
    }
}

/// The index after the character that begins at `from`.
fn next_character(text: &[u8], from: usize) -> usize {
    let rest = text.get(from + 1..).unwrap_or_default();
    from + 1 + rest.iter().take_while(|byte| **byte & 0xC0 == 0x80).count()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn whole(pattern: &str, path: &str) -> bool {
        let path: Vec<&str> = path.split('/').filter(|text| !text.is_empty()).collect();
        matches(&segments(pattern).unwrap(), &path)
    }

    #[test]
    fn stars_stay_in_their_segment_and_two_cross_any_number() {
        for (pattern, path, wanted) in [
            ("/a/*", "/a/b", true),
            ("/a/*", "/a/b/c", false),
            ("/a/*", "/a", false),
            ("/a/**", "/a", true),
            ("/a/**", "/a/b/c", true),
            ("/a/**/z", "/a/z", true),
            ("/a/**/z", "/a/b/c/z", true),
            ("/a/**/z", "/a/b/z/c", false),
            ("/**/b/**/d", "/x/b/c/b/e/d", true),
            ("/a?c", "/abc", true),
            ("/a?c", "/aéc", true),
            ("/a?c", "/ac", false),
            ("/*.pem", "/x.pem", true),
            ("/*a*b*", "/xaxxbx", true),
            ("/*a*b", "/xaxxbx", false),
        ] {
            assert_eq!(whole(pattern, path), wanted, "{pattern} {path}");
        }
    }

    #[test]
    fn choices_are_written_out_nested_ones_too() {
        assert_eq!(forms("/a/{b,c{d,e}}/f").unwrap(), ["/a/b/f", "/a/cd/f", "/a/ce/f"]);
        assert_eq!(forms("/a/{b"), None);
        assert_eq!(forms("/a}"), None);
        assert_eq!(forms(&"{a,b}".repeat(12)), None);
    }

    /// With a matcher that tries every way, this would not end while anybody waits.
    #[test]
    fn hostile_patterns_end_soon() {
        assert!(!whole(&"/**/a*a*a*a*a*a*".repeat(20), &format!("/{}", "a/".repeat(2000))));
        assert!(!whole(&format!("/{}b", "*a".repeat(400)), &format!("/{}", "a".repeat(20_000))));
    }
}
