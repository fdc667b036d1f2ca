//! Texts: looked at once for each distinct text of a batch, never once a row.

use arrow_array::{Array as _, BooleanArray, Int32Array, StringArray};
use mittari_lang::value::Value;
use regex::Regex;

use crate::error::RunError;
use crate::vector::{TextArray, Vector, downcast};

/// The texts of a batch, and the code of each row.
pub fn texts(array: &TextArray) -> Result<&StringArray, RunError> {
    array
        .values()
        .as_any()
        .downcast_ref::<StringArray>()
        .ok_or(RunError::Broken("texts of another form"))
}

/// Asks each distinct text, and gives each row the answer of its own.
pub fn ask(value: &Vector, test: impl Fn(&str) -> bool) -> Result<Vector, RunError> {
    let array = match value {
        Vector::Scalar(Value::Missing) => return Ok(Vector::Scalar(Value::Missing)),
        Vector::Scalar(Value::Text(own)) => {
            return Ok(Vector::Scalar(Value::Truth(test(own))));
        }
        Vector::Scalar(_) => return Err(RunError::Broken("a text is something else")),
        Vector::Array(array) => downcast::<TextArray>(array)?,
    };
    let answers: Vec<bool> =
        texts(array)?.iter().map(|text| text.is_some_and(&test)).collect();
    Ok(by_code(array.keys(), &answers))
}

/// The answer each code has been given.
fn by_code(codes: &Int32Array, answers: &[bool]) -> Vector {
    Vector::array(BooleanArray::from_unary(codes, |code| {
        usize::try_from(code)
            .ok()
            .and_then(|code| answers.get(code))
            .copied()
            .unwrap_or(false)
    }))
}

/// Asks the declared values of a category, by their names.
pub fn ask_names(
    value: &Vector,
    names: &[String],
    test: impl Fn(&str) -> bool,
) -> Result<Vector, RunError> {
    let answers: Vec<bool> = names.iter().map(|name| test(name)).collect();
    match value {
        Vector::Scalar(Value::Category(code)) => {
            let answer = answers.get(*code as usize).copied().unwrap_or(false);
            Ok(Vector::Scalar(Value::Truth(answer)))
        }
        Vector::Scalar(_) => Ok(Vector::Scalar(Value::Missing)),
        Vector::Array(array) => Ok(by_code(downcast::<Int32Array>(array)?, &answers)),
    }
}

/// Whether two texts are the same to the letter, or with `differ` whether they differ.
pub fn equal(left: &Vector, right: &Vector, differ: bool) -> Result<Vector, RunError> {
    match (left, right) {
        (_, Vector::Scalar(Value::Missing)) | (Vector::Scalar(Value::Missing), _) => {
            Ok(Vector::Scalar(Value::Missing))
        }
        (value, Vector::Scalar(Value::Text(text)))
        | (Vector::Scalar(Value::Text(text)), value) => {
            ask(value, |own| (own == text) != differ)
        }
        (Vector::Array(left), Vector::Array(right)) => {
            let (left, right) =
                (downcast::<TextArray>(left)?, downcast::<TextArray>(right)?);
            let (own, other) = (texts(left)?, texts(right)?);
            let rows = (0..left.len()).map(|row| {
                let (a, b) = (left.key(row)?, right.key(row)?);
                Some((own.value(a) == other.value(b)) != differ)
            });
            Ok(Vector::array(rows.collect::<BooleanArray>()))
        }
        _ => Err(RunError::Broken("a text is something else")),
    }
}

/// Whether a text is one of a list of written texts.
pub fn is_in(value: &Vector, list: &[Vector]) -> Result<Vector, RunError> {
    let mut wanted = Vec::new();
    for item in list {
        if let Vector::Scalar(Value::Text(text)) = item {
            wanted.push(text.as_str());
        }
    }
    ask(value, |own| wanted.contains(&own))
}

/// A pattern made ready; patterns were checked before.
pub fn pattern(text: &str) -> Result<Regex, RunError> {
    Regex::new(text).map_err(|_| RunError::Broken("a pattern that was not checked"))
}
