//! Effects become what Cedar is asked about. In: one effect and the places. Out: the things it touches, each with its
//! attributes and everything it lies in.
//!
//! One effect may touch several: a path's other names, and each place that may lie below a tree. Only what a request
//! names is built, never a file tree. The attributes here are those of `schema.cedarschema`; a test holds them together.

mod paths;

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use bailiwick_vocab::address;
use bailiwick_vocab::effect::{Deed, Effect};
use cedar_policy::{Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression};

use crate::places::{Places, hosts};
use crate::policy::Traits;

/// The entity types of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Action,
    Agent,
    Code,
    Database,
    Finding,
    Host,
    Outcome,
    Path,
    Place,
    Process,
    Program,
    Recipient,
    Registry,
    Repository,
    Secret,
    Service,
    Setting,
    Tool,
}

/// Something that an effect touches.
#[derive(Debug)]
pub(crate) struct Subject<'p> {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) attributes: Vec<(&'static str, RestrictedExpression)>,
    /// What it lies in beside its places.
    pub(crate) within: Vec<(Kind, String)>,
    /// The places it lies in.
    pub(crate) places: Vec<&'p str>,
}

/// What is built from here could not be built: Cedar's words.
#[derive(Debug)]
pub(crate) struct Unbuilt(pub(crate) String);

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Action => "Action",
            Kind::Agent => "Agent",
            Kind::Code => "Code",
            Kind::Database => "Database",
            Kind::Finding => "Finding",
            Kind::Outcome => "Outcome",
            Kind::Host => "Host",
            Kind::Path => "Path",
            Kind::Place => "Place",
            Kind::Process => "Process",
            Kind::Program => "Program",
            Kind::Recipient => "Recipient",
            Kind::Registry => "Registry",
            Kind::Repository => "Repository",
            Kind::Secret => "Secret",
            Kind::Service => "Service",
            Kind::Setting => "Setting",
            Kind::Tool => "Tool",
        }
    }
}

/// A name in Cedar. Type names are parsed once: that costs more than all the rest.
pub(crate) fn uid(kind: Kind, id: &str) -> Result<EntityUid, Unbuilt> {
    static NAMES: [OnceLock<Option<EntityTypeName>>; 18] = [const { OnceLock::new() }; 18];
    let name = NAMES.get(kind as usize).and_then(|cell| cell.get_or_init(|| kind.word().parse().ok()).clone());
    let name = name.ok_or_else(|| Unbuilt(format!("no entity type {}", kind.word())))?;
    Ok(EntityUid::from_type_name_and_id(name, EntityId::new(id)))
}

/// The acting agent.
pub(crate) fn agent<'p>(client: &str, kind: &str) -> Subject<'p> {
    let (id, within) = if kind.is_empty() {
        (client.to_owned(), vec![])
    } else {
        (format!("{client}/{kind}"), vec![(Kind::Agent, client.to_owned())])
    };
    let attributes = vec![("client", text(client)), ("kind", text(kind))];
    Subject { kind: Kind::Agent, id, attributes, within, places: Vec::new() }
}

/// An act with the groups it is in.
pub(crate) fn act(name: &str) -> Result<Entity, Unbuilt> {
    let groups =
        crate::schema::groups_of(name).iter().map(|group| uid(Kind::Action, group)).collect::<Result<HashSet<_>, _>>()?;
    Ok(Entity::new_no_attrs(uid(Kind::Action, name)?, groups))
}

impl Subject<'_> {
    pub(crate) fn uid(&self) -> Result<EntityUid, Unbuilt> {
        uid(self.kind, &self.id)
    }

    pub(crate) fn entity(self) -> Result<Entity, Unbuilt> {
        let within = self.within.iter().map(|(kind, id)| uid(*kind, id));
        let places = self.places.iter().map(|place| uid(Kind::Place, place));
        let up = within.chain(places).collect::<Result<HashSet<_>, _>>()?;
        let attributes: HashMap<String, RestrictedExpression> =
            self.attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Entity::new(uid(self.kind, &self.id)?, attributes, up).map_err(|error| Unbuilt(error.to_string()))
    }
}

/// Everything that the effect touches, the thing it names first.
pub(crate) fn subjects<'p>(effect: &Effect, client: &str, places: &'p Places, traits: &Traits) -> Vec<Subject<'p>> {
    match &effect.deed {
        Deed::Read(target) | Deed::Delete(target) => paths::subjects(target, "", places, traits),
        Deed::Write { target, mode } => paths::subjects(target, paths::mode(*mode), places, traits),
        Deed::Execute { program, argv } => vec![self::program(program, argv, places)],
        Deed::Connect { host, port, scheme, method, upload, path, bytes } => {
            let details = vec![
                ("port", number(u64::from(port.unwrap_or(0)))),
                ("scheme", text(scheme)),
                ("method", text(method.as_deref().unwrap_or(""))),
                ("upload", flag(*upload)),
                ("path", text(path.as_deref().unwrap_or(""))),
                ("bytes", number(bytes.unwrap_or(0).min(i64::MAX.unsigned_abs()))),
            ];
            vec![self::host(host, details, places, traits)]
        }
        Deed::Push { remote, host, refs, force } => {
            vec![repository(remote, host.as_deref().unwrap_or(""), refs, *force, places)]
        }
        Deed::Publish { registry, package } => {
            vec![plain(Kind::Registry, registry, vec![("name", text(registry)), ("package", text(package))])]
        }
        Deed::Send { channel, recipient } => vec![self::recipient(channel, recipient, "")],
        Deed::Pay { recipient, amount } => vec![self::recipient("payment", recipient, amount)],
        Deed::Query { database, kind } => {
            vec![plain(Kind::Database, database, vec![("name", text(database)), ("kind", text(&word(kind)))])]
        }
        Deed::Deploy { target, what, destroys } => {
            vec![plain(Kind::Service, target, vec![("name", text(target)), ("what", text(what)), ("destroys", flag(*destroys))])]
        }
        Deed::UseSecret { name } => vec![plain(Kind::Secret, name, vec![("name", text(name))])],
        Deed::Spawn { agent } => vec![self::agent(client, agent)],
        Deed::Signal { process } => {
            let every = matches!(process.trim(), "*" | "-1" | "0" | "1" | "" | "--" | "init" | "systemd");
            vec![plain(Kind::Process, process, vec![("name", text(process)), ("every", flag(every))])]
        }
        Deed::Escalate { how: what } | Deed::Persist { how: what } | Deed::Configure { what } => {
            vec![plain(Kind::Setting, what, vec![("what", text(what))])]
        }
        Deed::Call { server, tool, knowledge } => vec![self::tool(server, tool, &word(knowledge))],
        Deed::Opaque { cause, language, hints } => {
            let hints = set(hints.iter().map(word));
            vec![plain(
                Kind::Code,
                &word(cause),
                vec![("cause", text(&word(cause))), ("language", text(language)), ("hints", hints)],
            )]
        }
    }
}

fn plain<'p>(kind: Kind, id: &str, attributes: Vec<(&'static str, RestrictedExpression)>) -> Subject<'p> {
    Subject { kind, id: id.to_owned(), attributes, within: Vec::new(), places: Vec::new() }
}

fn host<'p>(
    host: &str,
    mut attributes: Vec<(&'static str, RestrictedExpression)>,
    places: &'p Places,
    traits: &Traits,
) -> Subject<'p> {
    let known = host != "*" && !host.is_empty();
    attributes.extend([("host", text(host)), ("known", flag(known))]);
    let domains = hosts::parents(host).filter(|_| traits.domains && hosts::address(host).is_none());
    let within = domains.map(|domain| (Kind::Host, domain.to_owned())).collect();
    Subject { kind: Kind::Host, id: host.to_owned(), attributes, within, places: places.of_host(host) }
}

fn repository<'p>(remote: &str, host: &str, refs: &[String], force: bool, places: &'p Places) -> Subject<'p> {
    let attributes =
        vec![("remote", text(remote)), ("host", text(host)), ("refs", set(refs.iter().cloned())), ("force", flag(force))];
    let within = if host.is_empty() {
        Vec::new()
    } else {
        std::iter::once(host).chain(hosts::parents(host)).map(|name| (Kind::Host, name.to_owned())).collect()
    };
    Subject { kind: Kind::Repository, id: remote.to_owned(), attributes, within, places: places.of_host(host) }
}

/// A bare name, or a path into the system's own directories, is the system's program of that name.
fn program<'p>(program: &str, argv: &[String], places: &'p Places) -> Subject<'p> {
    let name = program.rsplit('/').next().unwrap_or(program);
    let lies_in = if program.starts_with('/') { places.of_path(program) } else { Vec::new() };
    let own = program != name && lies_in.contains(&"system");
    let attributes = vec![
        ("name", text(name)),
        ("path", text(program)),
        ("arguments", set(argv.iter().skip(1).cloned())),
        ("line", text(&argv.join(" "))),
    ];
    let within = if own { vec![(Kind::Program, name.to_owned())] } else { Vec::new() };
    Subject { kind: Kind::Program, id: program.to_owned(), attributes, within, places: lies_in }
}

fn recipient<'p>(channel: &str, name: &str, amount: &str) -> Subject<'p> {
    let attributes = vec![
        ("channel", text(channel)),
        ("name", text(name)),
        ("amount", text(amount)),
        ("address", flag(address::is_outside(name))),
    ];
    plain(Kind::Recipient, name, attributes)
}

fn tool<'p>(server: &str, name: &str, knowledge: &str) -> Subject<'p> {
    let attributes = vec![("server", text(server)), ("name", text(name)), ("knowledge", text(knowledge))];
    let (id, within) = if server.is_empty() {
        (name.to_owned(), vec![])
    } else {
        (format!("{server}/{name}"), vec![(Kind::Tool, server.to_owned())])
    };
    Subject { kind: Kind::Tool, id, attributes, within, places: Vec::new() }
}

/// A closed word of the vocabulary, as it is written in JSON.
pub(crate) fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(crate) fn text(value: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_owned())
}

pub(crate) fn flag(value: bool) -> RestrictedExpression {
    RestrictedExpression::new_bool(value)
}

pub(crate) fn number(value: u64) -> RestrictedExpression {
    RestrictedExpression::new_long(i64::try_from(value).unwrap_or(i64::MAX))
}

pub(crate) fn set(values: impl IntoIterator<Item = String>) -> RestrictedExpression {
    RestrictedExpression::new_set(values.into_iter().map(RestrictedExpression::new_string))
}
