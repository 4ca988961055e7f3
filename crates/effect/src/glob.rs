//! Matches shell patterns against paths: `*`, `?`, `[…]` within a segment, `**` as a whole segment over any number of
//! segments, backslash escapes. A leading dot is matched only by a dot. Time is bounded by pattern length times text
//! length times a constant: one backtracking point a segment, one over segments.

/// Whether an absolute pattern matches an absolute path.
#[must_use]
pub fn glob_match(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = segments(pattern);
    let path: Vec<&str> = path.split('/').collect();
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(p), path.get(t)) {
            (None, None) => return true,
            (Some(&"**"), _) => {
                retry = Some((p + 1, t));
                p += 1;
                continue;
            }
            (Some(segment), Some(name)) if segment_match(segment, name) => {
                p += 1;
                t += 1;
                continue;
            }
            (Some(_), Some(_)) | (None, Some(_)) | (Some(_), None) => {}
        }
        match retry {
            // `**` swallows one segment more, but no hidden one.
            Some((after, start)) if path.get(start).is_some_and(|name| !name.starts_with('.')) => {
                retry = Some((after, start + 1));
                p = after;
                t = start + 1;
            }
            Some(_) | None => return false,
        }
    }
}

/// Whether a pattern has a character that makes it one.
#[must_use]
pub fn is_pattern(text: &str) -> bool {
    let mut escaped = false;
    text.chars().any(|character| {
        let active = !escaped && matches!(character, '*' | '?' | '[');
        escaped = !escaped && character == '\\';
        active
    })
}

/// A pattern's text without its escapes.
#[must_use]
pub fn unescaped(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character == '\\' {
            text.extend(characters.next());
        } else {
            text.push(character);
        }
    }
    text
}

/// Text as a pattern that matches itself only.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '*' | '?' | '[' | ']' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// The directory above the first segment that is a pattern, without escapes.
#[must_use]
pub fn fixed_prefix(pattern: &str) -> String {
    let fixed: Vec<&str> = segments(pattern).into_iter().take_while(|segment| !is_pattern(segment)).collect();
    let prefix = unescaped(&fixed.join("/"));
    if prefix.is_empty() { "/".to_owned() } else { prefix }
}

/// Splits at slashes; a slash inside brackets ends them, as in every shell.
fn segments(pattern: &str) -> Vec<&str> {
    pattern.split('/').collect()
}

fn segment_match(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with(['.', '\\']) {
        return false;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < name.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p + 1, t));
            p += 1;
            continue;
        }
        match name.get(t).and_then(|character| one(pattern.get(p..).unwrap_or_default(), *character)) {
            Some(used) => {
                p += used;
                t += 1;
            }
            None => match star {
                Some((after, start)) => {
                    star = Some((after, start + 1));
                    p = after;
                    t = start + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|character| *character == '*')
}

/// How much of the pattern one character takes, where it fits.
fn one(pattern: &[char], character: char) -> Option<usize> {
    match pattern {
        ['?', ..] => Some(1),
        ['\\', escaped, ..] => (*escaped == character).then_some(2),
        ['[', rest @ ..] => match set(rest, character) {
            Some((true, used)) => Some(used + 1),
            Some((false, _)) => None,
            None => (character == '[').then_some(1),
        },
        [plain, ..] => (*plain == character).then_some(1),
        [] => None,
    }
}

/// A bracket expression after its `[`: whether the character is in it, and its length; `None` where it never ends.
fn set(pattern: &[char], character: char) -> Option<(bool, usize)> {
    let negated = matches!(pattern.first(), Some('!' | '^'));
    let start = usize::from(negated);
    let mut at = start;
    let mut found = false;
    loop {
        let first = *pattern.get(at)?;
        if first == ']' && at > start {
            return Some((found != negated, at + 1));
        }
        if first == '[' && pattern.get(at + 1) == Some(&':') {
            let length = pattern.get(at..)?.windows(2).position(|pair| pair == [':', ']'])?;
            let name: String = pattern.get(at + 2..at + length)?.iter().collect();
            found |= in_class(&name, character);
            at += length + 2;
            continue;
        }
        let (low, used) = if first == '\\' { (*pattern.get(at + 1)?, 2) } else { (first, 1) };
        at += used;
        let high = if pattern.get(at) == Some(&'-') { pattern.get(at + 1).filter(|high| **high != ']') } else { None };
        if let Some(high) = high {
            found |= (low..=*high).contains(&character);
            at += 2;
        } else {
            found |= low == character;
        }
    }
}

fn in_class(name: &str, character: char) -> bool {
    match name {
        "alpha" => character.is_alphabetic(),
        "digit" => character.is_ascii_digit(),
        "alnum" => character.is_alphanumeric(),
        "upper" => character.is_uppercase(),
        "lower" => character.is_lowercase(),
        "punct" => character.is_ascii_punctuation(),
        "space" | "blank" => character.is_whitespace(),
        // A class we do not know holds everything: more is matched, never less.
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_the_shell() {
        for (pattern, path) in [
            ("/a/*.txt", "/a/b.txt"),
            ("/a/*", "/a/b"),
            ("/a/?", "/a/b"),
            ("/a/[a-c]x", "/a/bx"),
            ("/a/[!d]x", "/a/bx"),
            ("/a/[[:digit:]]", "/a/7"),
            ("/a/**/z", "/a/z"),
            ("/a/**/z", "/a/b/c/z"),
            ("/a/.*", "/a/.env"),
            ("/a/\\*", "/a/*"),
            ("/*/b/*", "/a/b/c"),
            ("/a/[", "/a/["),
            ("/a/*b*c", "/a/xxbyyc"),
            ("/a/[]]", "/a/]"),
        ] {
            assert!(glob_match(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn patterns_do_not_match_more() {
        for (pattern, path) in [
            ("/a/*", "/a/.env"),
            ("/a/*", "/a/b/c"),
            ("/a/?", "/a/bc"),
            ("/a/[a-c]", "/a/d"),
            ("/a/\\*", "/a/b"),
            ("/a/**/z", "/a/.git/z"),
            ("/a/*.txt", "/a/b.txt.gz"),
            ("/a", "/a/b"),
            ("/a/b", "/a"),
        ] {
            assert!(!glob_match(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let pattern = format!("/{}b", "*a".repeat(200));
        let path = format!("/{}", "a".repeat(2000));
        assert!(!glob_match(&pattern, &path));
        let deep = format!("{}/b", "/**".repeat(200));
        assert!(!glob_match(&deep, &"/a".repeat(2000)));
    }

    #[test]
    fn the_fixed_part_of_a_pattern_is_its_directory() {
        assert_eq!(fixed_prefix("/a/b/*.c"), "/a/b");
        assert_eq!(fixed_prefix("/*"), "/");
        assert_eq!(fixed_prefix("/a\\*/b*"), "/a*");
    }
}
