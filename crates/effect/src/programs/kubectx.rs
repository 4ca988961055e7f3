//! kubectx and kubens: the client turned to another cluster or namespace.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["kubectx", "kubens"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described { otherwise: &[Act::Configure("kubernetes client")], ..Described::NEW };
