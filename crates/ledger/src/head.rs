//! The head file's form: the growing right edge of the log as a sequence of frames, one an append.
//!
//! A frame holds its entries in bundle form, the tree's frontier after them, our signature on the checkpoint of that
//! size, a digest of all that, and its own length again at the end, so that the newest state is read from the end
//! without looking at the rest. The first frame holds no entry: it says where the head begins.
//! Pure: bytes in, frames or the place and kind of the first fault out.
//!
//! ```text
//! "bwf1" · u32 length of entries · u32 count · u64 size after · entries · frontier, 32 bytes a peak
//!        · Ed25519 signature, 64 · SHA-256 of all before, 32 · u32 length of frame · "1fwb"        integers big-endian
//! ```

use std::fmt;

use sha2::{Digest, Sha256};

use crate::tree::{Frontier, Hash};

const MAGIC: [u8; 4] = *b"bwf1";
const END_MAGIC: [u8; 4] = *b"1fwb";

/// Bytes before a frame's entries.
pub const HEADER_BYTES: usize = 20;

/// Bytes at the end of a frame that give its length.
pub const TRAILER_BYTES: usize = 8;

const SIGNATURE_BYTES: usize = 64;
const DIGEST_BYTES: usize = 32;

/// What is wrong with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameFault {
    /// The bytes end before the frame does.
    Cut,
    /// It does not begin or end as a frame does, or its lengths disagree.
    Form,
    /// Its digest is wrong.
    Digest,
    /// It does not follow the frame before it.
    Order,
}

impl fmt::Display for FrameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FrameFault::Cut => "the frame is cut off",
            FrameFault::Form => "this is not a frame",
            FrameFault::Digest => "the frame's digest is wrong",
            FrameFault::Order => "the frame does not follow the one before it",
        })
    }
}

impl std::error::Error for FrameFault {}

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// How many entries.
    pub count: u32,
    /// The entries in bundle form.
    pub entries: &'a [u8],
    /// The tree after them.
    pub frontier: Frontier,
    /// Our signature on the checkpoint of that tree.
    pub signature: [u8; SIGNATURE_BYTES],
    /// The frame's length, in bytes.
    pub len: usize,
}

impl Frame<'_> {
    /// The tree's size before this frame.
    #[must_use]
    pub fn base(&self) -> Option<u64> {
        self.frontier.size().checked_sub(u64::from(self.count))
    }
}

/// A frame's fixed fields, read without looking at the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Length of the entries, in bytes.
    pub entries_bytes: usize,
    /// How many entries.
    pub count: u32,
    /// The tree's size after them.
    pub size: u64,
}

impl Header {
    /// Reads the fixed fields at the start of `bytes`.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Header> {
        let mut fields = Fields(bytes);
        if fields.take::<4>()? != MAGIC {
            return None;
        }
        let entries_bytes = usize::try_from(u32::from_be_bytes(fields.take()?)).ok()?;
        let count = u32::from_be_bytes(fields.take()?);
        Some(Header { entries_bytes, count, size: u64::from_be_bytes(fields.take()?) })
    }

    /// The length that the whole frame has.
    #[must_use]
    pub fn frame_len(&self) -> usize {
        let peaks = 32 * self.size.count_ones() as usize;
        HEADER_BYTES + self.entries_bytes + peaks + SIGNATURE_BYTES + DIGEST_BYTES + TRAILER_BYTES
    }
}

/// Bytes taken from the front, piece by piece.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (piece, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*piece)
    }

    fn slice(&mut self, len: usize) -> Option<&'a [u8]> {
        let (piece, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(piece)
    }
}

/// Writes a frame. `None` where the entries are longer than a frame's length field can say.
#[must_use]
pub fn write(entries: &[u8], count: u32, frontier: &Frontier, signature: &[u8; SIGNATURE_BYTES]) -> Option<Vec<u8>> {
    let entries_bytes = u32::try_from(entries.len()).ok()?;
    let header = Header { entries_bytes: entries.len(), count, size: frontier.size() };
    let len = header.frame_len();
    let mut frame = Vec::with_capacity(len);
    frame.extend_from_slice(&MAGIC);
    frame.extend_from_slice(&entries_bytes.to_be_bytes());
    frame.extend_from_slice(&count.to_be_bytes());
    frame.extend_from_slice(&frontier.size().to_be_bytes());
    frame.extend_from_slice(entries);
    frame.extend_from_slice(frontier.peaks().as_flattened());
    frame.extend_from_slice(signature);
    let digest: Hash = Sha256::digest(&frame).into();
    frame.extend_from_slice(&digest);
    frame.extend_from_slice(&u32::try_from(len).ok()?.to_be_bytes());
    frame.extend_from_slice(&END_MAGIC);
    Some(frame)
}

/// Reads the frame at the start of `bytes`, its digest included.
///
/// # Errors
/// What is wrong with it.
pub fn read(bytes: &[u8]) -> Result<Frame<'_>, FrameFault> {
    let frame = read_form(bytes)?;
    let digested = frame.len - DIGEST_BYTES - TRAILER_BYTES;
    let (content, rest) = bytes.split_at_checked(digested).ok_or(FrameFault::Cut)?;
    let digest: Hash = Sha256::digest(content).into();
    if rest.starts_with(&digest) { Ok(frame) } else { Err(FrameFault::Digest) }
}

/// Reads the frame at the start of `bytes` without computing its digest.
///
/// # Errors
/// What is wrong with it.
pub fn read_form(bytes: &[u8]) -> Result<Frame<'_>, FrameFault> {
    if bytes.len() < HEADER_BYTES {
        return Err(if MAGIC.starts_with(bytes) || bytes.starts_with(&MAGIC) { FrameFault::Cut } else { FrameFault::Form });
    }
    let header = Header::read(bytes).ok_or(FrameFault::Form)?;
    let len = header.frame_len();
    let mut fields = Fields(bytes.get(HEADER_BYTES..len).ok_or(FrameFault::Cut)?);
    read_fields(header, len, &mut fields).ok_or(FrameFault::Form)
}

fn read_fields<'a>(header: Header, len: usize, fields: &mut Fields<'a>) -> Option<Frame<'a>> {
    let entries = fields.slice(header.entries_bytes)?;
    let peaks = fields.slice(32 * header.size.count_ones() as usize)?.as_chunks::<32>().0.to_vec();
    let frontier = Frontier::new(header.size, peaks)?;
    let signature = fields.take()?;
    fields.slice(DIGEST_BYTES)?;
    let repeated = u32::from_be_bytes(fields.take()?);
    let fits = usize::try_from(repeated).ok()? == len && fields.take::<4>()? == END_MAGIC;
    let frame = Frame { count: header.count, entries, frontier, signature, len };
    (fits && frame.base().is_some()).then_some(frame)
}

/// The length of the frame that ends at the end of `bytes`, as its trailer says.
#[must_use]
pub fn last_frame_len(bytes: &[u8]) -> Option<usize> {
    let mut fields = Fields(bytes.last_chunk::<TRAILER_BYTES>()?);
    let len = usize::try_from(u32::from_be_bytes(fields.take()?)).ok()?;
    (fields.take::<4>()? == END_MAGIC).then_some(len)
}

/// How carefully frames are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// Digests of frames whose size is above this are checked; those below were seen whole before.
    DigestsAbove(u64),
    /// All digests are checked.
    All,
}

/// Frames read one after the other.
#[derive(Debug)]
pub struct Scan<'a> {
    /// The good frames, each with its offset.
    pub frames: Vec<(usize, Frame<'a>)>,
    /// Where the good frames end.
    pub end: usize,
    /// What is wrong with the frame there, if anything follows.
    pub fault: Option<FrameFault>,
}

/// Reads frames until the bytes end or one is wrong. `after` is the tree's size before the first one; `None` where the
/// bytes begin the file, whose first frame holds no entry.
#[must_use]
pub fn scan(bytes: &[u8], after: Option<u64>, care: Care) -> Scan<'_> {
    let mut scan = Scan { frames: Vec::new(), end: 0, fault: None };
    let mut size = after;
    while let Some(rest) = bytes.get(scan.end..).filter(|rest| !rest.is_empty()) {
        match next_frame(rest, size, care) {
            Ok(frame) => {
                size = Some(frame.frontier.size());
                let offset = scan.end;
                scan.end += frame.len;
                scan.frames.push((offset, frame));
            }
            Err(fault) => {
                scan.fault = Some(fault);
                break;
            }
        }
    }
    scan
}

fn next_frame(bytes: &[u8], after: Option<u64>, care: Care) -> Result<Frame<'_>, FrameFault> {
    let mut frame = read_form(bytes)?;
    let unseen = match care {
        Care::All => true,
        Care::DigestsAbove(seen) => frame.frontier.size() > seen,
    };
    if unseen {
        frame = read(bytes)?;
    }
    let follows = match after {
        Some(size) => frame.base() == Some(size) && frame.count > 0,
        None => frame.count == 0 && frame.entries.is_empty() && frame.frontier.size().is_multiple_of(crate::tile::TILE_WIDTH),
    };
    if follows { Ok(frame) } else { Err(FrameFault::Order) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;
    use crate::bundle;
    use crate::tree::leaf_hash;

    fn head() -> Vec<u8> {
        let mut frontier = Frontier::default();
        let mut bytes = write(&[], 0, &frontier, &[1; 64]).unwrap();
        for group in [&["a", "bc"][..], &["def"]] {
            let mut entries = Vec::new();
            for entry in group {
                assert!(bundle::push(&mut entries, entry.as_bytes()));
                frontier.push(leaf_hash(entry.as_bytes()));
            }
            bytes.extend(write(&entries, u32::try_from(group.len()).unwrap(), &frontier, &[2; 64]).unwrap());
        }
        bytes
    }

    #[test]
    fn frames_come_back_and_the_last_is_found_from_the_end() {
        let head = head();
        let scan = scan(&head, None, Care::All);
        assert_eq!((scan.frames.len(), scan.end, scan.fault), (3, head.len(), None));
        let (offset, last) = scan.frames.last().unwrap();
        assert_eq!(last_frame_len(&head), Some(head.len() - offset));
        assert_eq!((last.frontier.size(), last.base(), last.entries), (3, Some(2), &b"\0\x03def"[..]));
    }

    #[test]
    fn a_head_cut_anywhere_gives_the_frames_before_the_cut() {
        let head = head();
        let ends: Vec<usize> = scan(&head, None, Care::All).frames.iter().map(|(at, frame)| at + frame.len).collect();
        for cut in 0..head.len() {
            let scan = scan(&head[..cut], None, Care::All);
            assert_eq!(scan.end, ends.iter().copied().filter(|end| *end <= cut).max().unwrap_or(0), "cut at {cut}");
            assert_eq!(scan.fault.is_some(), scan.end < cut, "cut at {cut}");
        }
    }

    #[test]
    fn a_changed_byte_is_a_fault_of_its_frame() {
        let head = head();
        let starts: Vec<usize> = scan(&head, None, Care::All).frames.iter().map(|(at, _)| *at).collect();
        for at in 0..head.len() {
            let mut changed = head.clone();
            changed[at] ^= 0x10;
            let scan = scan(&changed, None, Care::All);
            assert!(scan.fault.is_some(), "byte {at}");
            assert_eq!(Some(scan.end), starts.iter().copied().filter(|start| *start <= at).max(), "byte {at}");
        }
    }

    #[test]
    fn frames_out_of_order_are_a_fault() {
        let head = head();
        let starts: Vec<usize> = scan(&head, None, Care::All).frames.iter().map(|(at, _)| *at).collect();
        let swapped = [&head[..starts[1]], &head[starts[2]..], &head[starts[1]..starts[2]]].concat();
        assert_eq!(scan(&swapped, None, Care::All).fault, Some(FrameFault::Order));
        assert_eq!(scan(&head[starts[1]..], None, Care::All).fault, Some(FrameFault::Order));
    }

    proptest! {
        #[test]
        fn foreign_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), keep in 0usize..300) {
            let mixed = [&head()[..keep], &bytes].concat();
            let _ = scan(&mixed, None, Care::All);
            let _ = scan(&bytes, Some(3), Care::DigestsAbove(5));
            let _ = last_frame_len(&bytes);
        }
    }
}
