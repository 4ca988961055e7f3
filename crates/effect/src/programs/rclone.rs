//! rclone: files between here and seventy kinds of store.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["rclone"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "cloud storage",
    valued: "config include exclude filter transfers bwlimit max-age min-age log-level checkers max-depth max-size min-size b password user addr",
    options: &[("files-from|filter-from|include-from|exclude-from", Value::Read), ("log-file|combined|backup-dir", Value::Write)],
    dry: "n dry-run",
    verbs: &[
        (
            "ls, lsd, lsl, lsf, lsjson, size, tree, about, check, cryptcheck, hashsum, md5sum, sha1sum, version, listremotes, config file|paths|providers, ncdu, test, selfupdate --check",
            &[Act::Ask],
        ),
        ("cat, checksum", &[Act::ReadTree(0)]),
        ("config show|dump|redacted, obscure, reveal", &[Act::Secret("rclone settings")]),
        ("config, authorize", &[Act::Configure("rclone")]),
        ("link", &[Act::Secret("signed address")]),
        ("copy, copyto, sync, bisync, move, moveto, rcat, copyurl", &[Act::Convert(0), Act::Upload, Act::Change]),
        ("delete, deletefile, purge, rmdir, rmdirs, cleanup, dedupe", &[Act::DeleteTree(0), Act::Destroy]),
        ("mount, mount2, nfsmount", &[Act::WriteTreeOne(1)]),
        ("serve, rcd", &[Act::Listen, Act::ReadTree(1)]),
        ("mkdir, touch, settier, backend", &[Act::Change]),
        ("selfupdate", &[Act::Package("rclone")]),
    ],
    ..Described::NEW
};
