//! Any bytes as an export: nothing panics, every row is kept or counted as bad, and one
//! thread finds what two find.
#![no_main]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use arrow_array::{ArrayRef, RecordBatch};
use libfuzzer_sys::fuzz_target;
use mittari::load::{OnBadRows, ScanOptions, scan};
use mittari::{Dataset, Overrides, Workspace};
use mittari_fuzz::{desk, rows};
use mittari_lang::schema::TableId;
use mittari_lang::source::Sources;

const SOURCE: &str = "\
source: export
title: Export
tables:
  tickets:
    file: FILE
    missing: ['', '?']
    time_zone: Europe/Helsinki
    format: ['%d/%m/%Y %H:%M', '%Y-%m-%dT%H:%M:%S']
    fields:
      ticket_id: id
      type: {from: kind, values: {I: incident, R: request}}
      opened_at: opened
      resolved_at: {from: [day, time], format: '%d/%m/%Y %H:%M', after: opened_at}
      waited: {from: waited, unit: min}
      cost: cost
      count_of: {from: number, decimal_comma: true}
      reopened: {from: again, values: {Y: true, N: false}}
      subject: subject
";

/// The files that a source can name, each with its workspace.
struct Ground {
    folder: tempfile::TempDir,
    kinds: Vec<(&'static str, Workspace)>,
}

fn ground() -> Ground {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !mittari::load::panics_are_caught() {
            tell(panic);
        }
    }));
    let names =
        ["a.csv", "b.tsv", "c.ndjson", "d.csv.gz", "e.csv.zst", "f.parquet", "g.csv"];
    let kinds = names.map(|name| {
        let mut source = SOURCE.replace("FILE", name);
        if name == "g.csv" {
            source.push_str("    keep: last by number per id\n    delimiter: ';'\n");
        }
        let mut sources = Sources::new();
        sources.add("workspace.yaml", desk::SETTINGS);
        sources.add("vocabulary.yaml", desk::VOCABULARY);
        sources.add("calendars/desk.yaml", desk::HOURS);
        sources.add("sources/export.yaml", source);
        let workspace = Workspace::of_texts(sources, &Overrides::default());
        assert!(workspace.is_sound(), "{:?}", workspace.diagnostics);
        (name, workspace)
    });
    let folder = tempfile::tempdir().expect("a folder");
    Ground { folder, kinds: kinds.into() }
}

/// What stands in the file: the bytes as they are, packed, or a sound Parquet file in
/// which some of its bytes were replaced.
fn content(name: &str, kind: u8, bytes: &[u8]) -> Vec<u8> {
    let plain = kind & 0x80 != 0;
    match name.rsplit('.').next() {
        Some("gz") if !plain => {
            let mut packer =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packer.write_all(bytes).expect("memory");
            packer.finish().expect("memory")
        }
        Some("zst") if !plain => zstd::encode_all(bytes, 1).expect("memory"),
        Some("parquet") if !plain => damaged(bytes),
        _ => bytes.to_vec(),
    }
}

fn damaged(bytes: &[u8]) -> Vec<u8> {
    static SOUND: OnceLock<Vec<u8>> = OnceLock::new();
    let sound = SOUND.get_or_init(|| {
        let batch = rows::tickets();
        let renamed = |name: &str| match name {
            "ticket_id" => "id".to_owned(),
            "type" => "kind".to_owned(),
            "count_of" => "number".to_owned(),
            "reopened" => "again".to_owned(),
            other => other.strip_suffix("_at").unwrap_or(other).to_owned(),
        };
        let schema = batch.schema();
        let names = schema.fields().iter().map(|field| renamed(field.name()));
        let columns = names.zip(batch.columns().iter().cloned());
        let time: ArrayRef = batch.columns()[0].clone();
        let columns = columns.chain([("time".to_owned(), time)]);
        let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
        let mut out = Vec::new();
        let mut writer =
            parquet::arrow::ArrowWriter::try_new(&mut out, batch.schema(), None)
                .expect("a schema that can be written");
        writer.write(&batch).expect("memory");
        writer.close().expect("memory");
        out
    });
    let mut file = sound.clone();
    for change in bytes.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % file.len();
        file[at] = change[2];
    }
    if bytes.len() % 3 == 1 {
        file.truncate(usize::from(bytes[bytes.len() - 1]) * file.len() / 256);
    }
    file
}

fuzz_target!(|bytes: &[u8]| {
    static GROUND: OnceLock<Ground> = OnceLock::new();
    let Some((kind, rest)) = bytes.split_first() else { return };
    let ground = GROUND.get_or_init(ground);
    let (name, workspace) = &ground.kinds[usize::from(*kind & 0x7f) % ground.kinds.len()];
    let path = ground.folder.path().join(name);
    std::fs::write(&path, content(name, *kind, rest)).expect("a file");
    let [one, two] = [1, 2].map(|threads| read(workspace, &path, threads));
    assert_eq!(one, two, "one thread and two");
    std::fs::remove_file(&path).expect("the file");
});

/// What was read, as a text: the account, or why there is none.
fn read(workspace: &Workspace, path: &Path, threads: usize) -> String {
    let catalog = &workspace.catalog;
    let paths: [PathBuf; 1] = [path.to_path_buf()];
    let dataset = match Dataset::of_folder(catalog, None, &paths) {
        Ok(dataset) => dataset,
        Err(error) => return error.to_string(),
    };
    let (table, tickets) = catalog.schema.table_named("tickets").expect("a table");
    let input = dataset.input(table).expect("its input");
    let needed = tickets.columns.iter().zip(0_u32..).map(|(_, column)| {
        let column = mittari_lang::schema::ColumnId { table: TableId(0), column };
        input.gives(tickets, column)
    });
    let options = ScanOptions::new(needed.collect())
        .threads(threads)
        .on_bad_rows(OnBadRows::Report);
    let step = |n_rows: &mut u64, batch: mittari::batch::Batch| {
        *n_rows += batch.n_rows as u64;
        Ok::<(), String>(())
    };
    match scan(input, (&catalog.schema, table), &options, || 0, step) {
        Err(error) => error.to_string(),
        Ok((states, report)) => {
            assert_eq!(states.iter().sum::<u64>(), report.rows_kept);
            let known = report.rows_kept + report.rows_superseded + report.faults.rows;
            assert_eq!(report.rows_read, known, "{report:?}");
            let rows = report.faults.listed.iter().map(ToString::to_string);
            let listed: Vec<String> = rows.collect();
            format!("{} {} {listed:?}", report.rows_read, report.faults.total)
        }
    }
}
