//! German.

use crate::lexicon::meaning as m;

pub(super) const WORDS: &[(m::Meaning, &str)] = &[
    (
        m::DROP,
        "ignoriere ignorieren ignorier ignoriert vergiss vergesse vergessen missachte missachten uberschreibe uberschreiben umgehe umgehen verwirf verwerfen ausser_acht beachte_nicht lass_alle setze_aussser",
    ),
    (
        m::EARLIER,
        "vorherigen vorherige vorheriger vorigen fruheren fruhere bisherigen bisherige obigen obige vorangegangenen vorangehenden ursprunglichen zuvor bislang",
    ),
    (
        m::ORDERS,
        "anweisungen anweisung instruktionen regeln vorgaben richtlinien befehle prompts einschrankungen beschrankungen systemprompt auftrage",
    ),
    (m::TASK, "aufgabe aufgaben kontext gesprach alles nachrichten eingabe"),
    (m::SYSTEM, "system geheimen versteckten internen systemprompt entwickler"),
    (m::YOUR, "deine deinen deinem dein ihre ihren euer"),
    (m::YOU, "du sie"),
    (m::ARE, "bist sind"),
    (m::REVEAL, "zeige zeig verrate offenbare gib_aus drucke enthulle wiederhole ausgeben ubersetze"),
    (m::NOT, "nicht kein keine keinen ohne niemals nie"),
    (
        m::TELL,
        "sag sage sagen erzahle erzahlen erwahne erwahnen informiere informieren mitteilen melde verrate mitzuteilen bescheid berichte",
    ),
    (m::USER, "benutzer benutzern nutzer nutzern anwender anwendern kunden niemandem niemand benutzerin"),
    (m::SEND, "sende senden schicke schick schicken ubermittle ubertrage lade_hoch leite_weiter poste versende maile"),
    (m::SECRET, "passwort passworter kennwort schlussel zugangsdaten geheimnisse zugriffstoken umgebungsvariablen anmeldedaten"),
    (m::GET, "lese offne sammle kopiere"),
    (m::ALWAYS, "immer kunftig zukunftig jedes"),
    (m::KEEP, "merke merk speichere speicher fuge schreibe erganze"),
    (m::MEMORY, "gedachtnis speicher erinnerung"),
    (m::QUIET, "heimlich unauffallig stillschweigend"),
    (m::MUST, "musst mussen muss"),
    (m::PRETEND, "verhalte tu spiele simuliere"),
    (m::UNBOUND, "uneingeschrankte uneingeschrankter unbeschrankt ungefiltert grenzen"),
    (m::NEW, "neue neuen neuer"),
    (m::INSTEAD, "stattdessen nun jetzt"),
    (m::URGENT, "dringend sofort wichtig umgehend"),
    (m::ANSWER, "antworte antwort"),
    (m::ONLY, "nur ausschliesslich"),
    (m::FILLER, "alle allen die der das den dem und bitte von ab zu an mir du jetzt diese dieser diesem ein eine dir nun"),
    (m::ALL, "alle allen alles samtliche"),
    (m::AGENT, "ki assistent assistenten modell sprachmodell"),
    (m::RESPONSE, "antwort zusammenfassung"),
    (m::UNBOUND, "uneingeschrankt ungefiltert einschrankungen beschrankungen grenzenlos"),
];
