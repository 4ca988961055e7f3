//! stripe: payments, customers, refunds, and the events about them.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["stripe"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "stripe",
    host: "api.stripe.com",
    valued: "api-key project-name d data e expand stripe-account limit c confirm color",
    options: &[("config", Value::Read)],
    verbs: &[
        ("login, logout, config", &[Act::Configure("stripe client")]),
        ("listen", &[Act::Listen, Act::Upload]),
        (
            "logs, status, version, open, samples list, resources, get, events list|retrieve, customers list|retrieve|search, charges list|retrieve, products list, prices list, balance retrieve, invoices list|retrieve, subscriptions list|retrieve, payment_intents list|retrieve, refunds list",
            &[Act::Ask],
        ),
        (
            "delete, customers delete, products delete, subscriptions cancel, coupons delete, webhook_endpoints delete, payment_intents cancel",
            &[Act::Destroy],
        ),
        (
            "trigger, fixtures, post, payment_intents create|confirm|capture, charges create, refunds create, payouts create, transfers create",
            &[Act::Change],
        ),
        ("samples create, plugin", &[Act::Fetch, Act::WriteTreeAt(".")]),
    ],
    ..Described::NEW
};
