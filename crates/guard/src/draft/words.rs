//! What words in the names of tools and arguments mean, for drafts. Kinds of words, not names of tools.

/// The words of a name, in lower case: `getUserInfo`, `get_user_info` and `get user info` are the same.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut before = ' ';
    for letter in name.chars() {
        let begins = letter.is_uppercase() && before.is_lowercase();
        if (begins || !letter.is_alphanumeric()) && all.last().is_some_and(|word| !word.is_empty()) {
            all.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = all.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    all.retain(|word| !word.is_empty());
    all
}

/// Whether one of the words is in the list, in the singular or the plural.
pub(super) fn has(words: &[String], list: &[&str]) -> bool {
    let singular = |word: &str| word.strip_suffix('s').map(str::to_owned).unwrap_or_else(|| word.to_owned());
    words.iter().any(|word| list.iter().any(|listed| word == listed || singular(word) == *listed))
}

pub(super) const READ: &[&str] = &[
    "get",
    "list",
    "read",
    "search",
    "find",
    "fetch",
    "show",
    "view",
    "check",
    "query",
    "lookup",
    "look",
    "count",
    "describe",
    "browse",
    "retrieve",
    "download",
    "summarize",
    "calculate",
    "is",
    "has",
    "current",
    "export",
    "preview",
    "scan",
    "watch",
    "load",
    "ask",
    "resolve",
    "compare",
    "inspect",
    "return",
];
pub(super) const WRITE: &[&str] = &[
    "create",
    "update",
    "append",
    "rename",
    "move",
    "edit",
    "write",
    "save",
    "add",
    "set",
    "change",
    "reschedule",
    "mark",
    "copy",
    "put",
    "insert",
    "modify",
    "import",
    "tag",
    "label",
    "upload",
    "replace",
    "enable",
    "disable",
    "pin",
    "assign",
    "reset",
];
pub(super) const REMOVE: &[&str] = &[
    "delete",
    "remove",
    "cancel",
    "erase",
    "clear",
    "drop",
    "unsubscribe",
    "revoke",
    "kick",
    "ban",
    "purge",
    "destroy",
    "wipe",
    "trash",
    "terminate",
    "deactivate",
    "close",
];
pub(super) const SEND: &[&str] = &[
    "send", "email", "mail", "reply", "forward", "notify", "post", "publish", "tweet", "comment", "message", "sms", "call",
    "share",
];
pub(super) const GRANT: &[&str] = &["invite", "share", "grant", "permission", "collaborator", "authorize"];
pub(super) const ORDER: &[&str] = &["reserve", "book", "order", "buy", "purchase", "checkout", "rent", "subscribe", "hire"];
pub(super) const POST: &[&str] = &["post", "publish", "upload", "put", "submit", "push"];
pub(super) const CHANGE: &[&str] = &["update", "set", "change", "reset", "edit", "modify"];
pub(super) const ACCOUNT: &[&str] = &[
    "password",
    "passphrase",
    "profile",
    "account",
    "user",
    "pin",
    "security",
    "credential",
    "setting",
    "preference",
    "phone",
    "address",
    "recovery",
    "key",
    "token",
    "info",
];
pub(super) const PEOPLE: &[&str] =
    &["user", "member", "participant", "collaborator", "guest", "attendee", "contact", "people", "person", "admin", "owner"];
/// With these words a tool of the money domain sets something else.
pub(super) const NOT_MONEY: &[&str] = &["password", "user", "profile", "info", "address", "card", "limit", "alert"];

pub(super) const CHANNELS: &[&str] = &["channel", "slack", "dm", "workspace", "room", "chat"];
pub(super) const SECRETS: &[&str] = &["password", "secret", "token", "credential", "key", "passport", "card", "ssn", "pin"];

pub(super) const PEOPLE_ARGUMENTS: &[&str] = &[
    "recipient",
    "to",
    "cc",
    "bcc",
    "user",
    "username",
    "email",
    "member",
    "participant",
    "attendee",
    "invitee",
    "guest",
    "channel",
    "chat",
    "group",
    "team",
    "room",
    "phone",
    "account",
    "iban",
    "payee",
    "beneficiary",
    "contact",
    "person",
    "assignee",
    "handle",
];
/// Arguments whose people are told of what a tool does.
pub(super) const HEARERS: &[&str] = &["recipient", "to", "cc", "bcc", "participant", "attendee", "invitee", "guest", "email"];
pub(super) const PLACES: &[&str] = &[
    "hotel",
    "restaurant",
    "company",
    "seller",
    "vendor",
    "merchant",
    "shop",
    "store",
    "flight",
    "car",
    "product",
    "item",
    "venue",
];
pub(super) const IDENTIFIERS: &[&str] = &["id", "uuid", "identifier", "key", "number", "ref", "reference"];
pub(super) const NAMES: &[&str] = &["name", "title", "path", "file", "filename", "folder", "event", "label"];
pub(super) const TEXTS: &[&str] = &[
    "body",
    "content",
    "text",
    "subject",
    "description",
    "note",
    "comment",
    "title",
    "date",
    "time",
    "day",
    "start",
    "end",
    "query",
];
pub(super) const AMOUNTS: &[&str] = &["amount", "sum", "total", "price", "value"];
pub(super) const WEB_ARGUMENTS: &[&str] = &["url", "uri", "link", "website", "webpage", "endpoint", "domain", "host", "site"];
pub(super) const PATHS: &[&str] = &["path", "filepath"];

/// Fields that services set themselves, wherever they stand.
pub(super) const COMMON_FIELDS: &[&str] =
    &["id", "id_", "*_id", "date", "time", "*_time", "status", "amount", "currency", "balance", "recurring"];
/// Fields that name people and accounts, where others cannot write what they like into them.
pub(super) const PEOPLE_FIELDS: &[&str] = &[
    "recipient",
    "recipients",
    "sender",
    "user",
    "users",
    "author",
    "owner",
    "participants",
    "attendees",
    "members",
    "iban",
    "account",
    "channel",
];
/// Fields of a person's own address book.
pub(super) const CONTACT_FIELDS: &[&str] = &["name", "email", "phone", "address", "first_name", "last_name"];

/// What a tool is about: who can write into what it returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Domain {
    /// The user's own account: what only they and the service set.
    Own,
    /// Accounts and payments.
    Money,
    /// Dates with others.
    Calendar,
    /// Messages among members.
    Chat,
    /// Names of people, channels, groups.
    Directory,
    /// Names and prices that the service lists.
    Catalogue,
    /// What others say of what the service lists.
    Reviews,
    /// What the user has sent.
    Sent,
    /// Pages of the web.
    Web,
    /// Mail, files, reviews, and whatever is not known.
    Strangers,
}

/// What a tool is about, by its name first and its description second.
pub(super) fn domain(name: &[String], description: &[String], chats: bool) -> Domain {
    let named = by_words(name, chats);
    named.or_else(|| by_words(description, chats)).unwrap_or(Domain::Strangers)
}

fn by_words(words: &[String], chats: bool) -> Option<Domain> {
    let is = |list: &[&str]| has(words, list);
    let mails = is(&["email", "mail", "gmail", "newsletter"]);
    if is(&["review", "rating"]) {
        return Some(Domain::Reviews);
    }
    if is(&["feedback", "comment", "post", "issue", "ticket", "news", "article"]) {
        return Some(Domain::Strangers);
    }
    if is(&["webpage", "website", "web", "url", "browser", "internet"]) {
        return Some(Domain::Web);
    }
    if mails && is(&["sent", "outbox"]) {
        return Some(Domain::Sent);
    }
    if mails {
        return Some(Domain::Strangers);
    }
    if is(&["message", "dm", "chat", "conversation", "thread"]) || (chats && is(&["inbox"])) {
        return Some(Domain::Chat);
    }
    if is(&["file", "document", "drive", "note", "attachment", "inbox"]) {
        return Some(Domain::Strangers);
    }
    if is(&["calendar", "event", "appointment", "meeting"]) {
        return Some(Domain::Calendar);
    }
    if is(&["channel", "contact", "member", "group", "team"]) || (chats && is(&["user"])) {
        return Some(Domain::Directory);
    }
    if is(&["money", "payment", "transaction", "transfer", "invoice", "refund", "pay", "wire", "donation"]) {
        return Some(Domain::Money);
    }
    if is(&["balance", "iban", "profile", "me", "my", "own", "self", "day", "today", "now", "date", "time"])
        || is(&["user", "account"])
    {
        return Some(Domain::Own);
    }
    if is(&["hotel", "restaurant", "flight", "car", "company", "city", "price", "product", "catalog", "menu", "store", "weather"])
    {
        return Some(Domain::Catalogue);
    }
    None
}
