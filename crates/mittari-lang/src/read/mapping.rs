//! A source file: its keys and what becomes of them.

use crate::diagnostic::{Code, Diagnostic};
use crate::mapping::{
    Covers, Encoding, FieldSource, Layout, Mapping, Quote, Reading, TableSource,
};
use crate::span::Spanned;

use super::complaints;
use super::cx::Cx;
use super::dates::{Day, MomentKind};
use super::field::{Form, Place, Record, form};
use super::kinds::{AnyList, Either, Named, OneOrMore, Prose, Raw, ShortOr, Text};
use super::language::Formula;
use super::small::{KeepKind, Sign};
use super::words::{Truth, UnitKind, Word};

form! {
    /// A source file while it is read.
    MappingDraft {
        "source" required name: Text, "its name";
        "title" optional title: Prose, "what it is called";
        "notes" optional notes: OneOrMore<Prose>, "what to know about the export";
        "covers" optional covers: Record<CoversDraft>, "which days the data hold whole; else from the first day with a row until the moment of evaluation";
        "as_of" optional as_of: MomentKind, "the moment the export was made";
        "tables" required tables: Named<Record<TableDraft>>, "the vocabulary's tables and how each is read";
        "cannot" optional cannot: Named<Prose>, "tables of the vocabulary that the system does not give, behind each why; said of cards that need them";
    }
}

impl Form for MappingDraft {
    type Out = Mapping;
    const NAME: &'static str = "a source";

    fn finish(self, place: Place, _: &mut Cx<'_>) -> Option<Mapping> {
        Some(Mapping {
            source: place.source(),
            name: self.name?,
            title: self.title,
            notes: self.notes.unwrap_or_default(),
            covers: self.covers,
            as_of: self.as_of,
            tables: self.tables?.into_iter().map(|(_, table)| table).collect(),
            cannot: self.cannot.unwrap_or_default(),
        })
    }
}

form! {
    /// The days a source covers while they are read.
    CoversDraft {
        "from" optional from: Day, "the first day";
        "until" optional until: Day, "the last day";
    }
}

impl Form for CoversDraft {
    type Out = Covers;
    const NAME: &'static str = "what a source covers";

    fn finish(self, place: Place, cx: &mut Cx<'_>) -> Option<Covers> {
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until.value < from.value
        {
            let message = "the last day lies before the first";
            let complaint = Diagnostic::new(Code::SourceForm, until.span, message);
            cx.say(complaint.with(from.span, "the first day"));
        }
        Some(Covers { from: self.from, until: self.until, span: place.span })
    }
}

form! {
    /// How a table is read, while that is read.
    TableDraft {
        "file" required file: OneOrMore<Text>, "files below the data's folder, by name or with `*`: csv, tsv, ndjson, parquet, also packed as gz or zst";
        "layout" optional layout: Word<Layout>, "the layout of the files, where their names do not say";
        "delimiter" optional delimiter: Sign, "the character between columns";
        "quote" optional quote: Sign, "the character around texts, or `none`";
        "header" optional header: Truth, "`false` if the first line is data; then the columns are called 1, 2, 3";
        "encoding" optional encoding: Word<Encoding>, "how bytes become text, else utf-8";
        "format" optional format: OneOrMore<Text>, "how instants and days are written, as a strftime pattern; of several the first that fits";
        "time_zone" optional time_zone: Text, "the zone of instants, by the IANA name";
        "missing" optional missing: AnyList<Raw>, "texts that mean no value";
        "decimal_comma" optional decimal_comma: Truth, "whether numbers have a comma for the point";
        "keep" optional keep: KeepKind, "of several lines with one key only one is a row";
        "fields" required fields: Named<ShortOr<Text, Record<FieldDraft>>>, "the vocabulary's fields, behind each the column or keys";
        "cannot" optional cannot: Named<Prose>, "fields of the table that the system does not give, behind each why; said of cards that need them";
    }
}

impl Form for TableDraft {
    type Out = TableSource;
    const NAME: &'static str = "a table of a source";

    fn finish(self, place: Place, cx: &mut Cx<'_>) -> Option<TableSource> {
        let field = |(name, either)| match either {
            Either::Short(column) => column_alone(name, column),
            Either::Long(field) => field,
        };
        let quote = |sign: Option<char>| sign.map_or(Quote::None, Quote::Character);
        Some(TableSource {
            name: place.key,
            file: self.file?,
            layout: self.layout,
            delimiter: self.delimiter.and_then(|sign| delimiter(sign, cx)),
            quote: self.quote.map(|sign| sign.map(quote)),
            header: self.header,
            encoding: self.encoding,
            reading: Reading {
                format: self.format.unwrap_or_default(),
                time_zone: self.time_zone,
                missing: self.missing,
                decimal_comma: self.decimal_comma,
            },
            keep: self.keep,
            fields: self.fields?.into_iter().map(field).collect(),
            cannot: self.cannot.unwrap_or_default(),
            span: place.span,
        })
    }
}

/// Columns are always separated by something.
fn delimiter(sign: Spanned<Option<char>>, cx: &mut Cx<'_>) -> Option<Spanned<char>> {
    if sign.value.is_none() {
        cx.say(complaints::word(sign.span, "one character or `tab`", "none"));
    }
    Some(Spanned::new(sign.value?, sign.span))
}

/// A field of which only the column is said.
fn column_alone(name: Spanned<String>, column: Spanned<String>) -> FieldSource {
    FieldSource {
        name,
        span: column.span,
        from: vec![column],
        always: None,
        values: Vec::new(),
        reading: Reading::default(),
        unit: None,
        after: None,
        is: None,
    }
}

form! {
    /// How a field is read, while that is read.
    FieldDraft {
        "from" optional from: OneOrMore<Text>, "the column; of several the texts are joined by a space";
        "always" optional always: Raw, "the same value in every row";
        "values" optional values: Named<Raw>, "a text of the export and the value it means";
        "missing" optional missing: AnyList<Raw>, "texts that mean no value, beside the table's";
        "format" optional format: OneOrMore<Text>, "how it is written, else as the table says";
        "time_zone" optional time_zone: Text, "its zone, else the table's";
        "decimal_comma" optional decimal_comma: Truth, "whether it has a comma for the point, else as the table says";
        "unit" optional unit: UnitKind, "the unit of a bare number; of an instant, that it is written as so much time `after` another";
        "after" optional after: Text, "the field it cannot precede: a time past midnight moves to the next day";
        "is" optional is: Formula, "computed from the fields as they were mapped";
    }
}

impl Form for FieldDraft {
    type Out = FieldSource;
    const NAME: &'static str = "a field of a source";

    fn finish(self, place: Place, cx: &mut Cx<'_>) -> Option<FieldSource> {
        if self.from.is_some() && self.always.is_some() {
            cx.say(place.not_both("from", "always"));
        }
        if self.from.is_none() && self.always.is_none() && self.is.is_none() {
            cx.unless_said(place.span, || {
                let keys = "`from`, `always` and `is`";
                complaints::missing_one_of(place.head, Self::NAME, keys)
            });
        }
        Some(FieldSource {
            name: place.key,
            from: self.from.unwrap_or_default(),
            always: self.always,
            values: self.values.unwrap_or_default(),
            reading: Reading {
                format: self.format.unwrap_or_default(),
                time_zone: self.time_zone,
                missing: self.missing,
                decimal_comma: self.decimal_comma,
            },
            unit: self.unit,
            after: self.after,
            is: self.is,
            span: place.span,
        })
    }
}
