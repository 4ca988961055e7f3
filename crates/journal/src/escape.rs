//! Bytes that need not be text, as JSON text: UTF-8 stays readable, every other byte and `%` become `%XX`. Nothing is
//! lost, and no two byte strings share a text.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::Path;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A file name, path, link target or attribute as bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Bytes {
    pub(crate) fn of(text: &OsStr) -> Bytes {
        Bytes(text.as_bytes().to_vec())
    }

    pub(crate) fn os(&self) -> &OsStr {
        OsStr::from_bytes(&self.0)
    }

    pub(crate) fn path(&self) -> &Path {
        Path::new(self.os())
    }

    pub(crate) fn into_os(self) -> OsString {
        OsString::from_vec(self.0)
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(text) if !text.contains('%') => serializer.serialize_str(text),
            Ok(_) | Err(_) => serializer.serialize_str(&escaped(&self.0)),
        }
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        let text = String::deserialize(deserializer)?;
        unescaped(&text).map(Bytes).ok_or_else(|| D::Error::custom("a % that two hexadecimal digits do not follow"))
    }
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '%' => text.push_str("%25"),
                other => text.push(other),
            }
        }
        for byte in chunk.invalid() {
            text.push('%');
            text.push_str(&hex(&[*byte]));
        }
    }
    text
}

fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    Some(bytes)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn any_bytes_come_back() {
        for bytes in [&b"plain"[..], b"", b"100%", b"\xff\xfe%41\n\"", "ü%".as_bytes(), b"\xc3", b"a\x80b", b"%25"] {
            let text = serde_json::to_string(&Bytes(bytes.to_vec())).unwrap();
            assert_eq!(serde_json::from_str::<Bytes>(&text).unwrap().0, bytes, "{text}");
        }
    }

    #[test]
    fn a_lone_percent_is_refused() {
        assert!(serde_json::from_str::<Bytes>("\"a%\"").is_err());
        assert!(serde_json::from_str::<Bytes>("\"a%4\"").is_err());
        assert!(serde_json::from_str::<Bytes>("\"a%zz\"").is_err());
    }
}
