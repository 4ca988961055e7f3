//! Reads maps (`bailiwick.toml`) and joins their layers.
//!
//! A map that nobody has trusted may only narrow: it can add to the places that policies protect, and say nothing of
//! tools.

use bailiwick_vocab::map::Map;

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

/// Joins `upper` onto `lower`: patterns are added up; a tool named in both is what `upper` says.
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
    lower
}

/// What remains of a map that nobody has trusted.
#[must_use]
pub fn narrowed(mut map: Map) -> Map {
    map.tools.clear();
    map.wall = None;
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
    fn a_misspelt_key_is_an_error() {
        assert!(parse("p", "[places.secrets]\nexcpet=['x']\n").is_err());
    }
}
