//! vercel: web projects deployed from here.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["vercel", "vc", "now"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "vercel",
    host: "api.vercel.com",
    valued: "t token S scope A local-config Q global-config b build-env e env m meta cwd n name",
    verbs: &[
        ("env pull", &[Act::Secret("hosting settings"), Act::WriteAt(".env.local")]),
        ("env ls|list", &[Act::Ask]),
        ("env rm|remove", &[Act::Destroy]),
        ("pull", &[Act::Secret("hosting settings"), Act::WriteTreeAt(".vercel")]),
        ("login, logout, link, switch, telemetry, teams switch, git connect", &[Act::Configure("hosting client")]),
        ("dev, build", &[Act::Project]),
        (
            "ls, list, inspect, logs, whoami, teams ls, projects ls, project ls, domains ls|inspect, dns ls, certs ls, alias ls, history, bisect",
            &[Act::Ask],
        ),
        ("remove, rm, project rm, domains rm, alias rm, dns rm, certs rm, rollback", &[Act::Destroy]),
        ("init", &[Act::Fetch, Act::WriteTreeAt(".")]),
        (
            "deploy, redeploy, promote, alias, domains, dns, certs, project, env, integration, blob, cache",
            &[Act::Upload, Act::Change],
        ),
    ],
    otherwise: &[Act::Upload, Act::Change],
    alone: Some(&[Act::Upload, Act::Change]),
    ..Described::NEW
};
