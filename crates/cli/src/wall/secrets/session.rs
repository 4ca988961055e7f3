//! The placeholders of a session. In: the session, a credential's name and form. Out: the same placeholder in each of the
//! session's calls, because agents carry what one command printed into the next; another one in every other session. What
//! makes them lies in the state directory; without that file they are worth nothing any more.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use bailiwick_guard::payload::hex;
use bailiwick_proxy::secrets::placeholder_from;
use sha2::{Digest as _, Sha256};

use crate::dirs::{Dirs, create_private};
use crate::failure::{Failure, Kind, Naming as _};
use crate::setup::digest_of;

/// How long a session's placeholders are known after the last new one.
const LASTS: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What makes a session's placeholders, and those made so far.
pub struct Placeholders {
    seed: String,
    held: Vec<(String, String)>,
    file: Option<PathBuf>,
}

impl Placeholders {
    /// Those of a session; a session without a name has its own for each call.
    pub fn of(dirs: &Dirs, session: &str) -> Result<Placeholders, Failure> {
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random)
            .map_err(|error| Failure::new(Kind::Environment, format!("no random number for placeholders: {error}")))?;
        let seed = hex(&random);
        if session.is_empty() {
            return Ok(Placeholders { seed, held: Vec::new(), file: None });
        }
        let path = path(dirs, session);
        if !path.exists() {
            create_private(&directory(dirs))?;
            let own = path.with_extension(std::process::id().to_string());
            let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&own).naming("make", &own)?;
            file.write_all(format!("{seed}\n").as_bytes()).naming("write", &own)?;
            // Of several calls that begin together one makes it, whole.
            let linked = fs::hard_link(&own, &path);
            let _ = fs::remove_file(&own);
            match linked {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error).naming("make", &path),
                Ok(()) | Err(_) => {}
            }
        }
        let text = fs::read_to_string(&path).naming("read", &path)?;
        let (seed, rest) = text.split_once('\n').unwrap_or((&text, ""));
        if seed.len() != 64 {
            return Err(Failure::new(Kind::Environment, format!("{} does not hold what it should", path.display())));
        }
        Ok(Placeholders { seed: seed.to_owned(), held: lines(rest), file: Some(path) })
    }

    /// The placeholder that was made for `label` before.
    pub fn held(&self, label: &str) -> Option<&str> {
        self.held.iter().rev().find(|(other, _)| other == label).map(|(_, text)| text.as_str())
    }

    /// The placeholder of a value.
    pub fn made(&mut self, label: &str, value: &str) -> Result<String, Failure> {
        let (mut block, mut counter) = (Vec::new(), 0_u32);
        let next = || -> Result<u8, std::convert::Infallible> {
            if block.is_empty() {
                block = Sha256::digest(format!("{} {label} {counter}", self.seed)).to_vec();
                counter += 1;
            }
            Ok(block.pop().unwrap_or_default())
        };
        let made = placeholder_from(value, next).unwrap_or_default();
        if self.held(label) != Some(&made) {
            if let Some(path) = &self.file {
                let mut file = fs::OpenOptions::new().append(true).open(path).naming("write", path)?;
                file.write_all(format!("{label} {made}\n").as_bytes()).naming("write", path)?;
            }
            self.held.push((label.to_owned(), made.clone()));
        }
        Ok(made)
    }
}

/// The placeholders that a session's commands were given so far.
pub fn given(dirs: &Dirs, session: &str) -> Vec<String> {
    let text = fs::read_to_string(path(dirs, session)).unwrap_or_default();
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    lines(rest).into_iter().map(|(_, text)| text).collect()
}

/// Forgets those of sessions that are long over.
pub fn sweep(dirs: &Dirs) {
    let old = |entry: &fs::DirEntry| {
        let age = entry.metadata().and_then(|found| found.modified()).ok().and_then(|at| at.elapsed().ok());
        age.is_some_and(|age| age > LASTS)
    };
    let entries = fs::read_dir(directory(dirs)).into_iter().flatten().flatten();
    entries.filter(old).for_each(|entry| drop(fs::remove_file(entry.path())));
}

fn lines(text: &str) -> Vec<(String, String)> {
    text.lines().filter_map(|line| line.split_once(' ')).map(|(label, text)| (label.to_owned(), text.to_owned())).collect()
}

fn directory(dirs: &Dirs) -> PathBuf {
    dirs.state.join("placeholders")
}

fn path(dirs: &Dirs, session: &str) -> PathBuf {
    directory(dirs).join(digest_of(session))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_session_keeps_its_placeholders_and_no_other_has_them() {
        let state = std::env::temp_dir().join(format!("bailiwick-placeholders-{}", std::process::id()));
        let _ = fs::remove_dir_all(&state);
        let dirs = Dirs { state: state.clone(), config: state.clone() };
        let value = "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8";
        let of = |session: &str, label: &str| Placeholders::of(&dirs, session).unwrap().made(label, value).unwrap();
        let first = of("one", "github");
        assert!(first.starts_with("ghp_") && first.len() == value.len() && first != value);
        assert_eq!(of("one", "github"), first);
        assert_ne!(of("one", "other"), first);
        assert_ne!(of("two", "github"), first);
        assert_ne!(of("", "github"), of("", "github"));
        assert_eq!(given(&dirs, "one").len(), 2);
        assert_eq!(Placeholders::of(&dirs, "one").unwrap().held("github"), Some(first.as_str()));
        fs::remove_file(path(&dirs, "one")).unwrap();
        assert_ne!(of("one", "github"), first);
        fs::remove_dir_all(state).unwrap();
    }
}
