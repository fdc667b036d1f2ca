//! Texts as the declared values of a category.

use arrow_array::Int32Array;
use arrow_buffer::NullBufferBuilder;
use indexmap::IndexMap;
use mittari_lang::value::Value;

use crate::fault::FaultKind;
use crate::load::cells::BadCells;
use crate::load::memo::{Memo, Slice};
use crate::load::recipe::ColumnRecipe;

/// How many different texts are remembered.
const MOST_REMEMBERED: usize = 1 << 16;
/// In the memory of a category: a text that no value was declared for.
const UNDECLARED: u32 = u32::MAX;
/// In the memory of a category: a text that stands for no value.
const MISSING: u32 = i32::MAX.cast_unsigned();

/// What a text of a category stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    Value(i32),
    Missing,
    Undeclared,
}

/// What is known of the texts of a category.
#[derive(Debug, Clone)]
pub(crate) struct Category {
    declared: Vec<String>,
    values: IndexMap<String, Value>,
    memo: Memo,
}

impl Category {
    /// The category of a column, of which no text was met yet.
    pub(crate) fn new(recipe: &ColumnRecipe) -> Self {
        let values = recipe.values.iter().cloned().collect();
        Self { declared: recipe.declared.clone(), values, memo: Memo::new() }
    }

    /// The values of some texts; one that stands for none that was declared is told.
    pub(crate) fn of_cells(
        &mut self,
        cells: &[Option<&str>],
        bad: &mut BadCells,
    ) -> Int32Array {
        let mut found = Vec::with_capacity(cells.len());
        let mut known = NullBufferBuilder::new(cells.len());
        for (row, cell) in (0_u32..).zip(cells) {
            let code = cell.map_or(Code::Missing, |text| self.code(Slice::of(text)));
            if code == Code::Undeclared {
                bad.push((row, FaultKind::Undeclared));
            }
            let value = if let Code::Value(value) = code { Some(value) } else { None };
            known.append(value.is_some());
            found.push(value.unwrap_or_default());
        }
        Int32Array::new(found.into(), known.finish())
    }

    /// The value of a text that was met before.
    #[inline]
    pub(crate) fn known(&self, slice: Slice<'_>) -> Option<i32> {
        let code = self.memo.known(slice).filter(|code| *code < MISSING)?;
        Some(code.cast_signed())
    }

    /// What a text stands for.
    #[inline]
    pub(crate) fn code(&mut self, slice: Slice<'_>) -> Code {
        let Self { declared, values, memo } = self;
        match memo.get(slice, |text| look_up(text, declared, values)) {
            UNDECLARED => self.undeclared(),
            MISSING => Code::Missing,
            code => Code::Value(code.cast_signed()),
        }
    }

    /// Texts without end that nobody declared are not all remembered.
    #[cold]
    fn undeclared(&mut self) -> Code {
        if self.memo.len() > MOST_REMEMBERED {
            self.memo = Memo::new();
        }
        Code::Undeclared
    }
}

fn look_up(text: &[u8], declared: &[String], values: &IndexMap<String, Value>) -> u32 {
    let text = std::str::from_utf8(text).unwrap_or_default();
    let number = match values.get(text) {
        Some(Value::Category(number)) => Some(*number as usize),
        Some(_) => return MISSING,
        None => declared.iter().position(|value| value == text),
    };
    let number = number.and_then(|number| u32::try_from(number).ok());
    number.filter(|number| *number < MISSING).unwrap_or(UNDECLARED)
}
