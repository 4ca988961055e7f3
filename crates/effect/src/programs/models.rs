//! ollama, llm, huggingface-cli: models fetched, asked, sent.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["ollama", "lms", "llamafile", "llama-cli", "llama-server", "vllm", "localai", "gpt4all", "koboldcpp"],
        effects: |inv, sink| OLLAMA.say(inv, sink),
    },
    Program {
        names: &["huggingface-cli", "hf", "kaggle", "wandb", "modelscope", "civitai"],
        effects: |inv, sink| HUGGINGFACE_CLI.say(inv, sink),
    },
    Program { names: &["llm", "chatgpt", "openai", "anthropic", "replicate"], effects: |inv, sink| LLM.say(inv, sink) },
];

const OLLAMA: Described = Described {
    target: "model",
    host: "ollama.com",
    valued: "f file m model",
    options: &[("f|file", Value::Read)],
    verbs: &[
        ("list, ls, ps, show, status, version", &[Act::Nothing]),
        ("run, chat, generate", &[Act::Fetch]),
        ("pull, get, download, cp, create, load, import", &[Act::Fetch]),
        ("push, publish", &[Act::Upload, Act::Publish]),
        ("rm, unload, stop", &[Act::Destroy]),
        ("serve, server, start", &[Act::Listen]),
    ],
    otherwise: &[Act::Listen],
    ..Described::NEW
};

const HUGGINGFACE_CLI: Described = Described {
    target: "models",
    host: "huggingface.co",
    valued: "repo-type revision token local-dir cache-dir p m d c f",
    options: &[("local-dir|p|path", Value::WriteTree)],
    verbs: &[
        (
            "whoami, env, auth whoami, auth list, cache scan|ls, competitions list, datasets list, kernels list, models list, status, repo-files --help",
            &[Act::Nothing],
        ),
        ("login, logout, auth", &[Act::Secret("model hub token")]),
        (
            "upload, upload-large-folder, datasets create|version, kernels push, models create, sync, artifact put, competitions submit",
            &[Act::Upload, Act::Publish],
        ),
        ("competitions submissions|files|leaderboard, datasets files|status|metadata|init, kernels status|init", &[Act::Nothing]),
        (
            "download, kernels output, datasets download, competitions download, kernels pull, artifact get, pull",
            &[Act::Fetch, Act::WriteTreeAt(".")],
        ),
        ("repo create|tag, repo", &[Act::Change]),
        ("delete-cache, cache delete, repo-files delete, repo delete", &[Act::Destroy]),
        ("agent, launch, sweep, server, online, offline, init", &[Act::Project]),
    ],
    ..Described::NEW
};

const LLM: Described = Described {
    target: "model",
    host: "*",
    valued: "m model s system t template p a attachment f fragment",
    options: &[("a|attachment|f|fragment", Value::Read)],
    verbs: &[
        ("models, keys list|path, logs, templates list, plugins, aliases, tools list, collections, path", &[Act::Nothing]),
        ("keys get", &[Act::Secret("model key")]),
        ("keys set", &[Act::Configure("model client")]),
        ("install, uninstall", &[Act::Package("python-package")]),
    ],
    otherwise: &[Act::Upload],
    ..Described::NEW
};
