//! French.

use crate::lexicon::meaning as m;

pub(super) const WORDS: &[(m::Meaning, &str)] = &[
    (
        m::DROP,
        "ignore ignorez ignorer oublie oubliez oublier neglige negligez contourne contournez outrepasse outrepassez ecarte annule annulez abandonne abandonnez mets_de passe_outre tenez_pas",
    ),
    (
        m::EARLIER,
        "precedentes precedente precedents precedent anterieures anterieurs dessus avant initiales initiale originales prealables",
    ),
    (
        m::ORDERS,
        "instructions instruction consignes consigne regles directives directive ordres prompts invite politique restrictions contraintes",
    ),
    (m::TASK, "tache contexte conversation tout messages demande"),
    (m::SYSTEM, "systeme secretes internes"),
    (m::YOUR, "ton ta tes votre vos"),
    (m::YOU, "tu vous"),
    (m::ARE, "es etes"),
    (m::REVEAL, "revele revelez affiche affichez montre montrez imprime divulgue divulguez repete repetez traduis"),
    (m::NOT, "ne pas sans jamais aucun"),
    (
        m::TELL,
        "dis dites dire informe informez informer mentionne mentionner mentionnez previens prevenir signale signaler avertir parler parle",
    ),
    (m::USER, "utilisateur utilisateurs utilisatrice personne"),
    (m::SEND, "envoie envoyez envoyer transmets transmettez transmettre publie transfere transferez televerse"),
    (m::SECRET, "mot_de passe motdepasse mots_de cle cles jeton jetons identifiants secrets cle_privee variables_d"),
    (m::GET, "lis lisez ouvre ouvrez recupere recuperez collecte copie"),
    (m::ALWAYS, "toujours desormais dorenavant chaque"),
    (m::KEEP, "souviens enregistre enregistrez ajoute ajoutez memorise retiens ecris"),
    (m::MEMORY, "memoire"),
    (m::QUIET, "discretement silencieusement secretement furtivement"),
    (m::MUST, "dois devez doit faut"),
    (m::PRETEND, "agis agissez comporte simule"),
    (m::UNBOUND, "restriction limites filtre"),
    (m::NEW, "nouvelles nouvelle nouveau nouveaux"),
    (m::INSTEAD, "plutot desormais"),
    (m::URGENT, "urgent immediatement important"),
    (m::ANSWER, "reponds repondez reponse resume"),
    (m::ONLY, "uniquement seulement"),
    (
        m::FILLER,
        "toutes tous toute les le la des de du et ces cette l a en qui que ce cet au ci il te moi votre d donnees te_que l",
    ),
    (m::ALL, "toutes tous toute tout"),
    (m::AGENT, "ia assistant modele"),
    (m::RESPONSE, "reponse resume"),
    (m::UNBOUND, "restrictions censure"),
];
