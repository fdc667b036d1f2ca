//! Numbers, targets and moments in three languages.

use super::*;

fn all(of: impl Fn(&Phrases) -> String) -> [String; 3] {
    ["en", "fi", "sv-FI"].map(|code| of(Tongue::of(code).phrases))
}

#[test]
fn numbers_are_written_as_each_language_writes_them() {
    let number = |text: &str| all(|phrases| phrases.number(text));
    assert_eq!(number("80.6 %"), ["80.6 %", "80,6\u{A0}%", "80,6\u{A0}%"]);
    let thousands = ["24\u{202F}918", "24\u{A0}918", "24\u{A0}918"];
    assert_eq!(number("24918"), thousands);
    assert_eq!(
        number("-0.5 d"),
        ["-0.5 d", "\u{2212}0,5\u{A0}vrk", "\u{2212}0,5\u{A0}dygn"]
    );
    assert_eq!(number("19.99 EUR"), ["19.99 EUR", "19,99\u{A0}€", "19,99\u{A0}euro"]);
    assert_eq!(number("\u{2013}"), ["\u{2013}"; 3]);
    assert_eq!(number("withheld"), ["withheld", "ei näytetä", "visas inte"]);
    assert_eq!(number("+1.6"), ["+1.6", "+1,6", "+1,6"]);
}

#[test]
fn targets_are_said_in_each_language() {
    let target = |text: &str| all(|phrases| phrases.target(text));
    let least = ["at least 99.5 %", "vähintään 99,5\u{A0}%", "minst 99,5\u{A0}%"];
    assert_eq!(target("at least 99.5 %"), least);
    let between = ["between 2 and 4 h", "2\u{2013}4\u{A0}h", "mellan 2 och 4\u{A0}h"];
    assert_eq!(target("between 2 and 4 h"), between);
    assert_eq!(target(">= 80 %"), [">= 80 %"; 3]);
}

#[test]
fn moments_are_written_in_each_language() {
    let moment = all(|phrases| phrases.moment((2026, 3, 31), 9 * 60 + 5));
    let expected = ["2026-03-31 09:05", "31.3.2026 klo 9.05", "2026-03-31 kl. 09.05"];
    assert_eq!(moment, expected);
    assert_eq!(all(|phrases| phrases.period("whole").to_owned())[1], "koko aika");
    assert_eq!(all(|phrases| phrases.period("2026-03").to_owned()), ["2026-03"; 3]);
}

#[test]
fn every_phrase_has_as_many_gaps_in_every_language() {
    let gaps = |phrases: &Phrases| -> Vec<usize> {
        let text = format!("{phrases:?}");
        let fields = text.split(": \"").skip(1);
        let text = fields.map(|field| field.split('"').next().unwrap_or_default());
        text.map(|text| text.matches("{}").count()).collect()
    };
    let english = gaps(Tongue::of("en").phrases);
    assert!(english.len() > 50);
    for code in ["fi", "sv"] {
        let own = gaps(Tongue::of(code).phrases);
        assert_eq!(own, english, "{code}");
    }
}
