//! Lines of a log in, acts out.

use super::*;

const START: &str = "7 execve(\"/bin/bash\", [\"bash\", \"-c\", \"x\"], 0x7f /* 8 vars */) = 0\n";

fn acts(log: &str) -> Vec<Done> {
    let log = format!("{START}{log}");
    read(&log, "x", "/work").unwrap_or_default().into_iter().map(|act| act.deed).collect()
}

fn on(how: How, path: &str) -> Done {
    Done::Path { how, path: path.to_owned() }
}

#[test]
fn nothing_counts_before_the_command_starts() {
    assert_eq!(read("7 mkdir(\"a\", 0777) = 0\n", "x", "/work"), None);
}

#[test]
fn a_write_is_an_opening_for_writing() {
    let log = "7 openat(AT_FDCWD</work>, \"a\", O_RDONLY) = 3</work/a>\n\
        7 openat(AT_FDCWD</work>, \"b\", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</real/b>\n\
        7 openat(AT_FDCWD</work>, \"c\", O_RDWR|O_CREAT|O_EXCL, 0600) = 3</work/c>\n";
    assert_eq!(acts(log), [on(How::Write, "/real/b"), on(How::Make, "/work/c")]);
}

#[test]
fn a_failure_counts_only_where_rights_were_wanting() {
    let log = "7 mkdir(\"a\", 0777) = -1 EEXIST (File exists)\n7 unlink(\"/etc/b\") = -1 EACCES (Permission denied)\n";
    assert_eq!(acts(log), [on(How::Delete, "/etc/b")]);
}

#[test]
fn working_directories_are_followed_through_children() {
    let log = "7 chdir(\"sub\") = 0\n7 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>\n9 rename(\"a\", \"../b\") = 0\n\
        7 <... clone resumed>, child_tidptr=0x7f) = 9\n7 rmdir(\"c\") = 0\n";
    assert_eq!(acts(log), [on(How::Delete, "/work/sub/a"), on(How::Write, "/work/b"), on(How::Delete, "/work/sub/c")]);
}

#[test]
fn strings_may_hold_anything() {
    let log = "7 unlink(\"a, b) = 0\\\" \\303\\251\\n\") = 0\n";
    assert_eq!(acts(log), [on(How::Delete, "/work/a, b) = 0\" é\n")]);
}

#[test]
fn a_name_that_is_asked_for_is_read() {
    let log = "7 connect(3<UDP:[1]>, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr(\"127.0.0.1\")}, 16) = 0\n\
        7 sendto(3<UDP:[127.0.0.1:9->127.0.0.1:53]>, \"\\1\\2\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\3www\\7example\\3com\\0\\0\\1\\0\\1\", 33, MSG_NOSIGNAL, NULL, 0) = 33\n";
    assert_eq!(acts(log), [Done::Name("www.example.com".to_owned())]);
}

#[test]
fn addresses_of_all_families_are_read() {
    let log = "7 connect(3<TCP:[1]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"10.0.0.1\")}, 16) = -1 ENETUNREACH (x)\n\
        7 connect(3<TCPv6:[1]>, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, \"::1\", &sin6_addr), sin6_scope_id=0}, 28) = -1 ECONNREFUSED (x)\n\
        7 connect(3<UNIX-STREAM:[1]>, {sa_family=AF_UNIX, sun_path=\"/run/x.sock\"}, 110) = -1 ENOENT (x)\n";
    let reach = |address: &str, port| Done::Reach { address: address.to_owned(), port };
    assert_eq!(acts(log), [reach("10.0.0.1", 80), reach("::1", 443), Done::Local("/run/x.sock".to_owned())]);
}

#[test]
fn a_thread_signals_its_own_process() {
    let log = "7 clone(child_stack=NULL, flags=CLONE_VM|CLONE_THREAD) = 9\n9 tgkill(7, 8, SIGURG) = 0\n";
    assert_eq!(acts(log), [Done::Signal { process: 7, own: true }]);
}

#[test]
fn a_signal_to_an_own_child_is_told_apart() {
    let log = "7 clone(child_stack=NULL, flags=SIGCHLD) = 9\n7 kill(9, SIGTERM) = 0\n7 kill(1, SIGTERM) = -1 EPERM (x)\n7 kill(9, 0) = 0\n";
    assert_eq!(acts(log), [Done::Signal { process: 9, own: true }, Done::Signal { process: 1, own: false }]);
}
