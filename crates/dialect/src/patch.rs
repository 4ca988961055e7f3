//! The patch language of `apply_patch` tools (`*** Begin Patch` … `*** End Patch`), to the files it touches.
//!
//! Strict where the tools are tolerant: a text that could be read in two ways is no patch. It does not look at what the
//! lines of a change say beyond what goes in.

use bailiwick_vocab::call::Request;

use crate::error::ParseError;
use crate::fields::Fields;

/// What a patch does, in its order; `None` where the text is not such a patch. A moved file is read, deleted, and written
/// under its new name.
pub(crate) fn requests(text: &str) -> Option<Vec<Request>> {
    let mut lines: Vec<&str> = text.trim().lines().collect();
    if lines.pop()?.trim() != "*** End Patch" || lines.first()?.trim() != "*** Begin Patch" {
        return None;
    }
    let mut reader = Reader { requests: Vec::new(), open: None };
    for line in lines.get(1..)? {
        reader.take(line)?;
    }
    reader.close();
    (!reader.requests.is_empty()).then_some(reader.requests)
}

/// The request of a tool that takes a patch under `key`.
///
/// # Errors
/// Where there is no patch that can be read.
pub(crate) fn patched(input: Fields<'_>, key: &str) -> Result<Request, ParseError> {
    let requests = requests(&input.text(key)?).ok_or_else(|| input.unexpected(key, "a patch that can be read"))?;
    Ok(Request::Many { requests })
}

struct Reader {
    requests: Vec<Request>,
    open: Option<Open>,
}

/// The file whose lines are being read.
struct Open {
    path: String,
    new_text: String,
    kind: Kind,
}

enum Kind {
    Add,
    /// Nothing but its header may follow.
    Delete,
    /// `in_change`: between a change's first line and what ends it, where a line with a space before it is the file's.
    Update {
        moved_to: Option<String>,
        is_fresh: bool,
        in_change: bool,
    },
}

impl Reader {
    fn take(&mut self, line: &str) -> Option<()> {
        if let Some(header) = line.strip_prefix("***") {
            return self.header(header);
        }
        let open = self.open.as_mut()?;
        match &mut open.kind {
            Kind::Add => open.new_text.push_str(line.strip_prefix('+')?),
            Kind::Delete => return line.trim().is_empty().then_some(()),
            Kind::Update { in_change, is_fresh, .. } => {
                *is_fresh = false;
                match line.chars().next() {
                    None => return Some(()),
                    Some('@') if line == "@@" || line.starts_with("@@ ") => *in_change = true,
                    Some('+') => {
                        *in_change = true;
                        open.new_text.push_str(line.get(1..)?);
                    }
                    Some('-') => *in_change = true,
                    // Outside a change the tool takes spaces off before it looks for a header.
                    Some(' ') if *in_change || !line.trim_start().starts_with("***") => *in_change = true,
                    Some(_) => return None,
                }
                if !line.starts_with('+') {
                    return Some(());
                }
            }
        }
        open.new_text.push('\n');
        Some(())
    }

    fn header(&mut self, header: &str) -> Option<()> {
        if header.trim_end() == " End of File" {
            return match &mut self.open.as_mut()?.kind {
                Kind::Update { in_change, .. } if *in_change => {
                    *in_change = false;
                    Some(())
                }
                Kind::Update { .. } | Kind::Add | Kind::Delete => None,
            };
        }
        let (verb, path) = header.split_once(": ")?;
        let path = self.path(path)?;
        let kind = match verb {
            " Move to" => return self.moves(path),
            " Add File" => Kind::Add,
            " Delete File" => Kind::Delete,
            " Update File" => Kind::Update { moved_to: None, is_fresh: true, in_change: false },
            _ => return None,
        };
        self.close();
        self.open = Some(Open { path, new_text: String::new(), kind });
        Some(())
    }

    /// Spaces around a name: tools differ on whether they belong to it.
    fn path(&self, path: &str) -> Option<String> {
        (!path.is_empty() && path.trim() == path && !path.contains(char::is_control)).then(|| path.to_owned())
    }

    fn moves(&mut self, path: String) -> Option<()> {
        match &mut self.open.as_mut()?.kind {
            Kind::Update { moved_to: moved_to @ None, is_fresh: true, .. } => *moved_to = Some(path),
            Kind::Update { .. } | Kind::Add | Kind::Delete => return None,
        }
        Some(())
    }

    fn close(&mut self) {
        let Some(Open { path, new_text, kind }) = self.open.take() else { return };
        match kind {
            Kind::Add => self.requests.push(Request::Write { path, content: new_text }),
            Kind::Delete => self.requests.push(Request::Delete { path }),
            Kind::Update { moved_to: None, .. } => self.requests.push(Request::Edit { path, new_text }),
            Kind::Update { moved_to: Some(to), .. } => self.requests.extend([
                Request::Read { path: path.clone() },
                Request::Delete { path },
                Request::Write { path: to, content: new_text },
            ]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(body: &str) -> Option<Vec<Request>> {
        requests(&format!("*** Begin Patch\n{body}\n*** End Patch\n"))
    }

    #[test]
    fn every_kind_of_change_is_read() {
        let all = patch(
            "*** Add File: a.txt\n+one\n+two\n*** Delete File: b.txt\n*** Update File: c.txt\n@@ fn main\n kept\n-old\n+new\n*** End of File\n*** Update File: d.txt\n*** Move to: e.txt\n@@\n+more",
        );
        let wanted = vec![
            Request::Write { path: "a.txt".into(), content: "one\ntwo\n".into() },
            Request::Delete { path: "b.txt".into() },
            Request::Edit { path: "c.txt".into(), new_text: "new\n".into() },
            Request::Read { path: "d.txt".into() },
            Request::Delete { path: "d.txt".into() },
            Request::Write { path: "e.txt".into(), content: "more\n".into() },
        ];
        assert_eq!(all, Some(wanted));
    }

    #[test]
    fn what_only_looks_like_a_patch_is_none() {
        for body in [
            "",
            "hello",
            "*** Add File: \n+x",
            "*** Add File:  a\n+x",
            "*** Add File: a\nx",
            "*** Remove File: a",
            "*** Move to: b",
            "*** Update File: a\n@@\n+x\n*** Move to: b",
            "*** Update File: a\n*** Move to: b\n*** Move to: c",
            "*** Delete File: a\n+x",
            "*** Environment ID: far\n*** Delete File: a",
        ] {
            assert_eq!(patch(body), None, "{body:?}");
        }
        assert_eq!(requests("*** Begin Patch\n*** Delete File: a"), None);
        assert_eq!(requests("*** Delete File: a\n*** End Patch"), None);
    }

    #[test]
    fn a_header_behind_spaces_is_text_inside_a_change_and_nothing_elsewhere() {
        assert_eq!(
            patch("*** Update File: a\n@@\n *** Delete File: b\n+x"),
            Some(vec![Request::Edit { path: "a".into(), new_text: "x\n".into() }])
        );
        assert_eq!(patch("*** Update File: a\n@@\n+x\n*** End of File\n *** Delete File: b"), None);
        assert_eq!(patch("*** Add File: a\n+x\n *** Delete File: b"), None);
    }
}
