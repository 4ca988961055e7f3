//! The wall around one allowed call: from the ruling's grants to a plan for the sandbox, and what is answered and noted
//! while the command runs. `grants` and `ticket` are made by the hook, which asks `probe` whether there can be a wall here; `plan`, `secrets`, `trust`,
//! `watch` and `egress` by `exec`; `lead` and `desk` are for a whole agent inside.

pub mod asking;
pub mod carry;
pub mod desk;
pub mod drafts;
pub mod egress;
pub mod environment;
pub mod forge;
pub mod forget;
pub mod grants;
pub mod lead;
pub mod plan;
pub mod probe;
pub mod programs;
pub mod secrets;
pub mod seen;
pub mod settings;
pub mod ticket;
pub mod trust;
pub mod watch;
