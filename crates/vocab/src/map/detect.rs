//! A further opinion on texts that strangers wrote: which model is asked, how and when. Checked as it is read; no key is ever in
//! here.

use serde::{Deserialize, Serialize};

use super::secret::Source;

/// What detection has besides its own rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Detect {
    /// A model that is asked about texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judge: Option<Judge>,
}

impl Detect {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.judge.is_none()
    }
}

/// A model behind an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Judge {
    /// Whether it is spoken to in TLS; where not, it is on this machine.
    pub encrypted: bool,
    /// The endpoint's host, without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The path, beginning with `/`.
    pub path: String,
    /// The model's name.
    pub model: String,
    /// What the endpoint speaks.
    pub speaks: Speaks,
    /// Where its key comes from; none where it needs none.
    pub key: Option<Source>,
    /// When it is asked.
    pub when: When,
    /// How long an answer may take, in milliseconds.
    pub timeout_ms: u32,
}

/// The form of requests and answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Speaks {
    /// Chat completions.
    Openai,
    /// Messages.
    Anthropic,
}

/// When a judge is asked about a text that strangers may have written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Where the first stage is not sure.
    #[default]
    Unsure,
    /// Always.
    Always,
}

/// A hook has five seconds in all.
const LONGEST_MS: u32 = 4_000;
const USUAL_MS: u32 = 2_000;

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    url: String,
    model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    speaks: Option<Speaks>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<Source>,
    #[serde(default)]
    when: When,
    #[serde(default = "usual")]
    timeout_ms: u32,
}

fn usual() -> u32 {
    USUAL_MS
}

impl TryFrom<Written> for Judge {
    type Error = String;

    fn try_from(written: Written) -> Result<Judge, String> {
        let odd = |what: &str| format!("{:?} {what}", written.url);
        let (encrypted, rest) = match (written.url.strip_prefix("https://"), written.url.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return Err(odd("begins neither with https:// nor with http://")),
        };
        let (place, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        let (host, port) = host_and_port(place, if encrypted { 443 } else { 80 }).ok_or_else(|| odd("names no host"))?;
        let own = host == "localhost" || host == "::1" || host.starts_with("127.");
        if !plain(path) || !plain(&host) || host.contains('@') {
            return Err(odd("is no address"));
        }
        if !encrypted && !own {
            return Err(odd("would send the text and the key over the network as they are: write https://"));
        }
        if written.model.is_empty() || written.model.len() > 200 || written.model.chars().any(char::is_control) {
            return Err(format!("{:?} is no name of a model", written.model));
        }
        if !(1..=LONGEST_MS).contains(&written.timeout_ms) {
            return Err(format!("timeout_ms is at most {LONGEST_MS}: a hook has five seconds"));
        }
        let messages = if path.trim_end_matches('/').ends_with("/messages") { Speaks::Anthropic } else { Speaks::Openai };
        Ok(Judge {
            encrypted,
            host,
            port,
            path: path.to_owned(),
            model: written.model,
            speaks: written.speaks.unwrap_or(messages),
            key: written.key,
            when: written.when,
            timeout_ms: written.timeout_ms,
        })
    }
}

fn host_and_port(place: &str, usual: u16) -> Option<(String, u16)> {
    if let Some(rest) = place.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        let port = if port.is_empty() { usual } else { port.strip_prefix(':')?.parse().ok()? };
        return Some((host.to_owned(), port));
    }
    let (host, port) = match place.split_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (place, usual),
    };
    (!host.is_empty()).then(|| (host.to_owned(), port))
}

impl From<Judge> for Written {
    fn from(judge: Judge) -> Written {
        let scheme = if judge.encrypted { "https" } else { "http" };
        let host = if judge.host.contains(':') { format!("[{}]", judge.host) } else { judge.host };
        Written {
            url: format!("{scheme}://{host}:{}{}", judge.port, judge.path),
            model: judge.model,
            speaks: Some(judge.speaks),
            key: judge.key,
            when: judge.when,
            timeout_ms: judge.timeout_ms,
        }
    }
}
