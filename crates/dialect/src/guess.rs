//! What a message that did not parse is about: a tolerant look for one of its texts, good enough to choose the form of
//! a refusal. Reads only members of the outermost object, so that a tool's arguments cannot choose the form.

/// The text of a member, where the outermost object has exactly one value under that key.
pub(crate) fn text<'a>(bytes: &'a [u8], key: &str) -> Option<&'a str> {
    let mut values = Members { bytes, at: 0, depth: 0 }.filter(|(name, _)| *name == key.as_bytes()).map(|(_, value)| value);
    let first = values.next()?;
    if values.all(|value| value == first) { std::str::from_utf8(first).ok() } else { None }
}

/// Members of the outermost object whose value is a text.
struct Members<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                b'"' => {
                    let key = self.text()?;
                    if self.depth == 1 && self.takes(b':') && self.takes(b'"') {
                        return Some((key, self.text()?));
                    }
                }
                _ => {}
            }
        }
        None
    }
}

impl<'a> Members<'a> {
    /// The text whose opening quote was just read, escapes left as they are.
    fn text(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        loop {
            match self.bytes.get(self.at)? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        let text = self.bytes.get(start..self.at);
        self.at += 1;
        text
    }

    fn takes(&mut self, wanted: u8) -> bool {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        let found = self.bytes.get(self.at) == Some(&wanted);
        self.at += usize::from(found);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event_name(bytes: &[u8]) -> Option<&str> {
        text(bytes, "hook_event_name")
    }

    #[test]
    fn the_outermost_name_counts_even_in_broken_bytes() {
        assert_eq!(event_name(br#"{"cwd":"/w","hook_event_name" : "ConfigChange","x":{{{"#), Some("ConfigChange"));
        assert_eq!(event_name(b"{\"x\":\"\xff\",\"hook_event_name\":\"PreToolUse\""), Some("PreToolUse"));
    }

    #[test]
    fn a_name_in_the_arguments_does_not_count() {
        assert_eq!(
            event_name(br#"{"tool_input":{"hook_event_name":"SessionStart"},"hook_event_name":"PreToolUse"}"#),
            Some("PreToolUse")
        );
        assert_eq!(event_name(br#"{"tool_input":{"hook_event_name":"SessionStart"}}"#), None);
        assert_eq!(event_name(br#"{"command":"\"hook_event_name\":\"Stop\""}"#), None);
    }

    #[test]
    fn two_different_names_are_none() {
        assert_eq!(event_name(br#"{"hook_event_name":"SessionStart","hook_event_name":"PreToolUse"}"#), None);
    }
}
