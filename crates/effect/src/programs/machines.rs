//! virsh, qemu, VBoxManage, lxc: virtual machines and system containers.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "virsh",
            "virt-install",
            "virt-clone",
            "vboxmanage",
            "VBoxManage",
            "vmrun",
            "govc",
            "prlctl",
            "utmctl",
            "xl",
            "xe",
            "esxcli",
            "ovftool",
            "qm",
            "pct",
            "pvesh",
        ],
        effects: |inv, sink| VIRSH.say(inv, sink),
    },
    Program {
        names: &[
            "lxc",
            "incus",
            "lxd",
            "lxc-attach",
            "lxc-execute",
            "lxc-start",
            "lxc-stop",
            "lxc-destroy",
            "lxc-create",
            "lxc-ls",
            "lxc-info",
        ],
        effects: |inv, sink| LXC.say(inv, sink),
    },
    Program {
        names: &[
            "qemu-system-x86_64",
            "qemu-system-aarch64",
            "qemu-system-arm",
            "qemu-system-riscv64",
            "qemu",
            "qemu-kvm",
            "kvm",
            "firecracker",
            "cloud-hypervisor",
            "crosvm",
            "bochs",
            "dosbox",
        ],
        effects: |inv, sink| QEMU_SYSTEM_X86_64.say(inv, sink),
    },
    Program {
        names: &[
            "qemu-img",
            "virt-builder",
            "virt-customize",
            "guestfish",
            "guestmount",
            "virt-copy-out",
            "virt-copy-in",
            "virt-cat",
            "virt-ls",
            "virt-edit",
            "virt-resize",
            "virt-sysprep",
        ],
        effects: |inv, sink| QEMU_IMG.say(inv, sink),
    },
    Program {
        names: &[
            "qemu-x86_64",
            "qemu-aarch64",
            "qemu-arm",
            "qemu-i386",
            "box64",
            "box86",
            "wine",
            "wine64",
            "proton",
            "wineconsole",
            "mono",
            "dotnet-exec",
            "rosetta",
        ],
        effects: |inv, sink| QEMU_X86_64.say(inv, sink),
    },
];

const VIRSH: Described = Described {
    target: "virtual machine",
    valued: "c connect name memory ram disk cdrom network os-variant vcpus",
    options: &[("c|connect|u", Value::Host), ("disk|cdrom|location", Value::Read)],
    verbs: &[
        (
            "list, dominfo, domstate, dumpxml, net-list, pool-list, vol-list, snapshot-list, version, nodeinfo, capabilities, vncdisplay, domifaddr, showvminfo, list vms, vm.info, find, ls, config, status, about, guestproperty",
            &[Act::Nothing],
        ),
        (
            "undefine, destroy, vol-delete, pool-delete, snapshot-delete, net-destroy, unregistervm, deleteVM, vm.destroy, vol-wipe, snapshot-revert, pool-destroy",
            &[Act::Destroy],
        ),
        (
            "console, qemu-monitor-command, qemu-agent-command, guestcontrol, runProgramInGuest, guest.run, exec, enter, runScriptInGuest",
            &[Act::RemoteShell],
        ),
    ],
    otherwise: &[Act::Change],
    ..Described::NEW
};

const LXC: Described = Described {
    target: "system container",
    valued: "c config p profile s storage n name t P",
    verbs: &[
        (
            "list, ls, info, config show|get, image list|info, network list|show, profile list|show, storage list|show|info, remote list, version, snapshot list, cluster list, warning list",
            &[Act::Nothing],
        ),
        ("exec, shell, console", &[Act::RemoteShell]),
        ("delete, rm, image delete, network delete, storage delete, profile delete, snapshot delete", &[Act::Destroy]),
        ("file push", &[Act::ReadTree(0), Act::Change]),
        ("file pull", &[Act::WriteTreeOne(1)]),
        ("config device add", &[Act::Change, Act::Escalate("container device")]),
    ],
    otherwise: &[Act::Change],
    ..Described::NEW
};

const QEMU_SYSTEM_X86_64: Described = Described {
    valued: "m smp drive hda cdrom kernel initrd append net netdev device nic display serial cpu M machine bios boot name monitor qmp chardev",
    one_dash: true,
    options: &[
        ("kernel|initrd|cdrom|bios", Value::Read),
        ("hda|hdb|drive|pflash", Value::Foreign),
        ("virtfs|fsdev", Value::Script("shared directory")),
    ],
    otherwise: &[Act::Opaque(OpaqueCause::Script, "virtual-machine")],
    alone: Some(&[Act::Opaque(OpaqueCause::Script, "virtual-machine")]),
    ..Described::NEW
};

const QEMU_IMG: Described = Described {
    valued: "f O o b a d m i",
    options: &[("a|add", Value::Read), ("run|run-command|firstboot|firstboot-command|install", Value::Script("guest"))],
    verbs: &[
        ("info, check, compare, map, measure", &[Act::Read(0)]),
        ("create, convert, resize, rebase, commit, snapshot, amend, dd", &[Act::Convert(0)]),
    ],
    otherwise: &[Act::Edit(0)],
    ..Described::NEW
};

const QEMU_X86_64: Described = Described {
    valued: "L E U g s cpu",
    wrapper: true,
    otherwise: &[Act::Opaque(OpaqueCause::Script, "native"), Act::Run(0)],
    ..Described::NEW
};
