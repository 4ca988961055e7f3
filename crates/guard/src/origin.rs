//! Where the values of a call come from: the user's words, what the account's owner or the service put there, members'
//! and strangers' text, or the model alone. In: what the session has said and read ([`texts`]), a call with its effects.
//! Out: one [`Trace`](bailiwick_vocab::origin::Trace) a value ([`tracing`]). It decides nothing.
//!
//! A value counts as the user's, a member's or a stranger's where it stands as a whole in such a text, whatever its case,
//! spacing, look-alike letters and hidden characters; a stranger's disguises are taken off first. It counts as the owner's
//! where it is the whole value of a field that the map says the owner sets ([`fields`]).

pub mod asked;
pub mod fields;
mod heap;
mod letters;
mod names;
mod pieces;
mod python;
pub mod texts;
pub mod tracing;
