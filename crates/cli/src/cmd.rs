//! One module a command: each reads its arguments, calls the libraries, and prints.

pub mod approve;
pub mod canary;
pub mod doctor;
pub mod effects;
pub mod exec;
pub mod init;
pub mod judge;
pub mod log;
pub mod map;
pub mod pending;
pub mod policy;
pub mod review;
pub mod run;
pub mod scan;
pub mod show;
pub mod trust;
pub mod r#try;
pub mod undo;
pub mod verify;
pub mod why;
