//! What an address is: public, or one of the kinds that a public name must never lead to. In: an address. Out: its class.
//!
//! From IANA's special-purpose registries (RFC 6890 and its updates). IPv6 addresses that carry an IPv4 address (mapped,
//! NAT64, 6to4) have the class of what they carry. It looks nothing up.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What kind of place an address is, the more dangerous the later: a name with several addresses has the last one's class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Out on the internet.
    Public,
    /// This machine.
    Loopback,
    /// A private network: RFC 1918, carrier-grade NAT, unique local IPv6; and ranges set aside for documentation and
    /// benchmarks, which are nobody's on the internet and which closed networks use.
    Private,
    /// The same link.
    LinkLocal,
    /// A cloud's metadata service, which gives out the machine's own credentials. Never reached.
    Metadata,
    /// Multicast, unspecified, reserved. Never reached.
    Unusable,
}

impl Class {
    /// Whether a gate may allow it by [`crate::gate::Answer::AllowLocal`]; the others are refused whatever it answers.
    #[must_use]
    pub fn may_be_allowed(self) -> bool {
        match self {
            Self::Public | Self::Loopback | Self::Private | Self::LinkLocal => true,
            Self::Metadata | Self::Unusable => false,
        }
    }

    /// The word for it in a refusal.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Loopback => "loopback",
            Self::Private => "private",
            Self::LinkLocal => "link-local",
            Self::Metadata => "cloud metadata",
            Self::Unusable => "unusable",
        }
    }
}

/// The class of an address.
#[must_use]
pub fn class(address: IpAddr) -> Class {
    match address.to_canonical() {
        IpAddr::V4(address) => class_v4(address),
        IpAddr::V6(address) => class_v6(address),
    }
}

/// Metadata services: AWS, GCP, Azure and others; ECS; EKS; Alibaba; Oracle; Azure's wire server.
const METADATA_V4: &[[u8; 4]] = &[
    [169, 254, 169, 254],
    [169, 254, 169, 253],
    [169, 254, 169, 123],
    [169, 254, 170, 2],
    [169, 254, 170, 23],
    [100, 100, 100, 200],
    [192, 0, 0, 192],
    [168, 63, 129, 16],
];

/// Metadata services over IPv6: AWS, EKS, AWS's DNS, GCP.
const METADATA_V6: &[[u16; 8]] = &[
    [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254],
    [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23],
    [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x253],
    [0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254],
];

fn class_v4(address: Ipv4Addr) -> Class {
    if METADATA_V4.contains(&address.octets()) {
        return Class::Metadata;
    }
    match address.octets() {
        [127, ..] => Class::Loopback,
        [10, ..] | [192, 168, ..] => Class::Private,
        [172, b, ..] if b & 0xf0 == 16 => Class::Private,
        [100, b, ..] if b & 0xc0 == 64 => Class::Private,
        [169, 254, ..] => Class::LinkLocal,
        // Documentation (three), benchmarks.
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] | [198, 18 | 19, ..] => Class::Private,
        // This network, protocol assignments, 6to4 relays, multicast, reserved and broadcast.
        [0, ..] | [192, 0, 0, _] | [192, 88, 99, _] | [224..=255, ..] => Class::Unusable,
        [..] => Class::Public,
    }
}

fn class_v6(address: Ipv6Addr) -> Class {
    let parts = address.segments();
    if METADATA_V6.contains(&parts) {
        return Class::Metadata;
    }
    match parts {
        [0, 0, 0, 0, 0, 0, 0, 1] => Class::Loopback,
        // NAT64 (RFC 6052), stateless translation (RFC 7915), 6to4 (RFC 3056): as what they carry.
        [0x64, 0xff9b, 0, 0, 0, 0, a, b] | [0, 0, 0, 0, 0xffff, 0, a, b] | [0x2002, a, b, ..] => class_v4(carried(a, b)),
        [0x64, 0xff9b, 1, ..] => Class::Private,
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Class::Private,
        [0xfe80..=0xfebf, ..] => Class::LinkLocal,
        // Documentation (two).
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Class::Private,
        // Protocol assignments with Teredo and ORCHID.
        [0x2001, 0..=0x1ff, ..] => Class::Unusable,
        [0x2000..=0x3fff, ..] => Class::Public,
        [..] => Class::Unusable,
    }
}

fn carried(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn is(text: &str, expected: Class) {
        assert_eq!(class(text.parse().unwrap()), expected, "{text}");
    }

    #[test]
    fn special_addresses_are_told_from_public_ones() {
        for text in ["1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "198.17.0.1", "198.20.0.1"] {
            is(text, Class::Public);
        }
        for text in ["223.255.255.255", "192.0.1.1", "2606:4700::1111", "2a00::1", "2001:200::1", "2001:4860::8888"] {
            is(text, Class::Public);
        }
        for text in ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"] {
            is(text, Class::Loopback);
        }
        for text in [
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "fd12::1",
            "192.0.2.1",
            "198.18.0.1",
            "2001:db8::1",
        ] {
            is(text, Class::Private);
        }
        for text in ["169.254.0.1", "fe80::1", "febf::1"] {
            is(text, Class::LinkLocal);
        }
        for text in ["169.254.169.254", "100.100.100.200", "fd00:ec2::254", "::ffff:169.254.169.254", "168.63.129.16"] {
            is(text, Class::Metadata);
        }
        for text in ["0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "255.255.255.255", "240.0.0.1", "ff02::1", "192.0.0.1"] {
            is(text, Class::Unusable);
        }
        for text in ["::127.0.0.1", "100::1", "2001::1", "192.88.99.1", "5f00::1", "4000::1"] {
            is(text, Class::Unusable);
        }
    }

    #[test]
    fn an_address_that_carries_another_has_its_class() {
        is("64:ff9b::7f00:1", Class::Loopback);
        is("64:ff9b::a9fe:a9fe", Class::Metadata);
        is("64:ff9b::101:101", Class::Public);
        is("2002:7f00:1::", Class::Loopback);
        is("2002:c0a8:1::1", Class::Private);
        is("2002:a9fe:a9fe::1", Class::Metadata);
        is("::ffff:0:10.0.0.1", Class::Private);
        is("64:ff9b:1::1", Class::Private);
    }
}
