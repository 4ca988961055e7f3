//! What kinds of acts the user's own words ask for. In: the words, in lower case. A word of the meaning is enough: it opens
//! nothing by itself, it only keeps the guard from asking about what was asked for.

use bailiwick_vocab::map::Act;

/// Beginnings of words that mean taking away, in many languages.
const REMOVE: [&str; 43] = [
    "delet",
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

/// The same in writing without spaces between words.
const REMOVE_ANYWHERE: [&str; 13] =
    ["删除", "刪除", "移除", "取消", "削除", "消して", "取り消", "삭제", "취소", "지워", "हटा", "मिटा", "মুছ"];

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

/// Whether these words ask for such an act; only taking away and ordering are known.
#[must_use]
pub fn is_asked(words: &str, act: Act) -> bool {
    let (beginnings, anywhere): (&[&str], &[&str]) = match act {
        Act::Remove => (&REMOVE, &REMOVE_ANYWHERE),
        Act::Order => (&ORDER, &ORDER_ANYWHERE),
        Act::Send | Act::Pay | Act::Grant | Act::Post | Act::Set => return false,
    };
    let begins = |word: &str| beginnings.iter().any(|start| word.starts_with(start));
    anywhere.iter().any(|part| words.contains(part)) || words.split(|letter: char| !letter.is_alphanumeric()).any(begins)
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
            assert!(is_asked(words, Act::Remove), "{words}");
        }
        for words in ["book the cheapest one", "buche ein zimmer", "réserve une table", "请预订酒店", "забронируй отель"]
        {
            assert!(is_asked(words, Act::Order), "{words}");
        }
        for words in
            ["read my mail", "lies die datei", "send a message to ann", "what is in the calendar?", "which hotel is best?"]
        {
            assert!(!is_asked(words, Act::Remove) && !is_asked(words, Act::Order), "{words}");
        }
    }
}
