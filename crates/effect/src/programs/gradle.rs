//! gradle: a project's build, by its own scripts.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["gradle", "gradlew"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    host: "repo.maven.apache.org",
    valued: "p project-dir x exclude-task P D g gradle-user-home S max-workers console",
    options: &[
        ("I|init-script", Value::Script("other")),
        ("include-build", Value::ReadTree),
        ("b|build-file|c|settings-file", Value::Foreign),
        ("project-cache-dir", Value::WriteTree),
    ],
    flags: &[("publish", &[Act::Publish])],
    verbs: &[
        (
            "publish, publishPlugins, publishAllPublicationsToMavenRepository, uploadArchives, publishToSonatype, release",
            &[Act::Project, Act::Publish],
        ),
        ("init, wrapper", &[Act::Fetch, Act::WriteTreeAt(".")]),
    ],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};
