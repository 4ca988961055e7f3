//! ifconfig, arp, ss and other views of the network that can also change it.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["ifconfig", "iwlist"], effects: |inv, sink| IFCONFIG.say(inv, sink) },
    Program { names: &["arp"], effects: |inv, sink| ARP.say(inv, sink) },
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
