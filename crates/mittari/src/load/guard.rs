//! Where a library panics over a damaged file: the panic ends here, as damage of the file.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::fault::LoadError;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread would end as [`LoadError::Damaged`]: it is inside a
/// library that reads bytes of a file. A panic hook has nothing to tell then.
///
/// The Parquet library panics over some damaged files instead of returning its error.
pub fn panics_are_caught() -> bool {
    GUARDED.get()
}

/// Asks a library about the bytes of a file. If it panics, the file is damaged; what was
/// lent to it is not to be used any more.
pub(super) fn guarded<T>(
    file: &Path,
    read: impl FnOnce() -> Result<T, LoadError>,
) -> Result<T, LoadError> {
    let outside = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(outside);
    result.unwrap_or_else(|panic| {
        Err(LoadError::Damaged { file: file.to_path_buf(), reason: words(&*panic) })
    })
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> String {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
    said.unwrap_or("its content contradicts itself").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_damage_and_is_known_while_it_happens() {
        let file = Path::new("x.parquet");
        assert!(!panics_are_caught());
        let told = |result: Result<bool, LoadError>| result.map_err(|e| e.to_string());
        assert_eq!(told(guarded(file, || Ok(panics_are_caught()))), Ok(true));
        let numbers = [1, 2, 3];
        let beyond = told(guarded(file, || Ok(numbers[file.as_os_str().len()] == 1)));
        let expected = "`x.parquet` is damaged: index out of bounds: the len is 3 but the index is 9";
        assert_eq!(beyond, Err(expected.to_owned()));
        let within = guarded(file, || {
            _ = guarded(file, || Ok(numbers[file.as_os_str().len()]));
            Ok(panics_are_caught())
        });
        assert_eq!(told(within), Ok(true));
        assert!(!panics_are_caught());
    }
}
