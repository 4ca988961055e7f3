//! What a tool is about, for drafts: who can write into what it returns. In: its name and description, in words. Out: one of
//! a few kinds.

use crate::draft::words::{BETWEEN, READ, WHICH, WRITE, has, is};

/// What a tool is about.
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
    /// The user's own address book.
    Contacts,
    /// Names and prices that the service lists.
    Catalogue,
    /// What others say of what the service lists.
    Reviews,
    /// What the user has sent.
    Sent,
    /// People who entered themselves: customers.
    Customers,
    /// Mail, with a field that says who sent it.
    Mail,
    /// What the user has booked.
    Bookings,
    /// Pages of the web.
    Web,
    /// Files, comments, and whatever is not known.
    Strangers,
}

/// Things, by what they are.
const THINGS: [(&str, Domain); 14] = [
    ("review rating testimonial opinion impression experience", Domain::Reviews),
    ("feedback comment post issue ticket news article blog feed survey form submission complaint bug story", Domain::Strangers),
    (
        "file document paper drive note attachment folder spreadsheet sheet doc task todo pull commit gist wiki snippet",
        Domain::Strangers,
    ),
    ("webpage website web url browser internet page site", Domain::Web),
    ("email mail gmail newsletter mailbox inbox letter outbox", Domain::Mail),
    ("message dm chat conversation thread", Domain::Chat),
    ("calendar event appointment meeting agenda diary", Domain::Calendar),
    ("channel member group team workspace repository repo project board", Domain::Directory),
    ("customer client lead guest supplier vendor applicant candidate patient tenant subscriber", Domain::Customers),
    ("contact people person colleague friend addressbook phonebook", Domain::Contacts),
    ("money payment transaction transfer invoice refund pay wire donation bill", Domain::Money),
    ("booking reservation trip itinerary subscription", Domain::Bookings),
    ("balance iban profile me self user account preference setting", Domain::Own),
    (
        "hotel stay accommodation lodging hostel apartment restaurant flight car company city price product catalog catalogue menu store weather airline airport train museum \
         attraction cuisine rental shop currency stock inventory availability forecast tour bus category hour parking dish",
        Domain::Catalogue,
    ),
];

/// What only the clock says, where nothing else is named.
const CLOCK: &str = "today now date time day clock timezone";

/// What a tool is about: by what its name says before anything is said of it, else by its whole name, else by its
/// description.
pub(super) fn domain(name: &[String], description: &[String], chats: bool) -> Domain {
    let sent = has(name, "sent outbox") || has(description.get(..3).unwrap_or(description), "sent outbox");
    let named = [head(name), name].into_iter().find_map(|words| last(words, chats));
    let told = || [head(description), description].into_iter().find_map(|words| last(words, chats));
    // Who says something of people keeps no address book.
    let kept = |found: &Domain| *found != Domain::Contacts || has(description, "contact addressbook phonebook book");
    let told = || told().filter(kept);
    // What is the user's own is trusted whole: not where something follows that is not known.
    let found = match named {
        Some(Domain::Own) if !ends_known(head(name)) => told().filter(|found| *found != Domain::Own),
        Some(named) => Some(named),
        None => told(),
    };
    match found {
        Some(Domain::Mail) if sent => Domain::Sent,
        Some(found) => found,
        None => Domain::Strangers,
    }
}

/// The words before what more is said of a thing: `get reviews` of `get_reviews_for_hotels`.
pub(super) fn head(words: &[String]) -> &[String] {
    let end = words.iter().skip(1).position(|word| BETWEEN.split_ascii_whitespace().any(|between| between == word));
    end.and_then(|end| words.get(..=end)).unwrap_or(words)
}

/// The last thing that is named: of several words it is the one that the others describe.
fn last(words: &[String], chats: bool) -> Option<Domain> {
    let known = |(at, word): (usize, &String)| {
        let next = words.get(at + 1);
        // How to reach somebody is an attribute of them; an address book is no address.
        let attribute = is(word, "contact") && next.is_some_and(|next| is(next, "info information detail data number"));
        if attribute {
            return None;
        }
        if word == "address" && next.is_some_and(|next| next == "book") {
            return Some(Domain::Contacts);
        }
        one(word, chats)
    };
    let several = |word: &String| matches!(word.as_str(), "dates" | "days" | "times");
    let clock = || (has(words, CLOCK) && ends_known(words) && !words.iter().any(several)).then_some(Domain::Own);
    words.iter().enumerate().rev().find_map(known).or_else(clock)
}

fn one(word: &str, chats: bool) -> Option<Domain> {
    let (_, found) = THINGS.iter().find(|(things, _)| is(word, things))?;
    // Without channels, messages come from anybody.
    if *found == Domain::Chat && !chats && !is(word, "dm chat") {
        return Some(Domain::Mail);
    }
    if chats && word == "inbox" {
        return Some(Domain::Chat);
    }
    Some(if chats && is(word, "user") { Domain::Directory } else { *found })
}

/// Whether the last word that is no act is known: another thing may be meant where it is not.
fn ends_known(words: &[String]) -> bool {
    let acts = |word: &str| is(word, READ) || is(word, WRITE);
    words.iter().rev().find(|word| !acts(word)).is_none_or(|last| is_thing(last) || is(last, WHICH))
}

/// Whether a word names a thing that is known.
pub(super) fn is_thing(word: &str) -> bool {
    one(word, false).is_some() || is(word, CLOCK)
}
