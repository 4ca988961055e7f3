//! Classes of bytes, and how much a run of them varies.

/// Letters and digits.
pub(crate) fn alnum(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// What names are made of.
pub(crate) fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The alphabet of URL-safe base64.
pub(crate) fn base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// The alphabet of base64.
pub(crate) fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Capitals and digits.
pub(crate) fn capital(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

/// Hexadecimal digits.
pub(crate) fn hex(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

/// How many different bytes there are.
pub(crate) fn distinct(run: &[u8]) -> usize {
    let mut seen = [false; 256];
    run.iter().filter(|byte| seen.get_mut(usize::from(**byte)).is_some_and(|seen| !std::mem::replace(seen, true))).count()
}

/// Shannon's entropy, in bits a byte.
#[expect(clippy::cast_precision_loss, reason = "runs are short")]
pub(crate) fn entropy(run: &[u8]) -> f64 {
    let mut counts = [0_usize; 256];
    for byte in run {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let all = run.len() as f64;
    counts.iter().filter(|count| **count > 0).map(|count| *count as f64 / all).map(|share| -share * share.log2()).sum()
}
