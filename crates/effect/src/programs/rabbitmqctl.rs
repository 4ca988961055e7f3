//! rabbitmqctl and rabbitmqadmin: a message broker's queues, users, state.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["rabbitmqctl", "rabbitmq-diagnostics", "rabbitmq-queues"],
        effects: |inv, sink| RABBITMQCTL.say(inv, sink),
    },
    Program { names: &["rabbitmqadmin"], effects: |inv, sink| RABBITMQADMIN.say(inv, sink) },
];

const RABBITMQCTL: Described = Described {
    target: "rabbitmq",
    valued: "n p node vhost t timeout formatter",
    verbs: &[
        (
            "status, list_queues, list_exchanges, list_bindings, list_users, list_vhosts, list_connections, list_channels, list_consumers, list_permissions, list_policies, cluster_status, environment, report, ping, version, check_running, check_alarms, memory_breakdown, list_parameters, node_health_check, log_location, log_tail",
            &[Act::Ask],
        ),
        (
            "delete_queue, purge_queue, delete_user, delete_vhost, reset, force_reset, forget_cluster_node, clear_permissions, clear_policy, clear_parameter, close_connection, close_all_connections, remove_classic_queue",
            &[Act::Destroy],
        ),
        ("eval, eval_file, exec", &[Act::Code("erlang", 0)]),
        ("stop, stop_app, shutdown", &[Act::Change]),
        ("export_definitions", &[Act::WriteOne(0)]),
        ("import_definitions", &[Act::ReadOne(0), Act::Change]),
        ("add_user, change_password, set_user_tags, set_permissions, authenticate_user", &[Act::Change]),
    ],
    ..Described::NEW
};

const RABBITMQADMIN: Described = Described {
    target: "rabbitmq",
    valued: "H host P port u username p password V vhost N c config f",
    verbs: &[
        ("list, show, get", &[Act::Ask]),
        ("delete, purge, close", &[Act::Destroy]),
        ("publish", &[Act::Send("rabbitmq")]),
        ("export", &[Act::WriteOne(0)]),
        ("import", &[Act::ReadOne(0), Act::Change]),
    ],
    ..Described::NEW
};
