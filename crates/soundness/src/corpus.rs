//! Where commands come from. In: a file of JSON lines, or the sample kept beside this crate. Out: the commands, evenly
//! spread where fewer are wanted.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde::{Deserialize, Serialize};

/// One command; other fields of its line are not looked at.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Row {
    /// What to call it in the report; empty where the line has no name.
    #[serde(default)]
    pub(crate) id: String,
    pub(crate) command: String,
}

/// Reads a corpus.
pub(crate) fn read(path: &Path, count: Option<usize>) -> Result<Vec<Row>, String> {
    let shown = path.display();
    let text = if path.extension().is_some_and(|extension| extension == "gz") {
        let output = Command::new("gzip").arg("-dc").arg(path).output().map_err(|error| format!("cannot start gzip: {error}"))?;
        if !output.status.success() {
            return Err(format!("gzip cannot read {shown}: {}", String::from_utf8_lossy(&output.stderr)));
        }
        String::from_utf8_lossy(&output.stdout).into_owned()
    } else {
        fs::read_to_string(path).map_err(|error| format!("cannot read {shown}: {error}"))?
    };
    let rows: Vec<Row> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    if rows.is_empty() {
        return Err(format!("{shown} holds no line with a `command`"));
    }
    Ok(spread(rows, count))
}

/// The commands kept here, one a line; a line that begins with `# ` is a heading.
pub(crate) fn sample(count: Option<usize>) -> Result<Vec<Row>, String> {
    let lines = include_str!("../sample.txt").lines().filter(|line| !line.is_empty() && !line.starts_with("# "));
    let rows: Vec<Row> = lines.map(|line| Row { id: String::new(), command: line.to_owned() }).collect();
    if rows.is_empty() { Err("the sample is empty".to_owned()) } else { Ok(spread(rows, count)) }
}

/// `count` of the rows at even distances.
fn spread(rows: Vec<Row>, count: Option<usize>) -> Vec<Row> {
    let Some(count) = count.filter(|count| *count < rows.len()) else { return rows };
    let all = rows.len();
    let chosen = (0..count).map(|index| index * all / count);
    chosen.filter_map(|index| rows.get(index).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_rows_are_spread_evenly() {
        let rows = (0..10).map(|n| Row { id: n.to_string(), command: String::new() }).collect();
        let ids: Vec<String> = spread(rows, Some(4)).into_iter().map(|row| row.id).collect();
        assert_eq!(ids, ["0", "2", "5", "7"]);
    }
}
