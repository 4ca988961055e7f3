//! The acts and groups that policies name, and the Cedar schema that every policy is checked against when it loads.
//!
//! The table here and `schema.cedarschema` say the same of acts; a test holds them together. At run time no schema is
//! needed: what was checked at load is built here by type.

use cedar_policy::Schema;

/// The schema's text.
pub const SCHEMA: &str = include_str!("schema.cedarschema");

/// An act with the groups it is in.
pub(crate) struct Act {
    pub(crate) name: &'static str,
    pub(crate) groups: &'static [&'static str],
}

const fn act(name: &'static str, groups: &'static [&'static str]) -> Act {
    Act { name, groups }
}

/// All acts. The position of an act is its bit in [`Acts`].
pub(crate) const ACTS: [Act; 19] = [
    act("read", &["observe"]),
    act("write", &["mutate"]),
    act("delete", &["mutate"]),
    act("execute", &[]),
    act("connect", &["egress"]),
    act("push", &["egress", "high-consequence"]),
    act("publish", &["egress", "high-consequence"]),
    act("send", &["egress", "high-consequence"]),
    act("pay", &["egress", "high-consequence"]),
    act("query", &[]),
    act("deploy", &["egress", "high-consequence"]),
    act("use-secret", &["high-consequence"]),
    act("spawn", &[]),
    act("signal", &[]),
    act("escalate", &["high-consequence"]),
    act("persist", &["high-consequence", "mutate"]),
    act("configure", &["high-consequence", "mutate"]),
    act("call", &[]),
    act("opaque", &[]),
];

/// A set of acts, one bit each.
pub(crate) type Acts = u32;

/// Every act. What comes back to an agent is no act of its own: a policy about any action says nothing of it.
pub(crate) const EVERY: Acts = (1 << ACTS.len()) - 1;

/// That an agent reads what came of its call.
pub(crate) const RECEIVE: &str = "receive";

/// The bit of [`RECEIVE`].
pub(crate) const RECEIVES: Acts = 1 << ACTS.len();

/// The acts that `name`, an act or a group, stands for.
pub(crate) fn acts_of(name: &str) -> Acts {
    let named = |act: &Act| act.name == name || act.groups.contains(&name);
    let acts = ACTS.iter().enumerate().filter(|(_, act)| named(act)).fold(0, |all, (bit, _)| all | 1 << bit);
    if name == RECEIVE { RECEIVES } else { acts }
}

/// The groups of an act.
pub(crate) fn groups_of(name: &str) -> &'static [&'static str] {
    ACTS.iter().find(|act| act.name == name).map_or(&[], |act| act.groups)
}

/// The schema, parsed.
///
/// # Errors
/// Cedar's words. The text is our own and a test parses it, so this does not happen in a build that passed its tests.
pub(crate) fn schema() -> Result<Schema, String> {
    Schema::from_cedarschema_str(SCHEMA).map(|(schema, _)| schema).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_table_and_the_schema_name_the_same_acts_and_groups() {
        let schema = schema().unwrap();
        let entities = schema.action_entities().unwrap();
        let mut own: Vec<(String, Vec<String>)> = schema
            .actions()
            .filter(|uid| !schema.action_groups().any(|group| group == *uid))
            .map(|uid| {
                let mut groups: Vec<String> = entities.ancestors(uid).unwrap().map(|up| up.id().unescaped().to_owned()).collect();
                groups.sort();
                (uid.id().unescaped().to_owned(), groups)
            })
            .collect();
        own.sort();
        let mut table: Vec<(String, Vec<String>)> =
            ACTS.iter().map(|act| (act.name.to_owned(), act.groups.iter().map(|group| (*group).to_owned()).collect())).collect();
        table.push((RECEIVE.to_owned(), Vec::new()));
        table.sort();
        assert_eq!(own, table);
    }
}
