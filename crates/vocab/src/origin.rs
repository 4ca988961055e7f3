//! Where the values of a call come from: who first said them in the session.

use serde::{Deserialize, Serialize};

use crate::effect::Span;

/// Who writes the free text in what a tool returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Voice {
    /// The account's owner, the service itself, or files that version control holds.
    Owner,
    /// Members of the user's own organisation.
    Members,
    /// Anybody.
    #[default]
    Strangers,
}

/// Where a value stands, the most trusted place that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// In the user's own words.
    User,
    /// In a call that a person was asked about, and that then ran.
    Approved,
    /// In what the account's owner or the service itself put there, and no stranger names it.
    Owner,
    /// As `Owner`, but a stranger's text names it as well.
    Contested,
    /// In a field that says who wrote a letter, and the user's words ask for an answer and mean this writer alone.
    Meant,
    /// In the words of members of the user's organisation.
    Member,
    /// Only in what strangers wrote.
    Stranger,
    /// Nowhere that this session has read: the model's own.
    Model,
}

/// What the user's own words ask for, as far as rules ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wish {
    /// That something be taken away.
    Remove,
    /// That something be booked or bought.
    Order,
    /// To know something, and nothing else.
    Know,
}

/// What a value is for in its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Whom or what the effect reaches.
    Destination,
    /// Which of the things that are there is acted on.
    Object,
    /// What is set: a password, an address, a name.
    Value,
    /// An address, link or account number in what is sent.
    Carried,
}

/// One value of a call, traced to where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// Which effect it belongs to, as an index into the call's effects.
    pub effect: usize,
    /// What it is for.
    pub role: Role,
    /// The argument that holds it, empty where it is not one of the call's own arguments.
    pub argument: String,
    /// The value.
    pub value: String,
    /// Where it stands.
    pub origin: Origin,
    /// The text where it was found, the first one of that origin.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<Source>,
}

/// A text that the session has read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The ledger entry that holds it.
    pub entry: u64,
    /// The tool that returned it; empty for the user's words.
    pub tool: String,
    /// Where in the text, in bytes, where it stands there as it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub span: Option<Span>,
}
