//! puppet, knife and chef-client: machines brought to a described state.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["puppet"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "machines",
    valued: "environment modulepath certname server log_level",
    options: &[("server", Value::Host), ("e|execute", Value::Code("puppet"))],
    flags: &[("noop", &[Act::ReadAt(".")])],
    verbs: &[
        (
            "help, describe, doc, lookup, facts, parser, epp, module list, module search, resource --help, config print, ssl show",
            &[Act::Project],
        ),
        ("module", &[Act::Package("puppet-module")]),
        ("cert|ca clean|revoke|destroy", &[Act::Destroy]),
        ("ssl clean", &[Act::Destroy]),
        ("config", &[Act::Configure("puppet")]),
        (
            "apply|agent|resource|device|node|plugin|catalog|script",
            &[Act::Escalate("puppet"), Act::Change, Act::Opaque(OpaqueCause::Script, "puppet")],
        ),
    ],
    ..Described::NEW
};
