//! The program mittari.

#[expect(dead_code, reason = "wired below in a moment")]
mod args;
#[expect(dead_code, reason = "wired below in a moment")]
mod render;
#[expect(dead_code, reason = "wired below in a moment")]
mod scorecard;

fn main() {}
