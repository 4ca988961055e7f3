//! mc: objects in buckets of any server that speaks S3.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["mc", "mcli"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "bucket storage",
    valued: "C config-dir limit-upload limit-download newer-than older-than attr storage-class",
    verbs: &[
        ("ls, tree, du, stat, diff, find, ping, version info, ready, support, ilm ls, admin info, event list", &[Act::Ask]),
        ("cp, mirror, mv, put, pipe", &[Act::Convert(0), Act::Upload, Act::Change]),
        ("get", &[Act::Convert(0)]),
        ("cat, head", &[Act::ReadTree(0)]),
        ("share", &[Act::Secret("signed address")]),
        ("alias set|s|import|remove|rm", &[Act::Configure("bucket client")]),
        ("alias list|ls|export", &[Act::Secret("bucket credentials")]),
        ("admin user list|ls|info, admin policy list|ls|info|entities, admin accesskey list|ls|info", &[Act::Ask]),
        ("admin user, admin policy, admin accesskey", &[Act::Change, Act::Secret("bucket credentials")]),
        ("anonymous, policy", &[Act::Change]),
        ("watch, sql", &[Act::Ask]),
    ],
    ..Described::NEW
};
