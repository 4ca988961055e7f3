//! The shell language: source text in, syntax tree out. Bounded by construction: every step costs fuel.

pub mod ast;
