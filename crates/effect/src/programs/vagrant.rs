//! vagrant: virtual machines that a project's file describes.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["vagrant"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "virtual machine",
    host: "vagrantcloud.com",
    valued: "provider name c command p plain provision-with box-version",
    options: &[("c|command", Value::Shell)],
    verbs: &[
        (
            "status, global-status, version, validate, port, ssh-config, box list, box outdated, plugin list, snapshot list, winrm-config",
            &[Act::Project],
        ),
        ("destroy, halt --force, box remove, box prune, snapshot delete", &[Act::Destroy]),
        ("snapshot restore|pop", &[Act::Destroy]),
        ("ssh|winrm|powershell|rdp", &[Act::RemoteShell]),
        ("plugin", &[Act::Package("vagrant-plugin")]),
        ("box add|update", &[Act::Fetch]),
        ("up|reload|provision|resume|suspend|halt|snapshot", &[Act::Project, Act::Fetch]),
        ("share", &[Act::Listen, Act::Upload]),
        ("package", &[Act::WriteAt("package.box")]),
        ("login|cloud", &[Act::Upload]),
        ("init", &[Act::WriteAt("Vagrantfile")]),
    ],
    ..Described::NEW
};
