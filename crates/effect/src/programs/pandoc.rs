//! pandoc and other makers of documents, whose filters are programs.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["pandoc"], effects: |inv, sink| PANDOC.say(inv, sink) },
    Program {
        names: &[
            "asciidoctor",
            "asciidoc",
            "rst2html",
            "docbook2pdf",
            "xmlto",
            "a2x",
            "groff",
            "troff",
            "nroff",
            "enscript",
            "a2ps",
            "wkhtmltopdf",
            "wkhtmltoimage",
            "weasyprint",
            "prince",
            "markdown",
            "multimarkdown",
            "cmark",
            "glow",
            "mdcat",
            "typst",
            "quarto",
        ],
        effects: |inv, sink| ASCIIDOCTOR.say(inv, sink),
    },
    Program {
        names: &["soffice", "libreoffice", "lowriter", "unoconv", "abiword", "localc"],
        effects: |inv, sink| SOFFICE.say(inv, sink),
    },
];

const PANDOC: Described = Described {
    valued: "f from r read t to w write V variable M metadata css reference-doc shift-heading-level-by columns toc-depth pdf-engine-opt highlight-style wrap",
    options: &[
        ("o|output|log", Value::Write),
        ("extract-media", Value::WriteTree),
        (
            "template|bibliography|csl|H|include-in-header|B|include-before-body|A|include-after-body|metadata-file|resource-path|abbreviations|defaults|d|reference-doc|c",
            Value::Read,
        ),
        ("F|filter|pdf-engine", Value::Program),
        ("L|lua-filter", Value::CodeFile("lua")),
    ],
    flags: &[("server", &[Act::Listen])],
    shows: "list-input-formats list-output-formats v",
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};

const ASCIIDOCTOR: Described = Described {
    valued: "b a D T m P f page-size orientation",
    options: &[
        ("o|out-file|output|D|destination-dir", Value::Write),
        ("r|require|T", Value::Foreign),
        ("run-script|custom-header", Value::Script("javascript")),
    ],
    verbs: &[("compile, watch, render, c", &[Act::Convert(0)])],
    otherwise: &[Act::Convert(0)],
    ..Described::NEW
};

const SOFFICE: Described = Described {
    valued: "convert-to outdir infilter env",
    options: &[("outdir", Value::WriteTree)],
    otherwise: &[Act::Read(0), Act::WriteTreeAt(".")],
    ..Described::NEW
};
