//! kafka's own scripts: topics, messages, groups, settings.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["kafka-topics", "kafka-topics.sh"], effects: |inv, sink| KAFKA_TOPICS.say(inv, sink) },
    Program {
        names: &["kafka-console-producer", "kafka-console-producer.sh", "kafka-verifiable-producer", "kafka-producer-perf-test"],
        effects: |inv, sink| KAFKA_CONSOLE_PRODUCER.say(inv, sink),
    },
    Program {
        names: &[
            "kafka-console-consumer",
            "kafka-console-consumer.sh",
            "kafka-log-dirs",
            "kafka-broker-api-versions",
            "kafka-get-offsets",
            "kafka-dump-log",
        ],
        effects: |inv, sink| KAFKA_CONSOLE_CONSUMER.say(inv, sink),
    },
    Program {
        names: &[
            "kafka-consumer-groups",
            "kafka-consumer-groups.sh",
            "kafka-configs",
            "kafka-configs.sh",
            "kafka-acls",
            "kafka-acls.sh",
            "kafka-leader-election",
            "kafka-reassign-partitions",
            "kafka-storage",
            "kafka-streams-application-reset",
            "kafka-features",
        ],
        effects: |inv, sink| KAFKA_CONSUMER_GROUPS.say(inv, sink),
    },
    Program {
        names: &["kafka-delete-records", "kafka-delete-records.sh"],
        effects: |inv, sink| KAFKA_DELETE_RECORDS.say(inv, sink),
    },
];

const KAFKA_TOPICS: Described = Described {
    target: "kafka",
    valued: "bootstrap-server topic partitions replication-factor config command-config zookeeper",
    flags: &[("delete", &[Act::Destroy]), ("create|alter", &[Act::Change]), ("list|describe", &[Act::Ask])],
    otherwise: &[Act::Ask],
    ..Described::NEW
};

const KAFKA_CONSOLE_PRODUCER: Described = Described {
    target: "kafka",
    valued: "bootstrap-server broker-list topic property producer.config",
    otherwise: &[Act::Send("kafka")],
    alone: Some(&[Act::Send("kafka")]),
    ..Described::NEW
};

const KAFKA_CONSOLE_CONSUMER: Described = Described {
    target: "kafka",
    valued: "bootstrap-server topic group property max-messages partition offset",
    otherwise: &[Act::Ask],
    alone: Some(&[Act::Ask]),
    ..Described::NEW
};

const KAFKA_CONSUMER_GROUPS: Described = Described {
    target: "kafka",
    valued: "bootstrap-server group topic entity-type entity-name add-config delete-config to-datetime offset-json-file reset-offsets-file principal operation command-config",
    options: &[("offset-json-file|from-file|path-to-json-file", Value::Read)],
    flags: &[
        ("delete|delete-offsets|remove|delete-config|application-id", &[Act::Destroy]),
        ("reset-offsets|alter|add|execute|offset-json-file|elect", &[Act::Change]),
        ("list|describe|verify", &[Act::Ask]),
    ],
    otherwise: &[Act::Ask],
    ..Described::NEW
};

const KAFKA_DELETE_RECORDS: Described = Described {
    target: "kafka",
    valued: "bootstrap-server command-config",
    options: &[("offset-json-file", Value::Read)],
    otherwise: &[Act::Destroy],
    alone: Some(&[Act::Destroy]),
    ..Described::NEW
};
