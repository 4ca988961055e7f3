//! The syntax tree of a shell command line, shaped for finding effects: every word keeps its pieces, every substitution
//! is already parsed. Spans are bytes of the source the tree was parsed from.

use bailiwick_vocab::effect::Span;

/// A list of commands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    /// In order.
    pub items: Vec<Item>,
}

/// Pipelines joined by `&&` and `||`, ended by `;`, a newline or `&`.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The first pipeline.
    pub first: Pipeline,
    /// The others with the operator before each.
    pub rest: Vec<(Join, Pipeline)>,
    /// Ended by `&`.
    pub background: bool,
}

/// An operator between pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Commands joined by `|` or `|&`.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    /// In order, at least one.
    pub commands: Vec<Command>,
}

/// One command with its redirections.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// What it is.
    pub kind: CommandKind,
    /// Its redirections, in order.
    pub redirects: Vec<Redirect>,
    /// The whole command, redirections included.
    pub span: Span,
}

/// What a command is.
#[derive(Clone, Debug, PartialEq)]
pub enum CommandKind {
    /// Assignments and words; the first word, if any, is the program.
    Simple {
        /// `NAME=value` before the words.
        assigns: Vec<Assign>,
        /// The program and its arguments.
        words: Vec<Word>,
    },
    /// `{ …; }`
    Group(Script),
    /// `( … )`
    Subshell(Script),
    /// `if`/`elif` arms as (condition, body), and `else`.
    If {
        /// Condition and body of each arm.
        arms: Vec<(Script, Script)>,
        /// The `else` body.
        otherwise: Option<Script>,
    },
    /// `while` and `until`.
    Loop {
        /// The condition.
        condition: Script,
        /// The body.
        body: Script,
    },
    /// `for NAME in WORDS` and `select`; `words` is `None` for "$@".
    For {
        /// The variable.
        name: String,
        /// What it runs over.
        words: Option<Vec<Word>>,
        /// The body.
        body: Script,
    },
    /// `for ((…;…;…))`: the arithmetic's pieces and the body.
    ForArith {
        /// Substitutions inside the arithmetic.
        arith: Word,
        /// The body.
        body: Script,
    },
    /// `case WORD in …`.
    Case {
        /// What is matched.
        word: Word,
        /// Patterns and body of each arm.
        arms: Vec<(Vec<Word>, Script)>,
    },
    /// `[[ … ]]`: its words, operators included.
    Test(Vec<Word>),
    /// `(( … ))`: the substitutions inside are the word's pieces.
    Arith(Word),
    /// `NAME() …` or `function NAME …`: defines, runs nothing yet.
    Function {
        /// The function's name.
        name: String,
        /// What it will run.
        body: Box<Command>,
    },
    /// `coproc …`.
    Coproc(Box<Command>),
}

/// `NAME=value`, `NAME+=value` or `NAME=(…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Assign {
    /// The variable, without any subscript.
    pub name: String,
    /// `NAME[subscript]=`: the subscript; substitutions inside it run.
    pub subscript: Option<Word>,
    /// The value; an array's elements are its words, a plain value is one word.
    pub values: Vec<Word>,
    /// `+=`
    pub append: bool,
    /// Whether it is an array, or an element of one.
    pub array: bool,
    /// The whole assignment.
    pub span: Span,
}

/// One redirection.
#[derive(Clone, Debug, PartialEq)]
pub struct Redirect {
    /// What it does.
    pub kind: RedirectKind,
    /// File, descriptor, here-string word, or here-document body as pieces.
    pub target: Word,
    /// Descriptor on the left, if written.
    pub fd: Option<u32>,
    /// The whole redirection (for a here-document its operator and delimiter).
    pub span: Span,
}

/// What a redirection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectKind {
    /// `<`
    Read,
    /// `>` and `>|`, and `&>`
    Write,
    /// `>>` and `&>>`
    Append,
    /// `<>`
    ReadWrite,
    /// `<&` and `>&` with a descriptor or `-`
    Duplicate,
    /// `<<` and `<<-`; the body is the target
    HereDoc,
    /// `<<<`
    HereString,
}

/// A word before expansion.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Word {
    /// In order.
    pub pieces: Vec<Piece>,
    /// Where it stands.
    pub span: Span2,
}

/// A span that defaults to nothing, for synthetic words.
pub type Span2 = Option<Span>;

/// A part of a word.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Literal text; in quoted text `*`, `?`, `[`, `~` and `{` mean themselves.
    Text {
        /// After quote removal.
        text: String,
        /// Whether it was quoted or escaped.
        quoted: bool,
    },
    /// `~` or `~name` where the shell expands it: at the word's start, or after `=` or `:` of an assignment.
    Tilde(String),
    /// `$NAME`, `${NAME…}`, `$1`, `$@`, `$?` …
    Param {
        /// The parameter.
        name: String,
        /// What the braces ask for.
        op: ParamOp,
        /// Whether it stands in double quotes.
        quoted: bool,
    },
    /// `$( … )` or backquotes.
    Command {
        /// What runs.
        script: Script,
        /// Whether it stands in double quotes.
        quoted: bool,
    },
    /// `<( … )` or `>( … )`.
    Process {
        /// What runs.
        script: Script,
        /// Whether it is `>( … )`.
        output: bool,
    },
    /// `$(( … ))` or `$[ … ]`: the value is not known; substitutions inside run.
    Arith(Vec<Piece>),
    /// `{a,b,c}` and small ranges: one word for each. A large range is an empty [`Piece::Arith`]: not known.
    Brace(Vec<Word>),
    /// `@(…)`, `?(…)`, `*(…)`, `+(…)`, `!(…)`: matches what is not known (dotted names too, never a slash); substitutions
    /// inside run.
    Pattern(Vec<Piece>),
}

/// What `${…}` asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamOp {
    /// `$NAME` or `${NAME}`
    Plain,
    /// `${NAME:-word}` and `${NAME-word}`
    Default(Box<Word>),
    /// `${NAME:=word}` and `${NAME=word}`
    Assign(Box<Word>),
    /// `${NAME:+word}` and `${NAME+word}`
    Alternative(Box<Word>),
    /// `${NAME:?word}` and `${NAME?word}`
    Error(Box<Word>),
    /// Anything else (`#`, `%`, `/`, `:off:len`, `^`, `@Q`, `!indirect`, `#length`, subscripts): the value is not known;
    /// substitutions inside the word run.
    Other(Box<Word>),
}
