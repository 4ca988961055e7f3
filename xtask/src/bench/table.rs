//! The table of measurements. In: rows. Out: Markdown with machine and date.

use std::fs;
use std::time::Duration;

use crate::shell;

/// One figure.
pub(crate) struct Row {
    /// What was measured.
    pub(crate) figure: String,
    /// The value, with its unit.
    pub(crate) value: String,
    /// What it is compared with, and the ratio.
    pub(crate) against: String,
    /// What it should be; empty for a bare act.
    pub(crate) goal: String,
}

/// Markdown.
pub(crate) fn render(rows: &[Row]) -> String {
    let mut text = format!("{}\n\n| figure | value | against | goal |\n|---|---|---|---|\n", heading());
    for row in rows {
        text.push_str(&format!("| {} | {} | {} | {} |\n", row.figure, row.value, row.against, row.goal));
    }
    text
}

/// `cargo xtask bench`, when, and on what.
fn heading() -> String {
    let date = shell::output(shell::at_root("date").arg("+%F")).unwrap_or_default();
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processor.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown processor");
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "`cargo xtask bench`, {}, {}, {cores} cores, load {}.",
        date.trim(),
        model.trim_start_matches(|c: char| c == ':' || c.is_whitespace()),
        load.split(' ').next().unwrap_or("unknown")
    )
}

/// A time as people read it.
pub(crate) fn time(duration: Duration) -> String {
    let micros = duration.as_secs_f64() * 1e6;
    if micros >= 1000.0 { format!("{:.2} ms", micros / 1000.0) } else { format!("{micros:.1} µs") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_unit() {
        assert_eq!(time(Duration::from_micros(1500)), "1.50 ms");
        assert_eq!(time(Duration::from_nanos(2500)), "2.5 µs");
    }
}
