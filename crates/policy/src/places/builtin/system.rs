//! A repository's records, the operating system, whole trees, devices.

use super::{BuiltIn, generous, sensitive};

pub(super) const PLACES: &[BuiltIn] = &[
    // A repository's own records: what was committed, and what is only in a stash or a reflog.
    sensitive(
        "repository-internals",
        &["**/.git/**", "{workspace}/.git/**", "**/.{hg,svn,jj,bzr}/**", "{workspace}/.{hg,svn,jj}/**"],
        &["**/.git/{COMMIT_EDITMSG,MERGE_MSG,SQUASH_MSG,info/exclude}"],
    ),
    sensitive(
        "system",
        &[
            "/{etc,usr,bin,sbin,lib,lib32,lib64,libx32,boot,opt,sys,Library,Applications,private/etc,private/var/db}/**",
            "/var/{lib,log,cache,db,mail,spool,www,backups}/**",
            "/proc/{sys/**,sysrq-trigger}",
            "/{run,var/run}/**",
            "/C:/Windows/**",
        ],
        // What the system's package manager downloaded can be downloaded again.
        &["/run/user/*/**", "/var/cache/**", "/var/lib/apt/lists/**"],
    ),
    // Compared with regard to case: only macOS has it, sealed, and elsewhere `/system` is anybody's.
    BuiltIn { exact: true, ..sensitive("system", &["/System/**"], &[]) },
    BuiltIn { exact: true, ..sensitive("system-roots", &["/System"], &[]) },
    generous("caches", &["/var/cache/**", "/var/lib/apt/lists/**"], &[]),
    // Not a path's own: said of a path that is not known, where the part that is may lead to a place of consequence.
    sensitive("special", &[], &[]),
    // Directories of it that no command may remove whole.
    sensitive(
        "system-roots",
        &[
            "/{etc,usr,bin,sbin,lib,lib32,lib64,boot,sys,proc,dev,run,Library,Applications}",
            "/usr/{bin,sbin,lib,lib64,libexec,share,include}",
            "/var/{lib,log,spool}",
            "/C:/Windows",
            "/C:/Program Files",
        ],
        &[],
    ),
    // The root of the file tree, the home directory, and the directories that homes lie in.
    sensitive("root", &["/", "/home", "/Users", "/var", "/private", "/mnt", "/media"], &[]),
    sensitive("home", &["{home}"], &[]),
    sensitive(
        "devices",
        &["/dev/**"],
        &[
            "/dev/{null,zero,full,random,urandom,tty,stdin,stdout,stderr,ptmx}",
            "/dev/{fd,shm,pts}/**",
            // What hangs on a wire and holds no files, tapes and discs, what makes virtual machines and networks.
            "/dev/{tty*,cu.*,lp*,nst*,st*,sr*,cdrom*,dvd*,kvm,fuse,rfkill,i2c-*,spidev*,gpiochip*}",
            "/dev/{dri,serial,net}/**",
        ],
    ),
    // Always open, whatever else lies there.
    generous(
        "null-devices",
        &["/dev/{null,zero,full,random,urandom,tty,stdin,stdout,stderr,ptmx}", "/dev/{fd,pts}/**", "/proc/self/fd/**"],
        &[],
    ),
];
