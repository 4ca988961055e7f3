//! The files that a command names and that are not there: made up by their names, so that the command gets far enough
//! to do something. In: the declared effects. Out: files on the lane's disk.

use std::fs;
use std::path::Path;

use bailiwick_effect::glob::{is_pattern, unescaped};
use bailiwick_vocab::effect::{Deed, Effect, Target, WriteMode};

/// Most files made for one command.
const MAX_PROPS: usize = 40;

/// What was made.
#[derive(Default)]
pub(crate) struct Props {
    /// Paths of the files and folders.
    pub(crate) made: Vec<String>,
}

impl Props {
    /// Whether anything was made.
    pub(crate) fn any(&self) -> bool {
        !self.made.is_empty()
    }
}

/// Makes them.
pub(crate) fn make(declared: &[Effect], command: &str) -> Props {
    let mut props = Props::default();
    for effect in declared {
        let written_whole = matches!(&effect.deed, Deed::Write { mode: WriteMode::Replace | WriteMode::Change, .. });
        if let Some(target) = effect.deed.target().filter(|_| !written_whole) {
            props.need(target, command);
        } else if let Some(target) = effect.deed.target().filter(|target| target.known) {
            // The folder of what will be written, unless the command makes it itself.
            let parent = Path::new(&target.path).parent().map(|parent| parent.to_string_lossy().into_owned());
            if let Some(parent) = parent.filter(|parent| !written(declared, parent) && !command.contains("mkdir")) {
                props.folder(&parent);
            }
        }
    }
    props
}

fn written(declared: &[Effect], path: &str) -> bool {
    let write = |effect: &Effect| matches!(&effect.deed, Deed::Write { target, .. } if target.path == path);
    declared.iter().any(write)
}

impl Props {
    fn need(&mut self, target: &Target, command: &str) {
        if !target.known {
            return;
        }
        let mut path = target.path.clone();
        if target.glob && is_pattern(&path) {
            if path.contains(['[', '{']) {
                return;
            }
            path = unescaped(&path.replace("**", "sub").replace('*', "sample").replace('?', "x"));
        }
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let folder = command.contains(&format!("{name}/")) || (target.tree && !name.contains('.'));
        if folder {
            self.folder(&path);
            self.file(&format!("{path}/sample.txt"));
        } else {
            self.file(&path);
        }
    }

    fn allowed(&mut self, path: &str) -> bool {
        let place = path.split('/').nth(1).unwrap_or_default();
        let forbidden = ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "proc", "sys", "dev", ""].contains(&place);
        let fine = !forbidden && self.made.len() < MAX_PROPS && path.len() < 1024 && fs::symlink_metadata(path).is_err();
        if fine {
            self.made.push(path.to_owned());
        }
        fine
    }

    fn folder(&mut self, path: &str) {
        if self.allowed(path) {
            let _ = fs::create_dir_all(path);
        }
    }

    fn file(&mut self, path: &str) {
        if !self.allowed(path) {
            return;
        }
        let Some(parent) = Path::new(path).parent() else { return };
        let _ = fs::create_dir_all(parent);
        if let Some(bytes) = content(path) {
            let _ = fs::write(path, bytes);
        }
    }
}

/// A GIF of one dot.
const PICTURE: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";
/// An empty gzip stream, an empty zip archive, an empty tar archive's block.
const GZIP: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00";
const ZIP: &[u8] = b"PK\x05\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00";

/// Plausible bytes for a file of that name.
fn content(path: &str) -> Option<Vec<u8>> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let archive = |program: &[&str]| packed(program, path);
    if name.ends_with(".tar.gz") || name.ends_with(".tgz") {
        return archive(&["tar", "-czf"]);
    }
    if name.ends_with(".tar.bz2") || name.ends_with(".tar.xz") || extension == "tar" {
        return archive(&["tar", "-caf"]);
    }
    let text = match extension {
        "gz" => return Some(GZIP.to_vec()),
        "zip" | "jar" | "war" | "apk" | "whl" => return archive(&["zip", "-q"]).or_else(|| Some(ZIP.to_vec())),
        "png" | "jpg" | "jpeg" | "gif" | "bmp" | "webp" => return Some(PICTURE.to_vec()),
        "json" | "ipynb" => "{\"name\": \"sample\", \"version\": \"1.0\", \"items\": [{\"id\": 1}, {\"id\": 2}]}\n",
        "yaml" | "yml" => "name: sample\nitems:\n  - one\n  - two\n",
        "toml" => "[package]\nname = \"sample\"\n",
        "xml" | "html" | "svg" => "<root><item id=\"1\">one</item></root>\n",
        "csv" => "name,age,city\nann,31,Bern\nbob,27,Oslo\n",
        "tsv" => "name\tage\nann\t31\n",
        "sql" => "SELECT 1;\n",
        "py" => "print('sample')\n",
        "js" | "mjs" | "ts" => "console.log('sample');\n",
        "sh" | "bash" => "#!/bin/sh\necho sample\n",
        "c" | "cpp" | "cc" => "int main(void) { return 0; }\n",
        "h" => "#define SAMPLE 1\n",
        "md" => "# Sample\n\nText.\n",
        "patch" | "diff" => "--- a/notes.txt\n+++ b/notes.txt\n@@ -1,1 +1,1 @@\n-alpha\n+ALPHA\n",
        "sha256" | "md5" | "sha1" => "0000000000000000000000000000000000000000000000000000000000000000  notes.txt\n",
        _ => "alpha one\nbeta two\ngamma three\nerror: sample 42\n",
    };
    Some(text.as_bytes().to_vec())
}

/// An archive made by its own program; `None` leaves what that program made at the path.
fn packed(program: &[&str], path: &str) -> Option<Vec<u8>> {
    let (name, options) = program.split_first()?;
    let mut command = std::process::Command::new(name);
    command.args(options).arg(path).args(["notes.txt", "data/people.csv"]).current_dir(crate::seed::PROJECT);
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).stdin(std::process::Stdio::null());
    let made = command.status().is_ok_and(|status| status.success());
    if made { None } else { Some(Vec::new()) }
}
