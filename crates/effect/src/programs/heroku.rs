//! heroku: applications, their settings, databases and one-off programs.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["heroku"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "heroku",
    host: "api.heroku.com",
    valued: "a app r remote t team space",
    verbs: &[
        ("config, config:get, config:edit", &[Act::Secret("heroku settings")]),
        ("pg:credentials, pg:credentials:url, auth:token, redis:credentials", &[Act::Secret("heroku credentials")]),
        ("run, run:detached, ps:exec, console, pg:psql, redis:cli, ps:copy, run:inside", &[Act::RemoteShell]),
        (
            "pg:reset, apps:destroy, destroy, pg:push, pg:copy, addons:destroy, releases:rollback, rollback, ps:kill, ps:stop",
            &[Act::Destroy],
        ),
        ("pg:pull", &[Act::Fetch, Act::Change]),
        (
            "logs, ps, apps, apps:info, info, addons, releases, pg, pg:info, status, domains, pipelines, regions, stack, buildpacks, access, features, labs, keys, clients, drains, certs, spaces, teams, members, sessions, telemetry, domains:info",
            &[Act::Ask],
        ),
        (
            "login, logout, auth:login, auth:logout, git:remote, keys:add, plugins:link, plugins:uninstall",
            &[Act::Configure("hosting client")],
        ),
        ("plugins:install, plugins:update", &[Act::Package("heroku-plugin")]),
        ("local, local:start, local:run", &[Act::Project]),
    ],
    ..Described::NEW
};
