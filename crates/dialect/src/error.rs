//! Why foreign bytes were not understood. Never holds the bytes themselves beyond a field's or an event's name.

use std::fmt;

use crate::ordered::JsonError;

/// The most bytes that one message may have. A tool call that writes a file carries it whole; the largest that agents
/// write are a few MiB, and what is larger could not be judged within the time that a hook has.
pub const LARGEST_MESSAGE_BYTES: usize = 16 * 1024 * 1024;

/// Why a message was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// Longer than [`LARGEST_MESSAGE_BYTES`].
    TooLarge {
        /// How long it is.
        bytes: usize,
    },
    /// Not UTF-8.
    NotUtf8,
    /// Not JSON, nested too deeply, or a key twice.
    Json(JsonError),
    /// JSON, but not an object.
    NotAnObject,
    /// An event that we do not know.
    UnknownEvent {
        /// Its name.
        name: String,
    },
    /// A member that must be there is not.
    Missing {
        /// Its name, with a dot between levels.
        field: String,
    },
    /// A member is there, but is not what it must be.
    Unexpected {
        /// Its name, with a dot between levels.
        field: String,
        /// What it must be.
        wanted: &'static str,
    },
}

impl ParseError {
    pub(crate) fn missing(field: impl Into<String>) -> Self {
        ParseError::Missing { field: field.into() }
    }

    pub(crate) fn unexpected(field: impl Into<String>, wanted: &'static str) -> Self {
        ParseError::Unexpected { field: field.into(), wanted }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseError::TooLarge { bytes } => {
                write!(out, "the message has {bytes} bytes; at most {LARGEST_MESSAGE_BYTES} are read")
            }
            ParseError::NotUtf8 => out.write_str("the message is not UTF-8"),
            ParseError::Json(error) => write!(out, "the message is {error}"),
            ParseError::NotAnObject => out.write_str("the message is not a JSON object"),
            ParseError::UnknownEvent { name } => write!(out, "the event {name:?} is not known"),
            ParseError::Missing { field } => write!(out, "the message has no {field:?}"),
            ParseError::Unexpected { field, wanted } => write!(out, "{field:?} is not {wanted}"),
        }
    }
}

impl std::error::Error for ParseError {}
