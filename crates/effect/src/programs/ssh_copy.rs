//! ssh-copy-id, ssh-agent, ssh-keyscan: keys put elsewhere, kept at hand, asked for.

use super::Program;
use super::described::{Act, Described, Value};
use crate::args::{self, Grammar};
use crate::invocation::{Invocation, Sink};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["ssh-copy-id"], effects: |inv, sink| SSH_COPY_ID.say(inv, sink) },
    Program { names: &["ssh-agent"], effects: |inv, sink| SSH_AGENT.say(inv, sink) },
    Program { names: &["ssh-keyscan"], effects: ssh_keyscan },
    Program {
        names: &[
            "sshfs",
            "curlftpfs",
            "s3fs",
            "gcsfuse",
            "davfs2",
            "mount.cifs",
            "mount.nfs",
            "fusermount",
            "encfs",
            "gocryptfs",
            "cryfs",
            "securefs",
            "rclonefs",
        ],
        effects: |inv, sink| SSHFS.say(inv, sink),
    },
];

const SSH_COPY_ID: Described = Described {
    valued: "i p o F t",
    options: &[("i|F", Value::Read)],
    otherwise: &[Act::Reach(0), Act::Persist("authorized key at another machine")],
    ..Described::NEW
};

const SSH_AGENT: Described = Described {
    valued: "a t E P",
    wrapper: true,
    options: &[("a", Value::Write)],
    flags: &[("k", &[Act::Signal(9)])],
    otherwise: &[Act::Run(0)],
    ..Described::NEW
};

/// Each host is asked for its public keys; a list brings hosts that are not written here.
fn ssh_keyscan(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar::valued(&["O", "p", "T", "t", "f"]));
    if let Some(list) = parsed.value(&["f"]) {
        sink.read(list);
        sink.connect("*", None, "ssh", None, false, inv.span);
    }
    for host in &parsed.operands {
        let name = crate::url::normal_host(&host.text).unwrap_or_else(|| "*".to_owned());
        sink.connect(&name, None, "ssh", None, !host.known(), host.span);
    }
}

const SSHFS: Described = Described {
    valued: "o p",
    options: &[("o", Value::Foreign)],
    otherwise: &[Act::Reach(0), Act::WriteTreeOne(1)],
    ..Described::NEW
};
