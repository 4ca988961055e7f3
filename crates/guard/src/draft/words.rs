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
pub(super) fn has(words: &[String], list: &str) -> bool {
    words.iter().any(|word| is(word, list))
}

/// The same of one word: a plural of it, or a verb's third person, is the word.
pub(super) fn is(word: &str, list: &str) -> bool {
    let (short, shorter) = (word.strip_suffix('s'), word.strip_suffix("es"));
    let ies = word.strip_suffix("ies");
    list.split_ascii_whitespace().any(|listed| {
        word == listed || short == Some(listed) || shorter == Some(listed) || (ies.is_some() && ies == listed.strip_suffix('y'))
    })
}

pub(super) const READ: &str = "get list read search find fetch show view check query lookup look count describe browse retrieve \
    download summarize calculate is has current export preview scan watch load compare inspect display verify validate estimate \
    convert translate detect locate track recommend suggest determine filter see peek";

/// How a description says that something is told: an act in names.
pub(super) const TELLS: &str = "return contain";

/// What is opened to be read.
pub(super) const PAGES: &str = "url page file document webpage website link mail email message browser note attachment folder";

pub(super) const WRITE: &str = "create update append rename move edit write save add set change reschedule mark copy put insert \
    modify import tag label upload replace enable disable pin assign reset make new draft schedule plan archive restore star \
    flag log record attach adjust extend join accept attend connect link merge reopen start stop complete finish prioritize \
    duplicate open resolve return give print ask shift postpone delay swap adjust";

pub(super) const REMOVE: &str = "delete remove cancel erase clear drop unsubscribe revoke kick ban purge destroy wipe trash \
    terminate deactivate close discard empty uninvite unshare block";

pub(super) const SEND: &str = "send email mail reply forward notify post publish tweet comment message sms call share respond \
    answer compose broadcast dispatch ping remind announce deliver text tell";

pub(super) const GRANT: &str = "invite share grant permission collaborator authorize";

pub(super) const ORDER: &str = "reserve book order buy purchase checkout rent subscribe hire rebook";

pub(super) const POST: &str = "post publish upload put submit push";

pub(super) const PAY: &str = "pay wire donate refund charge deposit withdraw tip reimburse transfer";

/// With these words a change is one of the user's account.
pub(super) const CHANGE: &str = "update set change reset edit modify add create save replace";
pub(super) const ACCOUNT: &str = "password passphrase profile account user pin security credential setting preference phone \
    address recovery key token info contact payee beneficiary passport card";

/// Words that are as often a thing as an act: an act where the name begins with one, or no other act stands in it.
pub(super) const THINGS_TOO: &str = "email mail message sms call post comment share book order note label tag pin schedule plan \
    view mark query check watch load copy export record report rent text answer draft link permission collaborator count charge \
    deposit transfer import star flag track filter block log";

/// What stands between a thing and what more is said of it.
pub(super) const BETWEEN: &str = "by from for in with at of on via to using into about as within per between under near";

/// Words that say which of the things are meant, and nothing else.
pub(super) const WHICH: &str = "all my the a an own unread recent latest last next upcoming today tomorrow yesterday current \
    available active open new sent received draft starred shared detail info information data name id number type list day week \
    month year history status result summary overview address location duration";

/// Before these a word at a description's beginning is an act.
pub(super) const AFTER_AN_ACT: &str = "a an the to this that these all any one some your my new another given specified \
    someone somebody money messages";

pub(super) const PEOPLE: &str =
    "user member participant collaborator guest attendee contact people person admin owner assignee viewer editor";

/// With these words a tool of the money domain sets something else.
pub(super) const NOT_MONEY: &str = "password user profile info address card limit alert";

pub(super) const CHANNELS: &str = "channel slack dm workspace room chat";
pub(super) const SECRETS: &str = "password secret token credential key passport card ssn pin";

pub(super) const PEOPLE_ARGUMENTS: &str = "recipient to cc bcc user username email mail member participant attendee invitee guest \
    channel chat group team room phone account iban payee beneficiary contact person people assignee handle customer client \
    receiver addressee conversation with whom who";

/// People of whom a booking says how many they are.
pub(super) const COUNTED: &str = "people person guest member participant attendee passenger room";

/// What has a number and is nobody.
pub(super) const LETTERS: &str = "mail email message";

/// Arguments whose people are told of what a tool does.
pub(super) const HEARERS: &str = "recipient to cc bcc participant attendee invitee guest email invite";

/// What is booked or bought.
pub(super) const PLACES: &str = "hotel restaurant company seller vendor merchant shop store flight car product item venue offer stay accommodation apartment \
    listing room tour ticket train property airline provider vehicle apartment sku article";

/// What is said of how, when and how much, and reaches nobody.
pub(super) const HOW: &str = "role right permission level access type mode format priority language currency count size limit flag \
    arrival departure check night until at when purpose reason status state color theme template file attachment quantity page \
    visibility public notify party message words location where place duration timezone label tag";

/// Whose it is, and no thing that is booked.
pub(super) const OWN: &str =
    "user customer account card payment address profile guest session passport passenger traveler traveller license member";

pub(super) const IDENTIFIERS: &str = "id uuid identifier key number ref reference code uid";
pub(super) const NAMES: &str = "name title path file filename folder event label";
/// What says how a new thing is called.
pub(super) const TITLES: &str = "title name filename summary label";
pub(super) const TEXTS: &str = "body content text subject description note comment title date time day start end query";
pub(super) const AMOUNTS: &str = "amount sum total price value";
pub(super) const WEB_ARGUMENTS: &str = "url uri link website webpage endpoint domain host site";
pub(super) const PATHS: &str = "path filepath";
/// Where money comes from is not where it goes.
pub(super) const SOURCES: &str = "from source own my sender";

/// Fields that services set themselves, wherever they stand.
pub(super) const COMMON_FIELDS: &str = "id id_ *_id *Id uid number iid date time *_time timestamp created_at updated_at status state amount currency balance recurring";

/// Fields that name people and accounts, where others cannot write what they like into them.
pub(super) const PEOPLE_FIELDS: &str =
    "recipient recipients sender user users author owner participants attendees guests invitees members iban account channel";

/// Fields of a person's own address book.
pub(super) const CONTACT_FIELDS: &str = "name email phone address first_name last_name";

/// Fields of people who entered themselves that say how to reach them.
pub(super) const REACH_FIELDS: &str = "email mail email_address mail_address phone phone_number";

/// Where a text is put that others read: no person.
pub(super) const BOARDS: &str = "project repo repository owner org organization organisation space board site blog page forum";

/// What is written for others to read, where it is made.
pub(super) const PUBLISHED: &str = "comment issue pull discussion gist post article announcement tweet status review rating";

/// What is made by booking and buying.
pub(super) const BOOKINGS: &str = "reservation booking order purchase";

/// Fields that say who wrote a letter, as the server has it.
pub(super) const LETTER_FIELDS: &str = "sender from from_ sender_email from_email from_address sender_address";
