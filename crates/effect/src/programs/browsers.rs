//! lynx, w3m, links and other browsers of the terminal: pages fetched, keystrokes written down or played back.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["lynx"], effects: |inv, sink| LYNX.say(inv, sink) },
    Program { names: &["w3m"], effects: |inv, sink| W3M.say(inv, sink) },
    Program {
        names: &["links", "links2", "elinks", "elinks-lite", "browsh", "retawq", "netrik"],
        effects: |inv, sink| LINKS.say(inv, sink),
    },
];

const LYNX: Described = Described {
    one_dash: true,
    valued: "width useragent display assume_charset connect_timeout read_timeout base list_decoded",
    options: &[
        ("cmd_log|trace_mask_file|cookie_save_file|session|sessionout", Value::Write),
        ("cfg|lss|cookie_file|sessionin|jumpfile", Value::Read),
        // What stands there is typed: lynx starts programs, saves and sends.
        ("cmd_script|cmd-script", Value::Script("lynx")),
        ("editor", Value::Program),
    ],
    raw: &[
        ("-cfg=", Value::Read),
        ("-lss=", Value::Read),
        ("-editor=", Value::Program),
        ("-cookie_file=", Value::Read),
        ("-cookie_save_file=", Value::Write),
    ],
    flags: &[
        ("crawl|traversal", &[Act::ElseWrite(".")]),
        ("post_data|post-data", &[Act::Upload]),
        ("trace", &[Act::WriteAt("Lynx.trace")]),
    ],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};

const W3M: Described = Described {
    valued: "t I O B cols o",
    options: &[("bookmark|config", Value::Read), ("post", Value::Read)],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};

const LINKS: Described = Described {
    one_dash: true,
    valued: "width codepage max-connections receive-timeout",
    options: &[
        ("eval|c", Value::Script("links")),
        ("config-file|bookmarks-file", Value::Read),
        ("http-proxy|https-proxy|ftp-proxy|socks-proxy", Value::Host),
    ],
    flags: &[("remote", &[Act::Opaque(OpaqueCause::Dynamic, "links")])],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};
