//! The first line of a file: which field holds which column.

use std::path::Path;

use crate::fault::{LoadError, nearest};
use crate::load::cuts::{Cut, first_cut};
use crate::load::rows::{Rows, Signs, divide, scrub};

/// How the lines of a file are divided, and which fields are used.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) signs: Signs,
    /// How many fields a row has; of JSON none.
    pub(crate) width: Option<usize>,
    /// The field of each used column.
    pub(crate) fields: Vec<usize>,
    /// How many lines the header takes.
    pub(crate) n_lines: u32,
}

/// Where the first row that is not blank ends.
pub(crate) fn end(bytes: &[u8], signs: Signs) -> Cut {
    let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    match first_cut(bytes.get(blank..).unwrap_or_default(), signs) {
        Cut::At(end) => Cut::At(blank + end),
        nowhere @ Cut::Nowhere { .. } => nowhere,
    }
}

/// Whether there is nothing but line ends.
pub(crate) fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b'\r' | b'\n'))
}

impl Header {
    /// Of lines that are JSON objects with this many used values.
    pub(crate) fn of_json(n_names: usize) -> Self {
        // Neither sign occurs in front of a line's end within JSON.
        let signs = Signs { delimiter: b'\n', quote: None };
        Self { signs, width: None, fields: (0..n_names).collect(), n_lines: 0 }
    }

    /// Of a line with the names of the columns; without names they are called by their
    /// number, from 1.
    pub(crate) fn of_line(
        path: &Path,
        line: &[u8],
        signs: Signs,
        (used, has_header): (&[String], bool),
    ) -> Result<Self, LoadError> {
        let n_lines = memchr::memchr_iter(b'\n', line).count();
        let fields = fields_of(line, signs);
        let names: Vec<String> = if has_header {
            fields
        } else {
            (1..=fields.len()).map(|number| number.to_string()).collect()
        };
        if names.is_empty() {
            return Err(LoadError::Empty { file: path.to_path_buf() });
        }
        let places = used.iter().map(|name| place_of(path, name, &names));
        Ok(Self {
            signs,
            width: Some(names.len()),
            fields: places.collect::<Result<_, _>>()?,
            n_lines: if has_header {
                u32::try_from(n_lines).unwrap_or(u32::MAX)
            } else {
                0
            },
        })
    }
}

/// The place of a name among those of a file.
pub(crate) fn place_of(
    path: &Path,
    name: &String,
    names: &[String],
) -> Result<usize, LoadError> {
    let mut places = (0..).zip(names).filter(|(_, other)| *other == name);
    let (file, column) = (path.to_path_buf(), name.clone());
    match (places.next(), places.next()) {
        (Some((place, _)), None) => Ok(place),
        (Some(_), Some(_)) => Err(LoadError::SameColumn { file, column }),
        (None, _) => {
            Err(LoadError::NoColumn { known: nearest(name, names), file, column })
        }
    }
}

/// The fields of one row.
fn fields_of(line: &[u8], signs: Signs) -> Vec<String> {
    let mut bytes = line.to_vec();
    scrub(&mut bytes);
    let mut rows = Rows::default();
    divide(&mut bytes, signs, 0, None, &mut rows);
    let text = String::from_utf8_lossy(&bytes);
    (0..rows.width()).map(|at| rows.field(text.as_bytes(), 0, at).to_owned()).collect()
}
