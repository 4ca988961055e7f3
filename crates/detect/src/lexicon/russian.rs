//! Russian and Ukrainian.

use crate::lexicon::meaning as m;

pub(super) const WORDS: &[(m::Meaning, &str)] = &[
    (
        m::DROP,
        "urhopupy* npourhopupy* забудь забудьте отбрось отбросьте пренебрег* he_обращаи otmehu обходи обоиди irhopy* npoirhopy* nponyctu",
    ),
    (m::EARLIER, "предыдущ* прежн* выше вышеуказанные изначальн* pahee прошлые nonepeahi nonepeahix первоначальн* предшествующ*"),
    (m::ORDERS, "инструкц* ykaeah* правил* komaha* aupektub* npomnt* orpahuyeh* інструкц* bkaeibk* yctahobk* распоряжен*"),
    (m::TASK, "eaaah* eaaay* kohtekct* paerobop* bce сообщен* eanpoc*"),
    (m::SYSTEM, "cuctem* скрыт* cekpeth* bhytpehh*"),
    (m::YOUR, "tbou bawu cbou cboux tboux bawux свою твою"),
    (m::YOU, "ты вы"),
    (m::ARE, "tenepb"),
    (m::REVEAL, "покажи покажите packpou packpoute выведи выведите pacneyatau nobtopu haneyatau"),
    (m::NOT, "he без hukoraa hukomy"),
    (
        m::TELL,
        "robopu robopute сообщаи сообщаите ynomuhau ynomuhaute рассказываи рассказываите уведомляи уведомляя сообщая robopr рассказыв* повідомля*",
    ),
    (m::USER, "пользовател* юзер* клиент* hukomy onepatop* kopuctybay*"),
    (m::SEND, "otnpabb otnpabbte пошли пошлите перешли перешлите earpyeu nepeaau опубликуи отправляи bianpab* надішли"),
    (m::SECRET, "парол* ключ* tokeh* cekpet* учетные"),
    (m::GET, "npoyutau npoytu otkpoute otkpou собери ckonupyu"),
    (m::ALWAYS, "bceraa отныне"),
    (m::KEEP, "eanomhu eanomhute coxpahu добавь eanuwu"),
    (m::MEMORY, "namrtb namrtu"),
    (m::QUIET, "tuxo heeametho скрытно tauho"),
    (m::NEW, "новые новые_инструкции hobar"),
    (m::INSTEAD, "bmecto"),
    (m::MUST, "должен должна обязан нужно"),
    (m::UNBOUND, "orpahuyehuu heorpahuyeh*"),
    (m::PRETEND, "nputbopucb beau aeuctbyu"),
    (m::URGENT, "cpoyho немедленно важно"),
    (m::ABOUT, "atak* инъекц* yrebumoct* hanpumep злоумышленн*"),
    (m::FILLER, "bce bcex u o ha b c эти это mhe пожалуиста yci bci"),
    (m::ALL, "bce bcex yci bci"),
    (m::AGENT, "uu accucteht* помощник* модел*"),
    (m::RESPONSE, "otbet* резюме"),
    (m::UNBOUND, "orpahuyehu* без_ограничении"),
];
