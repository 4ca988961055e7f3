//! Credentials that the sandbox never holds. In: each with its placeholder and the hosts it is for. Out: requests with the
//! credential in the placeholder's place, towards these hosts alone; answers with the placeholder back in the credential's
//! place; the name of a credential whose placeholder (or itself) goes anywhere else.
//!
//! Swapped outwards: headers, raw and inside `Basic`. Found, so that it is stopped: every spelling of [`forms`]. Not found:
//! what was encrypted, compressed, or cut in pieces first; a placeholder is worth nothing elsewhere, so finding is for
//! telling, not for safety.

mod forms;
mod needles;
mod placeholder;
pub mod sigv4;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::head::Fields;
use crate::host::{Host, HostPattern};
use crate::intercept::Interception;
use forms::forms;
use needles::Needle;

pub(crate) use needles::{Needles, Swap};
pub use placeholder::{placeholder, placeholder_from};

/// A shorter value would be found by chance in bodies that have nothing to do with it.
pub const SHORTEST: usize = 16;
/// A longer one is no header's value.
pub const LONGEST: usize = 8 * 1024;

/// A real value. It is overwritten when dropped and never printed.
#[derive(Clone)]
pub struct Value(Zeroizing<Vec<u8>>);

impl Value {
    /// Of a text. The caller's own copy is the caller's to overwrite.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.as_bytes().to_vec()))
    }

    fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(..)")
    }
}

/// The name under which AWS knows a key: the other half of a pair whose secret half signs.
#[derive(Debug, Clone)]
pub struct AccessKeyId {
    /// What the sandbox holds.
    pub placeholder: String,
    /// The real one.
    pub value: Value,
}

/// Where in a request's head a credential is put in. A placeholder anywhere else in it leaves as it is: a server may show to
/// others what it takes for a name, a note or a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// Any header.
    Any,
    /// `Authorization`, with any scheme but `Basic`.
    Bearer,
    /// `Authorization: Basic`, as user or password.
    Basic,
    /// The header of this name.
    Header(String),
}

impl Slot {
    fn takes(&self, name: &str, value: &[u8]) -> bool {
        let authorization = name.eq_ignore_ascii_case("authorization");
        match self {
            Self::Any => true,
            Self::Bearer => authorization && !is_basic(value),
            Self::Basic => authorization && is_basic(value),
            Self::Header(own) => name.eq_ignore_ascii_case(own),
        }
    }
}

/// A credential.
#[derive(Debug, Clone)]
pub struct Secret {
    /// What people call it.
    pub name: String,
    /// What the sandbox holds: as long as the value, with the same special characters at the same places
    /// ([`placeholder`] makes one).
    pub placeholder: String,
    /// The real one.
    pub value: Value,
    /// Where it may go.
    pub hosts: Vec<HostPattern>,
    /// Where it is put in; nowhere but into signatures, where this is empty.
    pub slots: Vec<Slot>,
    /// Whether it may go there unencrypted.
    pub cleartext: bool,
    /// For the secret half of an AWS key pair: requests signed with the placeholders are signed anew.
    pub aws: Option<AccessKeyId>,
}

/// Why a set of credentials was refused. None of these hold a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadSecret {
    /// Fewer than [`SHORTEST`] bytes, or more than [`LONGEST`].
    Length(String),
    /// Bytes that no header may hold.
    Letters(String),
    /// The placeholder has another shape than the value, or is the value.
    Shape(String),
    /// No host.
    Hosts(String),
    /// A placeholder that holds another's.
    Twice(String),
    /// It is for a host whose TLS is not opened, so it could never be put in.
    Unopened(String),
}

impl fmt::Display for BadSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(name) => write!(f, "credential `{name}`: needs {SHORTEST} to {LONGEST} bytes"),
            Self::Letters(name) => write!(f, "credential `{name}`: holds bytes that a header may not"),
            Self::Shape(name) => write!(f, "credential `{name}`: its placeholder has not the value's shape"),
            Self::Hosts(name) => write!(f, "credential `{name}`: is for no host"),
            Self::Twice(name) => write!(f, "credential `{name}`: its placeholder is part of another"),
            Self::Unopened(name) => write!(f, "credential `{name}`: TLS to its host is not opened"),
        }
    }
}

impl std::error::Error for BadSecret {}

/// Where bytes go, as far as credentials ask.
#[derive(Debug, Clone, Copy)]
pub(crate) struct To<'a> {
    pub(crate) host: &'a Host,
    pub(crate) port: u16,
    pub(crate) encrypted: bool,
}

/// All credentials of a session.
#[derive(Default)]
pub struct Secrets {
    all: Vec<Secret>,
    /// Every spelling of every placeholder and value.
    outward: Option<Needles>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.all.iter().map(|secret| &secret.name)).finish()
    }
}

impl Secrets {
    /// Takes credentials.
    ///
    /// # Errors
    /// One that could not be swapped or told from other text.
    pub fn new(all: Vec<Secret>) -> Result<Self, BadSecret> {
        for secret in &all {
            check(secret)?;
        }
        let placeholders: Vec<(usize, &str)> = all.iter().enumerate().flat_map(|(owner, secret)| held(owner, secret)).collect();
        for (index, (owner, text)) in placeholders.iter().enumerate() {
            let others = placeholders.iter().enumerate().filter(|(other, _)| *other != index);
            if others.into_iter().any(|(_, (_, other))| other.contains(text)) {
                return Err(BadSecret::Twice(all.get(*owner).map(|secret| secret.name.clone()).unwrap_or_default()));
            }
        }
        let mut needles = Vec::new();
        for (owner, secret) in all.iter().enumerate() {
            for (placeholder, value) in pairs(secret) {
                for bytes in forms(placeholder).into_iter().chain(forms(value)) {
                    needles.push(Needle { bytes, instead: Zeroizing::default(), owner });
                }
            }
        }
        let outward = (!needles.is_empty()).then(|| Needles::new(needles));
        Ok(Self { all, outward })
    }

    /// Finds a credential that could never be put in.
    pub(crate) fn unopened(&self, interception: Option<&Interception>) -> Option<BadSecret> {
        let opened = |pattern: &HostPattern| interception.is_some_and(|interception| interception.opens_all(pattern));
        let stuck = |secret: &&Secret| !secret.cleartext && !secret.hosts.iter().all(opened);
        self.all.iter().find(stuck).map(|secret| BadSecret::Unopened(secret.name.clone()))
    }

    /// Whether any credential is for a host.
    pub(crate) fn any_for(&self, to: To<'_>) -> bool {
        self.all.iter().any(|secret| is_for(secret, to))
    }

    /// The name of a credential that is in these bytes and is not for where they go.
    pub(crate) fn astray(&self, bytes: &[u8], to: To<'_>) -> Option<&str> {
        let hits = self.outward.as_ref()?.all(bytes);
        let owners = hits.into_iter().filter_map(|hit| self.all.get(hit.owner));
        owners.into_iter().find(|secret| !is_for(secret, to)).map(|secret| secret.name.as_str())
    }

    /// How many bytes of one piece must be looked at again with the next.
    pub(crate) fn overlap(&self) -> usize {
        self.outward.as_ref().map_or(0, |needles| needles.longest().saturating_sub(1))
    }

    /// The name of a credential that a host's name carries, whatever its case and wherever its dots.
    pub(crate) fn in_name(&self, name: &str) -> Option<&str> {
        let text: String = name.chars().filter(|letter| *letter != '.').collect::<String>().to_ascii_lowercase();
        let carries = |secret: &&Secret| {
            pairs(secret).into_iter().flat_map(|(placeholder, value)| [placeholder, value]).any(|bytes| {
                let forms = forms(bytes);
                forms.iter().take(2).any(|form| contains_folded(text.as_bytes(), form))
            })
        };
        self.all.iter().find(carries).map(|secret| secret.name.as_str())
    }

    /// Puts credentials into header values; the names of those put in.
    pub(crate) fn put_in(&self, fields: &mut Fields, to: To<'_>) -> Vec<String> {
        let mut names = Vec::new();
        for secret in self.all.iter().filter(|secret| is_for(secret, to)) {
            let mut any = false;
            for (_, value) in fields.iter_mut().filter(|(name, value)| has_slot(secret, name, value)) {
                any |= put(value, secret.placeholder.as_bytes(), secret.value.bytes());
            }
            if any {
                names.push(secret.name.clone());
            }
        }
        names
    }

    /// The names of those that [`Self::put_in`] would put in, and of those whose signature would be made anew.
    pub(crate) fn wanted(&self, fields: &Fields, to: To<'_>) -> Vec<String> {
        let wants = |secret: &&Secret| {
            fields.iter().any(|(name, value)| {
                let mut probe = value.clone();
                (has_slot(secret, name, value) && put(&mut probe, secret.placeholder.as_bytes(), secret.placeholder.as_bytes()))
                    || secret.aws.as_ref().is_some_and(|id| contains(value, id.placeholder.as_bytes()))
            })
        };
        self.all.iter().filter(|secret| is_for(secret, to)).filter(wants).map(|secret| secret.name.clone()).collect()
    }

    /// What replaces credentials in a host's answers by their placeholders.
    pub(crate) fn echoes(&self, to: To<'_>) -> Needles {
        let mut needles = Vec::new();
        for (owner, secret) in self.all.iter().enumerate().filter(|(_, secret)| is_for(secret, to)) {
            for (placeholder, value) in pairs(secret) {
                let both = forms(value).into_iter().zip(forms(placeholder));
                needles.extend(both.map(|(bytes, instead)| Needle { bytes, instead, owner }));
            }
        }
        Needles::new(needles)
    }

    /// The AWS key pair that an access key's placeholder belongs to, if it is for this host.
    pub(crate) fn aws(&self, id: &str, to: To<'_>) -> Option<sigv4::Pair<'_>> {
        let pairs = self.all.iter().filter(|secret| is_for(secret, to)).filter_map(|secret| Some((secret, secret.aws.as_ref()?)));
        let mut pairs = pairs.filter(|(_, found)| found.placeholder == id);
        let (secret, found) = pairs.next()?;
        Some(sigv4::Pair {
            name: &secret.name,
            id: found.value.bytes(),
            key: secret.value.bytes(),
            placeholder_key: secret.placeholder.as_bytes(),
        })
    }
}

/// The texts that the sandbox holds.
fn held(owner: usize, secret: &Secret) -> Vec<(usize, &str)> {
    let id = secret.aws.as_ref().map(|id| (owner, id.placeholder.as_str()));
    std::iter::once((owner, secret.placeholder.as_str())).chain(id).collect()
}

/// Placeholder and value, of both halves.
fn pairs(secret: &Secret) -> Vec<(&[u8], &[u8])> {
    let id = secret.aws.as_ref().map(|id| (id.placeholder.as_bytes(), id.value.bytes()));
    std::iter::once((secret.placeholder.as_bytes(), secret.value.bytes())).chain(id).collect()
}

fn is_for(secret: &Secret, to: To<'_>) -> bool {
    (to.encrypted || secret.cleartext) && secret.hosts.iter().any(|pattern| pattern.matches(to.host, to.port))
}

fn has_slot(secret: &Secret, name: &str, value: &[u8]) -> bool {
    secret.slots.iter().any(|slot| slot.takes(name, value))
}

fn is_basic(value: &[u8]) -> bool {
    value.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic "))
}

fn check(secret: &Secret) -> Result<(), BadSecret> {
    let name = || secret.name.clone();
    for (placeholder, value) in pairs(secret) {
        if !(SHORTEST..=LONGEST).contains(&value.len()) {
            return Err(BadSecret::Length(name()));
        }
        if !value.iter().chain(placeholder).all(u8::is_ascii_graphic) {
            return Err(BadSecret::Letters(name()));
        }
        let same = |(a, b): (&u8, &u8)| a == b || (forms::is_unreserved(*a) && forms::is_unreserved(*b));
        if placeholder.len() != value.len() || placeholder == value || !placeholder.iter().zip(value).all(same) {
            return Err(BadSecret::Shape(name()));
        }
    }
    if secret.hosts.is_empty() { Err(BadSecret::Hosts(name())) } else { Ok(()) }
}

/// Puts `value` for `placeholder` in a header's value, also inside `Basic`. Whether it did.
fn put(field: &mut Vec<u8>, placeholder: &[u8], value: &[u8]) -> bool {
    let encoded = field.get(6..).filter(|_| is_basic(field)).map(<[u8]>::trim_ascii);
    if let Some(mut decoded) = encoded.and_then(|encoded| STANDARD.decode(encoded).ok()).map(Zeroizing::new) {
        let did = replace(&mut decoded, placeholder, value);
        if did {
            field.truncate(6);
            field.extend(Zeroizing::new(STANDARD.encode(&*decoded)).as_bytes());
        }
        return did;
    }
    replace(field, placeholder, value)
}

fn replace(bytes: &mut [u8], old: &[u8], new: &[u8]) -> bool {
    let mut did = false;
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.windows(old.len()).position(|window| window == old)) {
        at += found;
        if let Some(place) = bytes.get_mut(at..at + old.len()) {
            place.copy_from_slice(new);
        }
        at += old.len();
        did = true;
    }
    did
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

fn contains_folded(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text))
}
