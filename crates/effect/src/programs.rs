//! The table of programs: a name in, the function that says what the program's arguments do out. A program that is
//! not here is judged by its name alone.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::invocation::{Invocation, Sink};

mod address;
mod age_tools;
mod agents;
mod ant;
mod argocd;
mod aria2c;
mod attack;
mod audit;
mod autotools;
mod awk;
mod azcopy;
mod backup;
mod bazel;
mod bitwarden;
mod bq;
mod browsers;
mod buildah;
mod builders;
mod caches;
mod capture;
mod cargo;
mod cdk;
mod certificates;
mod chamber;
mod checkers;
mod clang_tidy;
mod cloud;
mod cockroach;
mod coins;
mod compilers;
mod compress;
mod consul;
mod copy;
mod corepack;
mod coverage;
mod cqlsh;
mod create;
mod crictl;
mod croc;
mod curl;
mod cypher;
mod databases;
mod debuggers;
mod described;
mod desktop;
mod destination;
mod disks;
mod docker;
mod doctl;
mod doppler;
mod dotnet;
mod downloads;
mod earthly;
mod editors;
mod eksctl;
mod elevate;
mod elixir;
mod encoders;
mod environments;
mod eslint;
mod etcdctl;
mod exiftool;
mod families;
mod ffmpeg;
mod find;
mod firebase;
mod flutter;
mod flux;
mod flyctl;
mod forge;
mod formatters;
mod gateways;
mod git;
mod gitlab_server;
mod gnuplot;
mod golangci_lint;
mod gradle;
mod gulp;
mod hardware;
mod haskell;
mod hcloud;
mod heroku;
mod hg;
mod hooks;
mod http;
mod ifconfig;
mod imagemagick;
mod infisical;
mod influx;
mod interpreter;
mod istioctl;
mod javascript;
mod jest;
mod jj;
mod just;
mod k9s;
mod kafka;
mod kerberos;
mod kind;
mod knife;
mod kubeadm;
mod kubectx;
mod kubernetes;
mod kubeseal;
mod kustomize;
mod languages;
mod latex;
mod linkerd;
mod linters;
mod listing;
mod loads;
mod machines;
mod macos;
mod mail;
mod manuals;
mod maven;
mod mc;
mod measures;
mod meson;
mod messaging;
mod migrations;
mod minikube;
mod mobile;
mod models;
mod monorepo;
mod mosh;
mod mqtt;
mod multipass;
mod mypy;
mod names;
mod netcat;
mod netlify;
mod ninja;
mod nix;
mod nmap;
mod node_versions;
mod nomad;
mod npm;
mod observability;
mod oci;
mod onepassword;
mod openssl;
mod ostree;
mod package_files;
mod packer;
mod pandoc;
mod patch;
mod pdf;
mod permissions;
mod pip;
mod playwright;
mod postgres_server;
mod prettier;
mod printers;
mod printing;
mod processes;
mod profilers;
mod pulumi;
mod puppet;
mod pytest;
mod python;
mod quiet;
mod rabbitmqctl;
mod railway;
mod rake;
mod rclone;
mod readers;
mod registry;
mod relays;
mod remote_admin;
mod remove;
mod render;
mod rsync;
mod rubocop;
mod rustc;
mod s3cmd;
mod salt;
mod sam;
mod scripting;
mod search;
mod secrets;
mod sed;
mod senses;
mod serverless;
mod servers;
mod services;
mod sessions;
mod shell_state;
mod shells;
mod signing;
mod sites;
mod skaffold;
mod skopeo;
mod ssh;
mod ssh_copy;
mod sshpass;
mod storage;
mod stores;
mod stripe;
mod supabase;
mod svn;
mod swift;
mod system;
mod system_packages;
mod systemd_tools;
mod tables;
mod tailscale;
mod tar;
mod task;
mod terraform;
mod testers;
mod tilt;
mod tox;
mod trivy;
mod tunnels;
mod vagrant;
mod vcs;
mod velero;
mod vercel;
mod version_managers;
mod volumes;
mod wasm;
mod websocat;
mod wget;
mod wireguard;
mod workflow;
mod wrangler;
mod wrappers;
mod xargs;
mod yq;
mod zig;

/// One program: its names and what its arguments do.
#[derive(Clone, Copy)]
pub struct Program {
    /// Every name it is found under, without directories.
    pub names: &'static [&'static str],
    /// What it does beyond being started.
    pub effects: fn(&Invocation<'_>, &mut Sink),
}

/// A line a file. A name stands once.
static TABLE: &[&[Program]] = &[
    remote_admin::PROGRAMS,
    gitlab_server::PROGRAMS,
    gateways::PROGRAMS,
    http::PROGRAMS,
    servers::PROGRAMS,
    machines::PROGRAMS,
    coins::PROGRAMS,
    printers::PROGRAMS,
    workflow::PROGRAMS,
    observability::PROGRAMS,
    ssh_copy::PROGRAMS,
    ifconfig::PROGRAMS,
    senses::PROGRAMS,
    shell_state::PROGRAMS,
    manuals::PROGRAMS,
    patch::PROGRAMS,
    encoders::PROGRAMS,
    tables::PROGRAMS,
    ostree::PROGRAMS,
    systemd_tools::PROGRAMS,
    audit::PROGRAMS,
    hardware::PROGRAMS,
    storage::PROGRAMS,
    corepack::PROGRAMS,
    exiftool::PROGRAMS,
    browsers::PROGRAMS,
    measures::PROGRAMS,
    volumes::PROGRAMS,
    macos::PROGRAMS,
    desktop::PROGRAMS,
    sites::PROGRAMS,
    gnuplot::PROGRAMS,
    latex::PROGRAMS,
    pdf::PROGRAMS,
    pandoc::PROGRAMS,
    imagemagick::PROGRAMS,
    ffmpeg::PROGRAMS,
    messaging::PROGRAMS,
    backup::PROGRAMS,
    models::PROGRAMS,
    agents::PROGRAMS,
    vcs::PROGRAMS,
    jj::PROGRAMS,
    svn::PROGRAMS,
    hg::PROGRAMS,
    environments::PROGRAMS,
    nix::PROGRAMS,
    version_managers::PROGRAMS,
    node_versions::PROGRAMS,
    profilers::PROGRAMS,
    debuggers::PROGRAMS,
    checkers::PROGRAMS,
    clang_tidy::PROGRAMS,
    golangci_lint::PROGRAMS,
    formatters::PROGRAMS,
    mypy::PROGRAMS,
    rubocop::PROGRAMS,
    prettier::PROGRAMS,
    eslint::PROGRAMS,
    testers::PROGRAMS,
    playwright::PROGRAMS,
    jest::PROGRAMS,
    coverage::PROGRAMS,
    tox::PROGRAMS,
    pytest::PROGRAMS,
    mobile::PROGRAMS,
    wasm::PROGRAMS,
    autotools::PROGRAMS,
    caches::PROGRAMS,
    rustc::PROGRAMS,
    compilers::PROGRAMS,
    gulp::PROGRAMS,
    hooks::PROGRAMS,
    monorepo::PROGRAMS,
    earthly::PROGRAMS,
    flutter::PROGRAMS,
    zig::PROGRAMS,
    elixir::PROGRAMS,
    haskell::PROGRAMS,
    swift::PROGRAMS,
    dotnet::PROGRAMS,
    task::PROGRAMS,
    rake::PROGRAMS,
    meson::PROGRAMS,
    bazel::PROGRAMS,
    ant::PROGRAMS,
    maven::PROGRAMS,
    gradle::PROGRAMS,
    ninja::PROGRAMS,
    just::PROGRAMS,
    kerberos::PROGRAMS,
    age_tools::PROGRAMS,
    signing::PROGRAMS,
    certificates::PROGRAMS,
    bitwarden::PROGRAMS,
    onepassword::PROGRAMS,
    chamber::PROGRAMS,
    infisical::PROGRAMS,
    doppler::PROGRAMS,
    bq::PROGRAMS,
    cypher::PROGRAMS,
    postgres_server::PROGRAMS,
    migrations::PROGRAMS,
    cockroach::PROGRAMS,
    etcdctl::PROGRAMS,
    influx::PROGRAMS,
    cqlsh::PROGRAMS,
    stripe::PROGRAMS,
    rabbitmqctl::PROGRAMS,
    kafka::PROGRAMS,
    mqtt::PROGRAMS,
    websocat::PROGRAMS,
    loads::PROGRAMS,
    sshpass::PROGRAMS,
    mosh::PROGRAMS,
    capture::PROGRAMS,
    attack::PROGRAMS,
    nmap::PROGRAMS,
    downloads::PROGRAMS,
    aria2c::PROGRAMS,
    wireguard::PROGRAMS,
    tailscale::PROGRAMS,
    relays::PROGRAMS,
    tunnels::PROGRAMS,
    rclone::PROGRAMS,
    croc::PROGRAMS,
    azcopy::PROGRAMS,
    mc::PROGRAMS,
    s3cmd::PROGRAMS,
    pulumi::PROGRAMS,
    serverless::PROGRAMS,
    sam::PROGRAMS,
    cdk::PROGRAMS,
    render::PROGRAMS,
    eksctl::PROGRAMS,
    oci::PROGRAMS,
    hcloud::PROGRAMS,
    supabase::PROGRAMS,
    firebase::PROGRAMS,
    wrangler::PROGRAMS,
    railway::PROGRAMS,
    netlify::PROGRAMS,
    vercel::PROGRAMS,
    flyctl::PROGRAMS,
    heroku::PROGRAMS,
    doctl::PROGRAMS,
    knife::PROGRAMS,
    puppet::PROGRAMS,
    salt::PROGRAMS,
    multipass::PROGRAMS,
    vagrant::PROGRAMS,
    packer::PROGRAMS,
    consul::PROGRAMS,
    nomad::PROGRAMS,
    trivy::PROGRAMS,
    crictl::PROGRAMS,
    buildah::PROGRAMS,
    skopeo::PROGRAMS,
    kubeseal::PROGRAMS,
    kubectx::PROGRAMS,
    k9s::PROGRAMS,
    minikube::PROGRAMS,
    kind::PROGRAMS,
    kubeadm::PROGRAMS,
    tilt::PROGRAMS,
    skaffold::PROGRAMS,
    kustomize::PROGRAMS,
    velero::PROGRAMS,
    linkerd::PROGRAMS,
    istioctl::PROGRAMS,
    flux::PROGRAMS,
    argocd::PROGRAMS,
    builders::PROGRAMS,
    cargo::PROGRAMS,
    cloud::PROGRAMS,
    curl::PROGRAMS,
    copy::PROGRAMS,
    create::PROGRAMS,
    databases::PROGRAMS,
    disks::PROGRAMS,
    docker::PROGRAMS,
    editors::PROGRAMS,
    forge::PROGRAMS,
    javascript::PROGRAMS,
    kubernetes::PROGRAMS,
    languages::PROGRAMS,
    linters::PROGRAMS,
    mail::PROGRAMS,
    names::PROGRAMS,
    netcat::PROGRAMS,
    npm::PROGRAMS,
    openssl::PROGRAMS,
    permissions::PROGRAMS,
    pip::PROGRAMS,
    python::PROGRAMS,
    readers::PROGRAMS,
    search::PROGRAMS,
    find::PROGRAMS,
    secrets::PROGRAMS,
    stores::PROGRAMS,
    system_packages::PROGRAMS,
    terraform::PROGRAMS,
    xargs::PROGRAMS,
    sed::PROGRAMS,
    awk::PROGRAMS,
    wrappers::PROGRAMS,
    shells::PROGRAMS,
    elevate::PROGRAMS,
    git::PROGRAMS,
    printing::PROGRAMS,
    quiet::PROGRAMS,
    processes::PROGRAMS,
    tar::PROGRAMS,
    compress::PROGRAMS,
    system::PROGRAMS,
    services::PROGRAMS,
    sessions::PROGRAMS,
    yq::PROGRAMS,
    remove::PROGRAMS,
    rsync::PROGRAMS,
    scripting::PROGRAMS,
    ssh::PROGRAMS,
    wget::PROGRAMS,
];

/// So many names are looked for one after the other before it pays to put all in a map: a process that judges one call
/// looks for few.
const FEW: usize = 24;

static LOOKED_FOR: AtomicUsize = AtomicUsize::new(0);

static BY_NAME: LazyLock<HashMap<&'static str, &'static Program>> = LazyLock::new(|| {
    let programs = TABLE.iter().copied().flatten();
    programs.flat_map(|program| program.names.iter().map(move |name| (*name, program))).collect()
});

/// Every program of the table.
pub fn all() -> impl Iterator<Item = &'static Program> {
    TABLE.iter().copied().flatten()
}

/// The program known by `name`; zsh's `=` before it, a version at the end (`python3.12`), `.exe`, and the case of the letters (a disk may
/// ignore it) do not hide it.
#[must_use]
pub fn lookup(name: &str) -> Option<&'static Program> {
    find(name).or_else(|| lookup_altered(name))
}

fn find(name: &str) -> Option<&'static Program> {
    if LOOKED_FOR.fetch_add(1, Ordering::Relaxed) >= FEW {
        return BY_NAME.get(name).copied();
    }
    all().find(|program| program.names.contains(&name))
}

fn lookup_altered(name: &str) -> Option<&'static Program> {
    let lower = name.trim_start_matches('=').to_ascii_lowercase();
    let stem = lower.strip_suffix(".exe").unwrap_or(&lower);
    let bare = stem.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').trim_end_matches('-');
    [stem, bare].iter().find_map(|name| find(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_twice() {
        let mut names: Vec<&str> = TABLE.iter().copied().flatten().flat_map(|program| program.names).copied().collect();
        names.sort_unstable();
        let twice: Vec<&[&str]> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn case_version_and_suffix_do_not_hide_a_program() {
        for name in ["rm", "RM", "rm.exe", "rm-9.4", "=rm"] {
            assert!(lookup(name).is_some(), "{name}");
        }
        assert!(lookup("rmx").is_none() && lookup("").is_none() && lookup("3").is_none());
    }
}
