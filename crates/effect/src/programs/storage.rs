//! lvresize, btrfs, nvme, smartctl and other tools for disks and volumes.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "lvresize",
            "lvextend",
            "lvreduce",
            "lvrename",
            "lvchange",
            "lvconvert",
            "vgextend",
            "vgreduce",
            "vgchange",
            "vgrename",
            "vgmerge",
            "vgsplit",
            "pvresize",
            "pvchange",
            "pvmove",
            "vgcfgrestore",
            "thin_repair",
        ],
        effects: |inv, sink| LVRESIZE.say(inv, sink),
    },
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
            "xfs_growfs",
            "btrfstune",
            "debugfs",
            "e2label",
            "ntfsfix",
            "ntfsresize",
            "mlabel",
            "xfs_admin",
            "f2fs_io",
            "fstrim",
            "partprobe",
            "kpartx",
            "growpart",
            "partx",
            "dosfslabel",
            "extundelete",
            "testdisk",
            "photorec",
            "ddrescue",
            "partclone.ext4",
            "fsarchiver",
            "e4defrag",
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
            "iscsiadm",
            "multipath",
            "drbdadm",
            "mkfs.f2fs",
            "mkfs.bcachefs",
            "mkfs.minix",
            "mkudffs",
            "mkisofs",
            "genisoimage",
            "xorriso",
            "growisofs",
            "wodim",
            "cdrecord",
        ],
        effects: |inv, sink| BCACHE.say(inv, sink),
    },
];

const LVRESIZE: Described = Described { dry: "t test", otherwise: &[Act::Configure("disk")], ..Described::NEW };

const LVS: Described = Described { otherwise: &[Act::Nothing], ..Described::NEW };

const BTRFS: Described = Described {
    verbs: &[
        (
            "subvolume list|show|get-default, filesystem show|df|usage|du, device stats|usage, scrub status, balance status, property get, qgroup show, inspect-internal, fs usage, show-super",
            &[Act::Nothing],
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
