//! wg, wg-quick, openvpn: this machine's traffic through a tunnel.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["wg"], effects: |inv, sink| WG.say(inv, sink) },
    Program { names: &["wg-quick"], effects: |inv, sink| WG_QUICK.say(inv, sink) },
    Program {
        names: &[
            "openvpn",
            "openconnect",
            "vpnc",
            "ipsec",
            "strongswan",
            "nordvpn",
            "mullvad",
            "protonvpn-cli",
            "expressvpn",
            "warp-cli",
        ],
        effects: |inv, sink| OPENVPN.say(inv, sink),
    },
];

const WG: Described = Described {
    verbs: &[
        ("show, showconf", &[Act::Ask]),
        ("genkey, genpsk, pubkey", &[Act::Ask]),
        ("set, setconf, addconf, syncconf", &[Act::Configure("network")]),
    ],
    ..Described::NEW
};

const WG_QUICK: Described = Described {
    verbs: &[("strip", &[Act::Ask])],
    otherwise: &[Act::ReadAt("/etc/wireguard"), Act::Escalate("root"), Act::Configure("network")],
    ..Described::NEW
};

const OPENVPN: Described = Described {
    valued: "config remote dev proto user u port auth-user-pass",
    options: &[
        ("config", Value::Read),
        ("up|down|script|s|client-connect|route-up|tls-verify|auth-user-pass-verify", Value::Shell),
    ],
    verbs: &[("status, servers, countries, account, relay list", &[Act::Ask])],
    otherwise: &[Act::Configure("network")],
    alone: Some(&[Act::Configure("network")]),
    ..Described::NEW
};
