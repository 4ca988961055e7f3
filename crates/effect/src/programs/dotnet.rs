//! dotnet: projects built, run, packed, published.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["dotnet"], effects: |inv, sink| DOTNET.say(inv, sink) },
    Program { names: &["msbuild", "xbuild", "nuget", "csc", "fsc", "vbc", "mcs"], effects: |inv, sink| MSBUILD.say(inv, sink) },
];

const DOTNET: Described = Described {
    host: "api.nuget.org",
    valued: "c configuration f framework r runtime o v verbosity p source s api-key k n name",
    options: &[
        ("o|output|artifacts-path|results-directory", Value::WriteTree),
        ("settings|tool-manifest|nuget-config|configfile", Value::Read),
        ("startup-hook|roslyn-analyzer", Value::Script("dotnet")),
    ],
    shows: "info list-sdks list-runtimes",
    verbs: &[
        ("nuget push", &[Act::Upload, Act::Publish]),
        ("nuget delete", &[Act::Destroy, Act::Publish]),
        ("nuget locals", &[Act::DeleteTreeAt("~/.nuget/packages")]),
        (
            "nuget list|why|verify|config, list, sdk check, workload list|search, tool list|search, package list|search",
            &[Act::Ask],
        ),
        ("tool install|update|restore, workload install|update|restore, new install", &[Act::Package("dotnet-package")]),
        ("add package, package add", &[Act::Fetch, Act::WriteTreeAt(".")]),
        ("new", &[Act::WriteTreeAt(".")]),
        ("dev-certs", &[Act::Configure("trusted certificates")]),
        ("user-secrets list", &[Act::Secret("user secrets")]),
        ("user-secrets", &[Act::Configure("user secrets")]),
        ("ef database drop", &[Act::Project, Act::Destroy]),
        ("ef database update", &[Act::Project, Act::Change]),
        ("exec", &[Act::CodeFile("dotnet", 0)]),
        ("format", &[Act::Project]),
        ("clean", &[Act::DeleteTreeAt("bin")]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};

const MSBUILD: Described = Described {
    host: "api.nuget.org",
    valued: "OutputDirectory Source ApiKey ConfigFile",
    verbs: &[
        ("push", &[Act::Upload, Act::Publish]),
        ("delete", &[Act::Destroy]),
        ("install, restore", &[Act::Fetch, Act::WriteTreeAt("packages")]),
        ("list, search, sources list, locals", &[Act::Ask]),
        ("config, sources, setapikey", &[Act::Configure("nuget")]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};
