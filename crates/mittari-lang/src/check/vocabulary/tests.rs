//! What a vocabulary becomes, and what is said of one that does not fit together.

use super::*;
use crate::check::testing::{told, workspace};
use crate::types::SetId;
use crate::value::{Currency, Value};

fn said(text: &str) -> String {
    let (sources, workspace) = workspace(&[("vocabulary.yaml", text)]);
    let written = workspace.vocabulary.unwrap();
    told(&sources, &vocabulary(&written).diagnostics)
}

/// A vocabulary with everything a table may have.
const WHOLE: &str = "\
tables:
  tickets:
    meaning: A request.
    key: ticket_id
    lookups: {duty: responsibility by category, state: history by ticket_id}
    fields:
      ticket_id: text
      type: {values: [incident, request]}
      category: text
      score: {type: number, values: [1, 2.50]}
      due: {type: instant, planned: true}
      handler: {type: text, personal: true}
      cost: {type: money, currency: EUR}
      waited: {type: duration, unit: min}
      late: {is: due < as_of}
    rules:
      - {name: typed, must: type is known, reason: Because.}
  responsibility:
    key: category
    valid: since until until_day
    fields: {category: text, since: date, until_day: date}
  history:
    key: [ticket_id, started_at]
    valid: started_at until ended_at
    fields: {ticket_id: text, started_at: instant, ended_at: instant, kind: {values: [incident, request]}}
populations:
  late_ones: {from: urgent}
  urgent: {from: tickets}
";

#[test]
fn tables_columns_keys_and_ways_become_numbers() {
    let (sources, workspace) = workspace(&[("vocabulary.yaml", WHOLE)]);
    let written = workspace.vocabulary.unwrap();
    let Outcome { value: resolved, diagnostics } = vocabulary(&written);
    assert_eq!(told(&sources, &diagnostics), "");
    let schema = &resolved.schema;
    assert_eq!(schema.sets.len(), 1, "equal lists are one set");
    let (id, tickets) = schema.table_named("tickets").unwrap();
    assert_eq!(tickets.meaning, "A request.");
    assert_eq!((tickets.columns.len(), &tickets.key[..]), (8, &[0][..]));
    assert!(tickets.columns[0].required && !tickets.columns[1].required);
    let kinds: Vec<_> = tickets.columns.iter().map(|column| column.kind).collect();
    let euro = Kind::Money(Currency::named("EUR").unwrap());
    let category = Kind::Category(SetId(0));
    let expected = [
        Kind::Text,
        category,
        Kind::Text,
        Kind::Number,
        Kind::Instant,
        Kind::Text,
        euro,
        Kind::Duration,
    ];
    assert_eq!(kinds, expected);
    assert!(matches!(
        tickets.columns[3].values[..],
        [Value::Number(_), Value::Number(_)]
    ));
    assert!(tickets.columns[4].planned && tickets.columns[5].personal);
    let ways: Vec<_> =
        tickets.lookups.iter().map(|one| (one.table.0, one.by.clone())).collect();
    assert_eq!(ways, [(1, vec![(2, 0)]), (2, vec![(0, 0)])]);
    assert_eq!(schema.tables[2].valid, Some((1, 2)));
    assert_eq!(resolved.computed_named(id, "late").unwrap().kind, None);
    assert_eq!((resolved.rules.len(), resolved.populations.len()), (1, 2));
}

#[test]
fn a_field_of_one_name_is_the_same_everywhere() {
    let text = "\
tables:
  a: {fields: {level: {values: [L1, L2]}, n: number, who: text, x: {type: number, values: [1]}}}
  b: {fields: {level: {values: [L1, L2, L3]}, n: text, who: {type: text, personal: true}, x: number}}
";
    insta::assert_snapshot!(said(text), @"
    field-conflict 3:16 a field of one name is the same in every table: `level` is a category of `L1` and `L2` in `a`, found a category of `L1`, `L2` and `L3` [2:16 in `a` here] | give one of the two another name, or both the same list of values
    field-conflict 3:47 a field of one name is the same in every table: `n` is a number in `a`, found a text [2:43 in `a` here] | give one of the two another name, or both the same list of values
    field-conflict 3:56 a field of one name is the same in every table: `who` is a text that is not `personal` in `a`, found a text that is `personal` [2:54 in `a` here] | give one of the two another name, or both the same list of values
    field-conflict 3:91 a field of one name is the same in every table: `x` is a number with 1 `values` in `a`, found a number without `values` [2:65 in `a` here] | give one of the two another name, or both the same list of values
    ");
}

#[test]
fn names_that_nothing_can_have() {
    let text = "\
tables:
  where: {fields: {between: text, 1st: text, ka\u{308}si: text, käsi: text}}
  a: {fields: {x: text}, lookups: {x: a by x}}
populations:
  a: {from: where}
";
    insta::assert_snapshot!(said(text), @"
    reserved-name 2:3 a name of a table is expected, found `where`, which is a word of the language
    reserved-name 2:20 a name of a field is expected, found `between`, which is a word of the language
    vocabulary-form 2:35 a name of a field is a letter followed by letters, digits and `_`, at most 64 of them, found `1st`
    combining-character 2:46 a letter and its accent are one character in a name, found them apart | type the letter again with its accent
    duplicate-name 3:36 one field or look-up is expected for each name, found `x` twice [3:16 first here]
    duplicate-name 5:3 one table or population is expected for each name, found `a` twice [3:3 first here]
    ");
}

#[test]
fn fields_that_say_too_little_or_too_much() {
    let text = "\
tables:
  a:
    fields:
      list: {type: category}
      both: {type: text, values: [x]}
      price: {type: money}
      euro: {type: money, currency: euro}
      number: {type: number, values: [one], unit: s}
      waited: {type: duration, unit: percent, currency: EUR}
      word: {type: text, planned: true, unit: s}
      twice: {values: [a, b, a]}
      made: {is: number + 1, required: true}
";
    insta::assert_snapshot!(said(text), @"
    vocabulary-form 4:7 the values of a category are expected for `list` | list: {values: [one, other]}
    vocabulary-form 5:35 only a category or a number has `values`, found them beside a text `both`
    vocabulary-form 6:7 the currency of `price` is expected | price: {type: money, currency: EUR}
    unknown-currency 7:37 a currency is three capital letters, as in `EUR`, found `euro`
    vocabulary-form 8:39 a number is expected, found `one`
    vocabulary-form 8:51 `unit: s` is for a duration, found it beside a number
    vocabulary-form 9:57 `currency` is for money, found it beside a duration
    vocabulary-form 9:38 a duration is in `ms`, `s`, `min`, `h` or `d`, found `percent`
    vocabulary-form 10:35 `planned` is for an instant or a date, found it beside a text
    vocabulary-form 10:47 `unit: s` is for a duration, found it beside a text
    duplicate-name 11:30 one entry is expected for each name, found `a` twice [11:24 first here]
    vocabulary-form 12:40 `required` is for a field that is read, found it beside a computed one
    ");
}

#[test]
fn keys_look_ups_and_times_are_checked_by_name() {
    let text = "\
tables:
  tickets:
    key: [ticket, made]
    valid: opened until name
    lookups: {a: peple by name, b: people by nme, c: pairs by name, d: rooms by name, e: people by opened}
    fields: {ticket_id: text, opened: instant, name: text, made: {is: name}}
  people: {key: name, fields: {name: text}}
  pairs: {key: [name, day], fields: {name: text, day: date}}
  rooms: {fields: {room: text}}
";
    insta::assert_snapshot!(said(text), @"
    unknown-field 3:11 `tickets` has no field `ticket`
    vocabulary-form 3:19 a field that is read is expected here, found `made`, which is computed
    vocabulary-form 4:25 a row holds between two instants or two dates, found a text `name`
    unknown-table 5:18 there is no table `peple`; a table `people` exists
    unknown-field 5:46 `tickets` has no field `nme`; a field `name` exists
    vocabulary-form 5:63 2 fields are expected for `name` and `day`, the key of `pairs`, found 1
    vocabulary-form 5:81 a look-up goes to a table with a key, `rooms` has none
    vocabulary-form 5:100 `opened` is compared with `name`, which is a text, found an instant
    ");
}

#[test]
fn populations_come_from_tables_in_the_end() {
    let text = "\
tables: {tickets: {fields: {x: text}}}
populations:
  a: {from: b}
  b: {from: a}
  c: {from: tikets}
  d: {from: a}
";
    insta::assert_snapshot!(said(text), @"
    defined-in-circle 3:3 a population comes from a table in the end, `a` leads into a circle
    defined-in-circle 4:3 a population comes from a table in the end, `b` leads into a circle
    unknown-table 5:13 there is no table `tikets`; a table `tickets` exists
    defined-in-circle 6:3 a population comes from a table in the end, `d` leads into a circle
    ");
}

#[test]
fn decimals_are_exact_or_refused() {
    let shown = |text| decimal(text).map(|number| number.to_string());
    assert_eq!(shown("-0.50").as_deref(), Some("-0.50"));
    assert_eq!(shown("9223372036854775807").as_deref(), Some("9223372036854775807"));
    for text in ["", ".", "1.", ".5", "1e3", "1,5", "--1", "9223372036854775808"] {
        assert_eq!(shown(text), None, "{text}");
    }
}
