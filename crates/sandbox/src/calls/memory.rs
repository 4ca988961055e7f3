//! Calls on memory. In: nothing. Out: rows of the table; what a check looks at stands in `filter.rs`.

use rustix::io::Errno;

use crate::calls::Rule::{Allow, Deny, Notify};
use crate::calls::{Row, row};

/// On every architecture.
pub(super) const ROWS: &[Row] = &[
    row("mmap", libc::SYS_mmap, Allow, "its own memory"),
    row("mprotect", libc::SYS_mprotect, Allow, "its own memory"),
    row("munmap", libc::SYS_munmap, Allow, "its own memory"),
    row("brk", libc::SYS_brk, Allow, "its own memory"),
    row("mremap", libc::SYS_mremap, Allow, "its own memory"),
    row("msync", libc::SYS_msync, Allow, "its own memory"),
    row("mincore", libc::SYS_mincore, Allow, "its own memory"),
    row("madvise", libc::SYS_madvise, Allow, "its own memory"),
    row("mlock", libc::SYS_mlock, Allow, "its own memory"),
    row("mlock2", libc::SYS_mlock2, Allow, "its own memory"),
    row("mlockall", libc::SYS_mlockall, Allow, "its own memory"),
    row("munlock", libc::SYS_munlock, Allow, "its own memory"),
    row("munlockall", libc::SYS_munlockall, Allow, "its own memory"),
    row("remap_file_pages", libc::SYS_remap_file_pages, Allow, "its own memory"),
    row("pkey_mprotect", libc::SYS_pkey_mprotect, Allow, "its own memory"),
    row("pkey_alloc", libc::SYS_pkey_alloc, Allow, "its own memory"),
    row("pkey_free", libc::SYS_pkey_free, Allow, "its own memory"),
    row("mseal", libc::SYS_mseal, Allow, "its own memory"),
    row("map_shadow_stack", 453, Allow, "its own memory"),
    row("membarrier", libc::SYS_membarrier, Allow, "its own memory"),
    row("mbind", libc::SYS_mbind, Allow, "where its memory lies"),
    row("get_mempolicy", libc::SYS_get_mempolicy, Allow, "where its memory lies"),
    row("set_mempolicy", libc::SYS_set_mempolicy, Allow, "where its memory lies"),
    row("set_mempolicy_home_node", libc::SYS_set_mempolicy_home_node, Allow, "where its memory lies"),
    row("shmget", libc::SYS_shmget, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("shmat", libc::SYS_shmat, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("shmctl", libc::SYS_shmctl, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("shmdt", libc::SYS_shmdt, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("semget", libc::SYS_semget, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("semop", libc::SYS_semop, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("semctl", libc::SYS_semctl, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("semtimedop", libc::SYS_semtimedop, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("msgget", libc::SYS_msgget, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("msgsnd", libc::SYS_msgsnd, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("msgrcv", libc::SYS_msgrcv, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("msgctl", libc::SYS_msgctl, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("mq_open", libc::SYS_mq_open, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("mq_unlink", libc::SYS_mq_unlink, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("mq_timedsend", libc::SYS_mq_timedsend, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("mq_timedreceive", libc::SYS_mq_timedreceive, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("mq_notify", libc::SYS_mq_notify, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("mq_getsetattr", libc::SYS_mq_getsetattr, Allow, "shared memory and semaphores of the sandbox's own IPC namespace"),
    row("memfd_create", libc::SYS_memfd_create, Notify, "the broker makes it not executable, so no program runs without a file"),
    row("memfd_secret", libc::SYS_memfd_secret, Deny(Errno::NOSYS), "memory that nobody can look into"),
    row("process_vm_readv", libc::SYS_process_vm_readv, Deny(Errno::PERM), "another process's memory"),
    row("process_vm_writev", libc::SYS_process_vm_writev, Deny(Errno::PERM), "another process's memory"),
    row("process_madvise", libc::SYS_process_madvise, Deny(Errno::PERM), "another process's memory"),
    row("process_mrelease", libc::SYS_process_mrelease, Deny(Errno::PERM), "another process's memory"),
    row("migrate_pages", libc::SYS_migrate_pages, Deny(Errno::PERM), "another process's memory"),
    row("move_pages", libc::SYS_move_pages, Deny(Errno::PERM), "another process's memory"),
    row(
        "userfaultfd",
        libc::SYS_userfaultfd,
        Deny(Errno::PERM),
        "holds up the kernel at a page of its choice: the tool of races",
    ),
];

/// Calls that newer architectures left out.
#[cfg(target_arch = "x86_64")]
pub(super) const OLDER_ROWS: &[Row] = &[];

/// Calls that this architecture left out.
#[cfg(not(target_arch = "x86_64"))]
pub(super) const OLDER_ROWS: &[Row] = &[];
