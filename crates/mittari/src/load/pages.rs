//! A Parquet file as its library asks for it: headers of pages in small portions, pages
//! whole, all through one handle.
//!
//! Of a plain file the library makes a new handle and reads eight kilobytes for each
//! header, few of which are longer than a hundred bytes.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

/// As much as is read of a header at once.
const PORTION: usize = 512;

/// A file whose pages are read one after the other.
pub(crate) struct Pages {
    file: Arc<Mutex<File>>,
    length: u64,
}

impl Pages {
    /// The pages of an open file.
    pub(crate) fn of(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self { file: Arc::new(Mutex::new(file)), length })
    }
}

/// The handle, which reads on at a place.
fn at(file: &Mutex<File>, place: u64) -> io::Result<MutexGuard<'_, File>> {
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    file.seek(SeekFrom::Start(place))?;
    Ok(file)
}

/// What stands in the file from a place on.
pub(crate) struct Following {
    file: Arc<Mutex<File>>,
    place: u64,
}

impl Read for Following {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_bytes = at(&self.file, self.place)?.read(buffer)?;
        self.place += n_bytes as u64;
        Ok(n_bytes)
    }
}

impl Length for Pages {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Pages {
    type T = BufReader<Following>;

    fn get_read(&self, place: u64) -> Result<Self::T> {
        let following = Following { file: Arc::clone(&self.file), place };
        Ok(BufReader::with_capacity(PORTION, following))
    }

    fn get_bytes(&self, place: u64, length: usize) -> Result<Bytes> {
        let mut bytes = Vec::with_capacity(length);
        let file = at(&self.file, place)?;
        let n_bytes = (&*file).take(length as u64).read_to_end(&mut bytes)?;
        if n_bytes < length {
            let reason = format!("a page of {length} bytes ends after {n_bytes}");
            return Err(ParquetError::EOF(reason));
        }
        Ok(bytes.into())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn what_is_read_is_what_stands_at_a_place() {
        let bytes: Vec<u8> = (0..5_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let pages = Pages::of(file).unwrap();
        assert_eq!(pages.len(), 5_000);
        // Two that follow different places do not disturb each other.
        let mut following =
            [100, 3_000].map(|place| (place, pages.get_read(place).unwrap()));
        for step in 0..4_u64 {
            for (place, reader) in &mut following {
                let mut found = [0; 450];
                reader.read_exact(&mut found).unwrap();
                let from = usize::try_from(*place + step * 450).unwrap();
                assert_eq!(found, bytes[from..from + 450]);
            }
            let page = pages.get_bytes(step * 7, 4_000).unwrap();
            let from = usize::try_from(step * 7).unwrap();
            assert_eq!(page, &bytes[from..from + 4_000]);
        }
    }

    #[test]
    fn a_page_beyond_the_end_is_an_error() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[7; 100]).unwrap();
        let pages = Pages::of(file).unwrap();
        assert!(pages.get_bytes(0, 100).is_ok());
        let told = pages.get_bytes(60, 41).unwrap_err().to_string();
        assert!(told.contains("a page of 41 bytes ends after 40"), "{told}");
        let mut rest = Vec::new();
        assert_eq!(pages.get_read(60).unwrap().read_to_end(&mut rest).unwrap(), 40);
    }
}
