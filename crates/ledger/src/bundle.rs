//! Entry bundles (c2sp.org/tlog-tiles): entries one after the other, each behind its length as a big-endian `uint16`.
//!
//! Pure. The same form is used inside the frames of the head file, so that sealing a bundle copies bytes.

use std::fmt;

/// The length prefix has 16 bits.
pub const MAX_ENTRY_BYTES: usize = 65_535;

/// Adds one entry. The caller has checked its length against [`MAX_ENTRY_BYTES`]; a longer one is not added and gives `false`.
#[must_use]
pub fn push(bundle: &mut Vec<u8>, entry: &[u8]) -> bool {
    let Ok(length) = u16::try_from(entry.len()) else { return false };
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    true
}

/// Where the bytes of a bundle stop being entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truncated {
    /// Offset of the length prefix whose entry is not whole.
    pub offset: usize,
}

impl fmt::Display for Truncated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the entry at byte {} of the bundle is cut off", self.offset)
    }
}

impl std::error::Error for Truncated {}

/// The entries of a bundle with the offset of each one's length prefix.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    bytes: &'a [u8],
    offset: usize,
}

/// Reads a bundle; the iterator ends after the first error.
#[must_use]
pub fn entries(bytes: &[u8]) -> Entries<'_> {
    Entries { bytes, offset: 0 }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<(usize, &'a [u8]), Truncated>;

    fn next(&mut self) -> Option<Self::Item> {
        let offset = self.offset;
        let rest = self.bytes.get(offset..)?;
        if rest.is_empty() {
            return None;
        }
        let whole = rest.split_first_chunk::<2>().and_then(|(length, rest)| rest.get(..usize::from(u16::from_be_bytes(*length))));
        let Some(entry) = whole else {
            self.offset = self.bytes.len();
            return Some(Err(Truncated { offset }));
        };
        self.offset = offset + 2 + entry.len();
        Some(Ok((offset, entry)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pushed_is_read_back_with_offsets() {
        let mut bundle = Vec::new();
        assert!(push(&mut bundle, b"abc"));
        assert!(push(&mut bundle, b""));
        assert!(push(&mut bundle, &[7; MAX_ENTRY_BYTES]));
        let read: Vec<_> = entries(&bundle).map(Result::unwrap).collect();
        assert_eq!(read, [(0, &b"abc"[..]), (5, b""), (7, &[7; MAX_ENTRY_BYTES][..])]);
    }

    #[test]
    fn an_entry_over_the_limit_is_not_added() {
        let mut bundle = Vec::new();
        assert!(!push(&mut bundle, &[0; MAX_ENTRY_BYTES + 1]));
        assert!(bundle.is_empty());
    }

    #[test]
    fn a_cut_bundle_names_the_entry_that_is_cut() {
        let read: Vec<_> = entries(b"\0\x01a\0\x05bc").collect();
        assert_eq!(read, [Ok((0, &b"a"[..])), Err(Truncated { offset: 3 })]);
        assert_eq!(entries(b"\0").next(), Some(Err(Truncated { offset: 0 })));
    }
}
