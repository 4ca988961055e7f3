//! auditctl, logrotate, aide: what is written down, and how long it stays.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["auditctl", "augenrules", "auditd", "aureport", "ausearch"],
        effects: |inv, sink| AUDITCTL.say(inv, sink),
    },
    Program { names: &["logrotate"], effects: |inv, sink| LOGROTATE.say(inv, sink) },
    Program {
        names: &["rkhunter", "chkrootkit", "lynis", "clamscan", "clamdscan", "aide", "tripwire"],
        effects: |inv, sink| RKHUNTER.say(inv, sink),
    },
    Program {
        names: &[
            "rsyslogd",
            "syslog-ng",
            "fail2ban-client",
            "freshclam",
            "osqueryi",
            "osqueryctl",
            "falco",
            "wazuh-control",
            "apparmor_parser",
            "aa-enforce",
            "aa-teardown",
            "aa-genprof",
            "audit2allow",
            "load_policy",
            "pam_tally2",
            "faillock",
            "ossec-control",
            "crowdsec",
            "mdatp",
            "falconctl",
            "sentinelctl",
            "cytool",
            "savdctl",
            "savconfig",
            "santactl",
            "fapolicyd-cli",
            "usbguard",
            "auditbeat",
            "sysmon",
            "cscli",
        ],
        effects: |inv, sink| RSYSLOGD.say(inv, sink),
    },
];

const AUDITCTL: Described = Described {
    flags: &[("D|d|e|a|w|W|A|R|r|load", &[Act::Configure("audit")])],
    shows: "l s v summary i",
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

const LOGROTATE: Described = Described {
    valued: "s state m mail l log",
    options: &[("s|state|l|log", Value::Write), ("m|mail", Value::Shell)],
    dry: "d debug",
    otherwise: &[Act::Read(0), Act::Opaque(OpaqueCause::Script, "logrotate")],
    ..Described::NEW
};

const RKHUNTER: Described = Described {
    options: &[("l|log|logfile|report-file", Value::Write)],
    flags: &[("remove|move|propupd|update", &[Act::Configure("security")])],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};

const RSYSLOGD: Described = Described {
    shows: "check c report list status",
    verbs: &[(
        "status, list, version, ping, get, show, check, scan, audit, decisions list, alerts list, metrics, health, connectivity, threat list, stats, info, fileinfo, sync, syslog, diagnostic, definitions, list-rules, list-devices, generate-policy, query",
        &[Act::Nothing],
    )],
    otherwise: &[Act::Configure("security")],
    ..Described::NEW
};
