//! The one place that prints. A closed pipe is nobody's failure.

use std::io::{self, Write};

/// A line on stdout.
pub(crate) fn line(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// A line on stderr.
pub(crate) fn problem(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
