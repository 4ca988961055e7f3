//! The default policies, by name.

/// One default policy.
pub(crate) struct Preset {
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

/// The usual one first.
pub(crate) const PRESETS: [Preset; 3] = [
    Preset { name: "coding-agent", text: include_str!("../presets/coding-agent.cedar") },
    Preset { name: "observe", text: include_str!("../presets/observe.cedar") },
    Preset { name: "strict", text: include_str!("../presets/strict.cedar") },
];
