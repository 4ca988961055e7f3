//! chisel, frp, gost: traffic carried through another machine.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &[
        "chisel",
        "frpc",
        "frps",
        "gost",
        "ligolo-ng",
        "ligolo-agent",
        "revsocks",
        "rathole",
        "iodine",
        "iodined",
        "ptunnel",
        "dnscat2",
        "dnscat",
        "stunnel",
        "stunnel4",
        "sslh",
        "redsocks",
        "udp2raw",
        "hysteria",
        "trojan",
        "v2ray",
        "xray",
        "sing-box",
        "shadowsocks",
        "ss-local",
        "ss-server",
        "sslocal",
        "ssserver",
    ],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    target: "relay",
    host: "*",
    valued: "L F p P port host auth key c config",
    options: &[("c|C|config", Value::Read)],
    otherwise: &[Act::Upload, Act::Listen],
    alone: Some(&[Act::Upload, Act::Listen]),
    ..Described::NEW
};
