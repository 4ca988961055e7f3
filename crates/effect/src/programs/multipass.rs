//! multipass, lima, colima: virtual machines on this machine, with directories of it inside.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &["multipass", "limactl", "lima", "colima", "orb", "orbctl"],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    target: "virtual machine",
    valued: "n name c cpus m memory d disk cpu-type vm-type arch runtime profile p w workdir",
    options: &[("cloud-init", Value::Read), ("mount|V", Value::ReadTree)],
    verbs: &[
        ("list|ls|info|version|find|get|status|networks|aliases|validate|show-ssh|logs", &[Act::Ask]),
        ("delete|purge|prune|factory-reset", &[Act::Destroy]),
        ("exec|shell|sh|ssh", &[Act::RemoteShell]),
        ("transfer|copy|cp", &[Act::ReadOne(0), Act::WriteTreeOne(1)]),
        ("mount", &[Act::ReadOne(0)]),
        ("set|alias|unalias|authenticate|prefer|default", &[Act::Configure("virtual machines")]),
        ("start|stop|restart|launch|create|suspend|recover|clone|snapshot|restore|kubernetes|nerdctl|run|edit", &[Act::Change]),
    ],
    otherwise: &[Act::RemoteShell],
    ..Described::NEW
};
