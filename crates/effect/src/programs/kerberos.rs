//! kinit, ykman and others that make or show what proves who one is.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["kinit", "kadmin", "kadmin.local", "ktutil", "kpasswd"], effects: |inv, sink| KINIT.say(inv, sink) },
    Program { names: &["klist", "kdestroy"], effects: |inv, sink| KLIST.say(inv, sink) },
    Program {
        names: &["ykman", "solokey", "nitropy", "fido2-token", "tpm2_unseal", "tpm2_nvread", "pkcs11-tool", "oathtool"],
        effects: |inv, sink| YKMAN.say(inv, sink),
    },
];

const KINIT: Described = Described {
    valued: "l r S p w q",
    options: &[("t|k|c|X", Value::Read)],
    otherwise: &[Act::Configure("kerberos ticket")],
    alone: Some(&[Act::Configure("kerberos ticket")]),
    ..Described::NEW
};

const KLIST: Described = Described { otherwise: &[Act::Ask], ..Described::NEW };

const YKMAN: Described = Described {
    valued: "d device r reader slot pin",
    verbs: &[
        ("info, list, oath accounts list, fido info, piv info, openpgp info", &[Act::Ask]),
        ("oath reset, fido reset, piv reset, openpgp reset, reset, config reset", &[Act::Destroy]),
    ],
    otherwise: &[Act::Secret("security key")],
    ..Described::NEW
};
