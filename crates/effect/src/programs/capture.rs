//! tcpdump, tshark: traffic of this machine written down.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["tcpdump"], effects: |inv, sink| TCPDUMP.say(inv, sink) },
    Program { names: &["tshark", "dumpcap", "wireshark", "ngrep", "tcpflow"], effects: |inv, sink| TSHARK.say(inv, sink) },
];

const TCPDUMP: Described = Described {
    valued: "i interface c s snaplen C G W E M T y B V j Q time-stamp-type",
    options: &[("r|F|V", Value::Read), ("w", Value::Write), ("z|postrotate-command", Value::Program)],
    flags: &[("D|list-interfaces|h|version", &[Act::Ask]), ("Z|relinquish-privileges", &[Act::Ask])],
    otherwise: &[Act::Escalate("packet capture")],
    alone: Some(&[Act::Escalate("packet capture")]),
    ..Described::NEW
};

const TSHARK: Described = Described {
    valued: "i f Y R c s a b d e T o z E X g",
    options: &[("r|I|config-profile", Value::Read), ("w|O", Value::Write), ("X", Value::Script("lua"))],
    flags: &[("D|L", &[Act::Ask]), ("i|k", &[Act::Escalate("packet capture")])],
    otherwise: &[Act::Ask],
    ..Described::NEW
};
