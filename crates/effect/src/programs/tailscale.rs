//! tailscale: a private network of one's machines.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &["tailscale", "headscale", "netbird", "zerotier-cli", "twingate", "nebula"],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    target: "private network",
    host: "tailscale.com",
    valued: "socket login-server authkey hostname exit-node",
    verbs: &[
        (
            "status, ip, ping, netcheck, version, bugreport, whois, exit-node list|suggest, dns status, serve status, funnel status, metrics, info, listpeers, listnetworks, nodes list, users list",
            &[Act::Ask],
        ),
        ("ssh, nc", &[Act::RemoteShell]),
        ("file cp", &[Act::ReadOne(0), Act::Upload]),
        ("file get", &[Act::WriteTreeOne(0)]),
        ("serve, funnel", &[Act::Listen, Act::Upload]),
        (
            "up, down, set, login, logout, switch, lock, cert, join, leave, drive, web, configure, update",
            &[Act::Configure("network")],
        ),
    ],
    otherwise: &[Act::Configure("network")],
    ..Described::NEW
};
