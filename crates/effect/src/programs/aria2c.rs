//! aria2c and axel: files fetched in pieces.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["aria2c"], effects: |inv, sink| ARIA2C.say(inv, sink) },
    Program { names: &["axel"], effects: |inv, sink| AXEL.say(inv, sink) },
];

const ARIA2C: Described = Described {
    valued: "d dir o out s split x max-connection-per-server k j max-concurrent-downloads header user-agent referer http-user http-passwd max-download-limit checksum seed-time",
    options: &[
        ("i|input-file|load-cookies|T|torrent-file|M|metalink-file|conf-path|private-key|certificate", Value::Read),
        ("l|log|save-session|save-cookies", Value::Write),
        ("d|dir", Value::WriteTree),
        (
            "on-download-complete|on-download-start|on-download-error|on-bt-download-complete|on-download-stop|on-download-pause",
            Value::Program,
        ),
        ("all-proxy|http-proxy|https-proxy", Value::Host),
    ],
    flags: &[("enable-rpc", &[Act::Listen]), ("D|daemon", &[Act::Persist("aria2c daemon")])],
    otherwise: &[Act::Read(0), Act::ElseWrite(".")],
    ..Described::NEW
};

const AXEL: Described = Described {
    valued: "n s o H U T num-connections max-speed output header user-agent timeout",
    options: &[("o|output", Value::Write)],
    otherwise: &[Act::Read(0), Act::ElseWrite(".")],
    ..Described::NEW
};
