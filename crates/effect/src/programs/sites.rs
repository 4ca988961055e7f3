//! hugo, jekyll, mkdocs, sphinx and other makers of web sites.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["hugo"], effects: |inv, sink| HUGO.say(inv, sink) },
    Program {
        names: &[
            "jekyll",
            "mkdocs",
            "sphinx-build",
            "sphinx-quickstart",
            "sphinx-apidoc",
            "sphinx-autobuild",
            "zola",
            "eleventy",
            "docusaurus",
            "vuepress",
            "vitepress",
            "hexo",
            "pelican",
            "mdbook",
            "gitbook",
            "antora",
            "nikola",
            "middleman",
            "docsify",
            "typedoc",
            "jsdoc",
            "doxygen",
            "pdoc",
            "pydoc",
            "yardoc",
            "yard",
            "rdoc",
            "lektor",
            "storybook",
        ],
        effects: |inv, sink| JEKYLL.say(inv, sink),
    },
];

const HUGO: Described = Described {
    valued: "s source d destination b baseURL theme port bind config e environment",
    options: &[("d|destination", Value::WriteTree), ("config", Value::Foreign)],
    verbs: &[
        ("server, serve", &[Act::Project, Act::Listen]),
        ("new", &[Act::WriteTreeAt(".")]),
        ("list, env, config, version, convert --help", &[Act::Nothing]),
        ("mod", &[Act::Fetch, Act::WriteTreeAt(".")]),
        ("deploy", &[Act::Upload, Act::Publish]),
    ],
    otherwise: &[Act::Project, Act::WriteTreeAt("public")],
    alone: Some(&[Act::Project, Act::WriteTreeAt("public")]),
    ..Described::NEW
};

const JEKYLL: Described = Described {
    valued: "d destination b c config f s source p port D o t",
    options: &[("d|destination|o|out|site-dir|destination-dir", Value::WriteTree)],
    verbs: &[
        ("serve, s, server, start, dev, watch, preview, init --help", &[Act::Project, Act::Listen]),
        ("gh-deploy, deploy, publish", &[Act::Project, Act::Upload, Act::Publish]),
        ("new, init, create", &[Act::WriteTreeAt(".")]),
        ("clean", &[Act::DeleteTreeAt("build")]),
    ],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};
