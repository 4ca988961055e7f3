//! chamber, aws-vault, saml2aws: cloud log-ins given to programs.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["chamber"], effects: |inv, sink| CHAMBER.say(inv, sink) },
    Program { names: &["aws-vault"], effects: |inv, sink| AWS_VAULT.say(inv, sink) },
    Program {
        names: &[
            "saml2aws",
            "aws-okta",
            "aws-sso",
            "granted",
            "assume",
            "okta-aws-cli",
            "gimme-aws-creds",
            "aws-sso-util",
            "leapp",
        ],
        effects: |inv, sink| SAML2AWS.say(inv, sink),
    },
];

const CHAMBER: Described = Described {
    target: "parameter store",
    host: "amazonaws.com",
    valued: "b backend r retries version format o",
    options: &[("o|output-file", Value::Write)],
    verbs: &[
        ("exec", &[Act::Secret("chamber secrets"), Act::Run(1)]),
        ("list, history, list-services, find, tag read", &[Act::Ask]),
        ("delete", &[Act::Destroy]),
        ("write, import, tag", &[Act::Change]),
        ("read, export, env", &[Act::Secret("chamber secrets")]),
    ],
    ..Described::NEW
};

const AWS_VAULT: Described = Described {
    target: "aws",
    valued: "d duration region backend prompt profile",
    verbs: &[
        ("exec", &[Act::Secret("aws credentials"), Act::Run(1)]),
        ("list, ls", &[Act::Ask]),
        ("export, login, rotate", &[Act::Secret("aws credentials")]),
        ("remove, rm, clear", &[Act::Destroy]),
        ("add", &[Act::Configure("secret store")]),
    ],
    ..Described::NEW
};

const SAML2AWS: Described = Described {
    valued: "a p idp-account profile role username password",
    verbs: &[("exec", &[Act::Secret("aws credentials"), Act::Run(0)]), ("list-roles, list, configure --help", &[Act::Ask])],
    otherwise: &[Act::Secret("aws credentials")],
    alone: Some(&[Act::Secret("aws credentials")]),
    ..Described::NEW
};
