//! snapper's kin, rpm-ostree, zypper's and other system images.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["ostree", "rpm-ostree", "bootc", "ukify", "abroot", "transactional-update"],
        effects: |inv, sink| OSTREE.say(inv, sink),
    },
    Program {
        names: &[
            "debootstrap",
            "pacstrap",
            "mkosi",
            "livecd-creator",
            "lb",
            "image-builder",
            "osbuild",
            "kickstart",
            "arch-chroot",
            "systemd-container",
            "schroot",
            "pbuilder",
            "sbuild",
            "mock",
            "dpkg-buildpackage",
            "debuild",
            "rpmbuild",
            "makepkg",
            "abuild",
            "checkinstall",
            "alien",
            "dpkg-deb",
            "dh_make",
            "equivs-build",
            "cloud-init",
            "do-release-upgrade",
            "unattended-upgrade",
            "needrestart",
        ],
        effects: |inv, sink| DEBOOTSTRAP.say(inv, sink),
    },
];

const OSTREE: Described = Described {
    verbs: &[
        (
            "log, ls, refs, show, diff, status, db list|diff, admin status, remote list, config get, upgrade --check",
            &[Act::Nothing],
        ),
        ("pull, checkout, commit", &[Act::Fetch, Act::WriteTreeAt(".")]),
        ("prune, cleanup, reset, rollback, admin undeploy", &[Act::Configure("system"), Act::Destroy]),
    ],
    otherwise: &[Act::Escalate("system image"), Act::Configure("system")],
    ..Described::NEW
};

const DEBOOTSTRAP: Described = Described {
    host: "deb.debian.org",
    valued: "r root d D",
    options: &[("r|root|buildroot", Value::WriteTree)],
    shows: "c info I contents f field",
    verbs: &[("status, query, analyze, schema", &[Act::Nothing])],
    otherwise: &[Act::Project, Act::Fetch],
    ..Described::NEW
};
