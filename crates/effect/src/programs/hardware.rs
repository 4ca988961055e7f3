//! ipmitool, efibootmgr's kin, rfkill, flashrom: the machine itself.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["ipmitool", "redfishtool", "racadm", "ipmi-power", "bmc-config", "hponcfg"],
        effects: |inv, sink| IPMITOOL.say(inv, sink),
    },
    Program { names: &["ethtool"], effects: |inv, sink| ETHTOOL.say(inv, sink) },
    Program {
        names: &[
            "rfkill",
            "bluetoothctl",
            "nmtui",
            "iw",
            "iwconfig",
            "wpa_cli",
            "wpa_supplicant",
            "mii-tool",
            "brightnessctl",
            "xbacklight",
            "cpupower",
            "cpufreq-set",
            "tlp",
            "powerprofilesctl",
            "turbostat",
            "wrmsr",
            "rdmsr",
            "setpci",
            "flashrom",
            "fwupdmgr",
            "i2cset",
            "i2cget",
            "usbreset",
            "uhubctl",
            "rtcwake",
            "acpitool",
            "numad",
            "tuned-adm",
        ],
        effects: |inv, sink| RFKILL.say(inv, sink),
    },
    Program {
        names: &[
            "dracut",
            "mkinitcpio",
            "update-initramfs",
            "grub-mkconfig",
            "grub2-mkconfig",
            "grub2-install",
            "grub-set-default",
            "grub-reboot",
            "grub-editenv",
            "grubby",
            "bootctl",
            "kernel-install",
            "sbctl",
            "mokutil",
            "efivar",
            "refind-install",
            "extlinux",
            "lilo",
            "syslinux",
            "kernelstub",
        ],
        effects: |inv, sink| DRACUT.say(inv, sink),
    },
];

const IPMITOOL: Described = Described {
    valued: "H U P I f L p C",
    options: &[("f", Value::Read), ("H", Value::Host)],
    verbs: &[
        (
            "sdr, sensor, sel list|info|elist, fru, mc info, chassis status, lan print, power status, user list, channel info, dcmi",
            &[Act::Nothing],
        ),
        ("power, chassis power, chassis bootdev, mc reset, raw, sel clear, user set, lan set, sol", &[Act::Configure("power")]),
    ],
    otherwise: &[Act::Configure("power")],
    ..Described::NEW
};

const ETHTOOL: Described = Described {
    shows: "i S k version a c g l n x T P d e m show-features driver statistics show-ring show-pause",
    otherwise: &[Act::Configure("network")],
    ..Described::NEW
};

const RFKILL: Described = Described {
    shows: "i S k version",
    verbs: &[(
        "list, devices, info, show, dev, status, get, get-devices, get-updates, frequency-info, idle-info, get-state, active, recommend",
        &[Act::Nothing],
    )],
    otherwise: &[Act::Configure("hardware")],
    alone: Some(&[Act::Nothing]),
    ..Described::NEW
};

const DRACUT: Described = Described {
    shows: "l list sb-state info list-enrolled",
    verbs: &[("status, list, verify", &[Act::Nothing])],
    otherwise: &[Act::Configure("boot")],
    alone: Some(&[Act::Configure("boot")]),
    ..Described::NEW
};
