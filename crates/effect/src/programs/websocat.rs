//! websocat, wscat, grpcurl: messages to a service over a line that stays open.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["websocat", "wscat"], effects: |inv, sink| WEBSOCAT.say(inv, sink) },
    Program { names: &["grpcurl", "evans", "ghz", "grpc_cli"], effects: |inv, sink| GRPCURL.say(inv, sink) },
];

const WEBSOCAT: Described = Described {
    host: "*",
    valued: "H header s subprotocol x execute w wait auth ca cert key l listen E B",
    options: &[("c|connect", Value::Host), ("x|execute", Value::Read), ("sh-c|exec|cmd", Value::Shell)],
    flags: &[("l|listen|s", &[Act::Listen])],
    otherwise: &[Act::Reach(0)],
    ..Described::NEW
};

const GRPCURL: Described = Described {
    valued: "H rpc-header import-path proto max-time authority format connect-timeout user-agent d cacert cert key protoset",
    one_dash: true,
    verbs: &[("* list|describe, list, describe, ls, type", &[Act::Ask])],
    otherwise: &[Act::Reach(0)],
    ..Described::NEW
};
