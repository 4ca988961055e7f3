//! mlr, csvkit, xsv and other readers of tables.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "mlr",
            "csvcut",
            "csvgrep",
            "csvlook",
            "csvstat",
            "csvsort",
            "csvjoin",
            "csvstack",
            "csvclean",
            "csvformat",
            "csvjson",
            "in2csv",
            "xsv",
            "qsv",
            "visidata",
            "vd",
            "csvtool",
            "q-text-as-data",
            "textql",
            "datamash",
            "tsv-select",
            "tsv-filter",
            "rs",
            "dsq",
            "lnav",
            "angle-grinder",
            "agrind",
            "goaccess",
            "logcli",
            "humanlog",
            "jc",
            "gron",
            "fx",
            "jless",
            "jo",
            "jp",
            "jiq",
            "jnv",
            "oj",
            "jello",
            "rq",
        ],
        effects: |inv, sink| MLR.say(inv, sink),
    },
    Program { names: &["csvsql", "sql2csv"], effects: |inv, sink| CSVSQL.say(inv, sink) },
    Program {
        names: &[
            "dasel",
            "jsonnet",
            "cue",
            "dhall-to-json",
            "kcl",
            "nickel",
            "dyff",
            "hcl2json",
            "yj",
            "remarshal",
            "toml2json",
            "json2yaml",
            "crudini",
            "tomlkit",
        ],
        effects: |inv, sink| DASEL.say(inv, sink),
    },
    Program {
        names: &["xmlstarlet", "xsltproc", "saxon", "basex", "xidel", "pup", "htmlq", "hxselect"],
        effects: |inv, sink| XMLSTARLET.say(inv, sink),
    },
];

const MLR: Described = Described {
    valued: "c f d s n o from icsv ojson ifs ofs k v e q t delimiter columns regex sheet",
    options: &[("o|output|save-to", Value::Write)],
    flags: &[("i|in-place|I", &[Act::WriteTreeAt(".")])],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};

const CSVSQL: Described = Described {
    valued: "d dialect tables query e db",
    options: &[("query", Value::Sql)],
    flags: &[("insert|create-if-not-exists|overwrite", &[Act::Change])],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};

const DASEL: Described = Described {
    valued: "f file r w s selector v o p read write",
    options: &[("o|out|output|output-file", Value::Write), ("f|file|J|jpath", Value::ReadTree)],
    verbs: &[("put, delete, fmt, import", &[Act::WriteTreeAt(".")])],
    otherwise: &[Act::ReadTree(0)],
    ..Described::NEW
};

const XMLSTARLET: Described = Described {
    valued: "s t o x v u d stringparam param e q",
    options: &[("o|output", Value::Write)],
    flags: &[("L|inplace", &[Act::Edit(0)]), ("writesubtree", &[Act::WriteTreeAt(".")])],
    verbs: &[("ed, edit", &[Act::ReadTree(0)])],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};
