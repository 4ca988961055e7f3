//! oci, ibmcloud, aliyun: other clouds, by the family of the verb.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["oci"], effects: |inv, sink| OCI.say(inv, sink) },
    Program {
        names: &["ibmcloud", "aliyun", "tccli", "hcloud-cn", "yc", "openstack", "nova", "glance"],
        effects: |inv, sink| IBMCLOUD.say(inv, sink),
    },
];

const OCI: Described = Described {
    target: "oracle cloud",
    host: "oraclecloud.com",
    valued: "config-file profile auth c compartment-id region output query namespace-name ns bn bucket-name name display-name from-json",
    options: &[("file", Value::Read)],
    verbs: &[
        ("setup, session", &[Act::Configure("cloud client")]),
        ("os object put|bulk-upload|sync", &[Act::Upload, Act::Change]),
        ("os object get|bulk-download", &[Act::Ask, Act::WriteTreeAt(".")]),
        ("os object delete|bulk-delete", &[Act::Destroy]),
        ("secrets secret-bundle", &[Act::Secret("oracle cloud secret")]),
    ],
    ..Described::NEW
};

const IBMCLOUD: Described = Described {
    target: "cloud",
    valued: "output o region r g q profile name c f format",
    verbs: &[
        ("login, logout, configure, config, target, init, plugin", &[Act::Configure("cloud client")]),
        ("iam api-key-create|oauth-tokens, iam create-token", &[Act::Secret("cloud token")]),
        ("upload, cos upload|object-put", &[Act::Upload, Act::Change]),
    ],
    ..Described::NEW
};
