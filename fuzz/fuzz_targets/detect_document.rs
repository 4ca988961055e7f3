//! Any bytes as what stands inside a document, so that no checksum or compression has to be guessed: a PDF's objects, what one
//! of its streams holds, its filters; an office document's part, its directory. Reading ends without a panic and in time.
#![no_main]

use bailiwick_detect::{Limits, scan_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let half = rest.len() / 2;
    let (first, second) = rest.split_at(half);
    let file = match kind % 6 {
        0 => [b"%PDF-1.7\n", rest].concat(),
        1 => pdf(b"/Filter /FlateDecode", &deflated(rest)),
        2 => [pdf(b"/Filter /FlateDecode", &deflated(first)), pdf(b"", second)].concat(),
        3 => pdf(first, second),
        4 => archive(rest, None),
        _ => archive(first, Some(second)),
    };
    let _ = scan_bytes(&file, &Limits { classifier: Some(0.1), ..Limits::default() });
});

fn deflated(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, 1)
}

fn pdf(dictionary: &[u8], stream: &[u8]) -> Vec<u8> {
    [b"%PDF-1.7\n1 0 obj << ", dictionary, b" >> stream\n", stream, b"\nendstream endobj\n"].concat()
}

/// A ZIP archive of one part; with `tail` in the place of its directory's first bytes.
fn archive(part: &[u8], tail: Option<&[u8]>) -> Vec<u8> {
    let name = b"word/document.xml";
    let data = miniz_oxide::deflate::compress_to_vec(part, 1);
    let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(0).to_le_bytes();
    let head = [&[20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &size(&data), &size(part), &[17, 0, 0, 0]].concat();
    let local = [b"PK\x03\x04", head.as_slice(), name, &data].concat();
    let mut entry = [b"PK\x01\x02\x14\x00", head.as_slice(), &[0; 14], name].concat();
    for (byte, other) in entry.iter_mut().skip(6).zip(tail.unwrap_or_default()) {
        *byte = *other;
    }
    let end = [b"PK\x05\x06", &[0, 0, 0, 0, 1, 0, 1, 0][..], &size(&entry), &size(&local), &[0, 0]].concat();
    [local, entry, end].concat()
}
