//! JSON that keeps the order of its keys and refuses a key that is there twice.
//!
//! Text goes in and a [`Value`] comes out, and back. `serde_json` reads the text (its depth limit of 128 holds); this
//! module only decides what to keep. Twice the same key is an error: two readers may each believe another one.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// Keys with which `serde_json` marks values of its own; in foreign bytes they could stand for something else.
const RESERVED: &str = "$serde_json::private::";

/// What marks our own message inside `serde_json`'s error text.
const DUPLICATE: &str = "duplicate key ";

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object: its members in the order they were written, no key twice.
    Object(Vec<(String, Value)>),
}

/// Why a text is not JSON as we accept it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonError {
    /// Not JSON, or nested too deeply; where it stopped.
    Syntax {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// An object has one key twice.
    Duplicate {
        /// From 1.
        line: usize,
    },
}

impl fmt::Display for JsonError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JsonError::Syntax { line, column } => write!(out, "not valid JSON at line {line}, column {column}"),
            JsonError::Duplicate { line } => write!(out, "JSON with a key twice in one object, near line {line}"),
        }
    }
}

impl std::error::Error for JsonError {}

/// Reads one JSON text.
///
/// # Errors
/// Where it is not JSON, is nested deeper than 128, has more behind it than white space, or has a key twice.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    serde_json::from_str(text).map_err(|error| {
        if error.to_string().starts_with(DUPLICATE) {
            JsonError::Duplicate { line: error.line() }
        } else {
            JsonError::Syntax { line: error.line(), column: error.column() }
        }
    })
}

impl Value {
    /// The member of that name, where this is an object that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        let Value::Object(members) = self else { return None };
        members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The text, where this is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// The items, where this is an array.
    #[must_use]
    pub fn list(&self) -> Option<&[Value]> {
        if let Value::List(items) = self { Some(items) } else { None }
    }

    /// The same as `serde_json` holds it (keys sorted).
    #[must_use]
    pub fn to_serde(&self) -> serde_json::Value {
        match self {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => serde_json::Value::Bool(*value),
            Value::Number(number) => serde_json::Value::Number(number.clone()),
            Value::Text(text) => serde_json::Value::String(text.clone()),
            Value::List(items) => serde_json::Value::Array(items.iter().map(Value::to_serde).collect()),
            Value::Object(members) => {
                serde_json::Value::Object(members.iter().map(|(key, value)| (key.clone(), value.to_serde())).collect())
            }
        }
    }

    /// The same as text on several lines, each level deeper by `indent`, as most tools write settings.
    #[must_use]
    pub fn pretty(&self, indent: &str) -> String {
        let mut out = String::new();
        self.write(&mut out, indent, 0);
        out
    }

    fn write(&self, out: &mut String, indent: &str, depth: usize) {
        match self {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => out.push_str(&number.to_string()),
            Value::Text(text) => out.push_str(&quoted(text)),
            Value::List(items) if items.is_empty() => out.push_str("[]"),
            Value::List(items) => write_items(out, indent, depth, ['[', ']'], items.len(), |out, index| {
                if let Some(item) = items.get(index) {
                    item.write(out, indent, depth + 1);
                }
            }),
            Value::Object(members) if members.is_empty() => out.push_str("{}"),
            Value::Object(members) => write_items(out, indent, depth, ['{', '}'], members.len(), |out, index| {
                if let Some((key, value)) = members.get(index) {
                    out.push_str(&quoted(key));
                    out.push_str(": ");
                    value.write(out, indent, depth + 1);
                }
            }),
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn write_items(out: &mut String, indent: &str, depth: usize, around: [char; 2], count: usize, item: impl Fn(&mut String, usize)) {
    let [open, close] = around;
    out.push(open);
    for index in 0..count {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&indent.repeat(depth + 1));
        item(out, index);
    }
    out.push('\n');
    out.push_str(&indent.repeat(depth));
    out.push(close);
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(Keeper)
    }
}

struct Keeper;

impl<'de> Visitor<'de> for Keeper {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = source.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        let mut members: Vec<(String, Value)> = Vec::new();
        while let Some(key) = source.next_key::<String>()? {
            if key.starts_with(RESERVED) {
                return Err(A::Error::custom("reserved key"));
            }
            members.push((key, source.next_value()?));
        }
        if has_duplicate(&members) { Err(A::Error::custom(DUPLICATE)) } else { Ok(Value::Object(members)) }
    }
}

/// Sorted, so that an object of a million keys costs no square of it.
fn has_duplicate(members: &[(String, Value)]) -> bool {
    let mut keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair.first() == pair.last())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn order_and_shape_survive_a_round_trip() {
        let text = "{\n  \"z\": 1,\n  \"a\": [\n    true,\n    null,\n    {}\n  ],\n  \"m\": \"\\u0001\\\"é\"\n}";
        assert_eq!(parse(text).unwrap().pretty("  "), text);
    }

    #[test]
    fn a_key_twice_is_refused_at_any_depth() {
        assert_eq!(parse(r#"{"a":{"b":1,"b":2}}"#), Err(JsonError::Duplicate { line: 1 }));
        assert_eq!(parse(r#"{"a":1,"\u0061":2}"#), Err(JsonError::Duplicate { line: 1 }));
        assert!(parse(r#"{"a":{"b":1},"b":2}"#).is_ok());
    }

    #[test]
    fn too_deep_and_trailing_bytes_are_refused() {
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse("{} {}").is_err());
        assert!(parse(r#"{"$serde_json::private::RawValue":"{}"}"#).is_err());
    }
}
