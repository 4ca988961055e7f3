//! Calls on the whole system. In: nothing. Out: rows of the table; what a check looks at stands in `filter.rs`.

use rustix::io::Errno;

use crate::calls::Rule::{Allow, Check, Deny};
use crate::calls::{Row, Test, row};

/// On every architecture.
pub(super) const ROWS: &[Row] = &[
    row("gettimeofday", libc::SYS_gettimeofday, Allow, "time"),
    row("times", libc::SYS_times, Allow, "time"),
    row("clock_gettime", libc::SYS_clock_gettime, Allow, "time"),
    row("clock_getres", libc::SYS_clock_getres, Allow, "time"),
    row("uname", libc::SYS_uname, Allow, "tells about the system"),
    row("sysinfo", libc::SYS_sysinfo, Allow, "tells about the system"),
    row("getrandom", libc::SYS_getrandom, Allow, "tells about the system"),
    row("lsm_get_self_attr", 459, Allow, "tells about the system"),
    row("lsm_list_modules", 461, Allow, "tells about the system"),
    row("ioctl", libc::SYS_ioctl, Check(Test::IoctlRequest), "devices answer to their own rules; some requests act past them"),
    row("settimeofday", libc::SYS_settimeofday, Deny(Errno::PERM), "the machine's clock"),
    row("clock_settime", libc::SYS_clock_settime, Deny(Errno::PERM), "the machine's clock"),
    row("adjtimex", libc::SYS_adjtimex, Deny(Errno::PERM), "the machine's clock"),
    row("clock_adjtime", libc::SYS_clock_adjtime, Deny(Errno::PERM), "the machine's clock"),
    row("sethostname", libc::SYS_sethostname, Deny(Errno::PERM), "the machine's name"),
    row("setdomainname", libc::SYS_setdomainname, Deny(Errno::PERM), "the machine's name"),
    row("mount", libc::SYS_mount, Deny(Errno::PERM), "changes what paths mean"),
    row("umount2", libc::SYS_umount2, Deny(Errno::PERM), "changes what paths mean"),
    row("pivot_root", libc::SYS_pivot_root, Deny(Errno::PERM), "changes what paths mean"),
    row("chroot", libc::SYS_chroot, Deny(Errno::PERM), "changes what paths mean"),
    row("open_tree", libc::SYS_open_tree, Deny(Errno::PERM), "changes what paths mean"),
    row("open_tree_attr", 467, Deny(Errno::PERM), "changes what paths mean"),
    row("move_mount", libc::SYS_move_mount, Deny(Errno::PERM), "changes what paths mean"),
    row("fsopen", libc::SYS_fsopen, Deny(Errno::PERM), "changes what paths mean"),
    row("fsconfig", libc::SYS_fsconfig, Deny(Errno::PERM), "changes what paths mean"),
    row("fsmount", libc::SYS_fsmount, Deny(Errno::PERM), "changes what paths mean"),
    row("fspick", libc::SYS_fspick, Deny(Errno::PERM), "changes what paths mean"),
    row("mount_setattr", libc::SYS_mount_setattr, Deny(Errno::PERM), "changes what paths mean"),
    row("statmount", 457, Deny(Errno::NOSYS), "tells about mounts; /proc does as well"),
    row("listmount", 458, Deny(Errno::NOSYS), "tells about mounts; /proc does as well"),
    row("init_module", libc::SYS_init_module, Deny(Errno::PERM), "code in the kernel"),
    row("finit_module", libc::SYS_finit_module, Deny(Errno::PERM), "code in the kernel"),
    row("delete_module", libc::SYS_delete_module, Deny(Errno::PERM), "code in the kernel"),
    row("kexec_load", libc::SYS_kexec_load, Deny(Errno::PERM), "code in the kernel"),
    row("kexec_file_load", libc::SYS_kexec_file_load, Deny(Errno::PERM), "code in the kernel"),
    row("bpf", libc::SYS_bpf, Deny(Errno::PERM), "code in the kernel"),
    row("perf_event_open", libc::SYS_perf_event_open, Deny(Errno::PERM), "watches other programs and the kernel"),
    row("syslog", libc::SYS_syslog, Deny(Errno::PERM), "watches other programs and the kernel"),
    row("add_key", libc::SYS_add_key, Deny(Errno::PERM), "keys outlive the sandbox and are shared with what is outside"),
    row("request_key", libc::SYS_request_key, Deny(Errno::PERM), "keys outlive the sandbox and are shared with what is outside"),
    row("keyctl", libc::SYS_keyctl, Deny(Errno::PERM), "keys outlive the sandbox and are shared with what is outside"),
    row("reboot", libc::SYS_reboot, Deny(Errno::PERM), "the machine and its terminals"),
    row("vhangup", libc::SYS_vhangup, Deny(Errno::PERM), "the machine and its terminals"),
    row("lsm_set_self_attr", 460, Deny(Errno::NOSYS), "no security module may be reconfigured"),
];

/// Calls that newer architectures left out.
#[cfg(target_arch = "x86_64")]
pub(super) const OLDER_ROWS: &[Row] =
    &[row("time", libc::SYS_time, Allow, "time"), row("_sysctl", libc::SYS__sysctl, Deny(Errno::NOSYS), "long gone")];

/// Calls that this architecture left out.
#[cfg(not(target_arch = "x86_64"))]
pub(super) const OLDER_ROWS: &[Row] = &[];
