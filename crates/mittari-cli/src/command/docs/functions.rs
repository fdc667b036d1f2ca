//! The page of functions and operators, from their declarations.

use mittari_lang::builtin::{AGGREGATES, Builtin, Declaration};

use super::cell;

/// All that can be called, each with examples that a test checks.
pub(super) fn page() -> String {
    let mut text = "# Functions\n\n## Of the rows of a group\n\n".to_owned();
    table(&mut text, AGGREGATES.iter().copied());
    text.push_str("\n## Of values\n\n");
    table(&mut text, Builtin::ALL.iter().map(|builtin| builtin.declaration()));
    text
}

fn table(text: &mut String, declarations: impl Iterator<Item = Declaration>) {
    text.push_str("| written | meaning | examples |\n|---|---|---|\n");
    for one in declarations {
        let examples: Vec<String> =
            one.examples.iter().map(|example| format!("`{}`", cell(example))).collect();
        text.push_str(&format!(
            "| `{}` | {} | {} |\n",
            cell(one.signature),
            cell(one.meaning),
            examples.join("<br>")
        ));
    }
}
