//! Made-up addresses for names. In: a name that a program looked up. Out: an address of 198.18.0.0/15 that stands for it as
//! long as the session lives, and the way back. Nobody outside sees these addresses, and no look-up leaves because of one.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Mutex, PoisonError};

/// The first address of the range that RFC 2544 set aside for benchmarks; .0 itself is given to nobody.
const FIRST: u32 = Ipv4Addr::new(198, 18, 0, 0).to_bits();
/// How many names one session may look up. The range holds twice as many; at the longest name this is 16 MB.
const MOST_NAMES: u32 = 65_536;

/// The table.
#[derive(Debug, Default)]
pub(crate) struct Synthetic {
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    names: Vec<String>,
    numbers: HashMap<String, u32>,
}

/// Whether an address belongs to the range.
pub(crate) fn is_made_up(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => matches!(address.octets(), [198, 18 | 19, ..]),
        IpAddr::V6(_) => false,
    }
}

impl Synthetic {
    /// The address that stands for a name; none when the table is full.
    pub(crate) fn address(&self, name: &str) -> Option<Ipv4Addr> {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = table.numbers.get(name) {
            return Some(Ipv4Addr::from_bits(FIRST + number));
        }
        let number = u32::try_from(table.names.len()).ok().filter(|number| *number < MOST_NAMES)? + 1;
        table.names.push(name.to_owned());
        table.numbers.insert(name.to_owned(), number);
        Some(Ipv4Addr::from_bits(FIRST + number))
    }

    /// The name that an address stands for.
    pub(crate) fn name(&self, address: IpAddr) -> Option<String> {
        let IpAddr::V4(address) = address.to_canonical() else { return None };
        let index = address.to_bits().checked_sub(FIRST)?.checked_sub(1)?;
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        table.names.get(usize::try_from(index).ok()?).cloned()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_address_and_an_address_its_name() {
        let table = Synthetic::default();
        let first = table.address("a.example").unwrap();
        assert_eq!(first, Ipv4Addr::new(198, 18, 0, 1));
        let second = table.address("b.example").unwrap();
        assert_eq!(table.address("a.example"), Some(first));
        assert_eq!(table.name(second.into()), Some("b.example".to_owned()));
        assert!(is_made_up(second.into()));
        for other in ["198.18.0.0", "198.18.0.3", "198.17.255.255", "1.1.1.1", "::1"] {
            assert_eq!(table.name(other.parse().unwrap()), None, "{other}");
        }
    }

    #[test]
    fn a_full_table_gives_nothing_more() {
        let table = Synthetic::default();
        for number in 0..MOST_NAMES {
            assert!(table.address(&format!("n{number}")).is_some());
        }
        assert_eq!(table.address("one-more"), None);
        assert!(table.address("n0").is_some());
    }
}
