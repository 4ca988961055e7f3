//! croc, magic-wormhole and their kin: files handed to whoever knows a phrase.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &["croc", "wormhole", "wormhole-william", "magic-wormhole", "ffsend", "transfersh", "rwormhole", "sendme"],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    target: "file transfer",
    host: "*",
    valued: "code relay pass text c code-length socks5 appid relay-url transit-helper v",
    options: &[("o|out|output-file", Value::Write)],
    verbs: &[
        ("send, tx, upload", &[Act::ReadTree(0), Act::Upload]),
        ("receive, recv, rx, download, get", &[Act::Fetch, Act::WriteTreeAt(".")]),
        ("ssh", &[Act::Secret("ssh key"), Act::Upload]),
        ("relay, serve", &[Act::Listen]),
    ],
    otherwise: &[Act::Fetch, Act::WriteTreeAt(".")],
    alone: Some(&[Act::Fetch, Act::WriteTreeAt(".")]),
    ..Described::NEW
};
