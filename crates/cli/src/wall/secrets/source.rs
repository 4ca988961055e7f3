//! Where values come from. In: a source of the map. Out: the value, that there is none, or why it cannot be had. Nothing is
//! kept on a disk, and what is no longer needed is overwritten.

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use bailiwick_vocab::map::secret::{Origin, Source};
use zeroize::Zeroizing;

use crate::dirs::home;
use crate::wall::environment::loads_code;

/// How long a program may take to print a secret: a locked keyring asks its user.
const PATIENCE: Duration = Duration::from_secs(20);

/// Longest text that is looked through for a value.
const LONGEST: u64 = 1 << 20;

/// A text that is overwritten when it goes.
pub type Text = Zeroizing<String>;

/// Reads sources, each once.
pub struct Reader<'a> {
    /// Trees that walled commands may write: no program that lies there is run outside.
    untrusted: &'a [PathBuf],
    read: Vec<(Origin, Option<Text>)>,
}

impl Reader<'_> {
    /// Has read nothing.
    pub fn new(untrusted: &[PathBuf]) -> Reader<'_> {
        Reader { untrusted, read: Vec::new() }
    }

    /// The value; none where the variable, the file or the text before it is not there.
    pub fn value(&mut self, source: &Source) -> Result<Option<Text>, String> {
        let known = self.read.iter().find(|(at, _)| *at == source.at).map(|(_, text)| text.clone());
        let text = match known {
            Some(text) => text,
            None => {
                let text = self.text(&source.at)?;
                self.read.push((source.at.clone(), text.clone()));
                text
            }
        };
        let Some(text) = text else { return Ok(None) };
        if !source.after.is_empty() {
            return Ok(word_after(&text, &source.after).map(|word| Zeroizing::new(word.to_owned())));
        }
        let word = text.trim();
        if word.contains(char::is_whitespace) {
            return Err(format!("{} gives more than one word: `after` must say which", described(&source.at)));
        }
        Ok((!word.is_empty()).then(|| Zeroizing::new(word.to_owned())))
    }

    fn text(&self, at: &Origin) -> Result<Option<Text>, String> {
        match at {
            Origin::Env(name) => match std::env::var(name) {
                Ok(value) => Ok(Some(Zeroizing::new(value))),
                Err(std::env::VarError::NotPresent) => Ok(None),
                Err(std::env::VarError::NotUnicode(_)) => Err(format!("the variable {name} is no text")),
            },
            Origin::File(path) => file(path),
            Origin::Command(words) => self.printed(words),
            Origin::Keyring { service, account } => {
                let words = keyring(service, account.as_deref())?;
                self.printed(&words).map_err(|why| format!("{why}; nothing is under that name, or the keyring is locked"))
            }
        }
    }

    fn printed(&self, words: &[String]) -> Result<Option<Text>, String> {
        let [program, arguments @ ..] = words else { return Err("no program is named".to_owned()) };
        let path = self.program(program)?;
        let mut command = Command::new(path);
        // Not where the agent is: a project's own files would tell the program what to do.
        command.args(arguments).current_dir(home().unwrap_or_else(|| PathBuf::from("/")));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for (name, _) in std::env::vars_os().filter(|(name, _)| loads_code(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        let (fine, said, complaint) = output(command).map_err(|error| format!("{program} could not be run: {error}"))?;
        if !fine {
            let first = complaint.lines().next().unwrap_or_default();
            let shown: String = bailiwick_detect::redact(first).text.chars().take(200).collect();
            return Err(format!("{program} failed{}{shown}", if shown.is_empty() { "" } else { ": " }));
        }
        if said.trim().is_empty() { Err(format!("{program} printed nothing")) } else { Ok(Some(said)) }
    }

    /// The program itself, so that nothing that a walled command could have put there is run in its place.
    fn program(&self, name: &str) -> Result<PathBuf, String> {
        let usable = |path: PathBuf| {
            let real = std::fs::canonicalize(path).ok()?;
            let found = std::fs::metadata(&real).ok()?;
            (found.is_file() && found.permissions().mode() & 0o111 != 0).then_some(real)
        };
        let own = |real: &PathBuf| !self.untrusted.iter().any(|tree| real.starts_with(tree));
        if name.contains('/') {
            let real = usable(expanded(name)).ok_or_else(|| format!("there is no program {name}"))?;
            return if own(&real) { Ok(real) } else { Err(format!("{name} lies where commands of agents may write")) };
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let directories = std::env::split_paths(&path).filter(|directory| directory.is_absolute());
        let mut found = directories.filter_map(|directory| usable(directory.join(name)).map(|real| (directory, real)));
        found
            .find(|(directory, real)| own(real) && own(directory))
            .map(|(directory, _)| directory.join(name))
            .ok_or_else(|| format!("there is no program {name} here"))
    }
}

/// How a source is called, for messages.
pub fn described(at: &Origin) -> String {
    match at {
        Origin::Env(name) => format!("the variable {name}"),
        Origin::File(path) => format!("the file {path}"),
        Origin::Command(words) => format!("what `{}` prints", words.join(" ")),
        Origin::Keyring { service, account: None } => format!("{service} in the keyring"),
        Origin::Keyring { service, account: Some(account) } => format!("{service} of {account} in the keyring"),
    }
}

/// A path of the map.
pub fn expanded(path: &str) -> PathBuf {
    match path.strip_prefix("~/") {
        Some(below) => home().unwrap_or_else(|| PathBuf::from("/")).join(below),
        None => PathBuf::from(path),
    }
}

fn file(path: &str) -> Result<Option<Text>, String> {
    let failed = |error: std::io::Error| format!("{path} cannot be read: {error}");
    let file = match std::fs::File::open(expanded(path)) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mut text = Zeroizing::new(String::new());
    file.take(LONGEST).read_to_string(&mut text).map_err(failed)?;
    Ok(Some(text))
}

/// The command that asks the system's keyring.
fn keyring(service: &str, account: Option<&str>) -> Result<Vec<String>, String> {
    let words: Vec<&str> = if Path::new("/usr/bin/security").exists() {
        let account = account.map(|account| ["-a", account]);
        [&["/usr/bin/security", "find-generic-password", "-w", "-s", service][..], account.as_ref().map_or(&[], |two| two)]
            .concat()
    } else if on_path("secret-tool") {
        let account = account.map(|account| ["username", account]);
        [&["secret-tool", "lookup", "service", service][..], account.as_ref().map_or(&[], |two| two)].concat()
    } else {
        return Err("the keyring is asked by the program secret-tool (package libsecret-tools), and it is not here".to_owned());
    };
    Ok(words.into_iter().map(str::to_owned).collect())
}

fn on_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.is_absolute() && directory.join(name).is_file())
}

/// Whether it ended well, what it printed, what it complained of. No thread of ours is left when this returns well.
fn output(mut command: Command) -> std::io::Result<(bool, Text, String)> {
    let mut child = command.spawn()?;
    let (printed, complained) = (child.stdout.take(), child.stderr.take());
    let (sender, done) = channel();
    let reader = std::thread::spawn(move || {
        let mut said = Zeroizing::new(String::new());
        let mut complaint = String::new();
        let read = printed.map_or(Ok(0), |printed| printed.take(LONGEST).read_to_string(&mut said));
        let _ = complained.map(|complained| complained.take(4096).read_to_string(&mut complaint));
        let _ = sender.send(());
        read.map(|_| (said, complaint))
    });
    let end = Instant::now() + PATIENCE;
    let ended = done.recv_timeout(PATIENCE).is_ok();
    let status = loop {
        match child.try_wait()? {
            Some(status) if ended => break status,
            _ if !ended || Instant::now() > end => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(std::io::Error::new(std::io::ErrorKind::TimedOut, "it did not end"));
            }
            _ => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    let (said, complaint) = reader.join().map_err(|_| std::io::Error::other("its output could not be read"))??;
    Ok((status.success(), said, complaint))
}

/// The word that follows these texts: a quoted one to its quote, any other to the next white space.
fn word_after<'a>(text: &'a str, after: &[String]) -> Option<&'a str> {
    let mut rest = text;
    for mark in after {
        rest = rest.get(rest.find(mark.as_str())? + mark.len()..)?;
    }
    let blank = [' ', '\t'];
    let quote = ['"', '\''];
    let rest = rest.strip_prefix(quote).unwrap_or(rest).trim_start_matches(blank);
    let rest = rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start_matches(blank);
    let word = match rest.strip_prefix(quote) {
        Some(inside) => inside.split(rest.chars().next()?).next()?,
        None => rest.split(char::is_whitespace).next()?,
    };
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn marks(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_value_is_the_word_behind_its_marks() {
        for (text, after, word) in [
            ("//r.example/:_authToken=npm_abc\n", &["_authToken"][..], Some("npm_abc")),
            ("github.com:\n    oauth_token: gho_abc\n    user: me\n", &["oauth_token"], Some("gho_abc")),
            ("{\"access_token\": \"a b\", \"x\": 1}", &["access_token"], Some("a b")),
            ("[a]\nkey = 1\n[dev]\nkey = 'two'\n", &["[dev]", "key"], Some("two")),
            ("machine x login me password p,w;d\n", &["machine x", "password"], Some("p,w;d")),
            ("token=\nother=abc\n", &["token"], None),
            ("token", &["nothing"], None),
            ("token", &["token"], None),
            ("token=\"", &["token"], None),
        ] {
            assert_eq!(word_after(text, &marks(after)), word, "{text}");
        }
    }

    #[test]
    fn a_program_in_a_tree_that_commands_write_is_not_run() {
        let root = std::env::temp_dir().join(format!("bailiwick-source-{}", std::process::id()));
        std::fs::create_dir_all(root.join("bin")).unwrap();
        let program = root.join("bin/tool");
        std::fs::write(&program, "#!/bin/sh\necho value\n").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let words = [program.to_string_lossy().into_owned()];
        let real = root.canonicalize().unwrap();
        assert_eq!(Reader::new(&[]).printed(&words).unwrap().unwrap().trim(), "value");
        assert!(Reader::new(&[real]).printed(&words).unwrap_err().contains("may write"));
        std::fs::write(&program, "#!/bin/sh\necho no luck >&2; exit 3\n").unwrap();
        assert_eq!(Reader::new(&[]).printed(&words).unwrap_err(), format!("{} failed: no luck", words[0]));
        assert!(Reader::new(&[]).printed(&["no-such-program-here".to_owned()]).unwrap_err().contains("no program"));
        std::fs::remove_dir_all(root).unwrap();
    }
}
