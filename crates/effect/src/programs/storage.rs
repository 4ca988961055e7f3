//! lvresize, btrfs, nvme, smartctl and other tools for disks and volumes.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "lvresize",
            "lvreduce",
            "lvconvert",
            "vgreduce",
            "vgmerge",
            "vgsplit",
            "pvresize",
            "vgcfgrestore",
            "thin_repair",
        ],
        effects: |inv, sink| LVRESIZE.say(inv, sink),
    },
    Program {
        names: &[
            "lvextend",
            "lvrename",
            "lvchange",
            "lvcreate",
            "vgextend",
            "vgchange",
            "vgrename",
            "pvchange",
            "pvmove",
            "xfs_growfs",
            "growpart",
            "partprobe",
            "kpartx",
            "fstrim",
            "e4defrag",
            "iscsiadm",
            "e2label",
            "mlabel",
            "dosfslabel",
        ],
        effects: |inv, sink| LVEXTEND.say(inv, sink),
    },
    Program { names: &["zfs"], effects: |inv, sink| ZFS.say(inv, sink) },
    Program { names: &["zpool"], effects: |inv, sink| ZPOOL.say(inv, sink) },
    Program { names: &["mdadm"], effects: |inv, sink| MDADM.say(inv, sink) },
    Program { names: &["mkisofs", "genisoimage"], effects: |inv, sink| MKISOFS.say(inv, sink) },
    Program {
        names: &[
            "lvs",
            "vgs",
            "pvs",
            "lvdisplay",
            "vgdisplay",
            "pvdisplay",
            "lvscan",
            "vgscan",
            "pvscan",
            "lvmdiskscan",
            "blkid",
            "swaplabel",
            "lsscsi",
            "dumpe2fs",
            "xfs_info",
        ],
        effects: |inv, sink| LVS.say(inv, sink),
    },
    Program { names: &["btrfs", "bcachefs"], effects: |inv, sink| BTRFS.say(inv, sink) },
    Program {
        names: &["nvme", "smartctl", "hddtemp", "sg_raw", "sdparm", "sg_format", "sg_sanitize"],
        effects: |inv, sink| NVME.say(inv, sink),
    },
    Program {
        names: &[
            "e2fsck",
            "fsck.ext4",
            "fsck.vfat",
            "fsck.xfs",
            "xfs_repair",
            "btrfstune",
            "debugfs",
            "ntfsfix",
            "ntfsresize",
            "xfs_admin",
            "f2fs_io",
            "partx",
            "extundelete",
            "testdisk",
            "photorec",
            "ddrescue",
            "partclone.ext4",
            "fsarchiver",
            "cloud-localds",
            "quotaon",
            "setquota",
            "edquota",
        ],
        effects: |inv, sink| E2FSCK.say(inv, sink),
    },
    Program {
        names: &[
            "bcache",
            "make-bcache",
            "cryptsetup-reencrypt",
            "veritysetup",
            "integritysetup",
            "luksipc",
            "nbd-client",
            "qemu-nbd",
            "multipath",
            "drbdadm",
            "mkfs.f2fs",
            "mkfs.bcachefs",
            "mkfs.minix",
            "mkudffs",
            "xorriso",
            "growisofs",
            "wodim",
            "cdrecord",
        ],
        effects: |inv, sink| BCACHE.say(inv, sink),
    },
];

const LVRESIZE: Described = Described { dry: "t test", otherwise: &[Act::Configure("disk")], ..Described::NEW };

/// What keeps every byte that is stored: more room, other names, volumes shown and hidden.
const LVEXTEND: Described = Described {
    valued: "L l size extents n name T target t addtag m mode I portal p",
    shows: "t test P show l list discoverydb",
    otherwise: &[Act::Configure("volumes")],
    ..Described::NEW
};

const ZFS: Described = Described {
    valued: "o t s S d",
    dry: "n",
    verbs: &[
        ("list, get, diff, holds, version, userspace, groupspace, send", &[Act::Nothing]),
        (
            "create, set, inherit, snapshot, snap, mount, unmount, hold, release, rename, clone, promote, share, unshare, bookmark, load-key, unload-key, upgrade",
            &[Act::Configure("volumes")],
        ),
    ],
    otherwise: &[Act::Configure("disk")],
    ..Described::NEW
};

const ZPOOL: Described = Described {
    valued: "o O R t d T",
    dry: "n",
    verbs: &[
        ("list, status, iostat, history, get, events, version, wait", &[Act::Nothing]),
        ("scrub, set, import, export, online, trim, sync, resilver, reopen, checkpoint", &[Act::Configure("volumes")]),
    ],
    otherwise: &[Act::Configure("disk")],
    ..Described::NEW
};

const MDADM: Described = Described {
    shows: "Q query D detail E examine X examine-bitmap F follow monitor A assemble I incremental o readonly w readwrite",
    flags: &[("A|assemble|I|incremental|o|readonly|w|readwrite", &[Act::Configure("volumes")])],
    otherwise: &[Act::Configure("disk")],
    ..Described::NEW
};

const MKISOFS: Described = Described {
    valued: "V A p publisher P sysid b c boot-load-size e",
    one_dash: true,
    options: &[("o|output", Value::Write)],
    otherwise: &[Act::ReadTree(0)],
    ..Described::NEW
};

const LVS: Described = Described { otherwise: &[Act::Nothing], ..Described::NEW };

const BTRFS: Described = Described {
    verbs: &[
        (
            "subvolume|su|sub list|show|get-default, filesystem|fi|f show|sh|df|usage|us|du, device|dev stats|usage, scrub status, balance status, property get, qgroup show, inspect-internal, fs usage, show-super, check --readonly, version",
            &[Act::Nothing],
        ),
        (
            "scrub start|resume|cancel, balance start|pause|resume|cancel, device add|scan|ready, filesystem|fi|f defragment|sync|label|resize, property set, quota enable|rescan, qgroup create|assign|limit, subvolume set-default",
            &[Act::Configure("volumes")],
        ),
        ("subvolume delete", &[Act::DeleteTree(0), Act::Configure("disk")]),
        ("subvolume snapshot", &[Act::ReadOne(0), Act::WriteTreeOne(1)]),
        ("subvolume create", &[Act::WriteTreeOne(0)]),
        ("send", &[Act::ReadTree(0)]),
    ],
    otherwise: &[Act::Configure("disk")],
    ..Described::NEW
};

const NVME: Described = Described {
    flags: &[("t|test|s|set|smart", &[Act::Configure("disk check")])],
    shows: "a i H A l info all health attributes scan xall x",
    verbs: &[
        ("list, smart-log, id-ctrl, id-ns, list-subsys, get-feature, error-log, version, show-regs", &[Act::Nothing]),
        (
            "format, sanitize, delete-ns, create-ns, fw-download, fw-commit, reset, write, write-zeroes, dsm",
            &[Act::Configure("disk")],
        ),
    ],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

const E2FSCK: Described =
    Described { valued: "o b s", shows: "n l dry-run", otherwise: &[Act::Configure("disk"), Act::Read(0)], ..Described::NEW };

const BCACHE: Described = Described {
    valued: "o V",
    options: &[("o|output", Value::Write)],
    verbs: &[("status, dump, show, sh-resources", &[Act::Nothing])],
    otherwise: &[Act::Configure("disk")],
    ..Described::NEW
};
