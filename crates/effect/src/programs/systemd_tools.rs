//! machinectl, busctl, udevadm, coredumpctl: other tools of systemd.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["machinectl", "portablectl", "importctl"], effects: |inv, sink| MACHINECTL.say(inv, sink) },
    Program { names: &["busctl", "dbus-send", "gdbus", "qdbus", "dbus-monitor"], effects: |inv, sink| BUSCTL.say(inv, sink) },
    Program {
        names: &[
            "udevadm",
            "networkctl",
            "coredumpctl",
            "systemd-cgls",
            "systemd-cgtop",
            "systemd-path",
            "systemd-detect-virt",
            "systemd-escape",
            "systemd-resolve",
            "systemd-cat",
            "oomctl",
            "userdbctl",
        ],
        effects: |inv, sink| UDEVADM.say(inv, sink),
    },
    Program {
        names: &[
            "systemd-nspawn",
            "systemd-tmpfiles",
            "systemd-sysusers",
            "systemd-firstboot",
            "systemd-creds",
            "systemd-cryptenroll",
            "homectl",
            "systemd-sysext",
            "systemd-ask-password",
            "systemd-repart",
            "systemd-mount",
        ],
        effects: |inv, sink| SYSTEMD_NSPAWN.say(inv, sink),
    },
];

const MACHINECTL: Described = Described {
    verbs: &[
        ("list, status, show, list-images, image-status, show-image", &[Act::Nothing]),
        ("shell, login", &[Act::RemoteShell]),
        ("bind, copy-to, copy-from, enable, start, pull-tar, pull-raw, import-tar, attach", &[Act::Configure("machines")]),
        ("remove, terminate, poweroff, kill, clean, detach, reboot, disable", &[Act::Destroy]),
    ],
    ..Described::NEW
};

const BUSCTL: Described = Described {
    valued: "dest print-reply type d o m p session system",
    verbs: &[("list, status, tree, introspect, monitor, capture, get-property", &[Act::Nothing])],
    otherwise: &[Act::Opaque(OpaqueCause::Dynamic, "dbus")],
    ..Described::NEW
};

const UDEVADM: Described = Described {
    verbs: &[
        ("info, monitor, list, status, dump, lldp, verify, cat", &[Act::Nothing]),
        ("debug, gdb", &[Act::Opaque(OpaqueCause::Script, "debugger")]),
        ("trigger, control, settle, up, down, reload, reconfigure, renew, delete, edit", &[Act::Configure("devices")]),
    ],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

const SYSTEMD_NSPAWN: Described = Described {
    valued: "D M machine u bind bind-ro",
    options: &[("bind|D|directory", Value::WriteTree)],
    verbs: &[("list, inspect, show, has-tpm2, cat-config", &[Act::Nothing])],
    otherwise: &[Act::Escalate("systemd"), Act::Configure("system")],
    ..Described::NEW
};
