//! Turkish.

use crate::lexicon::meaning as m;

pub(super) const WORDS: &[(m::Meaning, &str)] = &[
    (m::DROP, "yoksay gormezden unut unutun ihmal_et gozardi bosver dikkate_alma yok_say"),
    (m::FINAL, "yoksay gormezden unut unutun yok_say dikkate_alma"),
    (m::EARLIER, "onceki yukaridaki daha_once eski ilk gecmis"),
    (
        m::ORDERS,
        "talimat talimatlari talimatlarini talimatlarin komutlari kurallari yonergeleri yonerge istemi komut kisitlamalari",
    ),
    (m::TASK, "gorev gorevi baglam sohbet her_sey"),
    (m::SYSTEM, "sistem gizli"),
    (m::YOUR, "senin sizin"),
    (m::REVEAL, "goster acikla yazdir ifsa"),
    (m::NOT, "soyleme bahsetme haber_verme bildirme olmadan"),
    (m::TELL, "soyleme bahsetme haber bildirme soylemeden"),
    (m::USER, "kullaniciya kullanici kullanicilara kullanicinin"),
    (m::SEND, "gonder yukle ilet gonderin"),
    (m::SECRET, "sifre sifreyi parola anahtar anahtarini sifreleri"),
    (m::ALWAYS, "her_zaman daima"),
    (m::KEEP, "hatirla kaydet"),
    (m::MEMORY, "hafiza bellek"),
    (m::QUIET, "gizlice sessizce"),
    (m::NEW, "yeni"),
    (m::FILLER, "tum butun ve bu lutfen gelin gel et"),
    (m::ALL, "tum butun"),
    (m::AGENT, "asistan yapay_zeka"),
    (m::RESPONSE, "yanit cevap"),
];
