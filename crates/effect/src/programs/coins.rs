//! Coin and mining programs: the machine's work for somebody else.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "xmrig",
            "cgminer",
            "bfgminer",
            "minerd",
            "t-rex",
            "lolMiner",
            "ethminer",
            "nbminer",
            "phoenixminer",
            "cpuminer",
            "ccminer",
            "srbminer-multi",
            "gminer",
            "teamredminer",
            "nanominer",
            "xmr-stak",
        ],
        effects: |inv, sink| XMRIG.say(inv, sink),
    },
    Program {
        names: &[
            "bitcoin-cli",
            "bitcoind",
            "lncli",
            "lightning-cli",
            "geth",
            "cast",
            "solana",
            "solana-keygen",
            "spl-token",
            "ethkey",
            "monero-wallet-cli",
            "electrum",
            "near",
            "cardano-cli",
            "gaiad",
            "anchor",
            "hardhat",
            "truffle",
            "foundryup",
            "brownie",
            "sui",
            "aptos",
            "starkli",
        ],
        effects: |inv, sink| BITCOIN_CLI.say(inv, sink),
    },
];

const XMRIG: Described = Described {
    valued: "o url u user p pass a algo",
    options: &[("o|url", Value::Host), ("c|config", Value::Read)],
    otherwise: &[Act::Opaque(OpaqueCause::Dynamic, "miner")],
    alone: Some(&[Act::Opaque(OpaqueCause::Dynamic, "miner")]),
    ..Described::NEW
};

const BITCOIN_CLI: Described = Described {
    target: "blockchain",
    valued: "rpc-url private-key keystore from to value account wallet network keypair k url u",
    options: &[
        ("keypair|keystore|wallet|k|password-file", Value::Read),
        ("private-key", Value::Secret),
        ("rpc-url|u|url|rpc-endpoint", Value::Host),
    ],
    verbs: &[
        (
            "balance, block, call, getbalance, getblockcount, getinfo, account list, address, config get, gas-price, chain-id, tx, receipt, validators, supply, epoch, listtransactions, getblockchaininfo, version",
            &[Act::Nothing],
        ),
        ("dumpprivkey, dumpwallet, wallet private-key, recover, grind, new, export, getseed", &[Act::Secret("wallet")]),
        ("build, test, compile, node, console, script, init, fmt, clean, coverage", &[Act::Project]),
    ],
    otherwise: &[Act::Change],
    ..Described::NEW
};
