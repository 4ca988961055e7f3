//! trivy, grype, syft: images and directories looked through for known flaws.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &["trivy", "grype", "syft", "dockle", "snyk", "osv-scanner", "clair-scanner", "cdxgen"],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    host: "ghcr.io",
    valued: "severity s format f scanners skip-dirs skip-files timeout vuln-type pkg-types server token fail-on scope platform",
    options: &[
        ("output|o|file|json-file-output|sarif-file-output", Value::Write),
        ("config|c|ignorefile|ignore-policy|template|t", Value::Read),
    ],
    verbs: &[
        ("image|i|registry", &[Act::Fetch]),
        ("fs|filesystem|rootfs|repo|repository|config|conf|sbom|dir|test|scan|iac|code", &[Act::ReadTree(0), Act::Fetch]),
        ("db, plugin list, version, clean, cache, module list", &[Act::Ask]),
        ("plugin|module", &[Act::Package("trivy-plugin")]),
        ("k8s|kubernetes|vm", &[Act::Fetch]),
        ("server", &[Act::Listen]),
        ("monitor|auth", &[Act::Upload]),
    ],
    otherwise: &[Act::ReadTree(0), Act::Fetch],
    ..Described::NEW
};
