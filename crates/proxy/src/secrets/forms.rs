//! The spellings of one text: as it is, in hexadecimal, in base64 at every offset, percent-encoded, with JSON's escaped
//! slash. In: a text. Out: all of them, in an order that depends on the text's shape alone.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

/// All spellings; two texts of one shape have theirs at the same places and as long.
pub(crate) fn forms(text: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut forms =
        vec![Zeroizing::new(text.to_vec()), hexadecimal(text, b"0123456789abcdef"), hexadecimal(text, b"0123456789ABCDEF")];
    for offset in 0..3 {
        forms.push(inner(&STANDARD_NO_PAD, text, offset));
        forms.push(inner(&URL_SAFE_NO_PAD, text, offset));
        // At the end of what was encoded, the last letter depends on the text alone.
        forms.push(inner(&STANDARD, text, offset));
        forms.push(inner(&URL_SAFE, text, offset));
    }
    if text.iter().any(|byte| !is_unreserved(*byte)) {
        forms.push(percent(text, b"0123456789ABCDEF"));
        forms.push(percent(text, b"0123456789abcdef"));
    }
    if text.contains(&b'/') {
        forms.push(slashes(text));
    }
    forms
}

/// RFC 3986: never percent-encoded.
pub(crate) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

fn hexadecimal(text: &[u8], digits: &[u8; 16]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() * 2));
    for byte in text {
        push_hex(&mut bytes, *byte, digits);
    }
    bytes
}

fn push_hex(bytes: &mut Vec<u8>, byte: u8, digits: &[u8; 16]) {
    for nibble in [byte >> 4, byte & 15] {
        bytes.extend(digits.get(usize::from(nibble)));
    }
}

fn percent(text: &[u8], digits: &[u8; 16]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() * 3));
    for byte in text {
        if is_unreserved(*byte) {
            bytes.push(*byte);
        } else {
            bytes.push(b'%');
            push_hex(&mut bytes, *byte, digits);
        }
    }
    bytes
}

fn slashes(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() * 2));
    for byte in text {
        if *byte == b'/' {
            bytes.push(b'\\');
        }
        bytes.push(*byte);
    }
    bytes
}

/// What base64 says of the text wherever `offset` bytes (modulo 3) stand before it: without the letters at both ends that
/// depend on the neighbours; with padding, at the end of what was encoded.
fn inner(engine: &impl Engine, text: &[u8], offset: usize) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() + offset));
    bytes.resize(offset, 0);
    bytes.extend(text);
    let encoded = Zeroizing::new(engine.encode(&*bytes));
    let (start, whole) = ((offset * 8).div_ceil(6), bytes.len() * 8 / 6);
    let end = if encoded.ends_with('=') { encoded.len() } else { whole };
    Zeroizing::new(encoded.as_bytes().get(start..end).unwrap_or_default().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn base64_of_anything_around_holds_a_form(text in "[a-zA-Z0-9/+_-]{16,40}", before in "[ -~]{0,9}", after in "[ -~]{0,9}") {
            let around = format!("{before}{text}{after}");
            let forms = forms(text.as_bytes());
            for engine in [&STANDARD as &dyn Fn64, &URL_SAFE_NO_PAD] {
                let encoded = engine.text(around.as_bytes());
                prop_assert!(forms.iter().any(|form| encoded.as_bytes().windows(form.len()).any(|window| window == form.as_slice())));
            }
        }

        #[test]
        fn texts_of_one_shape_have_forms_of_one_shape(text in "[a-z0-9/+]{16,30}", other in "[A-Z]{30}") {
            let letters = text.bytes().zip(other.bytes()).map(|(byte, other)| if is_unreserved(byte) { other } else { byte });
            let other: Vec<u8> = letters.collect();
            let lengths = |text: &[u8]| forms(text).iter().map(|form| form.len()).collect::<Vec<_>>();
            prop_assert_eq!(lengths(text.as_bytes()), lengths(&other));
        }
    }

    trait Fn64 {
        fn text(&self, bytes: &[u8]) -> String;
    }

    impl<E: Engine> Fn64 for E {
        fn text(&self, bytes: &[u8]) -> String {
            self.encode(bytes)
        }
    }
}
