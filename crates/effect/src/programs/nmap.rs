//! nmap, masscan and their kin: which machines answer on which ports.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["nmap"], effects: |inv, sink| NMAP.say(inv, sink) },
    Program {
        names: &["masscan", "zmap", "rustscan", "naabu", "arp-scan", "netdiscover", "unicornscan", "hping3", "hping", "nbtscan"],
        effects: |inv, sink| MASSCAN.say(inv, sink),
    },
];

const NMAP: Described = Described {
    valued: "p e g S D T iL iR oN oX oG oA oS script-args max-rate min-rate host-timeout exclude top-ports source-port data-string data scan-delay stylesheet",
    one_dash: true,
    options: &[
        ("iL|excludefile|servicedb|versiondb|datadir|resume|script-args-file", Value::Read),
        ("oN|oX|oG|oA|oS", Value::Write),
        ("script", Value::Script("lua")),
        ("proxies", Value::Host),
    ],
    flags: &[("iflist", &[Act::Ask]), ("interactive", &[Act::Opaque(OpaqueCause::Dynamic, "shell")])],
    otherwise: &[Act::Opaque(OpaqueCause::Dynamic, "network-scan")],
    ..Described::NEW
};

const MASSCAN: Described = Described {
    valued: "p ports rate e interface a b t",
    options: &[("c|conf|iL|includefile|excludefile", Value::Read), ("oX|oG|oJ|oL|o", Value::Write)],
    otherwise: &[Act::Opaque(OpaqueCause::Dynamic, "network-scan")],
    ..Described::NEW
};
