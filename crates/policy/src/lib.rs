//! Policy: texts in, rulings out. Places name what paths and hosts mean, Cedar policies in layers say what is permitted,
//! [`policy::Policy::judge`] rules on a case, [`policy::Policy::receive`] on what comes back.
//!
//! Pure: no file system, environment, network, process or clock. Never permits what it could not evaluate: a policy that
//! errs denies.

mod cache;
pub mod diagnostic;
mod entities;
pub mod example;
pub mod import;
mod judge;
pub mod load;
pub mod places;
pub mod policy;
mod presets;
mod receive;
pub mod schema;
mod traced;
mod words;
