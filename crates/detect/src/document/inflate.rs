//! Compressed data, with a bound on what comes out of it: a bomb gives its first part and no more.

use miniz_oxide::inflate::{DecompressError, decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit};

/// What one stream may become at most.
pub(crate) const MOST_INFLATED: usize = 8 << 20;

/// In what frame the stream stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packed {
    Zlib,
    Gzip,
    Raw,
}

/// Whether bytes begin as a compressed stream does.
pub(crate) fn packed(head: &[u8]) -> Option<Packed> {
    match head {
        [0x1F, 0x8B, 8, ..] => Some(Packed::Gzip),
        [0x78, 0x01 | 0x5E | 0x9C | 0xDA, ..] => Some(Packed::Zlib),
        _ => None,
    }
}

/// What a stream holds; of one that is broken or too long, the first part.
pub(crate) fn inflate(bytes: &[u8], packed: Packed) -> Option<Vec<u8>> {
    let result = match packed {
        Packed::Zlib => decompress_to_vec_zlib_with_limit(bytes, MOST_INFLATED),
        Packed::Gzip => decompress_to_vec_with_limit(bytes.get(gzip_header(bytes)?..)?, MOST_INFLATED),
        Packed::Raw => decompress_to_vec_with_limit(bytes, MOST_INFLATED),
    };
    let out = result.unwrap_or_else(|DecompressError { output, .. }| output);
    (!out.is_empty()).then_some(out)
}

/// The length of a gzip header (RFC 1952, section 2.3).
fn gzip_header(bytes: &[u8]) -> Option<usize> {
    let flags = *bytes.get(3)?;
    let mut at = 10;
    if flags & 4 != 0 {
        at += 2 + usize::from(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            at += bytes.get(at..)?.iter().position(|byte| *byte == 0)? + 1;
        }
    }
    Some(at + if flags & 2 != 0 { 2 } else { 0 })
}
