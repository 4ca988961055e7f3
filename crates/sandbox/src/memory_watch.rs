//! Adds up the memory of all processes inside. In: the sandbox's root directory. Out: bytes. A process that ends meanwhile
//! counts nothing.

use std::fs;
use std::os::fd::{AsRawFd as _, BorrowedFd};

/// Bytes of a page, as statm counts.
const PAGE: u64 = 4096;

/// Resident bytes of all processes that the sandbox's /proc shows; shared pages count once for each.
pub(crate) fn resident_bytes(root: BorrowedFd<'_>) -> u64 {
    let proc = format!("/proc/self/fd/{}/proc", root.as_raw_fd());
    let Ok(entries) = fs::read_dir(&proc) else { return 0 };
    let numbers = entries.filter_map(Result::ok).filter_map(|entry| entry.file_name().into_string().ok());
    let processes = numbers.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
    processes.filter_map(|pid| resident_pages(&format!("{proc}/{pid}/statm"))).sum::<u64>() * PAGE
}

fn resident_pages(path: &str) -> Option<u64> {
    fs::read_to_string(path).ok()?.split_whitespace().nth(1)?.parse().ok()
}
