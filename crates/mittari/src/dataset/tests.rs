//! Files are found by the patterns of the sources, each once.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array};
use mittari_lang::metric::Mapping;
use mittari_lang::schema::{Column, Schema};
use tempfile::TempDir;

use super::*;

/// A folder with empty files.
fn folder(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "id\n").unwrap();
    }
    folder
}

/// A catalog of sources, each `name: table: patterns`.
fn catalog(sources: &[(&str, u32, &[&str])]) -> Catalog {
    let tables = ["tickets", "contacts"].map(|name| Table {
        name: name.to_owned(),
        key: Vec::new(),
        columns: vec![Column {
            name: "id".to_owned(),
            kind: Kind::Text,
            required: false,
            planned: false,
            personal: false,
            unit: None,
            values: Vec::new(),
            meaning: String::new(),
        }],
        lookups: Vec::new(),
        valid: None,
        meaning: String::new(),
    });
    let schema = Schema { tables: tables.to_vec(), sets: Vec::new() };
    let mappings = sources.iter().map(|(name, table, patterns)| {
        let id = TableId(*table);
        let table = schema.table(id).unwrap();
        let mut mapping = mapping_of_batches(id, table, &[]);
        mapping.file = patterns
            .iter()
            .map(|pattern| Spanned::new((*pattern).to_owned(), Span::default()))
            .collect();
        Mapping {
            name: (*name).to_owned(),
            covers_from: Some(1),
            covers_to: None,
            as_of: Some(7),
            tables: vec![mapping],
            cannot: Vec::new(),
        }
    });
    Catalog {
        mappings: mappings.collect(),
        zone: chrono_tz::Tz::UTC,
        fiscal_start: (1, 1),
        languages: Vec::new(),
        calendars: Vec::new(),
        populations: Vec::new(),
        dimensions: Vec::new(),
        metrics: Vec::new(),
        rules: Vec::new(),
        schema,
    }
}

/// The names of the files of the first table.
fn found(catalog: &Catalog, folder: &TempDir) -> Result<Vec<String>, String> {
    let paths = [folder.path().to_path_buf()];
    let dataset = Dataset::of_folder(catalog, None, &paths).map_err(|error| {
        error.to_string().replace(&format!("{}", folder.path().display()), ".")
    })?;
    let Some(TableInput::Files { files, .. }) = dataset.input(TableId(0)) else {
        return Ok(Vec::new());
    };
    let names = files.iter().map(|file| file.strip_prefix(folder.path()).unwrap());
    Ok(names.map(|name| name.display().to_string()).collect())
}

#[test]
fn patterns_find_files_and_their_packed_forms() {
    let folder =
        folder(&["b.csv", "a.csv.gz", "c.csv.zst", "d.tsv", "sub/e.csv", ".f.csv"]);
    let names = found(&catalog(&[("s", 0, &["*.csv"])]), &folder);
    assert_eq!(names.unwrap(), ["a.csv.gz", "b.csv", "c.csv.zst"]);
    let names = found(&catalog(&[("s", 0, &["*.csv.gz"])]), &folder);
    assert_eq!(names.unwrap(), ["a.csv.gz"]);
    let names = found(&catalog(&[("s", 0, &["sub/*.csv", "d.tsv", "?.tsv"])]), &folder);
    assert_eq!(names.unwrap(), ["d.tsv", "sub/e.csv"]);
}

#[test]
fn a_folder_may_have_a_strange_name() {
    let outer = folder(&["a[1]*/x.csv"]);
    let inner = outer.path().join("a[1]*");
    let catalog = catalog(&[("s", 0, &["x.csv"])]);
    assert!(Dataset::of_folder(&catalog, None, &[inner]).is_ok());
}

#[test]
fn files_may_be_named_themselves() {
    let folder = folder(&["x.csv.gz", "y.csv"]);
    let paths = ["x.csv.gz", "y.csv"].map(|name| folder.path().join(name));
    let catalog = catalog(&[("s", 0, &["data/x.csv"]), ("t", 1, &["y.*"])]);
    let dataset = Dataset::of_folder(&catalog, None, &paths).unwrap();
    assert_eq!(dataset.tables().collect::<Vec<_>>(), [TableId(0), TableId(1)]);
    let facts = dataset.source(TableId(1)).unwrap();
    assert_eq!(
        (facts.name.as_str(), facts.covers_from, facts.as_of),
        ("t", Some(1), Some(7))
    );
    assert_eq!(dataset.as_of(), Some(7));
}

#[test]
fn what_cannot_be_decided_is_asked_for() {
    let folder = folder(&["x.csv", "x.csv.gz", "y.csv"]);
    let told =
        |sources: &[(&str, u32, &[&str])]| found(&catalog(sources), &folder).unwrap_err();
    insta::assert_snapshot!(told(&[("s", 0, &["x.csv"])]), @r"`./x.csv` and `./x.csv.gz` are the same file, packed and unpacked; remove one");
    insta::assert_snapshot!(told(&[("s", 0, &["z.csv", "*.parquet"])]), @r"no file matches; tried `z.csv`, `*.parquet` in `.`");
    insta::assert_snapshot!(told(&[("s", 0, &["y.csv"]), ("t", 0, &["y*"])]), @r"the sources `s`, `t` all have files for `tickets`; choose one with `--source`");
    insta::assert_snapshot!(told(&[("s", 0, &["***"])]), @r"`***` is not a pattern of file names: wildcards are either regular `*` or recursive `**`");
    let both = catalog(&[("s", 0, &["y.csv"]), ("service-now", 0, &["y.csv"])]);
    let paths = [folder.path().to_path_buf()];
    let chosen = Dataset::of_folder(&both, Some("service-now"), &paths).unwrap();
    assert_eq!(chosen.source(TableId(0)).unwrap().name, "service-now");
    let error = Dataset::of_folder(&both, Some("servicenow"), &paths).unwrap_err();
    insta::assert_snapshot!(error, @r"there is no source `servicenow`; there is `service-now`");
}

#[test]
fn batches_stand_behind_a_table_by_its_name() {
    let catalog = catalog(&[]);
    let mut dataset = Dataset::new();
    let column: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let batch = RecordBatch::try_from_iter([("id", column)]).unwrap();
    dataset.add_batches(&catalog, "tickets", vec![batch.clone()]).unwrap();
    let error = dataset.add_batches(&catalog, "ticket", vec![batch]).unwrap_err();
    insta::assert_snapshot!(error, @r"there is no table `ticket`; there is `tickets`");
    let table = catalog.schema.table(TableId(0)).unwrap();
    let id = ColumnId { table: TableId(0), column: 0 };
    assert!(dataset.input(TableId(0)).unwrap().gives(table, id));
    assert!(dataset.input(TableId(1)).is_none());
}
