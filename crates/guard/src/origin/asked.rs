//! What kinds of acts the user's own words ask for. In: the words, in lower case. A word of the meaning is enough: it opens
//! nothing by itself, it only keeps the guard from asking about what was asked for.

use bailiwick_vocab::origin::Wish;

/// Beginnings of words that mean taking away, in many languages.
const REMOVE: [&str; 50] = [
    "delet",
    "toss",
    "ditch",
    "scrap",
    "clos",
    "schließ",
    "ferm",
    "cierr",
    "remov",
    "cancel",
    "eras",
    "discard",
    "unsubscrib",
    "uninvit",
    "revok",
    "kick",
    "trash",
    "purg",
    "lösch",
    "entfern",
    "stornier",
    "widerruf",
    "supprim",
    "effac",
    "annul",
    "retir",
    "borr",
    "elimin",
    "anul",
    "rimuov",
    "apag",
    "verwijder",
    "annuleer",
    "usuń",
    "skasuj",
    "удал",
    "отмен",
    "сотри",
    "sil",
    "kaldır",
    "iptal",
    "hapus",
    "batal",
    "xóa",
    "hủy",
    "futa",
    "ondoa",
    "حذف",
    "الغ",
    "إلغ",
];

/// The same of more than a word, and in writing without spaces between words.
const REMOVE_ANYWHERE: [&str; 24] = [
    "the bin",
    "throw away",
    "throw out",
    "weg damit",
    "wirf ",
    "rid of",
    "papierkorb",
    "corbeille",
    "papelera",
    "cestino",
    "lixeira",
    "删除",
    "刪除",
    "移除",
    "取消",
    "削除",
    "消して",
    "取り消",
    "삭제",
    "취소",
    "지워",
    "हटा",
    "मिटा",
    "মুছ",
];

/// Beginnings of words that mean booking or buying.
const ORDER: [&str; 38] = [
    "book",
    "reserv",
    "order",
    "buy",
    "purchas",
    "rent",
    "hire",
    "checkout",
    "buch",
    "bestell",
    "kauf",
    "miete",
    "réserv",
    "command",
    "achet",
    "lou",
    "encarg",
    "compr",
    "alquil",
    "contrat",
    "prenot",
    "ordin",
    "acquist",
    "noleggi",
    "alug",
    "boek",
    "huur",
    "koop",
    "zarezerw",
    "zamów",
    "kup",
    "заброни",
    "закаж",
    "купи",
    "rezerv",
    "pesan",
    "beli",
    "đặt",
];

/// The same in writing without spaces between words.
const ORDER_ANYWHERE: [&str; 12] =
    ["预订", "預訂", "预定", "购买", "購買", "予約", "注文", "買って", "예약", "주문", "बुक", "حجز"];

/// Beginnings of words that ask for something to be done, changed or sent.
const DO: &str = "creat add mak made writ schedul put set updat chang append sav book plan remind send repl answer respond forward \
    shar invit mov renam reschedul delet remov cancel order buy reserv pay transfer post publish upload edit fix compos draft \
    record log mark copy fill submit sign enter regist assign tell let inform notif giv do follow complet handl perform execut \
    arrang organi prepar take start clos accept declin join block confirm contact ask call mail email messag text thank invit \
    appl enabl disabl turn pin label archiv flag sort clean keep note help manag convert generat rent hir purchas split merg \
    replac correct settl refund return use try get open correspond proceed go deal act comment react vote star approv reject \
    escalat resolv assign deploy releas credit debit chang drop clear empty erase report \
    erstell schreib schick send trag setz änder verschieb antwort buch bestell überweis zahl lösch teil lad sag leg mach füg \
    crée ajout écri envo répond réserv command déplac modifi partag dis met fai pai supprim \
    cre añad agreg escrib enví respond reserv mand pon cambi muev compart di haz pag borr elimin \
    crea aggiung scriv invi rispond prenot sposta modific condivid paga cancell met fa \
    cri adicion escrev envi respond reserv mov alter compartilh pag diga faç coloqu maak voeg schrijf stuur antwoord boek \
    verplaats wijzig deel betaal verwijder zet";

/// With which words a sentence begins that only wants to know.
const KNOW: &str = "what whats when who whom which how where why whose is are was were did does has have had summarize summarise \
    show list find read check look search count explain describe recommend suggest compare tell give \
    was wann wer welche welcher welches wie wo warum ist sind hat zeig zeige lies suche fasse \
    que qu quel quelle quels quelles quand qui combien où est sont montre lis cherche résume \
    qué cuál cuáles cuándo quién cuánto cuántos cómo dónde está muestra lee busca resume \
    che cosa quale quali quando chi quanto quanti come dove è mostra leggi cerca riassumi \
    quantos quanto qual quais quem onde como mostre leia procure wat wanneer wie welke hoe waar toon lees zoek";

/// After these an act is asked for wherever it stands in a sentence.
const FURTHER: &str =
    "and then also please und dann auch bitte et puis aussi y luego también e poi anche depois também en dan ook";

/// Beginnings of words that ask for something to be sent or said to somebody, and no things.
const TELL: &str = "repl answer respond writ send tell thank inform notif forward invit shar remind apologi confirm ask get \
    antwort schreib schick dank teil sag écri envo répond remerci escrib enví respond agradec scriv invi rispond ringrazi \
    escrev antwoord schrijf stuur ответ напиш отправ odpow napis wyślij svar skriv yanıt yaz balas kirim";

/// Beginnings of words that ask for something new.
const MAKE: &str = "creat add mak put schedul set insert enter writ save plan book open file erstell trag setz leg schreib crée ajout \
    mets inscri cre añad pon crea aggiung metti scriv adicion coloqu";

/// Beginnings of words that ask for somebody to be let in.
const ADMIT: &str = "invit add grant access join member share give allow einlad hinzu freigeb teil ajout partag añad compart aggiung \
    condivid adicion todo task instruct follow";

/// Beginnings of words that tell somebody to pass something on or let somebody in.
const SPREAD: &str = "post send forward writ reply repl invit add publish grant give transfer pay upload submit tell inform email shar \
    schick sende teil einlad lade poste veröffent envo partag publi envi mand compart inoltra condivid pubblica encaminh stuur \
    verstuur verzend deel wyśl wysł prześl udostępn gönder yolla ilet paylaş skicka dela kirim bagikan gửi chia tuma peleka shirik";

/// Beginnings of words that ask for a change.
const CHANGE: &str = "move chang updat renam reschedul assign label mark edit modif approv merg do now must should need only prefer \
    recommend choos pick select go visit stay try reserv order buy buch reserv änder verschieb nimm déplac modifi choisi muev cambi \
    elig sposta scegli";

/// Beginnings of words that ask for an answer.
const ANSWER: &str = "repl answer respond antwort beantwort répond respuest contest rispond beantwoord ответ odpow svar yanıt";

/// What an answer is to, and words before that.
const LETTER: &str =
    "mail email message letter it him her them nachricht brief darauf courriel lettre correo carta messaggio bericht";
const POINTING: &str = "to on the that this my latest last newest unread new first auf die das diese letzte neueste meine au à le la les \
    dernier al el último último ultimo op de het";

/// The same in writing without spaces between words.
const TELL_ANYWHERE: [&str; 10] = ["回复", "回復", "回信", "发送", "返信", "送って", "伝えて", "답장", "보내", "जवाब"];

/// Whether these words ask for such a thing.
#[must_use]
pub fn is_asked(words: &str, wish: Wish) -> bool {
    let (beginnings, anywhere): (&[&str], &[&str]) = match wish {
        Wish::Remove => (&REMOVE, &REMOVE_ANYWHERE),
        Wish::Order => (&ORDER, &ORDER_ANYWHERE),
        Wish::Know => return only_asks(words),
    };
    let begins = |word: &str| beginnings.iter().any(|start| word.starts_with(start));
    anywhere.iter().any(|part| words.contains(part)) || words.split(|letter: char| !letter.is_alphanumeric()).any(begins)
}

/// Whether these words ask for something to be sent or said to somebody. What a question is about is not asked for.
#[must_use]
pub fn is_telling(words: &str) -> bool {
    TELL_ANYWHERE.iter().any(|part| words.contains(part)) || is_wanted(words, TELL)
}

/// Whether these words may ask for something new.
#[must_use]
pub fn is_making(words: &str) -> bool {
    parts(words).iter().any(|word| begins(word, MAKE))
}

/// Whether these words tell somebody to send or give something.
#[must_use]
pub fn is_demanding(words: &str) -> bool {
    parts(words).iter().any(|word| begins(word, SPREAD)) || is_foreign(words)
}

/// Whether there are letters of writings whose words are not in these lists: they may say anything.
fn is_foreign(words: &str) -> bool {
    words.chars().any(|letter| letter.is_alphabetic() && letter > 'ɏ' && !('Ḁ'..='ỿ').contains(&letter))
}

/// Whether these words may tell somebody to do something with a thing.
#[must_use]
pub fn is_ordering(words: &str) -> bool {
    let all = parts(words);
    is_asked(words, Wish::Remove)
        || all.iter().any(|word| [SPREAD, MAKE, CHANGE].iter().any(|list| begins(word, list)))
        || is_foreign(words)
}

/// Whether these words ask for somebody to be let in.
#[must_use]
pub fn is_admitting(words: &str) -> bool {
    is_wanted(words, ADMIT)
}

/// Whether these words ask for an answer to a letter, and do not say to whom.
#[must_use]
pub fn is_answering(words: &str) -> bool {
    let answers = |sentence: &str| {
        let all = parts(sentence);
        let told =
            |at: usize| all.iter().skip(at + 1).find(|word| !is_in(word, POINTING)).is_some_and(|next| begins(next, LETTER));
        all.iter().enumerate().any(|(at, word)| begins(word, ANSWER) && told(at))
    };
    is_wanted(words, ANSWER) && sentences(words).any(answers)
}

/// Whether a word that begins so stands where something is asked for.
fn is_wanted(words: &str, beginnings: &str) -> bool {
    let asks = |sentence: &str| {
        let words = parts(sentence);
        let know = words.first().is_some_and(|first| is_in(first, KNOW) && !matches!(*first, "tell" | "give"));
        let from = if know { words.iter().position(|word| is_in(word, FURTHER)).unwrap_or(words.len()) } else { 0 };
        words.get(from..).unwrap_or_default().iter().any(|word| begins(word, beginnings))
    };
    sentences(words).any(asks)
}

/// Whether the user only wants to know something: each sentence is one that asks, and none asks for more on the way. What is
/// not understood may ask for anything.
fn only_asks(words: &str) -> bool {
    let mut any = false;
    for sentence in sentences(words) {
        let all = parts(sentence);
        let Some(first) = all.first() else { continue };
        any = true;
        let told = |at: usize| {
            let to = |next: &&str| matches!(*next, "me" | "us" | "mir" | "uns" | "moi" | "nous" | "nos");
            matches!(all.get(at), Some(&("tell" | "give" | "show"))) && !all.get(at + 1).is_some_and(to)
        };
        let acts = |at: usize| all.get(at).is_some_and(|next| begins(next, DO) && !is_in(next, KNOW)) || told(at);
        let more = all.iter().enumerate().any(|(at, word)| is_in(word, FURTHER) && acts(at + 1));
        if !is_in(first, KNOW) || told(0) || more {
            return false;
        }
    }
    any
}

fn sentences(words: &str) -> impl Iterator<Item = &str> {
    let ends = |letter: char| matches!(letter, '!' | '?' | ';' | ':' | '…' | '\n' | '。' | '？' | '¿' | '¡');
    words.split(ends).flat_map(|sentence| sentence.split(". "))
}

fn parts(sentence: &str) -> Vec<&str> {
    sentence.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

fn is_in(word: &str, list: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| listed == word)
}

fn begins(word: &str, list: &str) -> bool {
    list.split_ascii_whitespace().any(|start| word.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_are_asked_for_in_many_languages() {
        for words in [
            "please delete the draft",
            "lösche die datei",
            "supprime ce message",
            "удали письмо",
            "请删除该文件",
            "cancel my trip",
        ] {
            assert!(is_asked(words, Wish::Remove), "{words}");
        }
        for words in ["book the cheapest one", "buche ein zimmer", "réserve une table", "请预订酒店", "забронируй отель"]
        {
            assert!(is_asked(words, Wish::Order), "{words}");
        }
        for words in
            ["read my mail", "lies die datei", "send a message to ann", "what is in the calendar?", "which hotel is best?"]
        {
            assert!(!is_asked(words, Wish::Remove) && !is_asked(words, Wish::Order), "{words}");
        }
    }

    #[test]
    fn who_only_wants_to_know_asks_for_nothing_else() {
        for words in [
            "what is in my calendar on monday? how long does it take?",
            "which hotel in lisbon is the cheapest",
            "summarize the mail from ann and list the dates.",
            "tell me who wrote last.",
            "what did ann ask me to send?",
        ] {
            assert!(is_asked(words, Wish::Know), "{words}");
        }
        for words in [
            "what is my next appointment? put it off by an hour.",
            "which hotel is the cheapest, and book it",
            "tell ann that i am late",
            "read the mail from ann and reply to it",
            "can you write to ann?",
            "please add a meeting",
            "soma barua pepe yangu",
            "read my mail and then please also create an event",
        ] {
            assert!(!is_asked(words, Wish::Know), "{words}");
        }
    }

    #[test]
    fn what_a_question_is_about_is_not_asked_for() {
        for words in ["reply to ann", "what did ann write? answer her.", "kannst du ann antworten?", "read it and thank him"] {
            assert!(is_telling(words), "{words}");
        }
        for words in ["what did ann write to me?", "read my mail", "how many did i send"] {
            assert!(!is_telling(words), "{words}");
        }
    }
}
