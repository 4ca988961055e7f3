//! Dutch.

use crate::lexicon::meaning as m;

pub(super) const WORDS: &[(m::Meaning, &str)] = &[
    (m::DROP, "negeer negeert negeren vergeet vergeten sla_over overschrijf omzeil"),
    (m::EARLIER, "vorige voorgaande eerdere bovenstaande oorspronkelijke voorafgaande"),
    (m::ORDERS, "instructies instructie aanwijzingen regels opdrachten richtlijnen prompts beperkingen bevelen"),
    (m::TASK, "taak gesprek context alles"),
    (m::SYSTEM, "systeem geheime verborgen systeemprompt"),
    (m::ORDERS, "systeemprompt"),
    (m::YOUR, "je jouw uw"),
    (m::REVEAL, "toon onthul laat_zien druk_af geef_weer herhaal"),
    (m::NOT, "niet nooit zonder geen"),
    (m::TELL, "vertel zeg vertellen zeggen meld melden vermeld informeren weten"),
    (m::USER, "gebruiker gebruikers klant niemand iemand"),
    (m::SEND, "stuur verstuur verzend upload doorsturen"),
    (m::SECRET, "wachtwoord wachtwoorden sleutel sleutels geheimen toegangstoken inloggegevens omgevingsvariabelen"),
    (m::GET, "lees open verzamel haal"),
    (m::ALWAYS, "altijd voortaan"),
    (m::KEEP, "onthoud bewaar sla_op voeg_toe"),
    (m::MEMORY, "geheugen"),
    (m::QUIET, "stilletjes stiekem heimelijk"),
    (m::MUST, "moet"),
    (m::NEW, "nieuwe"),
    (m::UNBOUND, "onbeperkte onbeperkt ongefilterd"),
    (m::YOU, "jij u"),
    (m::ARE, "bent"),
    (m::FILLER, "alle de het een van al en uw deze dan dit nu"),
    (m::ALL, "alle alles"),
    (m::AGENT, "assistent"),
    (m::RESPONSE, "antwoord"),
];
