//! Credentials that programs behind the wall use and never hold: where each comes from, which hosts it is for, and under
//! which names a placeholder of it is given inside. Checked as it is read; no value is ever in here.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::words::words;

/// A credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Secret {
    /// Where it comes from; for AWS, the secret access key.
    pub from: Source,
    /// The hosts that it is for: `api.example.org`, `*.example.org` (below, not itself), either with `:port`.
    pub hosts: Vec<String>,
    /// How requests carry it.
    pub form: Form,
    /// The variables of the environment that hold its placeholder inside.
    pub env: Vec<String>,
    /// A file that holds its placeholder inside.
    pub file: Option<Given>,
    /// Whether it may travel unencrypted.
    pub unencrypted: bool,
}

/// How requests carry a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// In these headers: `bearer` is `Authorization` with any scheme but `Basic`, `basic` that one, any other word the
    /// header of that name.
    Headers(Vec<String>),
    /// As the key pair that signs requests to AWS.
    Aws {
        /// Where the access key's identifier comes from.
        id: Source,
        /// Where the session's token comes from, if there is one.
        token: Option<Source>,
    },
}

/// A file as it is inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Which, absolute or below `~`.
    pub path: String,
    /// What it holds; `{}` stands for the placeholder, and for AWS `{id}` and `{token}` for the others.
    pub text: String,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenSource", into = "WrittenSource")]
pub struct Source {
    /// The text that holds it.
    pub at: Origin,
    /// The value is the word that follows these texts, each found after the one before; the whole text where there is none.
    pub after: Vec<String>,
}

/// What holds a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A variable of the environment that the agent was started in.
    Env(String),
    /// A file, absolute or below `~`.
    File(String),
    /// What a program prints; the program is a name or an absolute path.
    Command(Vec<String>),
    /// The keyring of the operating system.
    Keyring {
        /// The service.
        service: String,
        /// Whose; any where none is named.
        account: Option<String>,
    },
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    from: Source,
    #[serde(deserialize_with = "words")]
    hosts: Vec<String>,
    #[serde(rename = "as", deserialize_with = "words", default, skip_serializing_if = "Vec::is_empty")]
    form: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Source>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<Source>,
    #[serde(deserialize_with = "words", default, skip_serializing_if = "Vec::is_empty")]
    env: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<Given>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unencrypted: bool,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenSource {
    #[serde(skip_serializing_if = "Option::is_none")]
    env: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(deserialize_with = "words", skip_serializing_if = "Vec::is_empty")]
    command: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keyring: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(deserialize_with = "words", skip_serializing_if = "Vec::is_empty")]
    after: Vec<String>,
}

/// How requests carry a credential where the map does not say.
const USUAL: [&str; 3] = ["bearer", "basic", "x-api-key"];

/// The variables that AWS's own programs read, for the secret half, the identifier, the session's token.
pub const AWS_VARIABLES: [&str; 3] = ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"];

impl TryFrom<Written> for Secret {
    type Error = String;

    fn try_from(written: Written) -> Result<Secret, String> {
        let Written { from, hosts, form: words, id, token, mut env, file, unencrypted } = written;
        if hosts.is_empty() {
            return Err("a secret must name the hosts that it is for".to_owned());
        }
        if let Some(host) = hosts.iter().find(|host| !is_host(host)) {
            return Err(format!("{host:?} is no host that a secret can be for: a name, or `*.` and a name of two parts or more"));
        }
        let form = form(words, id, token)?;
        match &form {
            Form::Aws { .. } if !env.is_empty() => {
                return Err(format!("a secret for AWS is given as {}, and nothing else", AWS_VARIABLES.join(", ")));
            }
            Form::Aws { .. } => {}
            Form::Headers(_) if env.is_empty() && file.is_none() => match &from.at {
                Origin::Env(name) => env.push(name.clone()),
                Origin::File(_) | Origin::Command(_) | Origin::Keyring { .. } => {
                    return Err("`env` or `file` must say where its placeholder is given".to_owned());
                }
            },
            Form::Headers(_) => {}
        }
        if let Some(name) = env.iter().find(|name| !is_variable(name)) {
            return Err(format!("{name:?} is no name of a variable"));
        }
        if let Some(file) = &file {
            is_place(&file.path)?;
            if !file.text.contains("{}") {
                return Err("the file's `text` has no `{}` for the placeholder".to_owned());
            }
        }
        Ok(Secret { from, hosts, form, env, file, unencrypted })
    }
}

fn form(words: Vec<String>, id: Option<Source>, token: Option<Source>) -> Result<Form, String> {
    match (words == ["aws"], id, token) {
        (true, Some(id), token) => Ok(Form::Aws { id, token }),
        (true, None, _) => Err("a secret for AWS needs `id`, where the access key's identifier comes from".to_owned()),
        (false, None, None) => Ok(Form::Headers(headers(words)?)),
        (false, _, _) => Err("`id` and `token` belong to `as = \"aws\"`".to_owned()),
    }
}

fn headers(form: Vec<String>) -> Result<Vec<String>, String> {
    if form.is_empty() {
        return Ok(USUAL.map(str::to_owned).to_vec());
    }
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    match form.iter().find(|word| word.is_empty() || !word.bytes().all(fine) || *word == "aws") {
        Some(word) => Err(format!("{word:?} is no way to carry a secret: `bearer`, `basic`, a header's name, or `aws` alone")),
        None => Ok(form),
    }
}

impl From<Secret> for Written {
    fn from(secret: Secret) -> Written {
        let Secret { from, hosts, form, env, file, unencrypted } = secret;
        let (form, id, token) = match form {
            Form::Headers(names) => (names, None, None),
            Form::Aws { id, token } => (vec!["aws".to_owned()], Some(id), token),
        };
        Written { from, hosts, form, id, token, env, file, unencrypted }
    }
}

impl TryFrom<WrittenSource> for Source {
    type Error = String;

    fn try_from(written: WrittenSource) -> Result<Source, String> {
        let WrittenSource { env, file, command, keyring, account, after } = written;
        if account.is_some() && keyring.is_none() {
            return Err("`account` belongs to `keyring`".to_owned());
        }
        let at = match (env, file, command.is_empty(), keyring) {
            (Some(name), None, true, None) if is_variable(&name) => Origin::Env(name),
            (Some(name), None, true, None) => return Err(format!("{name:?} is no name of a variable")),
            (None, Some(path), true, None) => {
                is_place(&path)?;
                Origin::File(path)
            }
            (None, None, false, None) => {
                let program = command.first().map_or("", String::as_str);
                if program.is_empty() || (program.contains('/') && is_place(program).is_err()) {
                    return Err(format!("{program:?} is no program: a name, or an absolute path"));
                }
                Origin::Command(command)
            }
            (None, None, true, Some(service)) if !service.is_empty() => Origin::Keyring { service, account },
            _ => return Err("a source is exactly one of `env`, `file`, `command` and `keyring`".to_owned()),
        };
        if after.iter().any(String::is_empty) {
            return Err("an empty text in `after` is found everywhere".to_owned());
        }
        Ok(Source { at, after })
    }
}

impl From<Source> for WrittenSource {
    fn from(source: Source) -> WrittenSource {
        let mut written = WrittenSource { after: source.after, ..WrittenSource::default() };
        match source.at {
            Origin::Env(name) => written.env = Some(name),
            Origin::File(path) => written.file = Some(path),
            Origin::Command(words) => written.command = words,
            Origin::Keyring { service, account } => (written.keyring, written.account) = (Some(service), account),
        }
        written
    }
}

/// Reads secrets by name.
///
/// # Errors
/// A name that would not read well in a message, or two secrets given in one place.
pub(super) fn named<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, Secret>, D::Error> {
    let all = BTreeMap::<String, Secret>::deserialize(from)?;
    check(&all).map_err(D::Error::custom)?;
    Ok(all)
}

/// Whether secrets can be told apart.
///
/// # Errors
/// A name that would not read well in a message, or two secrets given in one place.
pub fn check(all: &BTreeMap<String, Secret>) -> Result<(), String> {
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let mut places: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, secret) in all {
        if name.is_empty() || name.len() > 64 || !name.bytes().all(fine) {
            return Err(format!("{name:?} is no name of a secret: letters, digits, `-`, `_`, `.`"));
        }
        let aws = matches!(secret.form, Form::Aws { .. }).then_some(AWS_VARIABLES).into_iter().flatten();
        let file = secret.file.iter().map(|file| file.path.as_str());
        for place in secret.env.iter().map(String::as_str).chain(aws).chain(file) {
            if let Some(other) = places.insert(place, name) {
                return Err(format!("the secrets {other} and {name} are both given as {place}"));
            }
        }
    }
    Ok(())
}

fn is_variable(name: &str) -> bool {
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.is_empty() && name.bytes().all(fine) && !name.starts_with(|first: char| first.is_ascii_digit())
}

fn is_place(path: &str) -> Result<(), String> {
    let plain = (path.starts_with('/') || path.starts_with("~/")) && !path.split('/').any(|name| name == ".." || name == ".");
    if plain { Ok(()) } else { Err(format!("{path:?} is neither absolute nor below `~`")) }
}

/// A name or an IPv4 address, `*.` before it or not, a port behind it or not.
pub(super) fn is_host(text: &str) -> bool {
    let (host, port) = text.rsplit_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    let below = host.strip_prefix("*.");
    let name = below.unwrap_or(host);
    let label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    name.split('.').all(label) && (below.is_none() || name.contains('.')) && port.is_none_or(|port| port.parse::<u16>().is_ok())
}
