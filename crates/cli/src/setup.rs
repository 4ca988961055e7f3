//! Loads what judging stands on: policy layers, maps, places. Organisation over user over project; a project's own
//! files only narrow until the user has trusted them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bailiwick_guard::maps;
use bailiwick_guard::payload::hex;
use bailiwick_guard::trust::Trusted;
use bailiwick_policy::load::{Layer, LayerKind};
use bailiwick_policy::places::{Anchors, Places};
use bailiwick_policy::policy::Policy;
use bailiwick_vocab::map::{Map, secret};
use sha2::{Digest as _, Sha256};

use crate::dirs::{Dirs, both_forms, database_home, home, keep_cached};
use crate::failure::{Failure, Kind, Naming as _};
use crate::wall::programs;

/// Where an organisation's policy lies.
const ORGANISATION: &str = "/etc/bailiwick";

/// The policy that holds where none is chosen.
pub const DEFAULT_PRESET: &str = "coding-agent";

/// What the command line says about policy.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Only the policies of this directory.
    pub policy: Option<PathBuf>,
    /// A built-in policy by name, instead of the configured one.
    pub preset: Option<String>,
    /// A map on top.
    pub map: Option<PathBuf>,
    /// One more layer of the user's, in the place of the file of that name.
    pub added: Option<Layer>,
}

/// Everything loaded, for one workspace.
pub struct Setup {
    /// The compiled policy.
    pub policy: Policy,
    /// Its digest.
    pub digest: String,
    /// What is known of tools.
    pub map: Map,
    /// The places.
    pub places: Places,
}

impl Setup {
    /// Loads for a workspace. Anything that does not load is a failure: never fewer rules than written.
    pub fn load(dirs: &Dirs, workspace: &str, choice: &Choice) -> Result<Setup, Failure> {
        let trusted = Trusted::parse(&optional(&dirs.config.join("trusted"))?.unwrap_or_default());
        let layers = layers(dirs, workspace, choice, &trusted)?;
        let map = map(dirs, workspace, choice, &trusted)?;
        let digest = Policy::digest(&layers, &map);
        let policy = cached(dirs, &digest, &layers, &map)?;
        let places = Places::new(&map, &anchors(dirs, workspace))
            .map_err(|error| Failure::new(Kind::Configuration, "the map's places cannot be used").because(error))?;
        Ok(Setup { policy, digest, map, places })
    }
}

impl Setup {
    /// Whether a path lies in one of these places.
    pub fn lies_in(&self, path: &Path, places: &[&str]) -> bool {
        self.places.of_path(&path.to_string_lossy()).iter().any(|place| places.contains(place))
    }

    /// Whether a host lies in one of these places.
    pub fn host_lies_in(&self, host: &str, places: &[&str]) -> bool {
        self.places.of_host(host).iter().any(|place| places.contains(place))
    }
}

fn anchors(dirs: &Dirs, workspace: &str) -> Anchors {
    let mut temp = both_forms("/tmp");
    temp.extend(both_forms("/var/tmp"));
    temp.push("/dev/shm".to_owned());
    // A variable that a project's settings can set does not make any directory a temporary one.
    let usual = ["/tmp/", "/var/tmp/", "/var/folders/", "/private/var/folders/", "/run/user/"];
    if let Some(own) = std::env::var("TMPDIR").ok().filter(|path| usual.iter().any(|usual| path.starts_with(usual))) {
        temp.extend(both_forms(own.trim_end_matches('/')));
    }
    let homes: BTreeSet<String> =
        [home(), database_home()].into_iter().flatten().flat_map(|home| both_forms(&home.to_string_lossy())).collect();
    let homes: Vec<String> = homes.into_iter().collect();
    Anchors {
        home: homes,
        workspace: both_forms(workspace),
        state: both_forms(&dirs.state.to_string_lossy()),
        config: both_forms(&dirs.config.to_string_lossy()),
        temp,
    }
}

/// The policy layers that hold for a workspace, in order.
pub fn layers(dirs: &Dirs, workspace: &str, choice: &Choice, trusted: &Trusted) -> Result<Vec<Layer>, Failure> {
    if let Some(directory) = &choice.policy {
        let files = cedar_files(directory)?;
        if files.is_empty() {
            let heading = format!("no *.cedar file in {}", directory.display());
            return Err(Failure::new(Kind::Configuration, heading));
        }
        return files.into_iter().map(|file| layer(LayerKind::User, &file, true)).collect();
    }
    let mut layers = Vec::new();
    for file in cedar_files(Path::new(ORGANISATION))? {
        layers.push(layer(LayerKind::Organisation, &file, true)?);
    }
    layers.push(preset(dirs, choice)?);
    let replaced = choice.added.as_ref().and_then(|added| Path::new(&added.source).file_name());
    for file in cedar_files(&dirs.config)?.into_iter().filter(|file| replaced.is_none() || file.file_name() != replaced) {
        layers.push(layer(LayerKind::User, &file, true)?);
    }
    layers.extend(choice.added.clone());
    for directory in project_directories(workspace) {
        for file in cedar_files(&directory.join(".bailiwick"))? {
            let mut project = layer(LayerKind::Project, &file, false)?;
            project.trusted = trusted.holds(&file.to_string_lossy(), &digest_of(&project.text));
            layers.push(project);
        }
    }
    Ok(layers)
}

/// The workspace and what lies above it, short of the home directory: a repository made inside another one does not
/// shed the outer one's rules.
fn project_directories(workspace: &str) -> Vec<PathBuf> {
    let home = home().unwrap_or_default();
    let above = Path::new(workspace).ancestors().take_while(|directory| !home.starts_with(directory));
    let mut all: Vec<PathBuf> = above.map(Path::to_owned).collect();
    if all.is_empty() {
        all.push(PathBuf::from(workspace));
    }
    all
}

fn preset(dirs: &Dirs, choice: &Choice) -> Result<Layer, Failure> {
    let chosen = match &choice.preset {
        Some(name) => name.clone(),
        None => optional(&dirs.config.join("preset"))?.map_or_else(|| DEFAULT_PRESET.to_owned(), |name| name.trim().to_owned()),
    };
    let Some(text) = Policy::preset(&chosen) else {
        return Err(Failure::new(Kind::Configuration, format!("there is no preset {chosen:?}"))
            .hint(format!("the presets are {}", Policy::presets().join(", "))));
    };
    Ok(Layer { kind: LayerKind::Preset, source: format!("preset {chosen}"), text: text.to_owned(), trusted: true })
}

fn layer(kind: LayerKind, file: &Path, trusted: bool) -> Result<Layer, Failure> {
    let text = fs::read_to_string(file).naming("read", file)?;
    Ok(Layer { kind, source: file.display().to_string(), text, trusted })
}

/// The policy files of a directory, by name; none where the directory is not there.
fn cedar_files(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).naming("read", directory),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.naming("read", directory)?.path();
        if path.extension().is_some_and(|extension| extension == "cedar") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The map that holds for a workspace.
pub fn map(dirs: &Dirs, workspace: &str, choice: &Choice, trusted: &Trusted) -> Result<Map, Failure> {
    let mut map = Map::default();
    for file in [Path::new(ORGANISATION).join("bailiwick.toml"), dirs.config.join("bailiwick.toml")] {
        if let Some(text) = optional(&file)? {
            map = maps::join(map, parsed_map(&file, &text)?);
        }
    }
    for project in project_directories(workspace).iter().map(|directory| directory.join("bailiwick.toml")) {
        if let Some(text) = optional(&project)? {
            let read = parsed_map(&project, &text)?;
            let holds = trusted.holds(&project.to_string_lossy(), &digest_of(&text));
            map = maps::join(map, if holds { read } else { maps::narrowed(read) });
        }
    }
    if let Some(file) = &choice.map {
        let text = fs::read_to_string(file).naming("read", file)?;
        map = maps::join(map, parsed_map(file, &text)?);
    }
    secret::check(&map.secrets)
        .map_err(|why| Failure::new(Kind::Configuration, format!("the maps do not go together: {why}")))?;
    // A home that lies in a temporary directory (a container's, a test's) is not there to be written freely.
    map.places.entry("temp".to_owned()).or_default().except.push("{home}/**".to_owned());
    if let Ok(program) = programs::own() {
        map.places.entry("guard".to_owned()).or_default().paths.push(program.to_string_lossy().into_owned());
    }
    Ok(map)
}

fn parsed_map(file: &Path, text: &str) -> Result<Map, Failure> {
    maps::parse(&file.display().to_string(), text)
        .map_err(|error| Failure::new(Kind::Configuration, "a map does not load").because(error))
}

/// A file's text; `None` where there is no such file. Any other failure is one.
pub fn optional(file: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Ok(None),
        Err(error) => Err(error).naming("read", file),
    }
}

/// SHA-256 of a text, lower-case hex.
pub fn digest_of(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// The policy from the cache, or compiled and put there. The cache is keyed by everything that makes it, so it is
/// never stale; a cache that cannot be written costs time, not safety.
fn cached(dirs: &Dirs, digest: &str, layers: &[Layer], map: &Map) -> Result<Policy, Failure> {
    let directory = dirs.state.join("cache");
    let file = directory.join(format!("policy-{digest}"));
    if let Ok(bytes) = fs::read(&file)
        && let Some(policy) = Policy::from_cache(&bytes, digest)
    {
        return Ok(policy);
    }
    let policy = compiled(layers, map)?;
    keep_cached(&directory, &format!("policy-{digest}"), &policy.to_cache());
    Ok(policy)
}

/// Compiles policy layers; every problem with its source underlined is in the failure.
pub fn compiled(layers: &[Layer], map: &Map) -> Result<Policy, Failure> {
    Policy::compile(layers, map).map_err(|problems| {
        let text: String = problems.iter().map(|problem| format!("\n{}", problem.render())).collect();
        Failure::new(Kind::Configuration, format!("the policy does not load: {} problem(s){text}", problems.len()))
            .hint("bailiwick policy check")
    })
}
