//! Labelled texts. In: a directory of `KIND_LABEL.jsonl(.gz)`. Out: [`Row`]s. Follows nothing that stands in them.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What the files are about, and how the classifier sees it.
const FILES: &[(&str, bool)] = &[
    ("injection_attack", true),
    ("jailbreak_attack", true),
    ("skill_attack", true),
    ("rules_file_attack", true),
    ("tool_definition_attack", true),
    ("agent_threat_attack", true),
    ("carrier_benign", false),
    ("hard_negative_benign", false),
    ("prompt_benign", false),
    ("skill_benign", false),
    ("rules_file_benign", false),
    ("system_prompt_benign", false),
    ("tool_definition_benign", false),
];

/// One labelled text.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// `injection`, `carrier`, …
    pub(crate) kind: &'static str,
    pub(crate) attack: bool,
    pub(crate) source: String,
    pub(crate) test: bool,
    pub(crate) text: String,
    /// The inserted passage, where known.
    pub(crate) payload: Option<String>,
    /// Whether the label is doubtful.
    pub(crate) weak: bool,
    /// Whether the passage is encoded or disguised: what crate detect's views undo before the classifier reads.
    pub(crate) dressed: bool,
    /// Whether it is a plain request, which nothing in its words tells from an honest one.
    pub(crate) plain_request: bool,
    /// Whether the passage speaks to an agent at all (`speaks_to_an_agent`).
    pub(crate) addressed: bool,
    /// Rows with one key share a template: they are held out together.
    pub(crate) key: String,
}

/// All rows of the files that are there. An empty directory is an error.
pub(crate) fn load(directory: &Path) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for (name, attack) in FILES {
        let kind = name.rsplit_once('_').map_or(*name, |(kind, _)| kind);
        for line in content(directory, name)?.lines() {
            let value: Value = serde_json::from_str(line).map_err(|error| format!("{name}: {error}"))?;
            rows.push(row(&value, kind, *attack));
        }
    }
    if rows.is_empty() {
        return Err(format!("no labelled texts in {} (KIND_LABEL.jsonl or .jsonl.gz)", directory.display()));
    }
    Ok(rows)
}

fn content(directory: &Path, name: &str) -> Result<String, String> {
    let plain = directory.join(format!("{name}.jsonl"));
    if plain.exists() {
        return std::fs::read_to_string(&plain).map_err(|error| format!("{}: {error}", plain.display()));
    }
    let packed = directory.join(format!("{name}.jsonl.gz"));
    if !packed.exists() {
        return Ok(String::new());
    }
    let output = Command::new("gzip").arg("-dc").arg(&packed).output().map_err(|error| format!("gzip: {error}"))?;
    if !output.status.success() {
        return Err(format!("{}: gzip failed", packed.display()));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("{}: {error}", packed.display()))
}

fn row(value: &Value, kind: &'static str, attack: bool) -> Row {
    let meta = &value["meta"];
    let word = |name: &str| meta[name].as_str().unwrap_or_default().to_owned();
    let text = value["text"].as_str().map_or_else(|| strings(&value["tool"]), str::to_owned);
    let key = ["goal", "rule", "path", "technique"].iter().find_map(|name| meta[*name].as_str());
    let dressed = disguise(&word("obfuscation")) || disguise(&word("technique"));
    Row {
        kind,
        attack,
        source: value["source"].as_str().unwrap_or_default().to_owned(),
        test: value["fold"] == "test",
        payload: meta["payload"].as_str().map(str::to_owned),
        weak: meta["weak_label"] == true,
        dressed,
        plain_request: matches!(word("framing").as_str(), "bare" | "polite"),
        addressed: dressed || speaks_to_an_agent(meta["payload"].as_str().unwrap_or(&text)),
        key: key.map_or_else(|| text.chars().take(60).collect(), str::to_owned),
        text,
    }
}

/// Names of disguises that take more than reading words: encodings, look-alikes, cut-up words.
fn disguise(name: &str) -> bool {
    const SIGNS: &[&str] = &[
        "homoglyph",
        "fullwidth",
        "reverse",
        "leet",
        "entit",
        "hex",
        "base64",
        "rot13",
        "tags",
        "zwsp",
        "spaced",
        "enc-",
        "encod",
        "compact",
        "obfusc",
        "split",
        "morse",
        "cipher",
        "1337",
    ];
    SIGNS.iter().any(|sign| name.contains(sign))
}

/// Whether a passage names an agent, its orders, its answer or whom it works for, or says "you" to whoever reads it, in one of
/// the languages that crate detect's lexicon has. What does not is a request like any other ("write a toxic sentence"), or
/// in a language that nobody here reads; it is counted apart. Disguised passages are taken to address.
fn speaks_to_an_agent(passage: &str) -> bool {
    const WORDS: &[&str] = &[
        "you",
        "your",
        "yours",
        "yourself",
        "ai",
        "ais",
        "assistant",
        "assistants",
        "agent",
        "agents",
        "llm",
        "llms",
        "gpt",
        "chatgpt",
        "claude",
        "copilot",
        "bot",
        "chatbot",
        "prompt",
        "prompts",
        "instruction",
        "instructions",
        "directive",
        "directives",
        "guidelines",
        "guidance",
        "user",
        "ignore",
        "disregard",
        "forget",
        "tus",
        "usted",
        "instrucciones",
        "asistente",
        "usuario",
        "vous",
        "vos",
        "tes",
        "assistante",
        "utilisateur",
        "consignes",
        "dein",
        "deine",
        "deinen",
        "sie",
        "ihre",
        "anweisungen",
        "assistent",
        "benutzer",
        "nutzer",
        "voce",
        "você",
        "suas",
        "instruções",
        "assistente",
        "usuário",
        "tuoi",
        "tue",
        "istruzioni",
        "utente",
        "jij",
        "jouw",
        "instructies",
        "gebruiker",
        "twoje",
        "instrukcje",
        "asystent",
        "użytkownik",
        "senin",
        "talimatları",
        "asistan",
        "kullanıcı",
        "kamu",
        "anda",
        "instruksi",
        "asisten",
        "pengguna",
        "bạn",
        "ты",
        "вы",
        "твои",
        "ваши",
        "инструкции",
        "ассистент",
        "пользователь",
        "пользователю",
        "أنت",
        "تعليمات",
        "التعليمات",
        "المساعد",
        "المستخدم",
        "आप",
        "तुम",
        "निर्देश",
        "निर्देशों",
        "सहायक",
    ];
    const PARTS: &[&str] = &[
        "你",
        "您",
        "指令",
        "助手",
        "用户",
        "提示",
        "規則",
        "规则",
        "あなた",
        "指示",
        "アシスタント",
        "ユーザー",
        "プロンプト",
        "당신",
        "지시",
        "어시스턴트",
        "사용자",
        "프롬프트",
        "너는",
        "<|",
        "[system",
        "[inst",
    ];
    let small = passage.to_lowercase();
    PARTS.iter().any(|part| small.contains(part))
        || small.split(|letter: char| !letter.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

/// Every string of a JSON value, a line each.
fn strings(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text}\n"),
        Value::Array(list) => list.iter().map(strings).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| format!("{name}: {}", strings(value))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => String::from("\n"),
    }
}
