//! Where an agent's work goes on: its workspace, temporary files, caches, what builds make.

use super::{BuiltIn, generous};

pub(super) const PLACES: &[BuiltIn] = &[
    generous("workspace", &["{workspace}/**"], &[]),
    // The directory itself, which a command run in it may be asked to remove.
    generous("workspace-root", &["{workspace}"], &[]),
    generous("temp", &["/tmp/**", "/private/tmp/**", "/var/tmp/**", "/dev/shm/**", "/var/folders/**", "{temp}/**"], &[]),
    generous("temp-root", &["/tmp", "/private/tmp", "/var/tmp", "/dev/shm", "{temp}"], &[]),
    // What package managers and compilers fill by themselves.
    generous(
        "caches",
        &[
            "{home}/.cache/**",
            "{home}/Library/Caches/**",
            "{home}/.cargo/{registry,git}/**",
            "{home}/.cargo/.*",
            "{home}/.npm/_*/**",
            "{home}/.{bun,deno,gradle,ivy2,m2,nuget,sbt}/{install,gen,npm,caches,cache,repository,packages,boot}/**",
            "{home}/go/pkg/**",
            "{home}/.local/share/{pnpm,uv,virtualenv,virtualenvs}/**",
        ],
        &[],
    ),
    // What builds and tools make and make again.
    generous(
        "build-output",
        &[
            "**/{node_modules,bower_components,target,dist,build,out,.next,.nuxt,.output,.svelte-kit,.turbo,.parcel-cache}/**",
            "**/{__pycache__,.venv,venv,.tox,.nox,.pytest_cache,.mypy_cache,.ruff_cache,.hypothesis,htmlcov,*.egg-info}/**",
            "**/{coverage,.nyc_output,.gradle,.cache,.angular,.vite,.eslintcache,.terraform,_build,obj,cmake-build-*}/**",
            "**/{DerivedData,Pods,.dart_tool,.stack-work,dist-newstyle,zig-cache,zig-out,.zig-cache,bazel-*,.direnv}/**",
        ],
        &[],
    ),
    // What an agent writes for itself while it works.
    generous(
        "agent-scratch",
        &[
            "{home}/.claude/{todos,plans,tasks,shell-snapshots,file-history,debug,paste-cache,image-cache}/**",
            "{home}/.gemini/tmp/**",
            "{home}/.codex/{log,sessions}/**",
        ],
        &[],
    ),
];
