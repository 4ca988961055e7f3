//! The tokens that were planted as traps: where they are kept, and how they are made. One line of JSON each, in a file of the
//! state directory that only its owner reads; agents have no hold of that directory.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use bailiwick_sandbox::plan::Plan;
use serde::{Deserialize, Serialize};

use crate::dirs::Dirs;
use crate::failure::{Failure, Kind, Naming as _};
use crate::setup::optional;

/// What a random token is made of: 5 bits a character.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// One planted token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planted {
    /// The token.
    pub token: String,
    /// `prompt`, `file PATH`, `variable NAME`.
    pub place: String,
    /// The variable that holds it behind the wall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: u64,
}

fn file(dirs: &Dirs) -> PathBuf {
    dirs.state.join("canaries")
}

/// All of them; none where nothing was planted. A file that cannot be read is a failure: a trap that is not looked for is
/// none.
pub fn all(dirs: &Dirs) -> Result<Vec<Planted>, Failure> {
    let file = file(dirs);
    let text = optional(&file)?.unwrap_or_default();
    let read = text.lines().map(serde_json::from_str).collect::<Result<_, _>>();
    read.map_err(|error| {
        Failure::new(Kind::Environment, format!("{} does not hold what it should", file.display())).because(error)
    })
}

/// The tokens alone.
pub fn tokens(dirs: &Dirs) -> Result<Vec<String>, Failure> {
    Ok(all(dirs)?.into_iter().map(|planted| planted.token).collect())
}

/// Keeps one more.
pub fn add(dirs: &Dirs, planted: &Planted) -> Result<(), Failure> {
    dirs.create_state()?;
    let path = file(dirs);
    let mut line = serde_json::to_string(planted)
        .map_err(|error| Failure::new(Kind::Environment, "a canary cannot be written").because(error))?;
    line.push('\n');
    let mut file = fs::OpenOptions::new().append(true).create(true).mode(0o600).open(&path).naming("write", &path)?;
    file.write_all(line.as_bytes()).naming("write", &path)
}

/// Keeps these alone.
pub fn keep(dirs: &Dirs, kept: &[Planted]) -> Result<(), Failure> {
    let (path, own) = (file(dirs), file(dirs).with_extension(std::process::id().to_string()));
    let lines = kept.iter().filter_map(|planted| serde_json::to_string(planted).ok());
    let text: String = lines.map(|line| line + "\n").collect();
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&own).naming("make", &own)?;
    file.write_all(text.as_bytes()).naming("write", &own)?;
    fs::rename(&own, &path).naming("write", &path)
}

/// A random token of so many characters.
pub fn random(length: usize) -> Result<String, Failure> {
    let mut random = vec![0_u8; length];
    let filled = getrandom::fill(&mut random);
    filled.map_err(|error| Failure::new(Kind::Environment, format!("no random number for a canary: {error}")))?;
    Ok(random.iter().map(|byte| char::from(LETTERS.get(usize::from(byte % 32)).copied().unwrap_or(b'a'))).collect())
}

/// Sets the planted variables behind the wall.
pub fn give(dirs: &Dirs, plan: &mut Plan) -> Result<(), Failure> {
    for planted in all(dirs)? {
        if let Some(name) = planted.variable {
            plan.env.retain(|(other, _)| *other != *name);
            plan.env.push((OsString::from(name), OsString::from(planted.token)));
        }
    }
    Ok(())
}
