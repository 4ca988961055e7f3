//! Labels: what a session has read. A join-semilattice: labels only grow, and joining is union.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What has flowed into a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// Untrusted sources read so far: `web:example.org`, `mcp:tickets`, `file:/work/vendor/README`.
    pub untrusted: BTreeSet<String>,
    /// Secrets read so far: `path:/home/u/.ssh/id_ed25519`, `secret/aws-access-key`.
    pub secrets: BTreeSet<String>,
}

impl Labels {
    /// The least upper bound: everything that either has.
    #[must_use]
    pub fn join(mut self, other: &Labels) -> Labels {
        self.untrusted.extend(other.untrusted.iter().cloned());
        self.secrets.extend(other.secrets.iter().cloned());
        self
    }

    /// Whether nothing has flowed in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.untrusted.is_empty() && self.secrets.is_empty()
    }

    /// Whether `self` has nothing that `other` lacks.
    #[must_use]
    pub fn within(&self, other: &Labels) -> bool {
        self.untrusted.is_subset(&other.untrusted) && self.secrets.is_subset(&other.secrets)
    }
}
