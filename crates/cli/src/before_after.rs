//! What a file tool is about to overwrite is kept before it runs; what it left is noted after. Together they make undo
//! possible, and a later change by somebody else visible.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use bailiwick_guard::payload::hex;
use bailiwick_ledger::objects::Objects;
use bailiwick_vocab::call::{Request, ToolCall};
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::effect::{Deed, Reversibility};
use bailiwick_vocab::event::{Event, Happening};
use bailiwick_vocab::record::{Body, FileState, PreImage, Record};
use sha2::{Digest as _, Sha256};

use crate::disk::real_path;
use crate::failure::{Failure, Kind, Naming as _};

/// Files above this are not kept: their effect is recorded as irreversible, and policy can ask. Copying 16 MiB
/// durably takes about 50 ms, which a hook can afford; more would be felt.
const MAX_KEPT_BYTES: u64 = 16 << 20;

/// Adds the files' states to the record of a file tool's call or outcome.
pub fn note(objects: &Objects, event: &Event, record: &mut Record) -> Result<(), Failure> {
    match (&mut record.body, &event.happening) {
        (Body::Call(call), Happening::Call(asked)) if call.ruling.verdict != Verdict::Deny && writes_file(asked) => {
            for effect in &mut call.effects {
                if let Deed::Write { target, .. } | Deed::Delete(target) = &effect.deed {
                    match before(objects, Path::new(&target.path))? {
                        Some(image) => call.before.push(image),
                        None => effect.reversible = Reversibility::Irreversible,
                    }
                }
            }
        }
        (Body::Outcome { after, .. }, Happening::Outcome(outcome)) => {
            let cwd = Path::new(&event.scene.cwd);
            after.extend(written_paths(&outcome.call.request).into_iter().map(|path| state(&real_path(&cwd.join(path), true))));
        }
        _ => {}
    }
    Ok(())
}

/// Whether files are all that the call touches, so that keeping them makes it undoable.
fn writes_file(call: &ToolCall) -> bool {
    !written_paths(&call.request).is_empty()
}

fn written_paths(request: &Request) -> Vec<&str> {
    match request {
        Request::Write { path, .. } | Request::Edit { path, .. } | Request::Delete { path } => vec![path],
        Request::Many { requests } => requests.iter().flat_map(written_paths).collect(),
        Request::Shell { .. }
        | Request::Read { .. }
        | Request::Type { .. }
        | Request::Search { .. }
        | Request::Fetch { .. }
        | Request::WebSearch { .. }
        | Request::Spawn { .. }
        | Request::Skill { .. }
        | Request::Mcp { .. }
        | Request::Internal { .. }
        | Request::Named { .. } => Vec::new(),
    }
}

/// Keeps a file as it is now; `None` where it is too large to keep.
pub fn before(objects: &Objects, path: &Path) -> Result<Option<PreImage>, Failure> {
    let name = path.to_string_lossy().into_owned();
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Some(PreImage { path: name, object: None, mode: None }));
        }
        Err(error) => return Err(error).naming("look at", path),
    };
    if !metadata.is_file() || metadata.len() > MAX_KEPT_BYTES {
        return Ok(None);
    }
    let bytes = fs::read(path).naming("read", path)?;
    let kept = objects.put(&bytes);
    let object = kept.map_err(|error| {
        Failure::new(Kind::Environment, "what the call would overwrite cannot be kept").because(error).hint("bailiwick doctor")
    })?;
    Ok(Some(PreImage { path: name, object: Some(object), mode: Some(metadata.permissions().mode() & 0o7777) }))
}

/// A file's digest as it is now. What is no regular file, too large, or cannot be read has none that any other equals.
pub fn state(path: &Path) -> FileState {
    let sha256 = match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Ok(metadata) if metadata.is_file() && metadata.len() <= MAX_KEPT_BYTES => {
            Some(fs::read(path).map_or_else(|_| UNREADABLE.to_owned(), |bytes| hex(&Sha256::digest(&bytes))))
        }
        Ok(_) | Err(_) => Some(UNREADABLE.to_owned()),
    };
    FileState { path: path.to_string_lossy().into_owned(), sha256 }
}

/// Stands in the place of a digest where a file is there but was not read.
pub const UNREADABLE: &str = "unreadable";
