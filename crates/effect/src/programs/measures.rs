//! iperf, netperf and kin: traffic between two machines, measured. tcptraceroute: the way there.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["iperf", "iperf2", "iperf3"], effects: |inv, sink| IPERF.say(inv, sink) },
    Program {
        names: &["netperf", "nuttcp", "qperf", "uperf", "sockperf", "ntttcp"],
        effects: |inv, sink| NETPERF.say(inv, sink),
    },
    Program { names: &["netserver"], effects: |inv, sink| SERVER.say(inv, sink) },
    Program {
        names: &["tcptraceroute", "lft", "paris-traceroute", "dublin-traceroute"],
        effects: |inv, sink| TRACE.say(inv, sink),
    },
];

/// A client sends; a server waits.
const IPERF: Described = Described {
    valued: "p f i t n b w l M A B O L P k S T C V Z version4 port format interval time bytes bandwidth bitrate window length parallel title omit cport set-mss affinity bind connect-timeout rcv-timeout pacing-timer fq-rate congestion username extra-data dscp tos",
    options: &[
        ("c|client", Value::Host),
        ("F|file", Value::Read),
        ("logfile|o|output|I|pidfile", Value::Write),
        ("rsa-private-key-path|authorized-users-path|rsa-public-key-path", Value::Read),
    ],
    flags: &[("s|server", &[Act::Listen])],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

const NETPERF: Described = Described {
    valued: "p l t i I c C n O P T v m s w r u b",
    options: &[("H|client", Value::Host), ("rc_file|file", Value::Read)],
    flags: &[("S|server", &[Act::Listen])],
    otherwise: &[Act::Reach(0)],
    ..Described::NEW
};

const SERVER: Described = Described { valued: "p L Z", otherwise: &[Act::Listen], alone: Some(&[Act::Listen]), ..Described::NEW };

const TRACE: Described = Described { valued: "i f l q w m p s t P d D L", otherwise: &[Act::Reach(0)], ..Described::NEW };
