//! ifconfig, arp, ss and other views of the network that can also change it.

use bailiwick_vocab::effect::Deed;

use super::described::{Act, Described, Value};
use super::{Program, names};
use crate::invocation::{Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["ifconfig", "iwlist"], effects: ifconfig },
    Program { names: &["arp"], effects: arp },
    Program { names: &["route"], effects: route },
    Program { names: &["ss"], effects: |inv, sink| SS.say(inv, sink) },
    Program {
        names: &[
            "vconfig",
            "ovs-vsctl",
            "ovs-ofctl",
            "ipvsadm",
            "conntrack",
            "wondershaper",
            "ifmetric",
            "netplan",
            "dhclient",
            "dhcpcd",
            "udhcpc",
            "pppd",
            "iptables-save",
            "iptables-legacy",
            "ip6tables-restore",
            "firewall-offline-cmd",
            "shorewall",
            "ferm",
        ],
        effects: |inv, sink| VCONFIG.say(inv, sink),
    },
];

/// Words of these programs that are no names of hosts.
const KEYWORDS: &[&str] = &[
    "up",
    "down",
    "add",
    "del",
    "delete",
    "change",
    "get",
    "flush",
    "monitor",
    "inet",
    "inet6",
    "netmask",
    "broadcast",
    "mtu",
    "metric",
    "hw",
    "ether",
    "promisc",
    "dev",
    "gw",
    "default",
    "reject",
    "mod",
    "dyn",
    "reinstate",
    "window",
    "irtt",
    "mss",
    "pub",
    "temp",
    "alias",
    "tunnel",
    "pointopoint",
    "dstaddr",
    "multicast",
    "arp",
    "txqueuelen",
    "media",
    "lladdr",
    "interface",
];

/// Names of hosts among the words, but for those behind a word that an interface or a number follows.
fn hosts(words: &[Word], sink: &mut Sink) {
    let mut before = "";
    for word in words {
        let other = matches!(
            before,
            "dev" | "mtu" | "metric" | "hw" | "ether" | "mss" | "window" | "irtt" | "-i" | "-A" | "-p" | "txqueuelen"
        );
        if !other && !KEYWORDS.contains(&word.text.as_str()) {
            names::resolved(word, sink);
        }
        before = word.text.as_str();
    }
}

/// `ifconfig INTERFACE [HOST …]`.
fn ifconfig(inv: &Invocation<'_>, sink: &mut Sink) {
    IFCONFIG.say(inv, sink);
    let operands = inv.args.iter().position(|word| !word.text.starts_with('-')).map_or(inv.args.len(), |at| at + 1);
    hosts(inv.args.get(operands..).unwrap_or_default(), sink);
}

fn arp(inv: &Invocation<'_>, sink: &mut Sink) {
    ARP.say(inv, sink);
    let names = inv.args.iter().position(|word| !word.text.starts_with('-'));
    hosts(names.and_then(|at| inv.args.get(at..=at)).unwrap_or_default(), sink);
}

/// Without a verb it shows the table.
fn route(inv: &Invocation<'_>, sink: &mut Sink) {
    const CHANGES: &[&str] = &["add", "del", "delete", "change", "flush"];
    let changes = inv.args.iter().any(|word| CHANGES.contains(&word.text.as_str()) || !word.known());
    if changes {
        sink.deed(Deed::Configure { what: "system".to_owned() }, inv.span);
    }
    let asks = inv.args.iter().any(|word| word.text == "get");
    if changes || asks {
        // The last word may be an interface, which is looked up too where it stands for a host.
        hosts(inv.args, sink);
    }
}

const IFCONFIG: Described = Described {
    verbs: &[
        ("* up|down|add|del|netmask|hw|mtu|promisc|inet|inet6", &[Act::Configure("network")]),
        ("lo|eth0|en0|en1|wlan0", &[Act::Nothing]),
        ("* *", &[Act::Configure("network")]),
    ],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

const ARP: Described = Described {
    flags: &[("d|s|f|D|delete|set|file", &[Act::Configure("network")])],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

const SS: Described = Described {
    options: &[("D|diag", Value::Write), ("F|filter", Value::Read)],
    flags: &[("K|kill", &[Act::Configure("network")])],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

const VCONFIG: Described = Described {
    shows: "L l list n",
    verbs: &[("show, get, list-br, status, dump-flows", &[Act::Nothing])],
    otherwise: &[Act::Configure("network")],
    ..Described::NEW
};
