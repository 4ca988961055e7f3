//! ngrok, cloudflared, localtunnel, bore and their kin: this machine reachable from outside.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["ngrok"], effects: |inv, sink| NGROK.say(inv, sink) },
    Program { names: &["cloudflared"], effects: |inv, sink| CLOUDFLARED.say(inv, sink) },
    Program {
        names: &[
            "lt",
            "localtunnel",
            "bore",
            "bored",
            "zrok",
            "pinggy",
            "inlets",
            "localxpose",
            "loclx",
            "sish",
            "devtunnel",
            "telebit",
            "pagekite",
            "tunnelmole",
            "tmole",
            "untun",
            "expose",
            "jprq",
        ],
        effects: |inv, sink| LT.say(inv, sink),
    },
];

const NGROK: Described = Described {
    target: "tunnel",
    host: "ngrok.com",
    valued: "authtoken region subdomain hostname domain url log basic-auth oauth",
    options: &[("config", Value::Read)],
    verbs: &[
        ("version, config check, help, credits, diagnose", &[Act::Ask]),
        ("config, authtoken, service", &[Act::Configure("tunnel")]),
        ("api", &[Act::Change]),
    ],
    otherwise: &[Act::Upload, Act::Listen],
    ..Described::NEW
};

const CLOUDFLARED: Described = Described {
    target: "tunnel",
    host: "cloudflare.com",
    valued: "url hostname name loglevel token cred-file",
    options: &[("config|credentials-file|token-file", Value::Read), ("logfile|pidfile", Value::Write)],
    verbs: &[
        ("version, tunnel list|info, tail", &[Act::Ask]),
        ("tunnel delete|cleanup", &[Act::Destroy]),
        ("service", &[Act::Persist("cloudflared"), Act::Configure("service")]),
        ("login, tunnel login|create|route", &[Act::Configure("tunnel")]),
        ("access ssh|rdp|tcp|token|curl", &[Act::Upload]),
        ("update", &[Act::Package("cloudflared")]),
    ],
    otherwise: &[Act::Upload, Act::Listen],
    ..Described::NEW
};

const LT: Described = Described {
    target: "tunnel",
    host: "*",
    valued: "p port s subdomain l local-host h host to secret",
    otherwise: &[Act::Upload, Act::Listen],
    alone: Some(&[Act::Upload, Act::Listen]),
    ..Described::NEW
};
