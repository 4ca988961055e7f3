//! AWS Signature Version 4, made anew. In: a request signed with placeholders. Out: the same request signed with the real
//! key pair, after its own signature was found right: so what is vouched for is what the program inside signed.
//!
//! Not done: signatures of single chunks of a body, signatures in the query, the asymmetric variant. The first is refused;
//! the others leave with a placeholder that AWS does not know.

use ring::{digest, hmac};
use zeroize::Zeroizing;

use super::{Secrets, To, contains};
use crate::gate::Why;
use crate::head::{self, Fields};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// What S3 lets stand in place of the body's digest.
const STREAMING: &str = "STREAMING-AWS4-";
/// Services whose paths are encoded once; everywhere else the path as sent is encoded again.
const ENCODED_ONCE: &[&str] = &["s3", "s3express", "s3-outposts", "s3-object-lambda"];

/// The key pair behind a placeholder.
pub(crate) struct Pair<'a> {
    pub(crate) name: &'a str,
    pub(crate) id: &'a [u8],
    pub(crate) key: &'a [u8],
    pub(crate) placeholder_key: &'a [u8],
}

/// A signed request whose key is one of ours.
pub(crate) struct Found<'a> {
    pair: Pair<'a>,
    stated: Stated,
    target: &'a str,
    original: &'a Fields,
    payload: Payload,
}

/// What the request says is the body's digest.
enum Payload {
    Said(String),
    /// Nothing: it is to be computed.
    Body,
}

/// What `Authorization` states.
#[derive(Debug, PartialEq, Eq)]
struct Stated {
    id: String,
    date: String,
    region: String,
    service: String,
    headers: Vec<String>,
    signature: String,
}

impl<'a> Found<'a> {
    /// Finds the signature of a request, if its key is one of ours and for this host.
    pub(crate) fn of(secrets: &'a Secrets, fields: &'a Fields, target: &'a str, to: To<'_>) -> Result<Option<Self>, Why> {
        let Ok(Some(value)) = head::value(fields, "authorization") else { return Ok(None) };
        if !value.starts_with(b"AWS4-") {
            return Ok(None);
        }
        let text = std::str::from_utf8(value).map_err(|_| Why::Malformed("an AWS signature that is no text"))?;
        let Some(stated) = stated(text) else {
            let ours = secrets.all.iter().filter_map(|secret| secret.aws.as_ref());
            let ours = ours.into_iter().any(|id| contains(value, id.placeholder.as_bytes()));
            return if ours { Err(Why::Unswapped("an AWS signature of another kind")) } else { Ok(None) };
        };
        let Some(pair) = secrets.aws(&stated.id, to) else { return Ok(None) };
        let said = head::value(fields, "x-amz-content-sha256").map_err(Why::Malformed)?;
        let payload = match said.map(String::from_utf8_lossy) {
            Some(said) if said.starts_with(STREAMING) => return Err(Why::Unswapped("a body whose chunks are signed one by one")),
            Some(said) => Payload::Said(said.into_owned()),
            None => Payload::Body,
        };
        Ok(Some(Self { pair, stated, target, original: fields, payload }))
    }

    /// Whether the body must be there as a whole.
    pub(crate) fn covers_body(&self) -> bool {
        matches!(self.payload, Payload::Body)
    }

    /// The credential's name.
    pub(crate) fn name(&self) -> &str {
        self.pair.name
    }

    /// Signs `fields`, which are what will leave. `body` is the whole body, where it is there.
    pub(crate) fn sign(&self, method: &str, fields: &mut Fields, body: Option<&[u8]>) -> Result<(), &'static str> {
        let payload = match (&self.payload, body) {
            (Payload::Said(said), _) => said.clone(),
            (Payload::Body, Some(body)) => digest_hex(body),
            (Payload::Body, None) => return Err("a signed body that is too long to hold"),
        };
        if self.signature(method, self.original, &payload, self.pair.placeholder_key)? != self.stated.signature {
            return Err("the request's own AWS signature is wrong");
        }
        let signature = self.signature(method, fields, &payload, self.pair.key)?;
        let id = std::str::from_utf8(self.pair.id).map_err(|_| "an access key that is no text")?;
        let value = format!(
            "{ALGORITHM} Credential={id}/{}, SignedHeaders={}, Signature={signature}",
            self.stated.scope(),
            self.stated.headers.join(";")
        );
        for (_, old) in fields.iter_mut().filter(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
            *old = value.clone().into_bytes();
        }
        Ok(())
    }

    fn signature(&self, method: &str, fields: &Fields, payload: &str, key: &[u8]) -> Result<String, &'static str> {
        let date = head::value(fields, "x-amz-date").ok().flatten().ok_or("an AWS signature without X-Amz-Date")?;
        let date = std::str::from_utf8(date).map_err(|_| "an AWS date that is no text")?;
        let (path, query) = self.target.split_once('?').unwrap_or((self.target, ""));
        let request = format!(
            "{method}\n{}\n{}\n{}\n{}\n{payload}",
            canonical_path(path, ENCODED_ONCE.contains(&self.stated.service.as_str())),
            canonical_query(query),
            canonical_headers(fields, &self.stated.headers)?,
            self.stated.headers.join(";"),
        );
        let text = format!("{ALGORITHM}\n{date}\n{}\n{}", self.stated.scope(), digest_hex(request.as_bytes()));
        Ok(hex(&mac(&signing_key(key, &self.stated), text.as_bytes())[..]))
    }
}

impl Stated {
    fn scope(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.date, self.region, self.service)
    }
}

fn stated(value: &str) -> Option<Stated> {
    let rest = value.strip_prefix(ALGORITHM)?.strip_prefix(' ')?;
    let (mut credential, mut headers, mut signature) = (None, None, None);
    for part in rest.split(',') {
        let (name, value) = part.trim().split_once('=')?;
        match name {
            "Credential" => credential = Some(value),
            "SignedHeaders" => headers = Some(value),
            "Signature" => signature = Some(value),
            _ => return None,
        }
    }
    let mut scope = credential?.split('/');
    let [id, date, region, service] = [scope.next()?, scope.next()?, scope.next()?, scope.next()?].map(str::to_owned);
    if scope.next() != Some("aws4_request") || scope.next().is_some() {
        return None;
    }
    let headers = headers?.split(';').map(str::to_owned).collect();
    Some(Stated { id, date, region, service, headers, signature: signature?.to_owned() })
}

fn canonical_path(path: &str, once: bool) -> String {
    if once {
        return encoded(path, "/", true);
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let is_folder = ["/", "/.", "/.."].iter().any(|end| path.ends_with(end)) && !parts.is_empty();
    encoded(&format!("/{}{}", parts.join("/"), if is_folder { "/" } else { "" }), "/", false)
}

fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encoded(name, "", true), encoded(value, "", true)))
        .collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Percent-encodes all but unreserved letters and `kept`; codes that stand there already stay where `codes` says so.
fn encoded(text: &str, kept: &str, codes: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let code = after.first_chunk::<2>().filter(|code| codes && *byte == b'%' && code.iter().all(u8::is_ascii_hexdigit));
        if let Some([high, low]) = code {
            let byte = u8::from_str_radix(&format!("{}{}", char::from(*high), char::from(*low)), 16).unwrap_or(b'%');
            push(&mut out, byte, kept);
            rest = after.get(2..).unwrap_or_default();
        } else {
            push(&mut out, *byte, kept);
        }
    }
    out
}

fn push(out: &mut String, byte: u8, kept: &str) {
    if super::forms::is_unreserved(byte) || kept.as_bytes().contains(&byte) {
        out.push(char::from(byte));
    } else {
        out.push_str(&format!("%{byte:02X}"));
    }
}

fn canonical_headers(fields: &Fields, names: &[String]) -> Result<String, &'static str> {
    let mut lines = String::new();
    for name in names {
        let values: Vec<String> = head::values(fields, name).map(|value| squeezed(&String::from_utf8_lossy(value))).collect();
        if values.is_empty() {
            return Err("an AWS signature over a header that is not there");
        }
        lines.push_str(&format!("{}:{}\n", name.to_ascii_lowercase(), values.join(",")));
    }
    Ok(lines)
}

/// Runs of spaces are one.
fn squeezed(value: &str) -> String {
    value.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn signing_key(key: &[u8], stated: &Stated) -> Zeroizing<Vec<u8>> {
    let start = Zeroizing::new([b"AWS4", key].concat());
    let parts = [stated.date.as_str(), &stated.region, &stated.service, "aws4_request"];
    parts.into_iter().fold(start, |key, part| mac(&key, part.as_bytes()))
}

fn mac(key: &[u8], bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), bytes).as_ref().to_vec())
}

fn digest_hex(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
