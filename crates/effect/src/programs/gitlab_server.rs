//! gitlab-rails, gitlab-ctl and other keepers of a server's own application.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["gitlab-rails", "gitlab-rake", "discourse", "occ", "mattermost", "mmctl", "rundeck", "matrixctl"],
        effects: |inv, sink| GITLAB_RAILS.say(inv, sink),
    },
    Program {
        names: &["gitlab-ctl", "chef-server-ctl", "sentry-admin", "zulip-manage"],
        effects: |inv, sink| GITLAB_CTL.say(inv, sink),
    },
];

const GITLAB_RAILS: Described = Described {
    target: "application",
    valued: "c config",
    verbs: &[
        ("runner, r", &[Act::Code("ruby", 0), Act::Change]),
        ("console, c, dbconsole", &[Act::Opaque(OpaqueCause::Dynamic, "console"), Act::Change]),
        ("gitlab:env:info, gitlab:check, gitlab:doctor:secrets, -T, status, version, list, config list", &[Act::Nothing]),
        ("gitlab:backup:restore, db:drop, db:reset, backup:restore, restore, user:delete, files:cleanup", &[Act::Destroy]),
    ],
    ..Described::NEW
};

const GITLAB_CTL: Described = Described {
    target: "application",
    verbs: &[
        ("status, tail, show-config, service-list, check-config, diff-config, get-redis-master", &[Act::Nothing]),
        ("cleanse, uninstall, remove-accounts", &[Act::Destroy]),
        ("stop, restart, start, reconfigure, hup, kill, upgrade", &[Act::Configure("service")]),
    ],
    ..Described::NEW
};
