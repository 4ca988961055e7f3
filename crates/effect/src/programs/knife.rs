//! knife and chef: machines, roles and cookbooks of a Chef server.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["knife", "chef", "inspec"], effects: |inv, sink| KNIFE.say(inv, sink) },
    Program {
        names: &["chef-client", "chef-solo", "chef-apply", "cinc-client"],
        effects: |inv, sink| CHEF_CLIENT.say(inv, sink),
    },
];

const KNIFE: Described = Described {
    target: "chef",
    valued: "c config E environment k key s server-url u user format f",
    verbs: &[
        ("ssh|winrm|exec", &[Act::RemoteShell]),
        ("status", &[Act::Ask]),
        ("node|client|role|cookbook|environment|data|status|search|supermarket list|show|status|search", &[Act::Ask]),
        ("node|client|role|cookbook|environment|data delete|bulk", &[Act::Destroy]),
        ("data bag|show", &[Act::Secret("chef data bag")]),
        ("bootstrap", &[Act::RemoteShell, Act::Change]),
        ("check|shell|env|gem|generate", &[Act::Project]),
    ],
    ..Described::NEW
};

const CHEF_CLIENT: Described = Described {
    target: "machines",
    options: &[("c|config|j|json-attributes", Value::Read), ("e|execute", Value::Code("ruby"))],
    flags: &[("W|why-run", &[Act::ReadAt(".")])],
    otherwise: &[Act::Escalate("chef"), Act::Opaque(OpaqueCause::Script, "chef")],
    alone: Some(&[Act::Escalate("chef"), Act::Opaque(OpaqueCause::Script, "chef")]),
    ..Described::NEW
};
