//! mosquitto, nats, kcat: messages put on queues and taken off.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["mosquitto_pub", "mqttx"], effects: |inv, sink| MOSQUITTO_PUB.say(inv, sink) },
    Program { names: &["mosquitto_sub"], effects: |inv, sink| MOSQUITTO_SUB.say(inv, sink) },
    Program { names: &["nats"], effects: |inv, sink| NATS.say(inv, sink) },
    Program { names: &["kcat", "kafkacat"], effects: |inv, sink| KCAT.say(inv, sink) },
];

const MOSQUITTO_PUB: Described = Described {
    target: "mqtt",
    valued: "p u P t m i q V k will-topic will-payload",
    options: &[("f|cafile|cert|key|psk", Value::Read), ("h|host", Value::Host)],
    otherwise: &[Act::Send("mqtt")],
    alone: Some(&[Act::Send("mqtt")]),
    ..Described::NEW
};

const MOSQUITTO_SUB: Described =
    Described { target: "mqtt", valued: "h p u P t i q C W", otherwise: &[Act::Ask], alone: Some(&[Act::Ask]), ..Described::NEW };

const NATS: Described = Described {
    target: "nats",
    valued: "s server user password nkey timeout context t",
    options: &[("creds|tlscert|tlskey|config", Value::Read)],
    verbs: &[
        (
            "server list|info|ping|check|report, stream ls|info|report|view|get|state, consumer ls|info|report, kv ls|get|history|status, object ls|info, account info, context ls|info|show, rtt, sub, latency, events",
            &[Act::Ask],
        ),
        ("pub, request, req, publish", &[Act::Send("nats")]),
        ("reply", &[Act::Listen, Act::Opaque(OpaqueCause::Dynamic, "shell")]),
        ("stream rm|purge|rmm|seal, consumer rm, kv del|rm|purge, object rm|del", &[Act::Destroy]),
        ("object get", &[Act::Ask, Act::WriteTreeAt(".")]),
        ("object put", &[Act::Upload, Act::Change]),
        ("context", &[Act::Configure("nats client")]),
    ],
    ..Described::NEW
};

const KCAT: Described = Described {
    target: "kafka",
    valued: "b t p o G X f F D K q c e",
    flags: &[("P", &[Act::Send("kafka")]), ("L|C|G|Q", &[Act::Ask])],
    otherwise: &[Act::Ask],
    alone: Some(&[Act::Ask]),
    ..Described::NEW
};
