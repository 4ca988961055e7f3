//! Which names of a language touch nothing but what they are given, which are its own, and what its modules are called.
//! What is in none of these is not known.

mod javascript;
mod python;
mod scripting;

use std::collections::HashSet;
use std::sync::LazyLock;

use super::lex::Language;

type Words = LazyLock<HashSet<&'static str>>;

static PYTHON_KEYWORDS: Words = LazyLock::new(|| python::KEYWORDS.split_whitespace().collect());
static PYTHON_HARMLESS: Words =
    LazyLock::new(|| python::HARMLESS_GLOBALS.split_whitespace().chain(python::HARMLESS_MEMBERS.split_whitespace()).collect());
static PYTHON_OWN: Words =
    LazyLock::new(|| python::HARMLESS_GLOBALS.split_whitespace().chain(python::OTHER_GLOBALS.split_whitespace()).collect());
static PYTHON_HARMLESS_MODULES: Words = LazyLock::new(|| python::HARMLESS_MODULES.split_whitespace().collect());
static PYTHON_MODULES: Words = LazyLock::new(|| python::MODULES.split_whitespace().collect());
static PYTHON_METHODS: Words = LazyLock::new(|| python::METHODS.split_whitespace().collect());
static PYTHON_WAYS_IN: Words = LazyLock::new(|| python::WAYS_IN.split_whitespace().collect());
static JAVASCRIPT_KEYWORDS: Words = LazyLock::new(|| javascript::KEYWORDS.split_whitespace().collect());
static JAVASCRIPT_HARMLESS: Words = LazyLock::new(|| javascript::HARMLESS_GLOBALS.split_whitespace().collect());
static JAVASCRIPT_OTHER: Words = LazyLock::new(|| javascript::OTHER_GLOBALS.split_whitespace().collect());
static JAVASCRIPT_METHODS: Words = LazyLock::new(|| javascript::METHODS.split_whitespace().collect());
static JAVASCRIPT_TAKERS: Words = LazyLock::new(|| javascript::CALLBACK_TAKERS.split_whitespace().collect());
static JAVASCRIPT_WAYS_IN: Words = LazyLock::new(|| javascript::WAYS_IN.split_whitespace().collect());
static JAVASCRIPT_MODULES: Words = LazyLock::new(|| javascript::MODULES.split_whitespace().collect());
static PERL: Words = LazyLock::new(|| scripting::PERL.split_whitespace().collect());
static RUBY: Words = LazyLock::new(|| scripting::RUBY.split_whitespace().collect());
static RUBY_METHODS: Words = LazyLock::new(|| scripting::RUBY_METHODS.split_whitespace().collect());
static PHP: Words = LazyLock::new(|| scripting::PHP.split_whitespace().collect());
static AWK: Words = LazyLock::new(|| scripting::AWK.split_whitespace().collect());
static LUA: Words = LazyLock::new(|| scripting::LUA.split_whitespace().collect());
static LUA_METHODS: Words = LazyLock::new(|| scripting::LUA_METHODS.split_whitespace().collect());
static LUA_OWN: Words = LazyLock::new(|| scripting::LUA_OWN.split_whitespace().collect());

/// A word of the grammar.
pub(super) fn is_keyword(language: Language, name: &str) -> bool {
    match language {
        Language::Python => PYTHON_KEYWORDS.contains(name),
        Language::JavaScript => JAVASCRIPT_KEYWORDS.contains(name),
        Language::Perl | Language::Ruby | Language::Php | Language::Awk | Language::Lua => false,
    }
}

/// A name that the language gives a meaning to without being asked.
pub(super) fn is_global(language: Language, name: &str) -> bool {
    match language {
        Language::Python => PYTHON_OWN.contains(name),
        Language::JavaScript => {
            JAVASCRIPT_HARMLESS.contains(name) || JAVASCRIPT_OTHER.contains(name) || JAVASCRIPT_MODULES.contains(name)
        }
        Language::Perl => PERL.contains(name),
        Language::Ruby => RUBY.contains(name),
        Language::Php => PHP.contains(name),
        Language::Awk => AWK.contains(name),
        Language::Lua => LUA_OWN.contains(name) || LUA.contains(name),
    }
}

/// A module, as a value.
pub(super) fn is_module(language: Language, name: &str) -> bool {
    match language {
        Language::Python => PYTHON_MODULES.contains(name) || PYTHON_HARMLESS_MODULES.contains(name),
        Language::JavaScript => JAVASCRIPT_MODULES.contains(name),
        Language::Lua => matches!(name, "io" | "os" | "debug" | "package"),
        Language::Perl | Language::Ruby | Language::Php | Language::Awk => false,
    }
}

/// Functions of JavaScript that load a module.
pub(super) fn loads_module(name: &str) -> bool {
    matches!(
        name,
        "require"
            | "import"
            | "process.mainModule.require"
            | "module.require"
            | "require.main.require"
            | "process.getBuiltinModule"
            | "globalThis.require"
            | "global.require"
            | "globalThis.process.mainModule.require"
            | "global.process.mainModule.require"
            | "module.constructor._load"
            | "require.extensions"
    )
}

/// The name under which the tables know a module: `node:fs/promises` is `fs.promises`. `None` where the module does not
/// come with the language.
pub(super) fn module_name(language: Language, module: &str) -> Option<String> {
    let plain = module.strip_prefix("node:").unwrap_or(module).replace('/', ".");
    is_module(language, &plain).then_some(plain)
}

/// A function or value of the language or its library that touches nothing but what it is given; and whether it is one
/// of those that call what they are given.
pub(super) fn is_harmless(language: Language, name: &str) -> bool {
    match language {
        Language::Python => PYTHON_HARMLESS.contains(name) || member_of_harmless(name),
        Language::JavaScript => JAVASCRIPT_HARMLESS.contains(name),
        Language::Perl => PERL.contains(name),
        Language::Ruby => RUBY.contains(name),
        Language::Php => PHP.contains(name),
        Language::Awk => AWK.contains(name),
        Language::Lua => LUA.contains(name),
    }
}

/// `json.loads`, but not `json.codecs`, which is a module again.
fn member_of_harmless(name: &str) -> bool {
    let Some((module, member)) = name.rsplit_once('.') else { return false };
    // Members that are named like a module of the library, and are none.
    let own =
        matches!(member, "datetime" | "time" | "copy" | "array" | "calendar" | "locale" | "statistics" | "struct" | "pprint");
    let inside = member.starts_with('_') || member == "main" || PYTHON_MODULES.contains(member);
    PYTHON_HARMLESS_MODULES.contains(module) && (own || !inside)
}

/// A module of Python of which plain members touch nothing but what they are given.
pub(super) fn is_harmless_module(name: &str) -> bool {
    PYTHON_HARMLESS_MODULES.contains(name)
}

/// A method that touches nothing but its value, whatever harmless value that is.
pub(super) fn is_method(language: Language, name: &str) -> bool {
    match language {
        Language::Python => PYTHON_METHODS.contains(name),
        Language::JavaScript => JAVASCRIPT_METHODS.contains(name),
        Language::Ruby => RUBY_METHODS.contains(name),
        Language::Lua => LUA_METHODS.contains(name),
        Language::Perl | Language::Php | Language::Awk => false,
    }
}

/// A member that leads from a value to the interpreter's insides.
pub(super) fn is_way_in(language: Language, name: &str) -> bool {
    match language {
        Language::Python => PYTHON_WAYS_IN.contains(name),
        Language::JavaScript => JAVASCRIPT_WAYS_IN.contains(name),
        Language::Perl | Language::Ruby | Language::Php | Language::Awk | Language::Lua => false,
    }
}

/// A function or method of JavaScript that calls what it is given.
pub(super) fn takes_callback(name: &str) -> bool {
    JAVASCRIPT_TAKERS.contains(name.rsplit('.').next().unwrap_or(name))
}

/// A library of Ruby of which the table names the members.
pub(super) fn is_harmless_library(name: &str) -> bool {
    matches!(
        name,
        "json"
            | "csv"
            | "time"
            | "date"
            | "set"
            | "bigdecimal"
            | "securerandom"
            | "digest"
            | "pp"
            | "ostruct"
            | "fileutils"
            | "open3"
            | "net/http"
            | "uri"
            | "yaml"
            | "base64"
            | "tempfile"
            | "English"
            | "stringio"
            | "benchmark"
            | "shellwords"
            | "erb"
            | "socket"
    )
}
