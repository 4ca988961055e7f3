//! The meanings, one bit each.

/// A set of meanings.
pub(crate) type Meaning = u128;

macro_rules! meanings {
    ($($(#[$doc:meta])* $name:ident = $bit:literal;)*) => {
        $($(#[$doc])* pub(crate) const $name: Meaning = 1 << $bit;)*
    };
}

meanings! {
    /// To drop, to set aside.
    DROP = 0;
    /// What came before.
    EARLIER = 1;
    /// Instructions, rules.
    ORDERS = 2;
    /// What a conversation consists of: a task, a context, everything.
    TASK = 3;
    /// Yours.
    YOUR = 4;
    /// System, hidden, initial: what prompts are called.
    SYSTEM = 5;
    /// To show what was hidden.
    REVEAL = 6;
    /// No, not, without.
    NOT = 7;
    /// To tell, to mention.
    TELL = 8;
    /// Who the agent works for.
    USER = 9;
    /// To send away.
    SEND = 10;
    /// Names of what is secret.
    SECRET = 11;
    /// An address.
    LINK = 12;
    /// To read, to collect.
    GET = 13;
    /// Must.
    MUST = 14;
    /// A tool.
    TOOL = 15;
    /// Before, first, whenever.
    BEFORE = 16;
    /// To use, to call, to run.
    CALL = 17;
    /// The agent.
    AGENT = 18;
    /// To act as.
    PRETEND = 19;
    /// Without bounds.
    UNBOUND = 20;
    /// Quietly.
    QUIET = 21;
    /// To keep, to write down.
    KEEP = 22;
    /// A memory, a file of rules.
    MEMORY = 23;
    /// Always, from now on in all sessions.
    ALWAYS = 24;
    /// To approve, to rate.
    APPROVE = 25;
    /// Money, and what moves it.
    MONEY = 26;
    /// Urgent.
    URGENT = 27;
    /// Somebody with a say.
    AUTHORITY = 28;
    /// New, real.
    NEW = 29;
    /// Instead, from here on.
    INSTEAD = 30;
    /// An answer, to answer.
    ANSWER = 31;
    /// Only, exactly.
    ONLY = 32;
    /// Words of those who write about the matter.
    ABOUT = 33;
    /// Words of reported speech: whoever says them quotes.
    REPORTED = 34;
    /// Says nothing: does not count as a word between two others.
    FILLER = 35;
    /// Mode.
    MODE = 36;
    /// The ending of a file that agents read as rules.
    RULES_FILE = 37;
    /// A shell, or what runs in one.
    SHELL = 38;
    /// To delete, to switch off.
    REMOVE = 39;
    /// What keeps others safe: tests, checks, reviews, logs.
    GUARD = 40;
    /// A picture.
    IMAGE = 41;
    /// What is private: mail, history, environment.
    PRIVATE = 42;
    /// Part of an address.
    PARAMETER = 43;
    /// The following, this.
    THIS = 44;
    /// If, when.
    WHEN = 45;
    /// You.
    YOU = 46;
    /// Are.
    ARE = 47;
    /// Already, approved beforehand.
    ALREADY = 48;
    /// To decode.
    DECODE = 49;
    /// To obey, to follow.
    OBEY = 50;
    /// Over, done, cancelled.
    OVER = 51;
    /// Harm that is held out.
    THREAT = 52;
    /// A session, a conversation to come.
    SESSION = 53;
    /// A plea, or the beginning of an order.
    PLEASE = 54;
    /// A verb that stands last in its sentence, as in Hindi, Japanese, Turkish.
    FINAL = 55;
    /// Hidden from view.
    HIDE = 56;
    /// A word of one of the pledges that models refuse by.
    ETHICS = 57;
    /// All.
    ALL = 58;
    /// What came before, in words that are also said of what is.
    PAST = 59;
    /// Other people.
    OTHERS = 60;
    /// Instructions, in words that hardly mean anything else.
    PROMPT = 61;
    /// A word of the mirror writing.
    MIRRORED = 62;
    /// A word of ROT13.
    ROTATED = 63;
    /// What an agent gives: a response, a reply.
    RESPONSE = 64;
    /// What announces a message: a note, a notice.
    NOTE = 65;
}

/// What is no order within a name, a path or an address: `access_token`, `get_user(`, `/send/`.
pub(crate) const VERBS: Meaning =
    SEND | GET | REVEAL | KEEP | CALL | REMOVE | APPROVE | URGENT | TELL | ANSWER | PRETEND | DECODE | OBEY | QUIET;
