//! The escapes of `$'…'`: text in, bytes out, up to the first NUL as in bash.

/// The bytes that `text` stands for; `None` for an escape that is not read.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first != b'\\' {
            bytes.push(first);
            rest = tail;
            continue;
        }
        let (&kind, tail) = tail.split_first()?;
        rest = escape(kind, tail, &mut bytes)?;
    }
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    bytes.truncate(end);
    Some(bytes)
}

/// Decodes one escape whose letter is `kind`; what follows it.
fn escape<'t>(kind: u8, tail: &'t [u8], bytes: &mut Vec<u8>) -> Option<&'t [u8]> {
    if let Some(byte) = simple(kind) {
        bytes.push(byte);
        return Some(tail);
    }
    match kind {
        b'0'..=b'7' => {
            let (value, more) = number(tail, 8, 2);
            let digits = tail.len() - more.len();
            let first = u32::from(kind - b'0') << (3 * digits);
            bytes.push((first | value).to_le_bytes()[0]);
            Some(more)
        }
        b'x' => {
            let (value, more) = number(tail, 16, 2);
            if more.len() == tail.len() {
                return None;
            }
            bytes.push(value.to_le_bytes()[0]);
            Some(more)
        }
        b'u' => unicode(tail, 4, bytes),
        b'U' => unicode(tail, 8, bytes),
        b'c' => {
            let (&control, more) = tail.split_first()?;
            if control == b'\\' || !control.is_ascii() {
                return None;
            }
            bytes.push(if control == b'?' { 0x7f } else { control & 0x1f });
            Some(more)
        }
        other => {
            bytes.extend([b'\\', other]);
            Some(tail)
        }
    }
}

fn simple(kind: u8) -> Option<u8> {
    Some(match kind {
        b'a' => 0x07,
        b'b' => 0x08,
        b'e' | b'E' => 0x1b,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'\\' | b'\'' | b'"' | b'?' => kind,
        _ => return None,
    })
}

fn unicode<'t>(tail: &'t [u8], digits: usize, bytes: &mut Vec<u8>) -> Option<&'t [u8]> {
    let (value, more) = number(tail, 16, digits);
    if more.len() == tail.len() {
        return None;
    }
    let char = char::from_u32(value)?;
    bytes.extend(char.encode_utf8(&mut [0; 4]).bytes());
    Some(more)
}

/// Up to `most` digits of `radix`, and what follows them.
fn number(mut tail: &[u8], radix: u32, most: usize) -> (u32, &[u8]) {
    let mut value = 0_u32;
    for _ in 0..most {
        let Some((&first, more)) = tail.split_first() else { break };
        let Some(digit) = char::from(first).to_digit(radix) else { break };
        value = value * radix + digit;
        tail = more;
    }
    (value, tail)
}
