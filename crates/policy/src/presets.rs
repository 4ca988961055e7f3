//! The default policies, by name.

/// One default policy.
pub(crate) struct Preset {
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

/// The names of [`PRESETS`], in their order.
pub(crate) const NAMES: &[&str] = &["coding-agent", "assistant", "observe", "strict"];

/// The usual one first.
pub(crate) const PRESETS: [Preset; 4] = [
    Preset {
        name: "coding-agent",
        text: concat!(
            include_str!("../presets/never.cedar"),
            include_str!("../presets/coding-agent.cedar"),
            include_str!("../presets/outcomes.cedar")
        ),
    },
    Preset {
        name: "assistant",
        text: concat!(
            include_str!("../presets/never.cedar"),
            include_str!("../presets/assistant.cedar"),
            include_str!("../presets/outcomes.cedar")
        ),
    },
    Preset { name: "observe", text: concat!(include_str!("../presets/never.cedar"), include_str!("../presets/observe.cedar")) },
    Preset {
        name: "strict",
        text: concat!(
            include_str!("../presets/never.cedar"),
            include_str!("../presets/strict.cedar"),
            include_str!("../presets/outcomes-strict.cedar")
        ),
    },
];
