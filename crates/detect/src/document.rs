//! Files that are not plain text: what of them is text. In: bytes. Out: a text, as long as the bytes where they are one, and
//! what could not be read.

pub(crate) mod inflate;
mod office;
mod pdf;

use std::borrow::Cow;

use crate::dress::Dress;

/// What a file holds.
#[derive(Debug)]
pub(crate) enum Document<'a> {
    /// Text: the bytes themselves, as many as are looked at, what is not UTF-8 replaced byte for byte.
    Plain(Cow<'a, str>),
    /// An archive of no known kind: what it holds is not read.
    Archive,
    /// Text that was taken out of a format; places in it are not places in the file.
    Extracted {
        /// Which format.
        dress: Dress,
        /// What it says.
        text: String,
        /// Whether something in it could not be read.
        partial: bool,
    },
}

/// Reads a file's bytes; of plain text and of UTF-16 no more than `most`.
pub(crate) fn read(bytes: &[u8], most: usize) -> Document<'_> {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    if head.windows(5).any(|window| window == b"%PDF-") {
        let (text, partial) = pdf::text(bytes);
        return Document::Extracted { dress: Dress::Pdf, text, partial };
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return match office::text(bytes) {
            Some((text, partial)) => Document::Extracted { dress: Dress::Office, text, partial },
            None => Document::Archive,
        };
    }
    if bytes.starts_with(&[0x1F, 0x8B, 8])
        && let Some(inflated) = inflate::inflate(bytes, inflate::Packed::Gzip)
    {
        let partial = inflated.len() >= inflate::MOST_INFLATED;
        return Document::Extracted { dress: Dress::Compressed, text: lossy(&inflated).into_owned(), partial };
    }
    let head = bytes.get(..bytes.len().min(most)).unwrap_or(bytes);
    match wide(head) {
        Some(text) => Document::Extracted { dress: Dress::Utf16, text, partial: head.len() < bytes.len() },
        None => Document::Plain(lossy(head)),
    }
}

/// The text of UTF-16 with its mark.
fn wide(bytes: &[u8]) -> Option<String> {
    let read: fn([u8; 2]) -> u16 = match bytes.first_chunk::<2>()? {
        [0xFF, 0xFE] => u16::from_le_bytes,
        [0xFE, 0xFF] => u16::from_be_bytes,
        _ => return None,
    };
    let pairs = bytes.get(2..)?.chunks_exact(2);
    let units: Vec<u16> = pairs.filter_map(|pair| pair.first_chunk::<2>().map(|pair| read(*pair))).collect();
    Some(String::from_utf16_lossy(&units))
}

/// Valid stretches as they are, each other byte as one control character that means nothing.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\u{1A}'));
    }
    Cow::Owned(text)
}
