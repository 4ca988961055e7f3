//! A push to somebody else.
