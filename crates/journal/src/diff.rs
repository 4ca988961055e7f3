//! What a change of a file's text is, as a unified diff for a person to read: of an undo before it is made, and between
//! any two files.

use std::io::Read as _;
use std::path::Path;

use similar::TextDiff;

use crate::disk::{IoError, open_read};
use crate::facts::{Content, Facts, Id};
use crate::past::Past;
use crate::plan::{Step, What};
use crate::store::Store;

/// Longest text that is compared, in bytes. Beyond it nobody reads a diff, and making one takes seconds.
const TEXT_BYTES: u64 = 1 << 20;

/// The change from the text of one file to that of another, an absent one being empty, under the name that people know;
/// `None` where either is no text or too long.
///
/// # Errors
/// Where one of them cannot be read.
pub fn between(old: Option<&Path>, new: Option<&Path>, name: &str) -> Result<Option<String>, IoError> {
    let side = |path: Option<&Path>| path.map_or(Ok(Some(String::new())), text);
    let (Some(before), Some(after)) = (side(old)?, side(new)?) else { return Ok(None) };
    let header = |side: Option<&Path>, letter: &str| side.map_or("/dev/null".to_owned(), |_| format!("{letter}/{name}"));
    let diff = TextDiff::from_lines(&before, &after);
    Ok(Some(diff.unified_diff().header(&header(old, "a"), &header(new, "b")).to_string()))
}

impl Step {
    /// The change of text that this step makes; `None` where it makes none, or where either side is no text or too long.
    ///
    /// # Errors
    /// Where what was kept or what is there cannot be read.
    pub fn diff(&self, store: &Store, past: &Past) -> Result<Option<String>, IoError> {
        let was = past.facts.names.get(self.name).and_then(|name| name.was);
        let (old, new) = match (&self.what, was) {
            (What::Content, Some(was)) => (text(&self.path)?, kept(store, past, was)?),
            (What::PutBack, Some(was)) => (Some(String::new()), kept(store, past, was)?),
            (What::Remove, _) => (text(&self.path)?, Some(String::new())),
            (
                What::Content
                | What::PutBack
                | What::Unchanged
                | What::MoveBack { .. }
                | What::Metadata
                | What::Conflict(_)
                | What::Lost(_),
                _,
            ) => (None, None),
        };
        let (Some(old), Some(new)) = (old, new) else { return Ok(None) };
        let name = self.path.to_string_lossy();
        let diff = TextDiff::from_lines(&old, &new);
        Ok(Some(diff.unified_diff().header(&format!("{name} (now)"), &format!("{name} (before the call)")).to_string()))
    }
}

fn kept(store: &Store, past: &Past, was: Id) -> Result<Option<String>, IoError> {
    let facts: &Facts = &past.facts;
    match facts.kept.get(&was) {
        Some(Content::Object(sha256)) => text(&store.object(sha256)),
        Some(Content::Held) => text(&store.held_file(&past.call, was)),
        Some(Content::Target(_) | Content::Bare | Content::Not(_)) | None => Ok(None),
    }
}

fn text(path: &Path) -> Result<Option<String>, IoError> {
    let Ok(file) = open_read(path) else { return Ok(None) };
    if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.take(TEXT_BYTES + 1).read_to_end(&mut bytes).map_err(IoError::at("read", path))?;
    let short = bytes.len() as u64 <= TEXT_BYTES && !bytes.contains(&0);
    Ok(String::from_utf8(bytes).ok().filter(|_| short))
}
