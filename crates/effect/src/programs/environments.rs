//! virtualenv, pixi, devbox, devcontainer, jupyter: environments made and used.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["virtualenv", "venv", "pew", "pyvenv", "mkvirtualenv"], effects: |inv, sink| VIRTUALENV.say(inv, sink) },
    Program { names: &["rmvirtualenv"], effects: |inv, sink| RMVIRTUALENV.say(inv, sink) },
    Program { names: &["pixi"], effects: |inv, sink| PIXI.say(inv, sink) },
    Program { names: &["devbox", "devenv", "flox"], effects: |inv, sink| DEVBOX.say(inv, sink) },
    Program { names: &["devcontainer"], effects: |inv, sink| DEVCONTAINER.say(inv, sink) },
    Program {
        names: &[
            "jupyter",
            "jupyter-lab",
            "jupyter-notebook",
            "jupyterlab",
            "ipykernel",
            "papermill",
            "marimo",
            "streamlit",
            "gradio",
            "voila",
        ],
        effects: |inv, sink| JUPYTER.say(inv, sink),
    },
];

const VIRTUALENV: Described = Described {
    valued: "p python prompt",
    options: &[("p|python", Value::Program)],
    otherwise: &[Act::WriteTree(0)],
    ..Described::NEW
};

const RMVIRTUALENV: Described = Described { otherwise: &[Act::DeleteTree(0)], ..Described::NEW };

const PIXI: Described = Described {
    host: "conda.anaconda.org",
    valued: "e environment manifest-path frozen p platform",
    verbs: &[
        ("run, exec", &[Act::Project, Act::Run(0)]),
        ("list, info, tree, search, project, task list, workspace", &[Act::Nothing]),
        (
            "add, install, update, global install, upgrade, lock, reinstall, sync",
            &[Act::Fetch, Act::Project, Act::WriteTreeAt(".pixi")],
        ),
        ("remove, global uninstall|remove, clean", &[Act::DeleteTreeAt(".pixi")]),
        ("init", &[Act::WriteAt("pixi.toml")]),
        ("auth", &[Act::Secret("conda token")]),
        ("upload, publish", &[Act::Upload, Act::Publish]),
        ("shell, shell-hook", &[Act::Project]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};

const DEVBOX: Described = Described {
    host: "cache.nixos.org",
    verbs: &[
        ("run, test, tasks, up, services, shell, activate, edit", &[Act::Project, Act::Fetch]),
        ("add, install, update, pull", &[Act::Fetch, Act::WriteTreeAt(".devbox")]),
        ("rm, remove, uninstall, gc, delete", &[Act::DeleteTreeAt(".devbox")]),
        ("list, info, search, version, show, env", &[Act::Nothing]),
        ("init", &[Act::WriteAt("devbox.json")]),
        ("global, secrets, auth, push", &[Act::Configure("devbox")]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};

const DEVCONTAINER: Described = Described {
    host: "ghcr.io",
    valued: "workspace-folder config id-label",
    options: &[("mount", Value::ReadTree), ("dotfiles-repository", Value::Script("dotfiles"))],
    verbs: &[
        ("up, build, run-user-commands, set-up", &[Act::Project, Act::Fetch]),
        ("exec", &[Act::RemoteShell]),
        ("read-configuration, outdated, templates, features info", &[Act::Nothing]),
        ("features publish, templates publish", &[Act::Upload, Act::Publish]),
    ],
    ..Described::NEW
};

const JUPYTER: Described = Described {
    valued: "port ip to template output output-dir p k config token",
    options: &[("output|output-dir", Value::Write)],
    verbs: &[
        ("nbconvert, run, execute, trust", &[Act::Project, Act::ReadTree(0)]),
        ("kernelspec list, labextension list, notebook list, server list, --paths, troubleshoot", &[Act::Nothing]),
        ("kernelspec install|remove, labextension install", &[Act::Configure("jupyter")]),
        ("notebook, lab, server, console", &[Act::Listen, Act::Project]),
    ],
    otherwise: &[Act::Project, Act::Listen],
    alone: Some(&[Act::Project, Act::Listen]),
    ..Described::NEW
};
