//! The different texts of a column, kept from batch to batch, and the code of each.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, StringArray};
use arrow_buffer::OffsetBuffer;

use crate::load::memo::{Memo, Slice};

/// How many different texts are kept when a batch ends. Where there are more, hardly any
/// comes again, and to forget them costs less.
const MOST_KEPT: usize = 1 << 12;

/// The different texts of a column in the order they came.
#[derive(Debug, Clone)]
pub(crate) struct TextList {
    memo: Memo,
    texts: String,
    ends: Vec<i32>,
    /// The texts as an array, as long as no more have come.
    shared: Option<Arc<StringArray>>,
}

impl TextList {
    /// A list without texts.
    pub(crate) fn new() -> Self {
        Self { memo: Memo::new(), texts: String::new(), ends: vec![0], shared: None }
    }

    /// Begins another batch.
    pub(crate) fn renew(&mut self) {
        if self.memo.len() > MOST_KEPT {
            *self = Self::new();
        }
    }

    /// The code of a text that was met before.
    #[inline]
    pub(crate) fn known(&self, slice: Slice<'_>) -> Option<i32> {
        self.memo.known(slice).map(u32::cast_signed)
    }

    /// The code of a text.
    #[inline]
    pub(crate) fn code(&mut self, slice: Slice<'_>) -> u32 {
        let Self { memo, texts, ends, shared } = self;
        memo.get(slice, |text| {
            let code = u32::try_from(ends.len() - 1).unwrap_or(u32::MAX);
            texts.push_str(std::str::from_utf8(text).unwrap_or_default());
            // A batch has far less than 2 GiB.
            ends.push(i32::try_from(texts.len()).unwrap_or(i32::MAX));
            *shared = None;
            code
        })
    }

    /// Codes of this list with its texts.
    pub(crate) fn array(&mut self, codes: Int32Array) -> ArrayRef {
        let list = if let Some(list) = &self.shared {
            Arc::clone(list)
        } else {
            let ends = OffsetBuffer::new(self.ends.clone().into());
            let texts = self.texts.as_bytes().to_vec().into();
            let list = StringArray::try_new(ends, texts, None);
            // The list is UTF-8 and each text ends where a character does.
            let list = Arc::new(list.unwrap_or_else(|_| StringArray::new_null(0)));
            self.shared = Some(Arc::clone(&list));
            list
        };
        // A code is the place of a text in the list, so that this cannot fail.
        match DictionaryArray::<Int32Type>::try_new(codes, list) {
            Ok(array) => Arc::new(array),
            Err(_) => {
                Arc::new(DictionaryArray::<Int32Type>::from_iter([None::<&str>; 0]))
            }
        }
    }
}
