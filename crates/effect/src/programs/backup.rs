//! borg, restic, kopia, duplicity: copies kept elsewhere, brought back, thrown away.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["borg", "borgmatic", "borg2"], effects: |inv, sink| BORG.say(inv, sink) },
    Program {
        names: &["restic", "rustic", "kopia", "duplicacy", "bupstash", "rdiff-backup", "bup", "tarsnap", "attic", "plakar"],
        effects: |inv, sink| RESTIC.say(inv, sink),
    },
    Program {
        names: &[
            "duplicity",
            "rsnapshot",
            "backintime",
            "backupninja",
            "snapper",
            "dirvish",
            "urbackupclientctl",
            "duply",
            "dejadup",
            "deja-dup",
        ],
        effects: |inv, sink| DUPLICITY.say(inv, sink),
    },
    Program { names: &["timeshift"], effects: |inv, sink| TIMESHIFT.say(inv, sink) },
    Program { names: &["tmutil"], effects: |inv, sink| TMUTIL.say(inv, sink) },
];

const BORG: Described = Described {
    target: "backup",
    valued: "e exclude p progress remote-path rsh lock-wait m umask C compression P prefix a glob-archives r repo keep-daily keep-weekly keep-monthly keep-last keep-within",
    options: &[("rsh|remote-path", Value::Shell), ("patterns-from|exclude-from|c|config", Value::Read)],
    dry: "n dry-run",
    verbs: &[
        ("list, rlist, info, rinfo, check, diff, help, version, config --list, key --help", &[Act::Ask]),
        ("create", &[Act::ReadTree(1), Act::Upload]),
        ("extract, export-tar", &[Act::WriteTreeAt(".")]),
        ("mount", &[Act::WriteTreeOne(1)]),
        ("delete, prune, rdelete, compact, recreate", &[Act::Destroy]),
        ("key export", &[Act::Secret("backup key"), Act::WriteOne(1)]),
        ("init, rcreate, rename, config, upgrade, import-tar, break-lock, key", &[Act::Change]),
        ("with-lock", &[Act::Run(1)]),
        ("serve", &[Act::Listen]),
    ],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const RESTIC: Described = Described {
    target: "backup",
    valued: "e exclude host H tag path o option limit-upload keep-last keep-daily keep-weekly keep-monthly f",
    options: &[
        ("r|repo|repository-file|p|password-file|exclude-file|iexclude-file|files-from|cacert|key-file|keyfile", Value::Read),
        ("t|target", Value::WriteTree),
        ("password-command|o|option", Value::Shell),
    ],
    dry: "dry-run n",
    verbs: &[
        (
            "snapshots, ls, stats, check, find, diff, list, version, cat, key list, snapshot list, repository status, policy list|show, content stats, --list-archives, log",
            &[Act::Ask],
        ),
        ("backup, snapshot create, save", &[Act::ReadTree(0), Act::Upload]),
        ("restore, dump", &[Act::WriteTreeAt(".")]),
        ("mount", &[Act::WriteTreeOne(0)]),
        (
            "forget, prune, delete, snapshot delete, repair, rewrite, unlock, maintenance run, nuke, repository disconnect",
            &[Act::Destroy],
        ),
        ("init, copy, tag, migrate, key, recover, rebuild-index, policy set, repository connect|create", &[Act::Change]),
        ("self-update", &[Act::Package("restic")]),
        ("server", &[Act::Listen]),
    ],
    otherwise: &[Act::ReadTree(0), Act::Upload],
    ..Described::NEW
};

const DUPLICITY: Described = Described {
    target: "backup",
    valued: "c config name encrypt-key sign-key t time file-to-restore",
    options: &[("c|config", Value::Read), ("rsync-options|ssh-options|cmd_preexec", Value::Shell)],
    dry: "dry-run t",
    verbs: &[
        (
            "collection-status, list-current-files, list, verify, configtest, du, status, list-configs, get-config, diff",
            &[Act::Ask],
        ),
        ("restore, undochange, rollback", &[Act::WriteTreeAt("/")]),
        ("remove-older-than, remove-all-but-n-full, cleanup, delete, purge, purgefull", &[Act::Destroy]),
    ],
    otherwise: &[Act::ReadTree(0), Act::Upload],
    ..Described::NEW
};

const TIMESHIFT: Described = Described {
    target: "backup",
    flags: &[
        ("list|list-devices", &[Act::Ask]),
        ("delete|delete-all", &[Act::Destroy]),
        ("restore", &[Act::Destroy, Act::Configure("system")]),
    ],
    otherwise: &[Act::Change],
    ..Described::NEW
};

const TMUTIL: Described = Described {
    target: "backup",
    verbs: &[
        (
            "listbackups, latestbackup, destinationinfo, status, version, listlocalsnapshots, isexcluded, compare, uniquesize, calculatedrift",
            &[Act::Ask],
        ),
        ("delete, deletelocalsnapshots, thinlocalsnapshots, disable, deleteinprogress, removedestination", &[Act::Destroy]),
        ("restore", &[Act::WriteTreeOne(1)]),
        (
            "startbackup, stopbackup, snapshot, localsnapshot, enable, addexclusion, removeexclusion, setdestination, inheritbackup",
            &[Act::Configure("backup")],
        ),
    ],
    ..Described::NEW
};
