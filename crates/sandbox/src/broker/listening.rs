//! Sockets on which somebody outside listens. In: the kernel's list. Out: whether one lies at a path, or below it. Whoever took
//! such a name could put a socket of its own there, and get what the user's programs say to the server that they know.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long one look at the list holds: trees are moved and removed name by name.
const HOLDS: Duration = Duration::from_millis(200);

/// The column of the list that holds the name, and all after it.
const NAME: usize = 7;

/// What is listened on, as of the last look.
#[derive(Default)]
pub(crate) struct Listening(Mutex<Option<(Instant, Option<Vec<PathBuf>>)>>);

impl Listening {
    /// Whether a socket of somebody outside lies at this path or below it. A name that was given as a relative one counts
    /// wherever its last part fits. Where the list cannot be read, one may lie anywhere.
    pub(crate) fn lies_at(&self, path: &Path) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.as_ref().is_none_or(|(at, _)| at.elapsed() > HOLDS) {
            *seen = Some((Instant::now(), std::fs::read("/proc/self/net/unix").ok().map(|list| bound(&list))));
        }
        lies_among(seen.as_ref().and_then(|(_, names)| names.as_deref()), path)
    }
}

fn lies_among(names: Option<&[PathBuf]>, path: &Path) -> bool {
    let lies = |name: &PathBuf| if name.is_absolute() { name.starts_with(path) } else { name.file_name() == path.file_name() };
    names.is_none_or(|names| names.iter().any(lies))
}

/// The names in the list; abstract ones begin with an `@`.
fn bound(list: &[u8]) -> Vec<PathBuf> {
    let text = String::from_utf8_lossy(list);
    let names = text.lines().skip(1).map(|line| line.split_whitespace().skip(NAME).collect::<Vec<_>>().join(" "));
    names.filter(|name| !name.is_empty() && !name.starts_with('@')).map(PathBuf::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_last_column_and_abstract_ones_are_no_names() {
        let list = "Num       RefCount Protocol Flags    Type St Inode Path\n\
                    0000000000000000: 00000002 00000000 00010000 0001 01 21345 /tmp/tmux-1000/default\n\
                    0000000000000000: 00000003 00000000 00000000 0001 03  1056\n\
                    0000000000000000: 00000002 00000000 00010000 0001 01   999 @/tmp/.X11-unix/X0\n\
                    0000000000000000: 00000002 00000000 00010000 0001 01 12345 a b.sock\n";
        let names = [PathBuf::from("/tmp/tmux-1000/default"), PathBuf::from("a b.sock")];
        assert_eq!(bound(list.as_bytes()), names);
        for (path, there) in [("/tmp/tmux-1000", true), ("/w/a b.sock", true), ("/tmp/tmux-1000/other", false)] {
            assert_eq!(lies_among(Some(&names), Path::new(path)), there, "{path}");
        }
        assert!(lies_among(None, Path::new("/w/any")));
    }
}
