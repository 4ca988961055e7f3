//! The head file: every frame whole, in order and signed; and where one is not, the byte that makes it so.

use super::{Fault, VerifyFailure};
use crate::head::{self, Care, Frame, FrameFault, HEADER_BYTES};
use crate::note::{Checkpoint, VerifierKey};
use crate::tree::Frontier;
use crate::{bundle, canonical, tree};

/// A head whose frames are whole, in order and signed. Their entries are not looked at yet.
pub(super) struct Checked<'a> {
    pub(super) frames: Vec<(usize, Frame<'a>)>,
    pub(super) end: usize,
    pub(super) torn_bytes: u64,
    pub(super) start: Frontier,
    pub(super) last: Frontier,
    pub(super) signature: [u8; 64],
}

impl Checked<'_> {
    pub(super) fn size(&self) -> u64 {
        self.last.size()
    }
}

/// Checks the head. What is wrong behind the size that `latest` signed for is torn, not tampered with.
pub(super) fn check<'a>(bytes: &'a [u8], key: &VerifierKey, signed: u64) -> Result<Checked<'a>, VerifyFailure> {
    let scan = head::scan(bytes, None, Care::All);
    for (offset, frame) in &scan.frames {
        if !is_signed(key, &frame.frontier, &frame.signature) {
            let at = offset + HEADER_BYTES + frame.entries.len() + 32 * frame.frontier.peaks().len();
            return Err(VerifyFailure::new("head", at, None, Fault::Signature));
        }
    }
    let (Some((_, first)), Some((_, last))) = (scan.frames.first(), scan.frames.last()) else {
        let fault = scan.fault.unwrap_or(FrameFault::Cut);
        return Err(VerifyFailure::new("head", 0, None, Fault::Frame(fault)));
    };
    let (start, last, signature) = (first.frontier.clone(), last.frontier.clone(), last.signature);
    if let Some(fault) = scan.fault.filter(|_| last.size() < signed) {
        return Err(blame_frame(bytes, scan.end, &last, key, fault));
    }
    let torn_bytes = (bytes.len() - scan.end) as u64;
    Ok(Checked { frames: scan.frames, end: scan.end, torn_bytes, start, last, signature })
}

/// Where in a broken frame the break is.
fn blame_frame(bytes: &[u8], at: usize, before: &Frontier, key: &VerifierKey, fault: FrameFault) -> VerifyFailure {
    let whole = VerifyFailure::new("head", at, Some(before.size()), Fault::Frame(fault));
    let Some(frame) = bytes.get(at..) else { return whole };
    let Some(header) = head::Header::read(frame) else { return whole };
    let (mut frontier, mut content) = (before.clone(), Vec::new());
    let entries = frame.get(HEADER_BYTES..).unwrap_or_default();
    for entry in bundle::entries(entries).take(usize::try_from(header.count).unwrap_or(usize::MAX)) {
        let Ok((offset, entry)) = entry else { return whole };
        if let Err(error) = canonical::decode(entry) {
            let offset = at + HEADER_BYTES + offset + 2 + error.offset();
            return VerifyFailure::new("head", offset, Some(frontier.size()), Fault::Entry(error));
        }
        let _ = bundle::push(&mut content, entry);
        frontier.push(tree::leaf_hash(entry));
    }
    let signature_at = HEADER_BYTES + content.len() + 32 * frontier.peaks().len();
    let signature = frame.get(signature_at..).and_then(|rest| rest.first_chunk::<64>());
    match signature {
        // Entries and signature belong together: what differs from the frame that they make is the fault.
        Some(signature) if is_signed(key, &frontier, signature) => {
            let good = head::write(&content, header.count, &frontier, signature).unwrap_or_default();
            VerifyFailure::new("head", at + canonical::first_difference(&good, frame), None, Fault::Frame(fault))
        }
        Some(_) | None => whole,
    }
}

fn is_signed(key: &VerifierKey, frontier: &Frontier, signature: &[u8; 64]) -> bool {
    let checkpoint = Checkpoint { origin: key.name().to_owned(), size: frontier.size(), root: frontier.root() };
    key.signed(&checkpoint, signature)
}
