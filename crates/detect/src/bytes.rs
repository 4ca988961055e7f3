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

/// Bytes looked at together: a loop over so many without a branch becomes a few instructions on all of them.
const BLOCK: usize = 32;

/// The first byte of a kind that few are of. `is` should have no branches (`|` for `||`).
#[inline]
pub(crate) fn position(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let blocks = bytes.chunks_exact(BLOCK);
    let past = bytes.len() - blocks.remainder().len();
    for (block, at) in blocks.zip((0..).step_by(BLOCK)) {
        if block.iter().fold(false, |any, byte| any | is(*byte))
            && let Some(offset) = block.iter().position(|byte| is(*byte))
        {
            return Some(at + offset);
        }
    }
    bytes.get(past..)?.iter().position(|byte| is(*byte)).map(|offset| past + offset)
}

/// The same for the first of two bytes in a row.
#[inline]
pub(crate) fn position_of_pair(bytes: &[u8], is: impl Fn(u8, u8) -> bool) -> Option<usize> {
    let after = bytes.get(1..)?;
    let blocks = bytes.chunks_exact(BLOCK).zip(after.chunks_exact(BLOCK));
    let mut past = 0;
    for (block, next) in blocks {
        let pairs = || block.iter().zip(next);
        if pairs().fold(false, |any, (byte, next)| any | is(*byte, *next))
            && let Some(offset) = pairs().position(|(byte, next)| is(*byte, *next))
        {
            return Some(past + offset);
        }
        past += BLOCK;
    }
    let rest = bytes.get(past..)?.iter().zip(after.get(past..)?);
    rest.enumerate().find(|(_, (byte, next))| is(**byte, **next)).map(|(offset, _)| past + offset)
}

/// How many bytes of a kind that few are of there are, up to `most`. `is` should have no branches.
#[inline]
pub(crate) fn count(bytes: &[u8], most: usize, is: impl Fn(u8) -> bool) -> usize {
    let blocks = bytes.chunks_exact(BLOCK);
    let of = |part: &[u8]| part.iter().filter(|byte| is(**byte)).count();
    let mut all = of(blocks.remainder());
    for block in blocks {
        if block.iter().fold(false, |any, byte| any | is(*byte)) {
            all += of(block);
            if all >= most {
                break;
            }
        }
    }
    all.min(most)
}
