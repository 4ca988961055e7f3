//! Swahili.

use crate::lexicon::meaning as m;

pub(super) const WORDS: &[(m::Meaning, &str)] = &[
    (m::DROP, "puuza sahau achana"),
    (m::EARLIER, "awali yaliyotangulia hapo_juu zilizopita yaliyopita"),
    (m::ORDERS, "maagizo maelekezo sheria amri kanuni"),
    (m::TASK, "kazi mazungumzo"),
    (m::SYSTEM, "mfumo"),
    (m::YOUR, "yako wako"),
    (m::REVEAL, "onyesha fichua"),
    (m::NOT, "usi bila usimwambie usimwambia usiwaambie"),
    (m::TELL, "usimwambie usimwambia kumwambia usiwaambie"),
    (m::USER, "mtumiaji watumiaji"),
    (m::SEND, "tuma"),
    (m::SECRET, "nenosiri nywila"),
    (m::FILLER, "yote zote ya za na wa"),
    (m::ALL, "yote zote"),
];
