//! Canonical JSON, the part of RFC 8785 that a record needs: objects with keys sorted by UTF-16 code units, arrays,
//! strings, integers, booleans; no spaces, no floats, no nulls. A record in, its one byte form out, and back.
//!
//! Pure. Own writer, because the form is part of what is signed and must not depend on a library's settings.

use std::fmt;

use bailiwick_vocab::record::Record;
use serde_json::{Map, Number, Value};

use crate::bundle::MAX_ENTRY_BYTES;

/// RFC 8785 section 3.2.2.3 reads numbers as IEEE doubles: beyond 2^53 − 1 an integer may come back as another.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// Why a record has no canonical form.
#[derive(Debug)]
pub enum EntryError {
    /// Its canonical form is longer than [`MAX_ENTRY_BYTES`].
    TooLarge {
        /// Its length, in bytes.
        bytes: usize,
    },
    /// It holds a number that is no integer within ±[`MAX_INTEGER`].
    Number(Number),
    /// It holds a null.
    Null,
    /// It cannot be made JSON at all.
    Json(serde_json::Error),
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EntryError::TooLarge { bytes } => write!(f, "the entry has {bytes} bytes, more than {MAX_ENTRY_BYTES}"),
            EntryError::Number(number) => write!(f, "the entry holds {number}, which is no integer within 2^53"),
            EntryError::Null => f.write_str("the entry holds a null"),
            EntryError::Json(_) => f.write_str("the entry cannot be made JSON"),
        }
    }
}

impl std::error::Error for EntryError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let EntryError::Json(error) = self { Some(error) } else { None }
    }
}

/// The canonical bytes of a record.
///
/// # Errors
/// Where it is too large or holds what the form does not have; see [`EntryError`].
pub fn encode(record: &Record) -> Result<Vec<u8>, EntryError> {
    let value = serde_json::to_value(record).map_err(EntryError::Json)?;
    let mut bytes = Vec::with_capacity(1024);
    write_value(&mut bytes, &value)?;
    if bytes.len() > MAX_ENTRY_BYTES { Err(EntryError::TooLarge { bytes: bytes.len() }) } else { Ok(bytes) }
}

/// Why bytes are no entry.
#[derive(Debug)]
pub enum DecodeError {
    /// They are not JSON.
    Json {
        /// The byte at which reading stopped.
        offset: usize,
        /// What the reader said.
        source: serde_json::Error,
    },
    /// They are JSON, but not in canonical form.
    NotCanonical {
        /// The first byte that differs from the canonical form.
        offset: usize,
    },
    /// They are canonical JSON, but no record.
    NotARecord(serde_json::Error),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DecodeError::Json { .. } => "the entry is not JSON",
            DecodeError::NotCanonical { .. } => "the entry is not in canonical form",
            DecodeError::NotARecord(_) => "the entry is no record",
        })
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DecodeError::Json { source, .. } | DecodeError::NotARecord(source) => Some(source),
            DecodeError::NotCanonical { .. } => None,
        }
    }
}

impl DecodeError {
    /// Where in the entry the trouble is, as far as that is known.
    #[must_use]
    pub fn offset(&self) -> usize {
        match self {
            DecodeError::NotARecord(_) => 0,
            DecodeError::Json { offset, .. } | DecodeError::NotCanonical { offset } => *offset,
        }
    }
}

/// Reads a record and holds its bytes against the canonical form.
///
/// # Errors
/// Where the bytes are not the canonical form of a record.
pub fn decode(bytes: &[u8]) -> Result<Record, DecodeError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|source| not_json(bytes, source))?;
    let mut canonical = Vec::with_capacity(bytes.len());
    let written = write_value(&mut canonical, &value);
    if written.is_err() || canonical != bytes {
        return Err(DecodeError::NotCanonical { offset: first_difference(&canonical, bytes) });
    }
    serde_json::from_value(value).map_err(DecodeError::NotARecord)
}

/// The reader counts lines from 1 and columns in bytes; a column of 0 is the line break before it.
fn not_json(bytes: &[u8], source: serde_json::Error) -> DecodeError {
    let lines_before = source.line().saturating_sub(1);
    let line: usize = bytes.split_inclusive(|byte| *byte == b'\n').take(lines_before).map(<[u8]>::len).sum();
    DecodeError::Json { offset: (line + source.column()).saturating_sub(1), source }
}

/// Reads a record without holding it against the canonical form.
///
/// # Errors
/// Where the bytes are no record.
pub fn decode_unchecked(bytes: &[u8]) -> Result<Record, DecodeError> {
    serde_json::from_slice(bytes).map_err(DecodeError::NotARecord)
}

/// The first offset at which two byte strings differ; the shorter one's length where one begins the other.
#[must_use]
pub fn first_difference(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).position(|(a, b)| a != b).unwrap_or(a.len().min(b.len()))
}

/// A string as it stands in an entry, quotes included.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len() + 2);
    write_string(&mut bytes, text);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn write_value(out: &mut Vec<u8>, value: &Value) -> Result<(), EntryError> {
    match value {
        Value::Null => return Err(EntryError::Null),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_integer(out, number)?,
        Value::String(text) => write_string(out, text),
        Value::Array(items) => write_array(out, items)?,
        Value::Object(fields) => write_object(out, fields)?,
    }
    Ok(())
}

fn write_integer(out: &mut Vec<u8>, number: &Number) -> Result<(), EntryError> {
    let magnitude = number.as_i64().map(i64::unsigned_abs).or(number.as_u64());
    match magnitude {
        Some(magnitude) if magnitude <= MAX_INTEGER => {
            out.extend_from_slice(number.to_string().as_bytes());
            Ok(())
        }
        Some(_) | None => Err(EntryError::Number(number.clone())),
    }
}

fn write_array(out: &mut Vec<u8>, items: &[Value]) -> Result<(), EntryError> {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_value(out, item)?;
    }
    out.push(b']');
    Ok(())
}

fn write_object(out: &mut Vec<u8>, fields: &Map<String, Value>) -> Result<(), EntryError> {
    // Sorted here, because the map's own order is a setting of serde_json that any crate of the build may change.
    let mut sorted: Vec<(&String, &Value)> = fields.iter().collect();
    sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    out.push(b'{');
    for (index, (key, value)) in sorted.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_string(out, key);
        out.push(b':');
        write_value(out, value)?;
    }
    out.push(b'}');
    Ok(())
}

/// RFC 8785 section 3.2.2.2: the two-character escapes where JSON has them, `\u00xx` for other controls, all else as is.
fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0..0x20 => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use bailiwick_vocab::record::Body;
    use proptest::prelude::*;

    use super::*;

    fn canonical(json: &str) -> Result<String, EntryError> {
        let mut out = Vec::new();
        write_value(&mut out, &serde_json::from_str(json).unwrap())?;
        Ok(String::from_utf8(out).unwrap())
    }

    fn note(text: &str, at_ms: u64) -> Record {
        let body = Body::Session { what: "start".to_owned(), detail: text.to_owned(), ruling: None, approval: None };
        Record { at_ms, session: "s".to_owned(), agent: Default::default(), cwd: String::new(), body }
    }

    #[test]
    fn keys_are_sorted_by_utf16_and_spaces_are_gone() {
        assert_eq!(canonical(r#"{ "b": 1, "a": [true, false, -7] }"#).unwrap(), r#"{"a":[true,false,-7],"b":1}"#);
        // RFC 8785 section 3.2.3: U+1F600 (first unit D83D) comes before U+FB33, although its code point is higher.
        assert_eq!(canonical("{\"\u{fb33}\":1,\"\u{1f600}\":2}").unwrap(), "{\"\u{1f600}\":2,\"\u{fb33}\":1}");
    }

    #[test]
    fn strings_are_escaped_as_rfc_8785_wants() {
        assert_eq!(canonical(r#""\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/""#).unwrap(), r#""€$\u000f\nA'B\"\\\\\"/""#);
        assert_eq!(canonical(r#""\b\f\t\r\u007f""#).unwrap(), "\"\\b\\f\\t\\r\u{7f}\"");
    }

    #[test]
    fn floats_nulls_and_huge_integers_have_no_form() {
        assert!(matches!(canonical("1.5"), Err(EntryError::Number(_))));
        assert!(matches!(canonical("[null]"), Err(EntryError::Null)));
        assert!(canonical("9007199254740991").is_ok());
        assert!(matches!(canonical("9007199254740992"), Err(EntryError::Number(_))));
        assert!(matches!(canonical("-9007199254740992"), Err(EntryError::Number(_))));
    }

    #[test]
    fn an_entry_of_the_largest_size_passes_and_one_byte_more_does_not() {
        let room = MAX_ENTRY_BYTES - encode(&note("", 1)).unwrap().len();
        assert_eq!(encode(&note(&"x".repeat(room), 1)).unwrap().len(), MAX_ENTRY_BYTES);
        let error = encode(&note(&"x".repeat(room + 1), 1)).unwrap_err();
        assert!(matches!(error, EntryError::TooLarge { bytes: 65_536 }));
    }

    #[test]
    fn what_is_not_canonical_is_named_by_its_first_byte() {
        let bytes = encode(&note("a", 1)).unwrap();
        let spaced = String::from_utf8(bytes.clone()).unwrap().replacen(":", ": ", 2);
        let at = spaced.find(' ').unwrap();
        assert!(matches!(decode(spaced.as_bytes()), Err(DecodeError::NotCanonical { offset }) if offset == at));
        let duplicate = String::from_utf8(bytes).unwrap().replacen("{", "{\"at_ms\":1,", 1);
        assert!(matches!(decode(duplicate.as_bytes()), Err(DecodeError::NotCanonical { .. })));
        assert!(matches!(decode(b"{}"), Err(DecodeError::NotARecord(_))));
        assert!(matches!(decode(b"{"), Err(DecodeError::Json { offset: 0, .. })));
        assert!(matches!(decode(b"{\"a\":\"b\nc\"}"), Err(DecodeError::Json { offset: 7, .. })));
    }

    proptest! {
        #[test]
        fn a_record_comes_back_from_its_canonical_form(text in "\\PC*|[\\x00-\\x7f]*", at_ms in 0..=MAX_INTEGER) {
            let record = note(&text, at_ms);
            let bytes = encode(&record).unwrap();
            prop_assert_eq!(&decode(&bytes).unwrap(), &record);
            prop_assert_eq!(serde_json::from_str::<String>(&quoted(&text)).unwrap(), text);
        }

        #[test]
        fn foreign_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
        }
    }
}
