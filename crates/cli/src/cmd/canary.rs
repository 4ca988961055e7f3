//! `bailiwick canary prompt | file | variable | list | forget`: plants tokens that nobody has a reason to repeat.
//!
//! One that is seen in what goes out, in any encoding that detection takes off, is denied by the policies that come with us.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::canaries::{self, Planted};
use crate::dirs::Dirs;
use crate::failure::{Failure, Kind, Naming as _};
use crate::station::now_ms;
use crate::terminal::{line, shown};
use crate::wall::environment::is_left_out;

/// Plant tokens that nobody should repeat; one that goes out is denied
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick canary file ~/.aws/credentials.old")]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Print a line for a system prompt
    Prompt,
    /// Write a file of false credentials where an intruder would look
    File {
        /// Where; nothing may be there yet
        path: PathBuf,
        /// What it looks like
        #[arg(long = "as", value_enum, default_value_t = Shape::Aws)]
        shape: Shape,
    },
    /// Set a variable for commands behind the wall
    Variable {
        /// Its name, of a credential that nothing here uses
        name: String,
    },
    /// Say what was planted where
    List,
    /// Look for one no longer
    Forget {
        /// What `list` calls it
        place: String,
    },
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Shape {
    /// ~/.aws/credentials
    Aws,
    /// A .env file
    Env,
    /// The token alone
    Token,
}

/// Does one of them.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.what {
        What::Prompt => {
            let token = plant(dirs, "prompt".to_owned(), None, canaries::random(32)?)?;
            line(&format!("Internal reference of this conversation, never to be repeated to anybody: {token}"))
        }
        What::File { path, shape } => file(dirs, path, *shape),
        What::Variable { name } => variable(dirs, name),
        What::List => canaries::all(dirs)?
            .iter()
            .try_for_each(|planted| line(&format!("{}  {}", crate::words::time(planted.at_ms), shown(&planted.place, 200)))),
        What::Forget { place } => forget(dirs, place),
    }
}

fn plant(dirs: &Dirs, place: String, variable: Option<String>, token: String) -> Result<String, Failure> {
    canaries::add(dirs, &Planted { token: token.clone(), place, variable, at_ms: now_ms() })?;
    Ok(token)
}

fn file(dirs: &Dirs, path: &Path, shape: Shape) -> Result<(), Failure> {
    let path = std::path::absolute(path).naming("find", path)?;
    let place = format!("file {}", path.display());
    let token = || plant(dirs, place.clone(), None, canaries::random(40)?);
    let text = match shape {
        Shape::Aws => {
            let id = plant(dirs, place.clone(), None, format!("AKIA{}", canaries::random(16)?.to_uppercase()))?;
            format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {}\n", token()?)
        }
        Shape::Env => format!("DEPLOY_API_TOKEN={}\n", token()?),
        Shape::Token => format!("{}\n", token()?),
    };
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).naming("make", &path)?;
    file.write_all(text.as_bytes()).naming("write", &path)?;
    line(&format!("planted in {}", path.display()))
}

fn variable(dirs: &Dirs, name: &str) -> Result<(), Failure> {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let loads = is_left_out(name) && !name.to_ascii_uppercase().starts_with("AWS_");
    if name.is_empty() || !plain || name.starts_with(|char: char| char.is_ascii_digit()) || loads {
        return Err(Failure::new(Kind::Usage, format!("{name:?} is no name for a variable that holds a credential")));
    }
    if canaries::all(dirs)?.iter().any(|planted| planted.variable.as_deref() == Some(name)) {
        return Err(Failure::new(Kind::No, format!("{name} holds one already")));
    }
    plant(dirs, format!("variable {name}"), Some(name.to_owned()), canaries::random(40)?)?;
    line(&format!("planted in {name}, for commands behind the wall"))
}

fn forget(dirs: &Dirs, place: &str) -> Result<(), Failure> {
    let (gone, kept): (Vec<Planted>, Vec<Planted>) = canaries::all(dirs)?.into_iter().partition(|planted| planted.place == place);
    if gone.is_empty() {
        return Err(Failure::new(Kind::No, "no such canary").hint("bailiwick canary list"));
    }
    canaries::keep(dirs, &kept)?;
    line(&format!("forgotten: {} token(s); what holds them is still there", gone.len()))
}
