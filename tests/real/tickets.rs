//! Incidents from the audit log of a ServiceNow instance.

use mittari::plan::Periods;
use mittari::{Dataset, Results, RunOptions, Selection, Workspace};
use mittari_lang::types::Period;

use crate::ask::{self, Found, metrics};

const SOURCE: &str = "servicenow-audit-log";

/// The cards whose figures are known, each of which lists the whole as a period.
const WHOLE: [&str; 5] = [
    "made-sla",
    "reopened-share",
    "without-reassignment",
    "resolution-time",
    "throughput-time",
];

fn run(
    workspace: &Workspace,
    dataset: &Dataset,
    selection: &Selection,
    threads: usize,
) -> Results {
    let options = RunOptions { threads, ..RunOptions::default() };
    workspace.run(dataset, selection, &options).unwrap()
}

#[test]
fn the_published_figures_of_incidents_come_out() {
    let Some(file) = crate::data("servicenow_incident_event_log.csv.gz") else { return };
    let workspace = crate::workspace("UTC");
    let dataset = Dataset::of_folder(&workspace.catalog, Some(SOURCE), &[file]).unwrap();

    let monthly = run(&workspace, &dataset, &Selection::default(), 2);
    let table = &monthly.tables[0];
    assert_eq!((table.name.as_str(), table.rows, table.bad_rows), ("tickets", 24_918, 0));
    assert_eq!(table.superseded_rows, 141_712 - 24_918);
    let (accounts, populations) = ask::accounts_add_up(&monthly);
    assert!(accounts > 1_000 && populations > 20, "{accounts}, {populations}");
    backlogs(&Found::of(&monthly));
    ask::same(&monthly, &run(&workspace, &dataset, &Selection::default(), 1));

    let mut cards = WHOLE.to_vec();
    cards.extend(["ticket-volumes", "closed-against-opened"]);
    let selection = Selection {
        metrics: metrics(&workspace, &cards),
        periods: Periods::These(vec![Period::Whole]),
        ..Selection::default()
    };
    let whole = run(&workspace, &dataset, &selection, 2);
    ask::accounts_add_up(&whole);
    shares(&Found::of(&whole));
    times(&Found::of(&whole));
    volumes(&Found::of(&whole));
}

fn shares(found: &Found<'_>) {
    found.is("made-sla.kept whole", 15_803.0);
    found.is("made-sla.tickets whole", 24_918.0);
    found.is("made-sla.rate whole", 15_803.0 / 24_918.0);
    found.is_about("made-sla.rate whole", 0.634_200, 6);
    let by_priority = [
        ("P1", 5.0, 270.0),
        ("P2", 2.0, 408.0),
        ("P3", 15_145.0, 23_466.0),
        ("P4", 651.0, 774.0),
    ];
    for (priority, kept, of) in by_priority {
        found.is(&format!("made-sla.kept whole priority={priority}"), kept);
        found.is(&format!("made-sla.tickets whole priority={priority}"), of);
        let rate = found.row(&format!("made-sla.rate whole priority={priority}"));
        assert_eq!((rate.numerator, rate.denominator), (Some(kept), Some(of)));
    }
    found.is("reopened-share.tickets whole", 275.0);
    found.is("reopened-share.reopenings whole", 331.0);
    found.is("without-reassignment.tickets whole", 13_549.0);
    found.is("without-reassignment.first_contact_proxy whole", 13_384.0);
}

fn times(found: &Found<'_>) {
    found.is("resolution-time.resolved whole", 23_362.0);
    found.is("resolution-time.total whole", 14_984_800_200.0);
    found.is_about("resolution-time.mean whole", 641_417.695_4, 4);
    found.is("resolution-time.median whole", 79_560.0);
    found.is("throughput-time.closed whole", 24_918.0);
    found.is("throughput-time.total whole", 28_286_492_040.0);
}

fn volumes(found: &Found<'_>) {
    let channels = [
        ("phone", 24_688.0),
        ("portal", 158.0),
        ("email", 59.0),
        ("event", 9.0),
        ("walk-in", 4.0),
    ];
    found.is("ticket-volumes.tickets whole", 24_918.0);
    for (channel, tickets) in channels {
        found.is(&format!("ticket-volumes.tickets whole channel={channel}"), tickets);
        let share = found.row(&format!("ticket-volumes.channels.{channel} whole"));
        assert_eq!((share.numerator, share.denominator), (Some(tickets), Some(24_918.0)));
    }
    found.is("closed-against-opened.ratio whole", 1.0);
}

/// The first of a month is the end of the month before.
fn backlogs(found: &Found<'_>) {
    found.is("backlog.not_closed 2016-03", 3_353.0);
    found.is("backlog.not_closed 2016-05", 2_044.0);
    found.is("backlog.not_closed 2016-06", 451.0);
    let by_priority = ["P1", "P2", "P3", "P4"]
        .map(|p| format!("backlog.not_closed 2016-03 priority={p}"));
    let sum: f64 = by_priority.iter().filter_map(|title| found.row(title).value).sum();
    assert_eq!(sum.to_bits(), 3_353_f64.to_bits());
}
