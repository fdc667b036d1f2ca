//! The program mittari.

fn main() {}
