//! Italian.

use crate::lexicon::meaning as m;

pub(super) const WORDS: &[(m::Meaning, &str)] = &[
    (m::DROP, "ignora ignorate ignorare dimentica dimenticate tralascia scavalca annulla trascura disattendi"),
    (m::EARLIER, "precedenti precedente sopra prima iniziali originali anteriori"),
    (m::ORDERS, "istruzioni istruzione regole direttive ordini prompt indicazioni restrizioni linee_guida"),
    (m::TASK, "compito contesto conversazione tutto messaggi"),
    (m::SYSTEM, "sistema segreto segrete nascosto interne"),
    (m::YOUR, "tuo tua tue tuoi vostro"),
    (m::YOU, "tu voi"),
    (m::ARE, "sei"),
    (m::REVEAL, "rivela mostra stampa rivelare ripeti divulga svela"),
    (m::NOT, "non senza mai"),
    (m::TELL, "dire dirlo informare informa menzionare menziona avvisare avvisa dica comunicare"),
    (m::USER, "utente utenti cliente nessuno"),
    (m::SEND, "invia inviare inviate spedisci manda inoltra carica pubblica"),
    (m::SECRET, "chiave chiavi credenziali segreti parola_d"),
    (m::GET, "leggi apri raccogli copia"),
    (m::ALWAYS, "sempre ogni"),
    (m::KEEP, "ricorda salva aggiungi memorizza"),
    (m::MEMORY, "memoria"),
    (m::QUIET, "silenziosamente segretamente discretamente"),
    (m::NEW, "nuove nuova nuovi"),
    (m::MUST, "devi dovete"),
    (m::UNBOUND, "restrizioni limiti"),
    (m::PRETEND, "comportati fingi agisci"),
    (m::FILLER, "tutte tutti le la il i gli e di del della queste mi al"),
    (m::ALL, "tutte tutti tutto"),
    (m::AGENT, "ia assistente modello"),
    (m::RESPONSE, "risposta"),
    (m::UNBOUND, "censura"),
];
