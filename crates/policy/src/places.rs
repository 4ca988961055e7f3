//! Places: which named sets a path or host lies in. In: the map, the directories that its words stand for. Out: names.
//!
//! Built-in places come first; the map adds to them by the same name, and takes out with `except` (never from `guard`).
//! Compares text only: paths arrive real and absolute, and no disk or resolver is asked. Built-in places are compared
//! without regard to ASCII case where that can only make a path more sensitive.

mod builtin;
mod glob;
pub(crate) mod hosts;

use std::fmt;

use bailiwick_vocab::map::Map;

use glob::Segment;
use hosts::Hosts;

/// The directories that the words in patterns stand for, absolute. Empty where not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anchors {
    /// The user's home.
    pub home: Vec<String>,
    /// The directories the agent works in, as given and real.
    pub workspace: Vec<String>,
    /// Where the guard keeps its ledger.
    pub state: Vec<String>,
    /// Where the guard's own configuration lies.
    pub config: Vec<String>,
    /// Directories for passing files, beside the usual ones.
    pub temp: Vec<String>,
}

/// A pattern that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceError {
    /// The place.
    pub place: String,
    /// The pattern as written.
    pub pattern: String,
    /// What is wrong with it.
    pub problem: PlaceProblem,
}

/// What is wrong with a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceProblem {
    /// It begins with none of `/`, `**/`, `~/`, `{home}`, `{workspace}`, `{state}`, `{config}`, `{temp}`.
    NoRoot,
    /// A brace is not closed, or it has too many segments or choices.
    Shape,
    /// It is no host name, suffix or address range.
    Host,
}

impl fmt::Display for PlaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = match self.problem {
            PlaceProblem::NoRoot => {
                "begins with none of /, **/, ~/, {home}, {workspace}, {state}, {config}, {temp}, so it can match no path"
            }
            PlaceProblem::Shape => "has a brace that is not closed, or more than 64 segments or choices",
            PlaceProblem::Host => "is no host name, .suffix, address or address range",
        };
        write!(f, "place {:?}: pattern {:?} {problem}", self.place, self.pattern)
    }
}

impl std::error::Error for PlaceError {}

/// What a pattern's first word stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Root {
    Absolute,
    Anywhere,
    Home,
    Workspace,
    State,
    Config,
    Temp,
}

const ROOTS: [(&str, Root); 8] = [
    ("{home}", Root::Home),
    ("~", Root::Home),
    ("{workspace}", Root::Workspace),
    ("{state}", Root::State),
    ("{config}", Root::Config),
    ("{temp}", Root::Temp),
    ("**", Root::Anywhere),
    ("", Root::Absolute),
];

/// Directories whose children are homes, and homes beside the user's own: another user's keys are keys too.
const HOMES: [&str; 3] = ["home", "Users", "export"];
const ROOT_HOMES: [&[&str]; 2] = [&["root"], &["var", "root"]];

#[derive(Clone, Debug)]
struct Pattern {
    place: usize,
    root: Root,
    segments: Vec<Segment>,
    /// Compared without regard to ASCII case.
    fold: bool,
}

/// The compiled places.
#[derive(Clone, Debug)]
pub struct Places {
    names: Vec<String>,
    paths: Vec<Pattern>,
    except: Vec<Pattern>,
    hosts: Hosts,
    anchors: Vec<(Root, Vec<String>)>,
}

impl Places {
    /// Compiles the built-in places and the map's.
    ///
    /// # Errors
    /// The first pattern of the map that cannot be used.
    pub fn new(map: &Map, anchors: &Anchors) -> Result<Places, PlaceError> {
        let mut places = Places {
            names: Vec::new(),
            paths: Vec::with_capacity(512),
            except: Vec::new(),
            hosts: Hosts::default(),
            anchors: rooted(anchors),
        };
        for place in builtin::PLACES.into_iter().flatten() {
            places.add(place.name, place.paths, place.except, place.hosts, !place.exact)?;
        }
        for (name, place) in &map.places {
            let except: &[String] = if name == "guard" { &[] } else { &place.except };
            places.add(name, &place.paths, except, &place.hosts, false)?;
        }
        places.refuse_wide_workspaces();
        Ok(places)
    }

    /// An agent started in `/`, `/usr` or the user's home does not get to work there freely.
    fn refuse_wide_workspaces(&mut self) {
        let wide: Vec<String> = self
            .anchors
            .iter()
            .filter(|(root, _)| matches!(root, Root::Workspace | Root::Temp))
            .fold(Vec::new(), |all, (_, dirs)| {
                all.into_iter().chain(dirs.iter().filter(|dir| self.is_wide(dir)).cloned()).collect()
            });
        for (root, dirs) in &mut self.anchors {
            if matches!(root, Root::Workspace | Root::Temp) {
                dirs.retain(|dir| !wide.contains(dir));
            }
        }
    }

    fn is_wide(&self, dir: &str) -> bool {
        self.of_path(dir).iter().any(|place| matches!(*place, "root" | "system-roots"))
    }

    /// The names of all places, built-in ones first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    fn add<T: AsRef<str>>(&mut self, name: &str, paths: &[T], except: &[T], hosts: &[T], fold: bool) -> Result<(), PlaceError> {
        let place = self.index(name);
        let wrong = |pattern: &T, problem| PlaceError { place: name.into(), pattern: pattern.as_ref().into(), problem };
        for pattern in paths {
            compile(pattern.as_ref(), place, fold, &mut self.paths).map_err(|problem| wrong(pattern, problem))?;
        }
        for pattern in except {
            compile(pattern.as_ref(), place, fold, &mut self.except).map_err(|problem| wrong(pattern, problem))?;
        }
        for pattern in hosts {
            self.hosts.add(pattern.as_ref(), place).ok_or_else(|| wrong(pattern, PlaceProblem::Host))?;
        }
        Ok(())
    }

    fn index(&mut self, name: &str) -> usize {
        self.names.iter().position(|own| own == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        })
    }

    /// The places that `path` (absolute and real) lies in, in the order of [`Places::names`].
    #[must_use]
    pub fn of_path(&self, path: &str) -> Vec<&str> {
        let lower = path.to_ascii_lowercase();
        let path = Parted::new(path, &lower, &self.anchors);
        let mut inside = vec![false; self.names.len()];
        for pattern in &self.paths {
            if let Some(flag) = inside.get_mut(pattern.place)
                && !*flag
                && path.is_in(pattern)
            {
                *flag = true;
            }
        }
        for pattern in &self.except {
            if let Some(flag) = inside.get_mut(pattern.place)
                && *flag
                && path.is_in(pattern)
            {
                *flag = false;
            }
        }
        self.named(&inside)
    }

    fn named(&self, inside: &[bool]) -> Vec<&str> {
        self.names.iter().zip(inside).filter(|(_, flag)| **flag).map(|(name, _)| name.as_str()).collect()
    }

    /// Absolute globs of a place, as far as its patterns have a root: what `**/` may match anywhere is not among them.
    #[must_use]
    pub fn rooted(&self, place: &str) -> Vec<String> {
        let Some(place) = self.names.iter().position(|name| name == place) else { return Vec::new() };
        let mut globs = Vec::new();
        for pattern in self.paths.iter().filter(|pattern| pattern.place == place && pattern.root != Root::Anywhere) {
            let below: String = pattern.segments.iter().map(|segment| format!("/{}", segment.text())).collect();
            let absolute = pattern.root == Root::Absolute;
            let own = self.anchors.iter().filter(|(root, _)| !absolute && *root == pattern.root).flat_map(|(_, dirs)| dirs);
            globs.extend(own.map(|dir| format!("{dir}{below}")));
            globs.extend(absolute.then(|| below.clone()));
        }
        globs
    }

    /// Where a path whose beginning is not known may begin: the home directory, the workspace, the root.
    pub(crate) fn roots(&self) -> Vec<String> {
        let own = self.anchors.iter().filter(|(root, _)| matches!(root, Root::Home | Root::Workspace));
        own.flat_map(|(_, dirs)| dirs.iter().cloned()).chain([String::new()]).collect()
    }

    /// The places that `host` lies in.
    #[must_use]
    pub fn of_host(&self, host: &str) -> Vec<&str> {
        let mut inside = vec![false; self.names.len()];
        for place in self.hosts.of(host) {
            if let Some(flag) = inside.get_mut(place) {
                *flag = true;
            }
        }
        self.named(&inside)
    }

    /// Places that may have something below `dir`, each with one pattern that says where. Only patterns with a root
    /// count: what `**/` may match below is not said, or every directory would hold every place.
    #[must_use]
    pub fn covered(&self, dir: &str) -> Vec<(&str, String)> {
        let lower = dir.to_ascii_lowercase();
        let dir = Parted::new(dir, &lower, &self.anchors);
        let views = self.views(&dir);
        let mut found: Vec<(usize, String)> = Vec::new();
        for pattern in &self.paths {
            if !found.iter().any(|(place, _)| *place == pattern.place)
                && let Some(sample) = views.iter().find_map(|view| view.sample(pattern, &dir))
            {
                found.push((pattern.place, sample));
            }
        }
        found.into_iter().filter_map(|(place, sample)| Some((self.names.get(place)?.as_str(), sample))).collect()
    }

    /// How the directory lies to each root: above it, or some way into it. Other roots have nothing below the directory.
    fn views(&self, dir: &Parted<'_>) -> Vec<View> {
        let mut views = Vec::new();
        for (root, own) in self.anchors.iter().flat_map(|(root, dirs)| dirs.iter().map(move |dir| (*root, dir.as_str()))) {
            let names: Vec<&str> = own.split('/').filter(|text| !text.is_empty()).collect();
            if names.starts_with(&dir.exact) || dir.exact.starts_with(&names) {
                views.push(View { root, path: own.to_owned(), into: names.len().min(dir.exact.len()) });
            }
        }
        if let Some(home) = dir.home() {
            views.push(View { root: Root::Home, into: other_home(&dir.exact).unwrap_or(0), path: home });
        }
        views
    }
}

/// A directory as seen from one root.
struct View {
    root: Root,
    /// The root's path.
    path: String,
    /// How many of the directory's segments the root takes up: all of them where the directory lies above it.
    into: usize,
}

impl View {
    /// The pattern below the root as text, if something that it matches may lie below the directory.
    fn sample(&self, pattern: &Pattern, dir: &Parted<'_>) -> Option<String> {
        if pattern.root != self.root {
            return None;
        }
        let segments = if pattern.fold { &dir.folded } else { &dir.exact };
        for (at, name) in segments.get(self.into..)?.iter().enumerate() {
            let segment = pattern.segments.get(at)?;
            if *segment == Segment::Deep {
                // Below `**` anything may follow; said only outside the directories the agent works in.
                let bare = pattern.segments.len() == at + 1 || matches!(self.root, Root::Workspace | Root::Temp);
                return (!bare).then(|| self.joined(pattern));
            }
            if !segment.matches(name) {
                return None;
            }
        }
        // Where only `**` is left, the directory itself is in the place, and no sample is needed.
        let below_root = self.path.len() > 1 && self.into == dir.exact.len() && end_of(&self.path, &dir.exact).is_none();
        let left = pattern.segments.get(dir.exact.len() - self.into..).unwrap_or_default();
        (below_root || left.iter().any(|segment| *segment != Segment::Deep)).then(|| self.joined(pattern))
    }

    fn joined(&self, pattern: &Pattern) -> String {
        let named = pattern.segments.iter().filter(|segment| **segment != Segment::Deep);
        named.fold(self.path.clone(), |all, segment| all + "/" + segment.text())
    }
}

fn compile(text: &str, place: usize, fold: bool, out: &mut Vec<Pattern>) -> Result<(), PlaceProblem> {
    let (root, rest) = root_of(text).ok_or(PlaceProblem::NoRoot)?;
    for form in glob::forms(rest).ok_or(PlaceProblem::Shape)? {
        let form = if fold { form.to_ascii_lowercase() } else { form };
        let mut segments = glob::segments(&form).ok_or(PlaceProblem::Shape)?;
        if root == Root::Anywhere {
            segments.insert(0, Segment::Deep);
        }
        out.push(Pattern { place, root, segments, fold });
    }
    Ok(())
}

fn root_of(text: &str) -> Option<(Root, &str)> {
    ROOTS.iter().find_map(|(word, root)| {
        let rest = text.strip_prefix(word)?;
        (rest.starts_with('/') || rest.is_empty() && *root != Root::Absolute).then_some((*root, rest))
    })
}

fn rooted(anchors: &Anchors) -> Vec<(Root, Vec<String>)> {
    let known = |dirs: &[String]| dirs.iter().filter(|dir| !dir.is_empty()).cloned().collect::<Vec<_>>();
    vec![
        (Root::Absolute, vec![String::new()]),
        (Root::Home, known(&[anchors.home.as_slice(), &["/root".to_owned()]].concat())),
        (Root::Workspace, known(&anchors.workspace)),
        (Root::State, known(&anchors.state)),
        (Root::Config, known(&anchors.config)),
        (Root::Temp, known(&anchors.temp)),
    ]
}

/// A path in its segments, and where in it each root ends.
struct Parted<'a> {
    exact: Vec<&'a str>,
    folded: Vec<&'a str>,
    starts: Vec<(Root, usize)>,
}

impl<'a> Parted<'a> {
    /// `lower` is `path` in lower case.
    fn new(path: &'a str, lower: &'a str, anchors: &[(Root, Vec<String>)]) -> Parted<'a> {
        let (exact, folded) = (parts(path), parts(lower));
        let mut starts = vec![(Root::Anywhere, 0)];
        for (root, dirs) in anchors {
            starts.extend(dirs.iter().filter_map(|dir| end_of(dir, &exact)).map(|end| (*root, end)));
        }
        starts.extend(other_home(&exact).map(|end| (Root::Home, end)));
        starts.dedup();
        Parted { exact, folded, starts }
    }

    fn is_in(&self, pattern: &Pattern) -> bool {
        let segments = if pattern.fold { &self.folded } else { &self.exact };
        self.starts
            .iter()
            .filter(|(root, _)| *root == pattern.root)
            .any(|(_, start)| segments.get(*start..).is_some_and(|rest| glob::matches(&pattern.segments, rest)))
    }

    /// The home directory of another user that this path lies in.
    fn home(&self) -> Option<String> {
        let end = other_home(&self.exact)?;
        Some(self.exact.get(..end)?.iter().fold(String::new(), |all, text| all + "/" + text))
    }
}

/// Paths arrive normal; one that does not is made so here, as its text reads, or `..` would carry it into a place.
fn parts(path: &str) -> Vec<&str> {
    let mut all = Vec::new();
    for text in path.split('/').filter(|text| !text.is_empty() && *text != ".") {
        if text == ".." {
            all.pop();
        } else {
            all.push(text);
        }
    }
    without_detour(all)
}

/// `/proc/self/root/etc/shadow` is `/etc/shadow`, for whichever process.
fn without_detour(mut segments: Vec<&str>) -> Vec<&str> {
    while matches!(segments.as_slice(), ["proc", _, "root", ..]) {
        segments.drain(..3);
    }
    segments
}

/// Where `dir` ends in the path, if the path is in it.
fn end_of(dir: &str, path: &[&str]) -> Option<usize> {
    let mut end = 0;
    for own in dir.split('/').filter(|text| !text.is_empty()) {
        if path.get(end) != Some(&own) {
            return None;
        }
        end += 1;
    }
    Some(end)
}

fn other_home(path: &[&str]) -> Option<usize> {
    match path {
        [first, _, ..] if HOMES.contains(first) => Some(2),
        _ => ROOT_HOMES.iter().find(|home| path.starts_with(home)).map(|home| home.len()),
    }
}
