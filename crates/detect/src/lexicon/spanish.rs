//! Spanish.

use crate::lexicon::meaning as m;

pub(super) const WORDS: &[(m::Meaning, &str)] = &[
    (
        m::DROP,
        "ignora ignore ignorar ignoren ignorad olvida olvide olvidar olvidate descarta descarte omite omita haz_caso pasa_por desestima prescinde anula desobedece",
    ),
    (m::EARLIER, "anteriores anterior previas previos previa arriba iniciales originales antes precedentes"),
    (
        m::ORDERS,
        "instrucciones instruccion reglas regla directrices indicaciones ordenes comandos prompt normas restricciones pautas politica",
    ),
    (m::TASK, "tarea contexto conversacion todo mensajes solicitud"),
    (m::SYSTEM, "sistema secreto secretas ocultas oculto internas"),
    (m::YOUR, "tu tus su sus"),
    (m::YOU, "tu usted eres"),
    (m::ARE, "eres ahora"),
    (m::REVEAL, "revela revele muestra muestre imprime imprima divulga repite expon traduce"),
    (m::NOT, "no sin nunca jamas ningun"),
    (
        m::TELL,
        "digas diga decir informes informe informar menciones mencione mencionar avises avisar decirle cuentes cuente notifiques reveles decirselo",
    ),
    (m::USER, "usuario usuarios usuaria cliente nadie"),
    (m::SEND, "envia envie enviar enviale manda mande reenvia publica sube transmite"),
    (m::SECRET, "contrasena contrasenas clave claves credenciales secretos llave token variables_de"),
    (m::GET, "abre abra recopila copia obten"),
    (m::ALWAYS, "siempre cada"),
    (m::KEEP, "recuerda guarda guarde anade agrega memoriza almacena escribe"),
    (m::MEMORY, "memoria"),
    (m::QUIET, "silenciosamente secretamente discretamente"),
    (m::NEW, "nuevas nueva nuevos nuevo"),
    (m::INSTEAD, "lugar partir ahora"),
    (m::MUST, "debes debe tienes_que"),
    (m::UNBOUND, "restricciones limites filtros"),
    (m::PRETEND, "actua finge comportate"),
    (m::URGENT, "urgente inmediatamente importante"),
    (m::ANSWER, "responde respuesta"),
    (m::ONLY, "solo solamente unicamente"),
    (m::FILLER, "todas todos todo las los la el lo al del de y estas estos esas por favor que cualquier le me a"),
    (m::ALL, "todas todos todo"),
    (m::AGENT, "ia asistente modelo"),
    (m::RESPONSE, "respuesta resumen"),
    (m::UNBOUND, "censura"),
];
