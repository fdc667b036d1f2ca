//! Hostile texts and files: a clear word for each, quickly and in bounded memory.
#![expect(
    clippy::panic,
    clippy::expect_used,
    reason = "a test that meets what it did not foresee has to stop"
)]
#![expect(
    clippy::format_collect,
    reason = "hostile texts are made once and need no speed"
)]

#[path = "hostile/desk.rs"]
mod desk;
#[path = "hostile/files.rs"]
mod files;
#[path = "hostile/rows.rs"]
mod rows;
#[path = "hostile/texts.rs"]
mod texts;
#[path = "hostile/values.rs"]
mod values;
