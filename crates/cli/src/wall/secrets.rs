//! The secrets of one call. In: what the map says of them. Out: for the plan, variables and files that hold placeholders; for
//! the proxy, the values and an authority that opens the TLS of their hosts. Values are read here, outside the sandbox, when
//! a call is about to run; nothing of them is written anywhere.

pub mod session;
pub mod source;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use bailiwick_proxy::host::HostPattern;
use bailiwick_proxy::intercept::{Interception, Others, Scope, Trust};
use bailiwick_proxy::secrets::{AccessKeyId, Secret as Swapped, Secrets, Slot, Value, placeholder};
use bailiwick_sandbox::plan::{Plan, Shown};
use bailiwick_vocab::map::secret::{AWS_VARIABLES, Form, Origin, Secret, Source};

use crate::canaries;
use crate::dirs::Dirs;
use crate::disk::real_path;
use crate::failure::{Failure, Kind};
use crate::setup::digest_of;
use crate::wall::secrets::session::Placeholders;
use crate::wall::secrets::source::{Reader, Text, described, expanded};
use crate::wall::ticket::Ticket;
use crate::wall::trust;

/// What the proxy gets of a call's secrets.
#[derive(Default)]
pub struct Outward {
    /// The values with their placeholders.
    pub secrets: Secrets,
    /// What opens TLS, where anything is to be opened.
    pub interception: Option<Interception>,
}

/// One value with what stands for it inside.
struct Part {
    placeholder: String,
    value: Text,
}

/// A secret with all of its values.
struct Held<'a> {
    name: &'a str,
    secret: &'a Secret,
    main: Part,
    id: Option<Part>,
    token: Option<Part>,
}

/// Gives a plan the placeholders of a ticket's secrets, and the proxy what it takes to swap them. Where the map names no
/// secrets and opens nothing, nothing is done.
pub fn prepare(dirs: &Dirs, ticket: &Ticket, plan: &mut Plan) -> Result<Outward, Failure> {
    canaries::give(dirs, plan)?;
    if ticket.secrets.is_empty() && ticket.egress.is_empty() {
        return Ok(Outward::default());
    }
    let untrusted: Vec<PathBuf> = plan.writable.iter().cloned().chain([real_path(Path::new(&ticket.workspace), true)]).collect();
    let held = held(dirs, ticket, &untrusted)?;
    give(&held, plan)?;
    hide_sources(ticket, plan);
    if !ticket.grants.network {
        return Ok(Outward::default());
    }
    let secrets = Secrets::new(held.iter().flat_map(swapped).collect())
        .map_err(|error| Failure::new(Kind::Configuration, "a secret cannot be used: nothing was run").because(error))?;
    let interception = interception(ticket, !held.is_empty(), plan)?;
    Ok(Outward { secrets, interception })
}

/// The secrets that are there. One that cannot be read ends everything; one that is not there is left out.
fn held<'a>(dirs: &Dirs, ticket: &'a Ticket, untrusted: &[PathBuf]) -> Result<Vec<Held<'a>>, Failure> {
    let mut reader = Reader::new(untrusted);
    let mut placeholders = Placeholders::of(dirs, &ticket.session)?;
    let mut all = Vec::new();
    for (name, secret) in &ticket.secrets {
        let mut part = |label: String, source: &Source| -> Result<Option<Part>, Failure> {
            let label = format!("{label}@{}", &digest_of(&described(&source.at)).get(..8).unwrap_or_default());
            // Without a way out nothing is swapped, and a source that is slow or asks somebody need not be read again.
            let slow = match source.at {
                Origin::Env(_) | Origin::File(_) => false,
                Origin::Command(_) | Origin::Keyring { .. } => true,
            };
            let known = placeholders.held(&label).map(str::to_owned).filter(|_| slow && !ticket.grants.network);
            if let Some(placeholder) = known {
                return Ok(Some(Part { placeholder, value: Text::default() }));
            }
            let value = reader.value(source).map_err(|why| unread(name, &why))?;
            let Some(value) = value else { return Ok(None) };
            Ok(Some(Part { placeholder: placeholders.made(&label, &value)?, value }))
        };
        let Some(main) = part(name.clone(), &secret.from)? else { continue };
        let (id, token) = match &secret.form {
            Form::Headers(_) => (None, None),
            Form::Aws { id, token } => {
                let Some(id) = part(format!("{name}/id"), id)? else { continue };
                let token = token.as_ref().map(|token| part(format!("{name}/token"), token)).transpose()?.flatten();
                (Some(id), token)
            }
        };
        all.push(Held { name, secret, main, id, token });
    }
    Ok(all)
}

/// Which secrets are there, for people; a failure says why one cannot be used.
pub fn found<'a>(all: &'a BTreeMap<String, Secret>, untrusted: &[PathBuf]) -> Vec<(&'a str, Result<bool, String>)> {
    let mut reader = Reader::new(untrusted);
    let mut one = |name: &str, secret: &Secret| -> Result<bool, String> {
        let Some(value) = reader.value(&secret.from)? else { return Ok(false) };
        let id = match &secret.form {
            Form::Headers(_) => None,
            Form::Aws { id, .. } => match reader.value(id)? {
                Some(id) => Some(id),
                None => return Ok(false),
            },
        };
        let part = |value: Text| {
            let placeholder = placeholder(&value).map_err(|error| error.to_string())?;
            Ok::<Part, String>(Part { placeholder, value })
        };
        let held = Held { name, secret, main: part(value)?, id: id.map(part).transpose()?, token: None };
        Secrets::new(swapped(&held)).map(|_| true).map_err(|error| error.to_string())
    };
    all.iter().map(|(name, secret)| (name.as_str(), one(name, secret))).collect()
}

fn unread(name: &str, why: &str) -> Failure {
    Failure::new(Kind::Environment, format!("the secret {name} cannot be read, so nothing was run: {why}"))
        .hint("bailiwick doctor")
}

/// Puts placeholders where the map says. No variable that holds a value goes inside, whatever it is called.
fn give(held: &[Held<'_>], plan: &mut Plan) -> Result<(), Failure> {
    let parts = || held.iter().flat_map(|held| [Some(&held.main), held.id.as_ref(), held.token.as_ref()]).flatten();
    let values: Vec<&str> = parts().map(|part| part.value.as_str()).filter(|value| !value.is_empty()).collect();
    plan.env.retain(|(_, text)| !values.iter().any(|value| text.to_string_lossy().contains(value)));
    for held in held {
        let [key, id, token] = AWS_VARIABLES;
        let main = held.secret.env.iter().map(|name| (name.as_str(), &held.main));
        let pair = held.id.iter().flat_map(|part| [(key, &held.main), (id, part)]);
        let token = held.token.iter().map(|part| (token, part));
        for (name, part) in main.chain(pair).chain(token) {
            plan.env.retain(|(other, _)| other != name);
            plan.env.push((OsString::from(name), OsString::from(&part.placeholder)));
        }
        if let Some(file) = &held.secret.file {
            let mut text = file.text.replace("{}", &held.main.placeholder);
            for (mark, part) in [("{id}", &held.id), ("{token}", &held.token)] {
                text = text.replace(mark, part.as_ref().map_or("", |part| &part.placeholder));
            }
            plan.shown.push(Shown { path: place(held.name, &file.path, plan)?, text: text.into_bytes() });
        }
    }
    Ok(())
}

/// Where a file is shown: over one that is there, or in a directory that is hidden.
fn place(name: &str, path: &str, plan: &Plan) -> Result<PathBuf, Failure> {
    let real = real_path(&expanded(path), true);
    let covered = plan.hidden.iter().any(|hidden| real.starts_with(hidden) && real != *hidden && hidden.is_dir());
    if covered || real.is_file() {
        return Ok(real);
    }
    let heading = format!("the secret {name} is to be shown as {path}, and there is no such file: nothing was run");
    Err(Failure::new(Kind::Configuration, heading).hint(format!("an empty file is enough: touch {path}")))
}

/// Files that hold the values themselves are not readable inside.
fn hide_sources(ticket: &Ticket, plan: &mut Plan) {
    let of = |secret: &Secret| {
        let more = match &secret.form {
            Form::Headers(_) => Vec::new(),
            Form::Aws { id, token } => std::iter::once(id).chain(token).cloned().collect(),
        };
        std::iter::once(secret.from.clone()).chain(more)
    };
    for source in ticket.secrets.values().flat_map(of) {
        if let Origin::File(path) = source.at {
            let real = real_path(&expanded(&path), true);
            if real.is_file() && !plan.hidden.iter().any(|hidden| real.starts_with(hidden)) {
                plan.hidden.push(real);
            }
        }
    }
}

fn swapped(held: &Held<'_>) -> Vec<Swapped> {
    let secret = held.secret;
    let hosts: Vec<HostPattern> = patterns(&secret.hosts);
    let of = |name: String, part: &Part, slots: Vec<Slot>, aws: Option<AccessKeyId>| Swapped {
        name,
        placeholder: part.placeholder.clone(),
        value: Value::new(&part.value),
        hosts: hosts.clone(),
        slots,
        cleartext: secret.unencrypted,
        aws,
    };
    let slots = match &secret.form {
        Form::Headers(names) => names.iter().map(|name| slot(name)).collect(),
        Form::Aws { .. } => Vec::new(),
    };
    let pair = held.id.as_ref().map(|id| AccessKeyId { placeholder: id.placeholder.clone(), value: Value::new(&id.value) });
    let token = held
        .token
        .as_ref()
        .map(|token| of(format!("{} token", held.name), token, vec![Slot::Header("x-amz-security-token".to_owned())], None));
    std::iter::once(of(held.name.to_owned(), &held.main, slots, pair)).chain(token).collect()
}

fn slot(name: &str) -> Slot {
    match name {
        "bearer" => Slot::Bearer,
        "basic" => Slot::Basic,
        header => Slot::Header(header.to_owned()),
    }
}

/// Patterns were checked as the map was read; one that the proxy would not take matches nothing.
pub fn patterns(hosts: &[String]) -> Vec<HostPattern> {
    hosts.iter().filter_map(|host| HostPattern::parse(host).ok()).collect()
}

/// Opens the hosts of the secrets and those that the map names; and, where a placeholder could go astray, the web.
fn interception(ticket: &Ticket, any: bool, plan: &mut Plan) -> Result<Option<Interception>, Failure> {
    if !any && ticket.egress.intercept.is_empty() {
        return Ok(None);
    }
    let missing = |text: String| Failure::new(Kind::Environment, format!("TLS cannot be opened, so nothing was run: {text}"));
    let always = ticket.secrets.values().flat_map(|secret| patterns(&secret.hosts)).chain(patterns(&ticket.egress.intercept));
    let others = if any { Others::Web } else { Others::None };
    let scope = Scope { always: always.collect(), spared: patterns(&ticket.egress.spare), others };
    let interception = Interception::of(&Trust::System, scope).map_err(|error| missing(error.to_string()))?;
    let bundles = trust::bundles(interception.certificate_pem(), &mut plan.env).map_err(missing)?;
    plan.shown.extend(bundles);
    Ok(Some(interception))
}
