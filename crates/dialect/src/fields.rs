//! Typed access to the members of a foreign object: what is missing or of another type is an error, never a default.

use crate::error::{LARGEST_MESSAGE_BYTES, ParseError};
use crate::ordered::{self, Value};

/// An object and what it is called in errors.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    object: &'a Value,
    name: &'static str,
}

/// Reads one message: its size, encoding and syntax, and that it is an object.
///
/// # Errors
/// Where one of these does not hold.
pub(crate) fn object(bytes: &[u8]) -> Result<Value, ParseError> {
    if bytes.len() > LARGEST_MESSAGE_BYTES {
        return Err(ParseError::TooLarge { bytes: bytes.len() });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| ParseError::NotUtf8)?;
    match ordered::parse(text).map_err(ParseError::Json)? {
        object @ Value::Object(_) => Ok(object),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => Err(ParseError::NotAnObject),
    }
}

impl<'a> Fields<'a> {
    /// The members of `object`; `name` stands before theirs in errors, empty for the outermost.
    pub(crate) fn new(object: &'a Value, name: &'static str) -> Self {
        Fields { object, name }
    }

    /// The value itself.
    pub(crate) fn value(&self) -> &'a Value {
        self.object
    }

    /// The member as it is, `null` counting as absent.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Value> {
        self.object.get(key).filter(|value| **value != Value::Null)
    }

    /// A text that must be there.
    pub(crate) fn text(&self, key: &str) -> Result<String, ParseError> {
        self.optional_text(key)?.ok_or_else(|| self.missing(key))
    }

    /// A text that must be there and must say something.
    pub(crate) fn name(&self, key: &str) -> Result<String, ParseError> {
        let text = self.text(key)?;
        if text.is_empty() { Err(self.unexpected(key, "a text that says something")) } else { Ok(text) }
    }

    /// A text that may be absent.
    pub(crate) fn optional_text(&self, key: &str) -> Result<Option<String>, ParseError> {
        match self.get(key) {
            None => Ok(None),
            Some(value) => value.text().map(|text| Some(text.to_owned())).ok_or_else(|| self.unexpected(key, "a text")),
        }
    }

    /// A text that may be absent, as the empty text.
    pub(crate) fn text_or_empty(&self, key: &str) -> Result<String, ParseError> {
        Ok(self.optional_text(key)?.unwrap_or_default())
    }

    /// A truth value that may be absent, as false.
    pub(crate) fn flag(&self, key: &str) -> Result<bool, ParseError> {
        match self.get(key) {
            None => Ok(false),
            Some(Value::Bool(value)) => Ok(*value),
            Some(_) => Err(self.unexpected(key, "true or false")),
        }
    }

    /// A whole number that may be absent.
    pub(crate) fn optional_count(&self, key: &str) -> Result<Option<u64>, ParseError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(number.as_u64().or_else(|| rounded(number))),
            Some(_) => Err(self.unexpected(key, "a number")),
        }
    }

    /// The members of an object that must be there.
    pub(crate) fn object(&self, key: &'static str) -> Result<Fields<'a>, ParseError> {
        match self.get(key) {
            None => Err(self.missing(key)),
            Some(object @ Value::Object(_)) => Ok(Fields { object, name: key }),
            Some(_) => Err(self.unexpected(key, "an object")),
        }
    }

    /// A list that must be there.
    pub(crate) fn list(&self, key: &str) -> Result<&'a [Value], ParseError> {
        let value = self.get(key).ok_or_else(|| self.missing(key))?;
        value.list().ok_or_else(|| self.unexpected(key, "a list"))
    }

    pub(crate) fn missing(&self, key: &str) -> ParseError {
        ParseError::missing(self.path(key))
    }

    pub(crate) fn unexpected(&self, key: &str, wanted: &'static str) -> ParseError {
        ParseError::unexpected(self.path(key), wanted)
    }

    fn path(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }
}

/// A duration may come with a fraction; what is negative is no count.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded on both sides just before")]
fn rounded(number: &serde_json::Number) -> Option<u64> {
    let value = number.as_f64()?;
    (0.0..9.0e15).contains(&value).then_some(value as u64)
}
