//! The nouns that every other crate speaks: events, calls, effects, findings, labels, cases, rulings, records.
//!
//! Plain data with serde, no behaviour beyond what a type needs to be itself (ordering of verdicts, joins of
//! labels). No file system, no clock, no environment: times arrive as milliseconds since the Unix epoch.

pub mod address;
pub mod call;
pub mod case;
pub mod effect;
pub mod event;
pub mod finding;
pub mod handling;
pub mod label;
pub mod map;
pub mod origin;
pub mod permission;
pub mod record;
