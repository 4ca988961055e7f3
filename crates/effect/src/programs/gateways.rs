//! fastly, deck, ldcli, algolia, splunk and others that steer a running service from a command line.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &[
        "fastly",
        "deck",
        "kong",
        "ldcli",
        "unleash",
        "flagsmith",
        "growthbook",
        "algolia",
        "splunk",
        "akamai",
        "cf",
        "cloudflare",
        "pscale",
        "planetscale",
        "neon",
        "neonctl",
        "turso",
        "upstash",
        "xata",
        "appwrite",
        "pocketbase",
        "contentful",
        "sanity",
        "strapi",
        "auth0",
        "okta",
        "workos",
        "clerk",
        "twingate-cli",
        "checkly",
        "pagerduty",
        "pd",
        "opsgenie",
        "statuspage",
        "linear",
        "jira",
        "acli",
        "asana",
        "shopify",
        "wp",
        "wp-cli",
        "drush",
        "magento",
        "bitrise",
        "appcenter",
        "buildkite",
        "travis",
    ],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    target: "service",
    valued: "service-id s version v token t api-key project p environment e config c profile index o output format domain name d",
    options: &[("state|f|file|select-file|json-file", Value::Read)],
    verbs: &[
        (
            "gateway|file diff|validate|ping|dump, dump, diff, ping, whoami, profile list, service list, search, version --help, tail",
            &[Act::Nothing],
        ),
        ("login, logout, configure, auth, authenticate, profile, config, alias", &[Act::Configure("service client")]),
        (
            "indices clear|delete, indices|index|objects|rules|synonyms clear|delete, clean, clear, archive, flags archive|delete, db reset|drop, cache clear|flush",
            &[Act::Destroy],
        ),
        ("eval, shell, console", &[Act::Opaque(OpaqueCause::InlineCode, "service")]),
        ("dev, serve, theme dev, app dev, local", &[Act::Project, Act::Listen]),
    ],
    ..Described::NEW
};
