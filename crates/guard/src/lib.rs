//! The line: an event comes in, a record with its ruling goes out. Composes effect, detect and policy.
//!
//! Pure: the disk is a [`bailiwick_effect::world::World`], the time an argument, the past a [`session::Session`] folded
//! from ledger records. Writing the record, and answering the agent, is the caller's.

pub mod approval;
pub mod canary;
pub mod draft;
pub mod line;
pub mod maps;
pub mod origin;
pub mod outcome;
pub mod payload;
pub mod session;
pub mod taint;
pub mod trust;
