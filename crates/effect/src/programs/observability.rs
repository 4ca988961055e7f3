//! sentry-cli, datadog, promtool and other watchers of running things.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "sentry-cli",
            "honeycomb-cli",
            "rollbar-cli",
            "bugsnag-cli",
            "codecov",
            "codecov-cli",
            "coveralls",
            "coveralls-lcov",
        ],
        effects: |inv, sink| SENTRY_CLI.say(inv, sink),
    },
    Program { names: &["datadog-ci"], effects: |inv, sink| DATADOG_CI.say(inv, sink) },
    Program { names: &["newrelic"], effects: |inv, sink| NEWRELIC.say(inv, sink) },
    Program {
        names: &[
            "promtool",
            "amtool",
            "grafana-cli",
            "mimirtool",
            "cortextool",
            "thanos",
            "prometheus",
            "grafana-server",
            "loki",
            "telegraf",
            "vector",
            "fluent-bit",
            "fluentd",
            "otelcol",
            "collectd",
            "node_exporter",
            "statsd",
            "filebeat",
        ],
        effects: |inv, sink| PROMTOOL.say(inv, sink),
    },
];

const DATADOG_CI: Described = Described {
    host: "datadoghq.com",
    verbs: &[("dashboards|monitors|notebooks|incidents|metrics|logs|events|hosts|slos list|get|search|query", &[Act::Ask])],
    otherwise: &[Act::Upload],
    alone: Some(&[Act::Upload]),
    ..Described::NEW
};

const NEWRELIC: Described = Described {
    host: "newrelic.com",
    valued: "a accountId profile format",
    verbs: &[
        ("query, nrql query, * list|get|search, * * list|get|search, config get|list, profile list", &[Act::Ask]),
        ("config, profile, profiles", &[Act::Configure("observability client")]),
    ],
    otherwise: &[Act::Upload],
    alone: Some(&[Act::Upload]),
    ..Described::NEW
};

const SENTRY_CLI: Described = Described {
    host: "*",
    valued: "o org p project auth-token t token f file r",
    options: &[("f|file", Value::Read)],
    verbs: &[
        ("info, projects list, organizations list, releases list|info, issues list, monitors list", &[Act::Nothing]),
        ("login", &[Act::Configure("observability client")]),
        ("send-event", &[Act::Send("sentry")]),
    ],
    otherwise: &[Act::Upload],
    alone: Some(&[Act::Upload]),
    ..Described::NEW
};

const PROMTOOL: Described = Described {
    valued: "config c url",
    options: &[("config.file|config|c", Value::Read)],
    verbs: &[
        (
            "check, query, test, alert query, config show, plugins ls|list-remote, tsdb analyze, rules list, version, validate, top",
            &[Act::Nothing],
        ),
        ("plugins install|update", &[Act::Package("grafana-plugin")]),
        ("silence add|expire, alert add, rules load|delete|sync, admin", &[Act::Change]),
    ],
    otherwise: &[Act::Listen],
    ..Described::NEW
};
