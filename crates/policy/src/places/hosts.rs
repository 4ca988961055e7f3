//! Places of hosts: exact names, `.suffix` for every name below, address ranges. Addresses are compared as addresses, in
//! every spelling that a resolver takes (`0x7f.1`, `2130706433`, `[::ffff:127.0.0.1]`).
//! Asks no resolver: a name that points at a private address is not seen here.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Host patterns of all places, by index of the place.
#[derive(Clone, Debug, Default)]
pub(super) struct Hosts {
    exact: HashMap<String, Vec<usize>>,
    below: HashMap<String, Vec<usize>>,
    ranges: Vec<(IpAddr, u8, usize)>,
    unqualified: Vec<usize>,
}

impl Hosts {
    /// Adds one pattern; `None` where it is none. `*-unqualified` stands for names without a dot.
    pub(super) fn add(&mut self, pattern: &str, place: usize) -> Option<()> {
        let pattern = pattern.trim().to_ascii_lowercase();
        if pattern == "*-unqualified" {
            self.unqualified.push(place);
        } else if let Some((base, bits)) = pattern.split_once('/') {
            let (base, bits) = (base.parse::<IpAddr>().ok()?, bits.parse::<u8>().ok()?);
            self.ranges.push((base, in_width(base, bits)?, place));
        } else if let Some(address) = address(&pattern) {
            self.ranges.push((address, if address.is_ipv4() { 32 } else { 128 }, place));
        } else if let Some(suffix) = pattern.strip_prefix('.').or_else(|| pattern.strip_prefix("*.")) {
            self.below.entry(name(suffix)?.to_owned()).or_default().push(place);
        } else {
            self.exact.entry(name(&pattern)?.to_owned()).or_default().push(place);
        }
        Some(())
    }

    /// The places that hold `host`, by index.
    pub(super) fn of(&self, host: &str) -> Vec<usize> {
        if let Some(address) = address(host) {
            return self.ranges.iter().filter(|(base, bits, _)| within(address, *base, *bits)).map(|(_, _, at)| *at).collect();
        }
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let mut found = self.exact.get(&host).cloned().unwrap_or_default();
        for parent in parents(&host) {
            found.extend(self.below.get(parent).into_iter().flatten());
        }
        if found.is_empty() && !host.contains('.') && host != "*" && !host.is_empty() {
            found.extend(&self.unqualified);
        }
        found
    }
}

/// The parent domains of a name, nearest first: of `a.b.org`, `b.org` and `org`.
pub(crate) fn parents(host: &str) -> impl Iterator<Item = &str> {
    host.match_indices('.').filter_map(|(at, _)| host.get(at + 1..)).filter(|parent| !parent.is_empty())
}

fn name(text: &str) -> Option<&str> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    (!text.is_empty() && text.chars().all(fits)).then_some(text)
}

fn in_width(base: IpAddr, bits: u8) -> Option<u8> {
    (bits <= if base.is_ipv4() { 32 } else { 128 }).then_some(bits)
}

/// A host as an address, in any of the spellings that the C library's resolver accepts.
pub(crate) fn address(host: &str) -> Option<IpAddr> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let bare = bare.split('%').next().unwrap_or(bare);
    if let Ok(address) = bare.parse::<Ipv6Addr>() {
        return Some(embedded(address).map_or(IpAddr::V6(address), IpAddr::V4));
    }
    classic(bare.trim_end_matches('.')).map(IpAddr::V4)
}

/// The version 4 address that a mapped, translated or compatible version 6 address stands for.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let last = Ipv4Addr::from((address.to_bits() & 0xFFFF_FFFF) as u32);
    let nat64 = address.to_bits() >> 32 == 0x0064_ff9b_0000_0000_0000_0000;
    let compatible = address.to_bits() >> 32 == 0 && address.to_bits() > 0xFFFF;
    address.to_ipv4_mapped().or((nat64 || compatible).then_some(last))
}

/// `inet_aton`: one to four numbers, decimal, octal or hexadecimal, the last one filling what is left.
fn classic(text: &str) -> Option<Ipv4Addr> {
    let parts: Vec<u32> = text.split('.').map(number).collect::<Option<_>>()?;
    let (last, front) = parts.split_last()?;
    if front.len() > 3 || front.iter().any(|part| *part > 255) {
        return None;
    }
    let room = 32 - 8 * front.len() as u32;
    if room < 32 && *last >> room != 0 {
        return None;
    }
    let high = front.iter().fold(0_u32, |all, part| all << 8 | part);
    Some(Ipv4Addr::from(high.checked_shl(room).unwrap_or(0) | last))
}

fn number(text: &str) -> Option<u32> {
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return if hex.is_empty() { Some(0) } else { u32::from_str_radix(hex, 16).ok() };
    }
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.strip_prefix('0') {
        Some(octal) if digits && !octal.is_empty() => u32::from_str_radix(octal, 8).ok(),
        _ if digits => text.parse().ok(),
        _ => None,
    }
}

fn within(address: IpAddr, base: IpAddr, bits: u8) -> bool {
    let bits = u32::from(bits);
    match (address, base) {
        (IpAddr::V4(own), IpAddr::V4(base)) => (own.to_bits() ^ base.to_bits()).leading_zeros() >= bits,
        (IpAddr::V6(own), IpAddr::V6(base)) => (own.to_bits() ^ base.to_bits()).leading_zeros() >= bits,
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}
