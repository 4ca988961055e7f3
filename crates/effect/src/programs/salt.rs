//! salt, puppet, chef: many machines changed from one place.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["salt", "salt-ssh"], effects: |inv, sink| SALT.say(inv, sink) },
    Program { names: &["salt-call"], effects: |inv, sink| SALT_CALL.say(inv, sink) },
    Program { names: &["salt-key", "salt-run", "salt-cloud"], effects: |inv, sink| SALT_KEY.say(inv, sink) },
];

const SALT: Described = Described {
    target: "machines",
    valued: "c config-dir t timeout b batch-size out output log-level G L E N",
    options: &[("roster-file", Value::Read)],
    verbs: &[
        ("* test.ping|grains.items|grains.get|status.uptime|sys.doc", &[Act::Ask]),
        ("* cmd.run|cmd.shell|cmd.script|cmd.exec_code", &[Act::RemoteShell]),
    ],
    otherwise: &[Act::Change, Act::RemoteShell],
    ..Described::NEW
};

const SALT_CALL: Described = Described {
    target: "machines",
    valued: "c config-dir l log-level out",
    flags: &[("local", &[Act::Project])],
    verbs: &[("test.ping|grains.items|grains.get|sys.doc", &[Act::Ask])],
    otherwise: &[Act::Change, Act::Opaque(OpaqueCause::Dynamic, "salt")],
    ..Described::NEW
};

const SALT_KEY: Described = Described {
    target: "machines",
    valued: "c config-dir a d m p",
    flags: &[("a|A|accept|accept-all", &[Act::Change]), ("d|D|delete|delete-all|r|R|reject|reject-all", &[Act::Destroy])],
    otherwise: &[Act::Ask],
    ..Described::NEW
};
