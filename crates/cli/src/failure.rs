//! The one place that prints failures: heading, `because:` lines, `hint:` lines; and the exit codes.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

/// Whose fault it is; the number is the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The answer is no: a verification that failed, a check that found something.
    No = 1,
    /// The command line.
    Usage = 2,
    /// A policy, map or settings file.
    Configuration = 3,
    /// The machine: files, permissions, space.
    Environment = 4,
    /// Whoever read our output has gone (`| head`): not a failure, the command ends quietly.
    ReaderGone = 0,
}

/// Something that ends a command.
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    heading: String,
    cause: Option<Box<dyn Error + Send + Sync>>,
    hints: Vec<String>,
}

impl Failure {
    /// A failure with what could not be done.
    pub fn new(kind: Kind, heading: impl Into<String>) -> Failure {
        Failure { kind, heading: heading.into(), cause: None, hints: Vec::new() }
    }

    /// What lies behind it.
    pub fn because(mut self, cause: impl Error + Send + Sync + 'static) -> Failure {
        self.cause = Some(Box::new(cause));
        self
    }

    /// What to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hints.push(hint.into());
        self
    }

    /// Heading and causes in one line, for a reason that an agent or the ledger is given.
    pub fn line(&self) -> String {
        let mut line = self.heading.clone();
        for cause in self.causes() {
            line.push_str(": ");
            line.push_str(&cause);
        }
        line
    }

    fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut next = self.cause.as_ref().map(|cause| &**cause as &dyn Error);
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        causes
    }

    /// Prints it to standard error and gives the exit code.
    pub fn report(&self) -> ExitCode {
        if self.kind == Kind::ReaderGone {
            return ExitCode::SUCCESS;
        }
        let mut text = format!("bailiwick: {}\n", self.heading);
        for cause in self.causes() {
            text.push_str(&format!("  because: {cause}\n"));
        }
        for hint in &self.hints {
            text.push_str(&format!("  hint: {hint}\n"));
        }
        // Nowhere is left to say that standard error is closed.
        let _ = std::io::stderr().write_all(text.as_bytes());
        ExitCode::from(self.kind as u8)
    }
}

/// Reads or writes a file and says which one it was when that fails.
pub trait Naming<T> {
    /// The failure `cannot VERB PATH`.
    fn naming(self, verb: &str, path: &std::path::Path) -> Result<T, Failure>;
}

impl<T> Naming<T> for std::io::Result<T> {
    fn naming(self, verb: &str, path: &std::path::Path) -> Result<T, Failure> {
        self.map_err(|error| Failure::new(Kind::Environment, format!("cannot {verb} {}", path.display())).because(error))
    }
}
