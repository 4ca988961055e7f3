//! pdflatex, latexmk and kin: documents that are programs, fenced unless told otherwise.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["pdflatex", "latex", "xelatex", "lualatex", "pdftex", "xetex", "luatex", "arara"],
        effects: |inv, sink| PDFLATEX.say(inv, sink),
    },
    Program { names: &["latexmk", "tectonic", "texliveonfly", "rubber"], effects: |inv, sink| LATEXMK.say(inv, sink) },
    Program {
        names: &[
            "bibtex",
            "biber",
            "makeindex",
            "makeglossaries",
            "xindy",
            "dvips",
            "dvipdfmx",
            "texcount",
            "chktex",
            "lacheck",
            "latexindent",
            "latexdiff",
            "texdoc",
            "kpsewhich",
        ],
        effects: |inv, sink| BIBTEX.say(inv, sink),
    },
    Program { names: &["tlmgr"], effects: |inv, sink| TLMGR.say(inv, sink) },
];

const PDFLATEX: Described = Described {
    valued: "jobname interaction output-format fmt",
    one_dash: true,
    options: &[("output-directory", Value::WriteTree)],
    flags: &[(
        "shell-escape|shell-escap|shell-esca|shell-esc|shell-es|shell-e|shell|enable-write18|enable-write1|write18",
        &[Act::Opaque(OpaqueCause::Script, "tex")],
    )],
    otherwise: &[Act::ReadTree(0), Act::Project],
    ..Described::NEW
};

const LATEXMK: Described = Described {
    valued: "jobname outdir auxdir",
    one_dash: true,
    options: &[
        ("outdir|auxdir|output-directory", Value::WriteTree),
        ("e|pdflatex|latex|xelatex|lualatex|r|usepretex", Value::Script("latexmk settings")),
    ],
    raw: &[
        ("-pdflatex=", Value::Script("latexmk settings")),
        ("-latex=", Value::Script("latexmk settings")),
        ("-lualatex=", Value::Script("latexmk settings")),
        ("-xelatex=", Value::Script("latexmk settings")),
    ],
    flags: &[("shell-escape|Z", &[Act::Opaque(OpaqueCause::Script, "tex")]), ("c|C", &[Act::DeleteTreeAt("build")])],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const BIBTEX: Described =
    Described { valued: "o s t g l c", options: &[("o|output|s", Value::Write)], otherwise: &[Act::Read(0)], ..Described::NEW };

const TLMGR: Described = Described {
    host: "ctan.org",
    dry: "dry-run n",
    shows: "list",
    verbs: &[
        (
            "info, search, list, show, version, check, repository list|status, key list, platform list, candidates, conf * show",
            &[Act::Nothing],
        ),
        ("remove", &[Act::WriteTreeAt("/usr/local/texlive")]),
    ],
    otherwise: &[Act::Fetch, Act::WriteTreeAt("/usr/local/texlive")],
    ..Described::NEW
};
