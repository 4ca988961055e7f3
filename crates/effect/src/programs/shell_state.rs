//! history, zmodload, fc and other builtins that write files or load code into the shell.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["history"], effects: |inv, sink| HISTORY.say(inv, sink) },
    Program { names: &["zmodload"], effects: |inv, sink| ZMODLOAD.say(inv, sink) },
    Program {
        names: &[
            "ztcp", "zsocket", "zftp", "zpty", "sysopen", "syswrite", "zf_rm", "zf_mv", "zf_ln", "zf_chmod", "zf_mkdir",
            "zf_rmdir",
        ],
        effects: |inv, sink| ZTCP.say(inv, sink),
    },
    Program {
        names: &[
            "bindkey",
            "bind",
            "zle",
            "autoload",
            "zstyle",
            "compdef",
            "setopt",
            "unsetopt",
            "emulate",
            "compinit",
            "compaudit",
            "vared",
        ],
        effects: |inv, sink| BINDKEY.say(inv, sink),
    },
];

const HISTORY: Described = Described {
    valued: "d",
    flags: &[
        ("c|d", &[Act::Configure("shell history")]),
        ("w|a", &[Act::WriteOne(0), Act::WriteAt("~/.bash_history")]),
        ("r|n", &[Act::ReadAt("~/.bash_history")]),
    ],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

const ZMODLOAD: Described = Described {
    shows: "L l",
    verbs: &[
        ("zsh/net/tcp|zsh/net/socket|zsh/zftp", &[Act::Opaque(OpaqueCause::Dynamic, "zsh module")]),
        ("zsh/files|zsh/system|zsh/zpty|zsh/mapfile", &[Act::Opaque(OpaqueCause::Dynamic, "zsh module")]),
    ],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

const ZTCP: Described = Described { otherwise: &[Act::Opaque(OpaqueCause::Dynamic, "zsh module")], ..Described::NEW };

const BINDKEY: Described = Described {
    flags: &[("x", &[Act::Opaque(OpaqueCause::Dynamic, "shell")]), ("c", &[Act::Opaque(OpaqueCause::Dynamic, "shell")])],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};
