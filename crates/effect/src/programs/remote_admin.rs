//! nsupdate, winexe, impacket's scripts, pssh: other machines changed from here.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["nsupdate", "rndc", "knotc", "pdnsutil"], effects: |inv, sink| NSUPDATE.say(inv, sink) },
    Program {
        names: &[
            "psexec.py",
            "wmiexec.py",
            "smbexec.py",
            "atexec.py",
            "dcomexec.py",
            "mssqlclient.py",
            "winexe",
            "psexec",
            "winrs",
            "pssh",
            "pdsh",
            "clush",
            "dsh",
            "parallel-ssh",
            "mussh",
            "cssh",
            "pscp",
            "prsync",
            "rsh",
            "rlogin",
            "rexec",
            "krsh",
            "evil-winrm.py",
            "plink",
            "putty",
            "dbclient",
        ],
        effects: |inv, sink| PSEXEC_PY.say(inv, sink),
    },
    Program { names: &["ldapdelete"], effects: |inv, sink| LDAPDELETE.say(inv, sink) },
    Program {
        names: &["ldapmodify", "ldapadd", "samba-tool", "snmpset", "smbclient", "rpcclient", "adcli"],
        effects: |inv, sink| LDAPMODIFY.say(inv, sink),
    },
    Program { names: &["ldapsearch", "snmpget", "snmpwalk"], effects: |inv, sink| LDAPSEARCH.say(inv, sink) },
];

const NSUPDATE: Described = Described {
    target: "dns",
    valued: "k y t p s c",
    options: &[("k|c", Value::Read)],
    verbs: &[("status, zonestatus, list-all-zones, check-zone, show-zone", &[Act::Nothing])],
    otherwise: &[Act::Change],
    alone: Some(&[Act::Change]),
    ..Described::NEW
};

const PSEXEC_PY: Described = Described {
    valued: "h H l p t o e i w x a",
    options: &[("h|hosts|i", Value::Read)],
    otherwise: &[Act::RemoteShell],
    ..Described::NEW
};

const LDAPDELETE: Described = Described {
    target: "directory",
    valued: "U D w h p b s x W N I L o v C c",
    options: &[("f|y", Value::Read), ("H", Value::Host)],
    otherwise: &[Act::Destroy],
    alone: Some(&[Act::Destroy]),
    ..Described::NEW
};

const LDAPMODIFY: Described = Described {
    target: "directory",
    valued: "U D w h p b s x W N I L o v C c",
    options: &[("f|y", Value::Read), ("H", Value::Host)],
    verbs: &[("list, info, testjoin, user list, domain info", &[Act::Nothing])],
    otherwise: &[Act::Change],
    alone: Some(&[Act::Change]),
    ..Described::NEW
};

const LDAPSEARCH: Described = Described {
    valued: "U D w h p b s x W N v c o",
    options: &[("f|y", Value::Read), ("H", Value::Host)],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};
