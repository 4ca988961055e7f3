//! Reads maps (`bailiwick.toml`) and joins their layers.
//!
//! A map that nobody has trusted may only narrow: it can add to the places that policies protect, and say nothing of
//! tools, secrets, the way out and what undo keeps.

use bailiwick_vocab::map::detect::Detect;
use bailiwick_vocab::map::{Egress, Map, Undo};

/// Places to which an untrusted map may add: being in one of them only ever tightens the built-in policies. Not
/// `system`: the strict one lets it be read.
const PROTECTED_PLACES: [&str; 5] = ["secrets", "project-secrets", "persistence", "agent-settings", "guard"];

/// A map that could not be read.
#[derive(Debug)]
pub struct MapError {
    /// Which file.
    pub source_name: String,
    /// What the reader said, with line and column.
    cause: toml::de::Error,
}

impl std::fmt::Display for MapError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is not a map", self.source_name)
    }
}

impl std::error::Error for MapError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

/// Parses one map. Unknown keys are errors: a misspelt `except` must not be silently dropped.
///
/// # Errors
/// The text is not TOML of the map's shape.
pub fn parse(source_name: &str, text: &str) -> Result<Map, MapError> {
    toml::from_str(text).map_err(|cause| MapError { source_name: source_name.to_owned(), cause })
}

/// Joins `upper` onto `lower`: patterns are added up; a tool or secret named in both is what `upper` says.
#[must_use]
pub fn join(mut lower: Map, upper: Map) -> Map {
    for (name, place) in upper.places {
        let entry = lower.places.entry(name).or_default();
        entry.paths.extend(place.paths);
        entry.except.extend(place.except);
        entry.hosts.extend(place.hosts);
    }
    lower.tools.extend(upper.tools);
    lower.wall = upper.wall.or(lower.wall);
    lower.secrets.extend(upper.secrets);
    lower.egress.intercept.extend(upper.egress.intercept);
    lower.egress.spare.extend(upper.egress.spare);
    lower.detect.judge = upper.detect.judge.or(lower.detect.judge);
    lower.undo = upper.undo.or(lower.undo);
    lower
}

/// What remains of a map that nobody has trusted.
#[must_use]
pub fn narrowed(mut map: Map) -> Map {
    map.tools.clear();
    map.wall = None;
    map.secrets.clear();
    map.egress = Egress::default();
    map.detect = Detect::default();
    map.undo = Undo::default();
    map.places.retain(|name, _| PROTECTED_PLACES.contains(&name.as_str()));
    for place in map.places.values_mut() {
        place.except.clear();
        place.hosts.clear();
    }
    map
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn an_untrusted_map_cannot_open_anything() {
        let text = "[places.secrets]\npaths=['**/x.key']\nexcept=['**/*.pem']\n[places.workspace]\npaths=['/**']\n[tools.\"a/b\"]\ndoes='read-only'\n";
        let map = narrowed(parse("p", text).unwrap());
        assert!(map.tools.is_empty());
        assert_eq!(map.places.keys().collect::<Vec<_>>(), ["secrets"]);
        assert!(map.places["secrets"].except.is_empty());
        assert_eq!(map.places["secrets"].paths, ["**/x.key"]);
    }

    #[test]
    fn an_untrusted_map_names_no_secret_opens_no_connection_and_lets_nothing_go_unkept() {
        let text = "[secrets.x]\nfrom={command=['sh','-c','id']}\nhosts='evil.example'\nenv='PATH'\n[egress]\nspare=['*']\nintercept='a.example'\n[undo]\nfile_mib=0\n";
        let map = parse("p", text).unwrap();
        assert_eq!((map.secrets.len(), map.egress.spare.len()), (1, 1));
        assert_eq!(narrowed(map), Map::default());
    }

    #[test]
    fn an_untrusted_map_names_no_judge() {
        let text = "[detect.judge]\nurl='https://evil.example/v1/messages'\nmodel='m'\nkey={env='API_KEY'}\n";
        let map = parse("p", text).unwrap();
        assert!(map.detect.judge.is_some());
        assert_eq!(narrowed(map), Map::default());
    }

    #[test]
    fn a_judge_is_read_as_it_is_written_and_goes_through_json() {
        use bailiwick_vocab::map::detect::{Speaks, When};
        let judge = |text: &str| parse("p", &format!("[detect.judge]\n{text}")).map(|map| map.detect.judge.unwrap());
        let local = judge("url='http://localhost:11434/v1/chat/completions'\nmodel='qwen3'\n").unwrap();
        assert_eq!((local.host.as_str(), local.port, local.encrypted, local.speaks), ("localhost", 11434, false, Speaks::Openai));
        assert_eq!((local.when, local.timeout_ms), (When::Unsure, 2_000));
        let far = judge("url='https://api.anthropic.com/v1/messages'\nmodel='c'\nkey={env='K'}\nwhen='always'\ntimeout_ms=900\n")
            .unwrap();
        assert_eq!((far.port, far.path.as_str(), far.speaks, far.when), (443, "/v1/messages", Speaks::Anthropic, When::Always));
        let six = judge("url='http://[::1]:8/x'\nmodel='m'\n").unwrap();
        for judge in [local, far, six] {
            let json = serde_json::to_string(&judge).unwrap();
            assert_eq!(serde_json::from_str::<bailiwick_vocab::map::detect::Judge>(&json).unwrap(), judge);
        }
        for (text, says) in [
            ("url='http://example.org/v1'\nmodel='m'\n", "https://"),
            ("url='ftp://localhost/'\nmodel='m'\n", "begins neither"),
            ("url='https:///v1'\nmodel='m'\n", "names no host"),
            ("url='https://a@b.example/'\nmodel='m'\n", "no address"),
            ("url='https://a.example/x y'\nmodel='m'\n", "no address"),
            ("url='https://a.example/'\nmodel=''\n", "no name of a model"),
            ("url='https://a.example/'\nmodel='m'\ntimeout_ms=9000\n", "at most"),
            ("url='https://a.example/'\nmodel='m'\nkey='sk-1'\n", "key"),
        ] {
            let error = judge(text).unwrap_err();
            let cause = std::error::Error::source(&error).unwrap().to_string();
            assert!(cause.contains(says), "{text}: {cause}");
        }
    }

    #[test]
    fn secrets_are_read_as_they_are_written() {
        let text = r#"
            [secrets.github]
            from = { env = "GITHUB_TOKEN" }
            hosts = ["api.github.com", "*.github.com:443"]
            [secrets.npm]
            from = { file = "~/.npmrc", after = "_authToken" }
            hosts = "registry.npmjs.org"
            as = "bearer"
            file = { path = "~/.npmrc", text = "//registry.npmjs.org/:_authToken={}" }
            [secrets.forge]
            from = { command = ["gh", "auth", "token"] }
            hosts = "forge.example"
            as = ["private-token", "basic"]
            env = ["FORGE_TOKEN", "FORGE_KEY"]
            [secrets.cloud]
            from = { file = "~/.aws/credentials", after = ["[dev]", "aws_secret_access_key"] }
            id = { file = "~/.aws/credentials", after = ["[dev]", "aws_access_key_id"] }
            hosts = "*.amazonaws.com"
            as = "aws"
            [secrets.mail]
            from = { keyring = "mail", account = "me" }
            hosts = "mail.example"
            env = "MAIL"
        "#;
        let map = parse("p", text).unwrap();
        assert_eq!(map.secrets["github"].env, ["GITHUB_TOKEN"]);
        assert_eq!(map.secrets["forge"].env, ["FORGE_TOKEN", "FORGE_KEY"]);
        // A ticket carries them as JSON.
        let json = serde_json::to_string(&map).unwrap();
        assert_eq!(serde_json::from_str::<Map>(&json).unwrap(), map);
    }

    #[test]
    fn what_is_no_secret_is_refused_with_its_line() {
        let good = "[places.a]\npaths=['/a']\n[secrets.s]\n";
        let refused = |rest: &str| {
            let error = parse("p", &format!("{good}{rest}")).unwrap_err();
            let cause = std::error::Error::source(&error).unwrap().to_string();
            assert!(cause.contains("line "), "{cause}");
            cause
        };
        let from = "from={env='T'}\n";
        for (rest, says) in [
            ("hosts='a.example'\n".to_owned(), "from"),
            (from.to_owned(), "hosts"),
            (format!("{from}hosts=[]\n"), "must name the hosts"),
            (format!("{from}hosts='*'\n"), "no host that a secret"),
            (format!("{from}hosts='*.com'\n"), "no host that a secret"),
            (format!("{from}hosts='https://a.example/'\n"), "no host that a secret"),
            (format!("{from}hosts='a.example:x'\n"), "no host that a secret"),
            (format!("{from}hosts='a.example'\nas='cookie jar'\n"), "no way to carry"),
            (format!("{from}hosts='a.example'\nas=['aws','bearer']\n"), "no way to carry"),
            (format!("{from}hosts='a.example'\nas='aws'\n"), "needs `id`"),
            (format!("{from}hosts='a.example'\nid={{env='I'}}\n"), "belong to"),
            (format!("{from}hosts='a.example'\nenv='A B'\n"), "no name of a variable"),
            (format!("{from}hosts='a.example'\nvalue='x'\n"), "unknown field"),
            (format!("{from}hosts='a.example'\nfile={{path='x',text='{{}}'}}\n"), "neither absolute"),
            (format!("{from}hosts='a.example'\nfile={{path='~/x',text='token'}}\n"), "has no `{}`"),
            ("from={env='T',file='/x'}\nhosts='a.example'\n".to_owned(), "exactly one"),
            ("from={}\nhosts='a.example'\n".to_owned(), "exactly one"),
            ("from={command=[]}\nhosts='a.example'\n".to_owned(), "exactly one"),
            ("from={command=['./x']}\nhosts='a.example'\nenv='T'\n".to_owned(), "no program"),
            ("from={command=['x']}\nhosts='a.example'\n".to_owned(), "must say where"),
            ("from={file='x'}\nhosts='a.example'\nenv='T'\n".to_owned(), "neither absolute"),
            ("from={env='T',after=''}\nhosts='a.example'\n".to_owned(), "found everywhere"),
            (format!("{from}hosts='a.example'\n[secrets.t]\n{from}hosts='b.example'\n"), "both given as T"),
            (format!("{from}hosts='a.example'\n[secrets.'t t']\nfrom={{env='U'}}\nhosts='b.example'\n"), "no name of a secret"),
            (format!("{from}hosts='a.example'\n[egress]\nintercept='a b'\n"), "is no host"),
        ] {
            let cause = refused(&rest);
            assert!(cause.contains(says), "{rest}: {cause}");
        }
    }

    #[test]
    fn a_misspelt_key_is_an_error() {
        assert!(parse("p", "[places.secrets]\nexcpet=['x']\n").is_err());
    }
}
