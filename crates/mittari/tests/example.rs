//! The example program does what it says.

use std::path::Path;

#[path = "../examples/service_desk.rs"]
#[expect(dead_code, reason = "its own `main` writes to the screen")]
mod service_desk;

#[test]
fn the_example_tells_what_it_measured() {
    let metrics = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../metrics");
    let mut told = Vec::new();
    service_desk::tell(&metrics, &mut told).unwrap();
    insta::assert_snapshot!(String::from_utf8(told).unwrap(), @"
    sound: true
    tables read: 1
    2026-01   67.0 %  344 rows, 300 counted
    2026-02   59.8 %  357 rows, 301 counted
    2026-03   58.6 %  343 rows, 292 counted
    2026-04   64.9 %  318 rows, 276 counted
    2026-05   58.3 %  283 rows, 242 counted
    2026-06   58.8 %  283 rows, 250 counted
    2026-07   64.2 %  183 rows, 148 counted
    2026-08   65.1 %  397 rows, 344 counted
    2026-09   61.4 %  379 rows, 332 counted
    contacts dated arrived_at, 2026-03 by phone: missed by C00704, C00705, C00706, ...
    as CSV: 64 lines
    from memory: 1 of 2; left out 1 by abandoned-before-target
    ");
}
