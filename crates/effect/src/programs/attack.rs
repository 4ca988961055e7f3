//! sqlmap, hydra, hashcat, metasploit and their kin: tools for breaking in.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &[
        "sqlmap",
        "nikto",
        "hydra",
        "medusa",
        "ncrack",
        "hashcat",
        "john",
        "gobuster",
        "ffuf",
        "feroxbuster",
        "dirb",
        "dirbuster",
        "wfuzz",
        "wpscan",
        "msfconsole",
        "msfvenom",
        "msfdb",
        "nuclei",
        "aircrack-ng",
        "airodump-ng",
        "aireplay-ng",
        "bettercap",
        "ettercap",
        "crackmapexec",
        "netexec",
        "nxc",
        "impacket-secretsdump",
        "secretsdump.py",
        "mimikatz",
        "linpeas.sh",
        "setoolkit",
        "searchsploit",
        "evil-winrm",
        "smbmap",
        "enum4linux",
        "ldapsearch-ad",
        "bloodhound-python",
        "amass",
        "subfinder",
        "theHarvester",
        "commix",
        "xsstrike",
        "slowloris",
        "hping-flood",
        "goldeneye",
    ],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    valued: "u url w P p l L o m a t",
    options: &[("o|output|output-file|outfile|log", Value::Write), ("L|P|C|w|wordlist|r|requestfile", Value::Read)],
    flags: &[("show|list|L", &[Act::Ask])],
    otherwise: &[Act::Opaque(OpaqueCause::Dynamic, "attack")],
    alone: Some(&[Act::Opaque(OpaqueCause::Dynamic, "attack")]),
    ..Described::NEW
};
