//! An identifier for a call to which the agent gives none: the same before and after the call, because it is made of the
//! tool's name and its arguments as they came. Two equal calls of one session have the same; no property of security
//! rests on it.

use crate::ordered::Value;

/// `auto-` and 64 bits of FNV-1a in hexadecimal.
pub(crate) fn of(tool: &str, input: &Value) -> String {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    hash.bytes(tool.as_bytes());
    hash.bytes(&[0]);
    hash.value(input);
    format!("auto-{:016x}", hash.0)
}

struct Fnv(u64);

impl Fnv {
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Members in the order of their names: agents write the same arguments in different orders.
    fn value(&mut self, value: &Value) {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => self.bytes(value.pretty("").as_bytes()),
            Value::List(items) => {
                self.bytes(b"[");
                items.iter().for_each(|item| {
                    self.value(item);
                    self.bytes(b",");
                });
            }
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_by(|one, other| one.0.cmp(&other.0));
                self.bytes(b"{");
                members.into_iter().for_each(|(key, value)| {
                    self.bytes(key.as_bytes());
                    self.bytes(&[0]);
                    self.value(value);
                    self.bytes(b",");
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn id(tool: &str, input: &str) -> String {
        of(tool, &crate::ordered::parse(input).unwrap())
    }

    #[test]
    fn the_order_of_arguments_does_not_count_and_their_values_do() {
        assert_eq!(id("a", r#"{"x":1,"y":2}"#), id("a", r#"{"y":2,"x":1}"#));
        assert_ne!(id("a", r#"{"x":1}"#), id("a", r#"{"x":2}"#));
        assert_ne!(id("ab", r#"{}"#), id("a", r#"{}"#));
        assert_eq!(id("a", "{}").len(), 21);
    }
}
