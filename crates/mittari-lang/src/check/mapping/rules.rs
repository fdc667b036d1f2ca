//! What must hold of every row of a table: conditions over its own fields.

use super::TypeRow;
use crate::diagnostic::{Code, Diagnostic, Outcome};
use crate::metric::Rule;
use crate::schema::TableId;
use crate::types::{Grain, Kind};
use crate::vocabulary;

/// Types the rules of the vocabulary; those that are unsound are left out.
pub fn rules(
    written: &[(TableId, &vocabulary::Rule)],
    type_row: &mut TypeRow<'_>,
) -> Outcome<Vec<Rule>> {
    let mut outcome = Outcome::clean(Vec::new());
    for (table, rule) in written {
        let typed = type_row(*table, &rule.must, Kind::Truth);
        let unsound = typed.diagnostics.iter().any(Diagnostic::is_error);
        outcome.diagnostics.extend(typed.diagnostics);
        let must = typed.value;
        if must.ty.grain == Grain::Group {
            let message =
                "`must` takes a value of each row, this is a value of the group";
            outcome.diagnostics.push(Diagnostic::new(
                Code::MixedGrain,
                must.span,
                message,
            ));
        } else if must.ty.kind != Kind::Truth && must.ty.kind != Kind::Unsound {
            let message =
                "a condition is expected, found a value that is not true or false";
            let diagnostic = Diagnostic::new(Code::TruthExpected, must.span, message);
            outcome.diagnostics.push(diagnostic);
        } else if !unsound {
            let (name, reason) =
                (rule.name.value.clone(), rule.reason.first().to_owned());
            outcome.value.push(Rule { table: *table, name, must, reason });
        }
    }
    outcome
}
