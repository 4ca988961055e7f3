//! Portuguese.

use crate::lexicon::meaning as m;

pub(super) const WORDS: &[(m::Meaning, &str)] = &[
    (
        m::DROP,
        "ignore ignora ignorar ignorem esqueca esquece esquecer desconsidere desconsidera desconsiderar despreze sobrescreva contorne descarte",
    ),
    (m::EARLIER, "anteriores anterior acima previas iniciais originais antes"),
    (m::ORDERS, "instrucoes instrucao regras diretrizes ordens comandos prompt orientacoes restricoes"),
    (m::TASK, "tarefa contexto conversa tudo mensagens"),
    (m::SYSTEM, "sistema secreto secretas ocultas oculto internas"),
    (m::YOUR, "seu sua suas seus teu tuas"),
    (m::YOU, "voce tu"),
    (m::ARE, "es esta e"),
    (m::REVEAL, "revele revela mostre mostra imprima exiba exibe divulgue repita"),
    (m::NOT, "nao sem nunca jamais"),
    (m::TELL, "diga conte informe informar mencione mencionar avise avisar contar dizer notifique"),
    (m::USER, "usuario usuarios utilizador utilizadores cliente ninguem"),
    (m::SEND, "envie envia enviar mande encaminhe publique transmita"),
    (m::SECRET, "senha senhas chave chaves credenciais segredos palavra_passe"),
    (m::GET, "leia abra colete copie"),
    (m::ALWAYS, "sempre"),
    (m::KEEP, "lembre salve guarde adicione memorize"),
    (m::MEMORY, "memoria"),
    (m::QUIET, "silenciosamente secretamente discretamente"),
    (m::NEW, "novas novos nova"),
    (m::MUST, "deve"),
    (m::UNBOUND, "restricoes limites"),
    (m::PRETEND, "finja aja comporte"),
    (m::FILLER, "todas todos as os a o e de da do que estas essas por favor qualquer ao"),
    (m::ALL, "todas todos tudo"),
    (m::AGENT, "ia assistente modelo"),
    (m::RESPONSE, "resposta resumo"),
    (m::UNBOUND, "censura"),
];
