//! Office documents (DOCX, PPTX, XLSX, ODT): ZIP archives of XML. In: a file's bytes. Out: the text between the tags of the
//! parts that hold text, hidden text included, and whether a part could not be read.
//!
//! Only the central directory is believed, sizes are bounded, and no name is ever used as a path.

use crate::document::inflate::{MOST_INFLATED, Packed, inflate};

/// Parts read at most.
const MOST_PARTS: usize = 256;
/// Text of a document at most.
const MOST_TEXT: usize = 16 << 20;
/// What all parts may become together: entries can name the same data over and over.
const MOST_TOTAL: usize = 64 << 20;

const END: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";

/// The document's text; nothing where the archive is no document.
pub(crate) fn text(bytes: &[u8]) -> Option<(String, bool)> {
    let tail = bytes.len().saturating_sub(66_000);
    let end = tail + bytes.get(tail..)?.windows(4).rposition(|window| window == END)?;
    let mut at = long(bytes, end + 16)?;
    let mut out = String::new();
    let mut partial = false;
    let (mut parts, mut total) = (0, 0);
    while bytes.get(at..at + 4) == Some(ENTRY) {
        let name_length = short(bytes, at + 28)?;
        let name = bytes.get(at + 46..at + 46 + name_length)?;
        if is_text(name) {
            parts += 1;
            if parts > MOST_PARTS || out.len() > MOST_TEXT || total > MOST_TOTAL {
                return Some((out, true));
            }
            match part(bytes, at) {
                Some(xml) => {
                    total += xml.len();
                    partial |= xml.len() >= MOST_INFLATED;
                    strip(&String::from_utf8_lossy(&xml), &mut out);
                }
                None => partial = true,
            }
        }
        // A document within the document is not taken apart.
        partial |= name.windows(12).any(|window| window == b"/embeddings/");
        at += 46 + name_length + short(bytes, at + 30)? + short(bytes, at + 32)?;
    }
    (parts > 0).then_some((out, partial))
}

/// The parts that hold what is read: bodies, headers, comments, notes, slides, shared strings, properties.
fn is_text(name: &[u8]) -> bool {
    let inside = [
        &b"word/"[..],
        b"ppt/slides/",
        b"ppt/notesSlides/",
        b"ppt/comments",
        b"xl/sharedStrings",
        b"xl/comments",
        b"xl/worksheets/",
        b"docProps/",
    ];
    name.ends_with(b".xml")
        && !name.ends_with(b"styles.xml")
        && (inside.iter().any(|start| name.starts_with(start)) || matches!(name, b"content.xml" | b"meta.xml"))
}

/// One part, inflated.
fn part(bytes: &[u8], entry: usize) -> Option<Vec<u8>> {
    let method = short(bytes, entry + 10)?;
    let size = long(bytes, entry + 20)?;
    let local = long(bytes, entry + 42)?;
    let data = local + 30 + short(bytes, local + 26)? + short(bytes, local + 28)?;
    let data = bytes.get(data..data.checked_add(size)?)?;
    match method {
        0 => Some(data.get(..data.len().min(MOST_INFLATED))?.to_vec()),
        8 => inflate(data, Packed::Raw),
        _ => None,
    }
}

/// Text without tags; the ends of paragraphs, rows and cells are line ends.
fn strip(xml: &str, out: &mut String) {
    for piece in xml.split('<').skip(1) {
        let Some((tag, text)) = piece.split_once('>') else { continue };
        if matches!(tag, "/w:p" | "/a:p" | "/text:p" | "/si" | "/row") || tag.starts_with("w:br") {
            out.push('\n');
        }
        out.push_str(text);
    }
    out.push('\n');
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..at + 2)?.first_chunk::<2>().map(|two| usize::from(u16::from_le_bytes(*two)))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at + 4)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*four)).ok()
}
