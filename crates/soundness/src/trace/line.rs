//! One line of strace's log taken apart: name, arguments as written, result.

/// A finished call.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) name: &'a str,
    arguments: Vec<&'a str>,
    /// What stands behind ` = `.
    pub(super) result: &'a str,
    /// The error's name, where it failed.
    pub(super) error: Option<&'a str>,
}

/// Takes a line apart; `None` for anything that is not a finished call.
pub(super) fn parse(line: &str) -> Option<Call<'_>> {
    let open = line.find('(')?;
    let name = line.get(..open)?;
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return None;
    }
    let (arguments, after) = arguments(line.get(open + 1..)?)?;
    let result = after.trim_start().strip_prefix('=')?.trim_start();
    let error = result.strip_prefix("-1 ").and_then(|rest| rest.split_whitespace().next());
    Some(Call { name, arguments, result, error })
}

/// Splits at the commas of the outermost level, up to the closing parenthesis; gives also what comes after it.
fn arguments(text: &str) -> Option<(Vec<&str>, &str)> {
    let (mut found, mut start, mut depth, mut quoted, mut escaped) = (Vec::new(), 0, 0_i32, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'(' | b'[' | b'{' => depth += 1,
            b')' if depth == 0 => {
                found.push(text.get(start..at)?.trim());
                return Some((found, text.get(at + 1..)?));
            }
            b')' | b']' | b'}' => depth -= 1,
            b',' if depth == 0 => {
                found.push(text.get(start..at)?.trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    None
}

impl Call<'_> {
    /// An argument as written; empty where there is none.
    pub(super) fn argument(&self, at: usize) -> &str {
        self.arguments.get(at).copied().unwrap_or_default()
    }

    /// Whether a word stands in any argument.
    pub(super) fn mentions(&self, word: &str) -> bool {
        self.arguments.iter().any(|argument| argument.contains(word))
    }

    /// An argument that is a string.
    pub(super) fn text(&self, at: usize) -> Option<String> {
        let bytes = strings(self.argument(at)).into_iter().next()?;
        self.argument(at).starts_with('"').then(|| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// All strings in an argument.
    pub(super) fn texts(&self, at: usize) -> Vec<String> {
        strings(self.argument(at)).iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
    }

    /// The path that strace puts behind a descriptor: `3</a/b>`, `AT_FDCWD</a>`.
    pub(super) fn place(&self, at: usize) -> Option<String> {
        annotated(self.argument(at))
    }

    /// The path behind the descriptor that the call gave.
    pub(super) fn opened(&self) -> Option<String> {
        if self.error.is_some() { None } else { annotated(self.result) }
    }
}

fn annotated(text: &str) -> Option<String> {
    let (_, rest) = text.split_once('<')?;
    let path = rest.rsplit_once('>')?.0;
    let path = path.strip_suffix(" (deleted)").unwrap_or(path);
    // A device stands as `</dev/null<char 1:3>>`.
    let path = path.split_once('<').map_or(path, |(path, _)| path);
    let path = String::from_utf8_lossy(&unescape(path)).into_owned();
    path.starts_with('/').then_some(path)
}

/// The quoted strings of a text, unescaped.
pub(super) fn strings(text: &str) -> Vec<Vec<u8>> {
    let (mut found, mut start, mut escaped) = (Vec::new(), None, false);
    for (at, byte) in text.bytes().enumerate() {
        match (byte, start) {
            _ if escaped => escaped = false,
            (b'\\', Some(_)) => escaped = true,
            (b'"', None) => start = Some(at + 1),
            (b'"', Some(from)) => {
                found.push(unescape(text.get(from..at).unwrap_or_default()));
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// C's escapes taken out: `\n`, `\"`, `\303`, `\x1b`.
fn unescape(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        at += 1;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some(code) = bytes.get(at).copied() else { break };
        at += 1;
        match code {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'v' => out.push(0x0b),
            b'f' => out.push(0x0c),
            b'0'..=b'7' => {
                let digits =
                    bytes.get(at - 1..).unwrap_or_default().iter().take(3).take_while(|byte| (b'0'..=b'7').contains(byte));
                let digits: Vec<u8> = digits.copied().collect();
                out.push(digits.iter().fold(0, |value: u8, digit| value.wrapping_mul(8).wrapping_add(digit - b'0')));
                at += digits.len() - 1;
            }
            other => out.push(other),
        }
    }
    out
}
