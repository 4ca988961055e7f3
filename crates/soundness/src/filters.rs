//! What is seen and is no effect: every exception with its reason. An act that a filter takes is neither a miss nor a
//! sign that an `Opaque` was needed.

use std::collections::BTreeSet;

use crate::declared::{Declared, base};
use crate::trace::{Act, Done, How};

/// All acts of one run, as the filters need them.
pub(crate) struct Scene<'a> {
    pub(crate) declared: &'a Declared<'a>,
    pub(crate) acts: &'a [Act],
    /// Whether the run was stopped before its end.
    pub(crate) stopped: bool,
    /// The command, lest a helper be excused that it names itself.
    pub(crate) command: &'a str,
}

/// One exception.
pub(crate) struct Filter {
    /// Its name in the report.
    pub(crate) name: &'static str,
    /// Why it is no effect; for the reader.
    #[expect(dead_code, reason = "a reason that the compiler makes us write")]
    reason: &'static str,
    applies: fn(&Act, &Scene<'_>) -> bool,
}

/// The exceptions.
const FILTERS: &[Filter] = &[
    Filter {
        name: "sink",
        reason: "devices that hold nothing, terminals, and the process's own descriptors; the walk leaves them out too",
        applies: |act, _| written(act).is_some_and(is_sink),
    },
    Filter {
        name: "transient",
        reason: "a file that the program made itself under a new name (O_EXCL: nothing that exists can be meant) in a \
            temporary folder or beside a declared target, and that is gone or renamed onto a target at the end (in a \
            temporary folder also where the run was stopped before its end)",
        applies: transient,
    },
    Filter {
        name: "on the way",
        reason: "folders made, or looked at by making them, above a declared target: `mkdir -p a/b` declares a/b",
        applies: |act, scene| matches!(&act.deed, Done::Path { how: How::Folder, path } if scene.declared.leads(path)),
    },
    Filter {
        name: "git index",
        reason: "git keeps the times of files in its index and refreshes them when it only looks; what is recorded does not change",
        applies: |act, _| {
            act.program == "git"
                && written(act).is_some_and(|path| path.ends_with("/.git/index") || path.ends_with("/.git/index.lock"))
        },
    },
    Filter {
        name: "helper",
        reason: "a program from a package, declared itself, that starts another program from a package which the command \
            does not name: git its parts, a compiler its passes, a script its tools. What the helper does to paths and hosts still counts",
        applies: helper,
    },
    Filter {
        name: "own folder",
        reason: "the log, cache or socket folder that a program keeps for itself whatever it is asked to do",
        applies: own_folder,
    },
    Filter {
        name: "journal",
        reason: "a database's journal stands beside its file under the same name while it is written",
        applies: |act, scene| {
            let file = written(act).and_then(|path| ["-journal", "-wal", "-shm"].iter().find_map(|end| path.strip_suffix(end)));
            file.is_some_and(|file| scene.declared.writes(file))
        },
    },
    Filter {
        name: "shredded name",
        reason: "shred renames the file that it removes to names of zeros, so that its name is gone too",
        applies: |act, _| act.program == "shred" && written(act).is_some_and(|path| base(path).bytes().all(|byte| byte == b'0')),
    },
    Filter {
        name: "own service",
        reason: "the maker's service that a program asks for news of itself, or where it would run, whatever it is asked to do",
        applies: own_service,
    },
    Filter {
        name: "lock",
        reason: "lock files in the folder that is there for them: they hold nothing and bind only who looks at them",
        applies: |act, _| written(act).is_some_and(|path| path.starts_with("/run/lock/") || path.starts_with("/var/lock/")),
    },
    Filter {
        name: "compiled modules",
        reason: "Python keeps its own installed modules compiled beside them; no module of the project lies in /usr",
        applies: |act, _| written(act).is_some_and(|path| path.starts_with("/usr/") && path.contains("/__pycache__")),
    },
    Filter {
        name: "settings",
        reason: "the declared effect names what is set (configure, persist, escalate); this is where the program keeps it",
        applies: |act, scene| scene.declared.sets() && written(act).is_some_and(|path| is_setting(path, act)),
    },
    Filter {
        name: "longest line",
        reason: "parallel starts echo with more and more letters to find how long a line may be, whatever it is asked to run",
        applies: |act, scene| {
            let Done::Run { program, argv } = &act.deed else { return false };
            let letters = argv.get(1).is_some_and(|word| word.len() > 64 && word.bytes().all(|byte| byte == b'c'));
            base(program) == "echo" && letters && scene.declared.runs("parallel", &[])
        },
    },
    Filter {
        name: "mark of lfs",
        reason: "git-lfs notes its format in the repository's settings at each look, and nothing else (its own call of git shows it)",
        applies: |act, scene| {
            let marks = |act: &Act| {
                let Done::Run { argv, .. } = &act.deed else { return false };
                argv.iter().any(|word| word == "lfs.repositoryformatversion")
            };
            act.program == "git"
                && written(act).is_some_and(|path| path.ends_with("/.git/config") || path.ends_with("/.git/config.lock"))
                && scene.acts.iter().any(marks)
        },
    },
    Filter {
        name: "own child",
        reason: "a signal to a process that the sender started itself: timeout, a shell's jobs",
        applies: |act, _| matches!(act.deed, Done::Signal { own: true, .. }),
    },
    Filter {
        name: "name service",
        reason: "the C library asks the name service cache whether it is there, and the system's log, in any program",
        applies: |act, _| matches!(&act.deed, Done::Local(path) if path.starts_with("/var/run/nscd/") || path == "/dev/log"),
    },
];

/// Users and groups with their homes, npm's and git's settings, volumes.
const SETTINGS: &[&str] = &[
    "/etc/passwd",
    "/etc/shadow",
    "/etc/group",
    "/etc/gshadow",
    "/etc/subuid",
    "/etc/subgid",
    "/etc/.pwd.lock",
    "/home/dev/.npmrc",
    "/home/dev/.gitconfig",
    "/dev/mapper",
    "/etc/systemd/system",
    "/home/dev/.config/systemd",
];

fn is_setting(path: &str, act: &Act) -> bool {
    // A new account's home comes with it.
    let home = path.starts_with("/home/") && ["useradd", "adduser", "usermod", "userdel"].contains(&act.program.as_str());
    home || SETTINGS.iter().any(|file| path.starts_with(file))
}

/// Programs of systemd.
const SYSTEMD: &[&str] = &[
    "systemctl",
    "networkctl",
    "busctl",
    "loginctl",
    "hostnamectl",
    "timedatectl",
    "localectl",
    "machinectl",
    "systemd-inhibit",
    "systemd-cat",
    "systemd-creds",
    "systemd-tty-ask-password-agent",
];

/// Declared programs, and where each keeps its own things; `*` at the end stands for any rest.
const OWN_FOLDERS: &[(&[&str], &str)] = &[
    // Logs and the download cache; what is installed lies elsewhere.
    (&["npm", "npx"], "/home/dev/.npm"),
    // Logs of each call, the state of its components.
    (&["gcloud", "gsutil", "bq"], "/home/dev/.config/gcloud"),
    // The place of its credentials and plugins, looked for in each call.
    (&["gsutil"], "/home/dev/.gsutil"),
    (&["pkcon"], "/var/run/dbus/system_bus_socket"),
    (&["terraform"], "/home/dev/.terraform.d"),
    (&["docker"], "/home/dev/.docker"),
    // The folder of its settings, made at the end of a look.
    (&["top"], "/home/dev/.config/procps"),
    // Its server's socket.
    (&["tmux"], "/tmp/tmux-1000"),
    (&["screen"], "/home/dev/.screen"),
    (&["parallel"], "/home/dev/.parallel"),
    (&["gpg", "gpg2", "gpgconf", "git", "apt-key"], "/home/dev/.gnupg/pubring.kbx.lock"),
    (&["gpg", "gpg2", "gpgconf", "git", "apt-key"], "/home/dev/.gnupg/crls.d"),
    // Made at the first look, and put in order from time to time.
    (&["gpg", "gpg2", "gpgconf", "git", "apt-key"], "/home/dev/.gnupg/trustdb.gpg*"),
    (&["gpg", "gpg2", "gpgconf", "git", "apt-key"], "/home/dev/.gnupg/pubring.kbx.tmp"),
    // Objects that are there already are given the present time, lest they be collected.
    (&["git"], "/home/dev/project/.git/objects/pack"),
    (&["nstat"], "@nstat*"),
    // The bus and the sockets over which systemd's programs ask its services; orders are declared as what they do.
    (SYSTEMD, "/run/dbus/system_bus_socket"),
    (SYSTEMD, "/run/systemd"),
    (SYSTEMD, "/var/lib/systemd"),
    // Lists of what could be installed.
    (&["apt", "apt-get", "apt-cache", "aptitude"], "/var/lib/apt"),
    (&["apt", "apt-get", "apt-cache", "aptitude"], "/var/cache/apt"),
    (&["htop"], "/home/dev/.config/htop"),
    (&["nstat"], "/tmp/.nstat.*"),
    (&["black"], "/home/dev/.cache/black"),
    (&["ri"], "/home/dev/.local/share/rdoc"),
    (&["svn"], "/home/dev/.subversion"),
    // Lock files, named by process, around each look at the keys; the agent's socket.
    (&["gpg", "gpg2", "gpgconf", "git", "apt-key"], "/home/dev/.gnupg/.#lk*"),
    (&["gpg", "gpg2", "gpgconf", "git", "apt-key"], "/home/dev/.gnupg/gnupg_spawn_*"),
    // What random numbers start from.
    (&["gpg", "gpg2", "gpgconf", "git", "apt-key"], "/home/dev/.gnupg/random_seed"),
    (&["gpg", "gpg2", "gpgconf", "git", "apt-key"], "/run/user/1000/gnupg"),
    (&["ssh-copy-id"], "/home/dev/.ssh/ssh-copy-id.*"),
    // The daemon that the program is the front of: what is asked of it is declared as such.
    (&["docker", "docker-compose"], "/var/run/docker.sock"),
    (&["pylint"], "/home/dev/.cache/pylint"),
    (&["gsettings", "dconf"], "/home/dev/.cache/dconf"),
];

/// Declared programs, and the host that each asks on its own account.
const OWN_SERVICES: &[(&[&str], &str)] = &[
    (&["npm", "npx"], "registry.npmjs.org"),
    (&["http", "https", "httpie"], "packages.httpie.io"),
    (&["gcloud", "gsutil", "bq"], "metadata.google.internal"),
    (&["terraform"], "checkpoint-api.hashicorp.com"),
    // Where a cluster is looked for when no settings name one.
    (&["kubectl"], "127.0.0.1"),
];

fn own_service(act: &Act, scene: &Scene<'_>) -> bool {
    let (Done::Name(host) | Done::Reach { address: host, .. }) = &act.deed else { return false };
    // The service that answers for a name or address is known to whois alone.
    if host.starts_with("whois.") && scene.declared.runs("whois", &[]) {
        return true;
    }
    OWN_SERVICES.iter().any(|(programs, own)| own == host && programs.iter().any(|program| scene.declared.runs(program, &[])))
}

fn own_folder(act: &Act, scene: &Scene<'_>) -> bool {
    let (Done::Path { path, .. } | Done::Local(path)) = &act.deed else { return false };
    // Counters of a running Java machine, in memory: every program written in Java has them.
    // Lists of fonts, in any program that draws text.
    if path.starts_with("/var/cache/fontconfig") {
        return true;
    }
    // Named semaphores: memory that is shared between a program's own processes.
    if path.starts_with("/tmp/hsperfdata_") || path.starts_with("/dev/shm/sem.") {
        return true;
    }
    let below = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let mine = |folder: &str| folder.strip_suffix('*').map_or_else(|| below(folder), |prefix| path.starts_with(prefix));
    OWN_FOLDERS.iter().any(|(programs, folder)| mine(folder) && programs.iter().any(|program| scene.declared.runs(program, &[])))
}

/// The exception that takes an act, by name.
pub(crate) fn excuse(act: &Act, scene: &Scene<'_>) -> Option<&'static str> {
    FILTERS.iter().find(|filter| (filter.applies)(act, scene)).map(|filter| filter.name)
}

fn written(act: &Act) -> Option<&str> {
    if let Done::Path { path, .. } = &act.deed { Some(path) } else { None }
}

fn is_sink(path: &str) -> bool {
    let devices = [
        "/dev/null",
        "/dev/zero",
        "/dev/full",
        "/dev/tty",
        "/dev/random",
        "/dev/urandom",
        "/dev/stdout",
        "/dev/stderr",
        "/dev/stdin",
        "/dev/ptmx",
    ];
    devices.contains(&path)
        || ["/dev/pts/", "/dev/fd/", "/proc/self/"].iter().any(|place| path.starts_with(place))
        || is_own_process(path)
}

/// `/proc/123/…` of the command's own processes: nobody else's are in its process namespace.
fn is_own_process(path: &str) -> bool {
    let number = path.strip_prefix("/proc/").and_then(|rest| rest.split('/').next());
    number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn transient(act: &Act, scene: &Scene<'_>) -> bool {
    let Done::Path { path, how } = &act.deed else { return false };
    let temporary = ["/tmp/", "/var/tmp/", "/dev/shm/"].iter().any(|place| path.starts_with(place));
    let made = scene.acts.iter().any(|other| {
        let Done::Path { how, path: made } = &other.deed else { return false };
        made == path && (*how == How::Make || (temporary && *how == How::Folder))
    });
    let last = scene.acts.iter().rev().find_map(|other| {
        let Done::Path { how, path: other } = &other.deed else { return None };
        (other == path && *how != How::Metadata).then_some(*how)
    });
    let inside = temporary && *how != How::Metadata && transient_folder(path, scene);
    inside || (made && (last == Some(How::Delete) || (temporary && scene.stopped)) && (temporary || scene.declared.beside(path)))
}

/// Whether the path lies in a temporary folder that the run made and removed.
fn transient_folder(path: &str, scene: &Scene<'_>) -> bool {
    let gone = |how: How, folder: &str| {
        scene.acts.iter().any(|act| matches!(&act.deed, Done::Path { how: seen, path } if *seen == how && path == folder))
    };
    let above: BTreeSet<&str> = path.match_indices('/').skip(2).filter_map(|(at, _)| path.get(..at)).collect();
    above.iter().any(|folder| gone(How::Folder, folder) && gone(How::Delete, folder))
}

fn helper(act: &Act, scene: &Scene<'_>) -> bool {
    let Done::Run { program, .. } = &act.deed else { return false };
    let packaged = ["/usr/", "/bin/", "/sbin/", "/lib", "/etc/init.d/"].iter().any(|place| program.starts_with(place));
    if !act.packaged || !packaged || act.shell {
        return false;
    }
    // A shell in between is nobody's aim: what it starts in turn stands here as well.
    let shell = matches!(base(program), "sh" | "bash" | "dash");
    let named = scene.command.split(|c: char| !c.is_alphanumeric() && !"-_.+".contains(c)).any(|word| word == base(program));
    shell || !named
}
