//! Values of related rows as columns: put together once, then read by place.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Int32Array, StringArray, UInt32Array,
};
use arrow_select::{concat, take};
use mittari_lang::types::Kind;
use mittari_lang::value::Value;

use super::numbers::Numbers;
use crate::error::RunError;
use crate::kernel::text::texts;
use crate::vector::{TextArray, Vector, downcast};

/// The columns of several batches as one; each text stands in it once.
pub(crate) fn joined(chunks: &[ArrayRef], kind: Kind) -> Result<ArrayRef, RunError> {
    if chunks.is_empty() {
        return Vector::Scalar(Value::Missing).into_rows(kind, 0);
    }
    if kind == Kind::Text {
        return joined_texts(chunks);
    }
    let chunks: Vec<&dyn Array> = chunks.iter().map(AsRef::as_ref).collect();
    concat::concat(&chunks).map_err(|_| RunError::Broken("columns of several forms"))
}

fn joined_texts(chunks: &[ArrayRef]) -> Result<ArrayRef, RunError> {
    let mut all = Numbers::new();
    let mut codes = Int32Array::builder(chunks.iter().map(Array::len).sum());
    for chunk in chunks {
        let chunk = downcast::<TextArray>(chunk)?;
        let list = texts(chunk)?;
        let mut known: Vec<Option<i32>> = vec![None; list.len()];
        for row in 0..chunk.len() {
            let slot = chunk.key(row).and_then(|code| Some((code, known.get_mut(code)?)));
            let Some((code, slot)) = slot else {
                codes.append_null();
                continue;
            };
            if slot.is_none() {
                let number = all.number(list.value(code));
                *slot = Some(i32::try_from(number).map_err(|_| RunError::Overflow)?);
            }
            codes.append_option(*slot);
        }
    }
    let list = StringArray::from_iter_values(all.texts());
    let array = DictionaryArray::<Int32Type>::try_new(codes.finish(), Arc::new(list));
    array
        .map(|array| Arc::new(array) as ArrayRef)
        .map_err(|_| RunError::Broken("texts without a number"))
}

/// The values at some places; without a place there is no value.
pub(crate) fn at(column: &ArrayRef, places: &UInt32Array) -> Result<ArrayRef, RunError> {
    take::take(column, places, None)
        .map_err(|_| RunError::Broken("a place beyond the related rows"))
}

/// The same for the rows of a batch: texts that none of them has are left out, so that
/// nobody looks at all texts of the related rows once for each batch.
pub(crate) fn at_rows(
    column: &ArrayRef,
    places: &UInt32Array,
    kind: Kind,
) -> Result<ArrayRef, RunError> {
    let found = at(column, places)?;
    if kind != Kind::Text {
        return Ok(found);
    }
    let texts_of = downcast::<TextArray>(&found)?;
    let list = texts(texts_of)?;
    if list.len() <= places.len() {
        return Ok(found);
    }
    let mut used: Vec<i32> = texts_of.keys().iter().flatten().collect();
    used.sort_unstable();
    used.dedup();
    let place = |code: i32| {
        let place = used.binary_search(&code).ok()?;
        i32::try_from(place).ok()
    };
    let codes: Int32Array =
        texts_of.keys().iter().map(|code| code.and_then(place)).collect();
    let own = used.iter().filter_map(|code| usize::try_from(*code).ok());
    let own = StringArray::from_iter_values(own.map(|code| list.value(code)));
    DictionaryArray::<Int32Type>::try_new(codes, Arc::new(own))
        .map(|array| Arc::new(array) as ArrayRef)
        .map_err(|_| RunError::Broken("texts without a number"))
}
