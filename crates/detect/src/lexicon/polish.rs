//! Polish.

use crate::lexicon::meaning as m;

pub(super) const WORDS: &[(m::Meaning, &str)] = &[
    (m::DROP, "zignoruj zignorujcie ignoruj ignorujcie zapomnij pomin pominac zlekcewaz nadpisz obejdz"),
    (m::EARLIER, "poprzednie poprzednich wczesniejsze wczesniejszych powyzsze powyzszych pierwotne dotychczasowe"),
    (m::ORDERS, "instrukcje instrukcji polecenia polecen zasady zasad reguly regul wytyczne wytycznych prompt ograniczenia"),
    (m::TASK, "zadanie kontekst rozmowe wszystko"),
    (m::SYSTEM, "systemowy systemowe systemu ukryte tajne"),
    (m::YOUR, "swoje twoje swoj twoj"),
    (m::REVEAL, "ujawnij pokaz wyswietl wypisz powtorz"),
    (m::NOT, "nie bez nigdy"),
    (m::TELL, "mow powiedz informuj wspominaj informowania wspominac mowic"),
    (m::USER, "uzytkownikowi uzytkownika uzytkownik uzytkownikom klienta nikomu"),
    (m::SEND, "wyslij przeslij wyslac przekaz opublikuj"),
    (m::SECRET, "haslo hasla klucz klucze token poswiadczenia"),
    (m::ALWAYS, "zawsze"),
    (m::KEEP, "zapamietaj zapisz dodaj"),
    (m::MEMORY, "pamieci pamiec"),
    (m::QUIET, "potajemnie cicho"),
    (m::NEW, "nowe"),
    (m::MUST, "musisz"),
    (m::FILLER, "wszystkie wszystkich i o w na te ten prosze"),
    (m::ALL, "wszystkie wszystkich wszystko"),
    (m::AGENT, "asystent asystentem"),
];
