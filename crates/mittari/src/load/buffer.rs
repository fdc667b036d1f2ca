//! Bytes that are read again and again into the same memory.

use std::io::{self, Read};

/// Memory grows by so many bytes.
const STEP: usize = 1 << 16;

/// Some bytes, with memory around them that was written before and need not be cleared.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Buffer {
    /// The bytes.
    pub(crate) fn filled(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// The bytes, to be changed.
    pub(crate) fn filled_mut(&mut self) -> &mut [u8] {
        self.bytes.get_mut(self.start..self.end).unwrap_or_default()
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.end - self.start
    }

    /// Forgets all bytes.
    pub(crate) const fn clear(&mut self) {
        (self.start, self.end) = (0, 0);
    }

    /// Forgets all bytes but the first.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.end = self.end.min(self.start + len);
    }

    /// Forgets the first bytes.
    pub(crate) fn skip(&mut self, n_bytes: usize) {
        self.start = self.end.min(self.start + n_bytes);
    }

    /// Adds bytes.
    pub(crate) fn extend(&mut self, more: &[u8]) {
        self.space(more.len()).copy_from_slice(more);
        self.end += more.len();
    }

    /// Adds bytes of a reader; gives how many, fewer only if it has no more.
    pub(crate) fn read(
        &mut self,
        reader: &mut dyn Read,
        most: usize,
    ) -> io::Result<usize> {
        let mut n_read = 0;
        while n_read < most {
            match reader.read(self.space(most - n_read)) {
                Ok(0) => break,
                Ok(n) => {
                    n_read += n;
                    self.end += n;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(n_read)
    }

    /// The memory behind the bytes.
    fn space(&mut self, n_bytes: usize) -> &mut [u8] {
        let end = self.end + n_bytes;
        if self.bytes.len() < end {
            self.bytes.resize(end.next_multiple_of(STEP), 0);
        }
        self.bytes.get_mut(self.end..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_before_never_shows() {
        let mut buffer = Buffer::default();
        buffer.extend(b"abcdef");
        buffer.truncate(2);
        assert_eq!(buffer.read(&mut &b"xyz"[..], 2).unwrap(), 2);
        assert_eq!(buffer.filled(), b"abxy");
        assert_eq!(buffer.read(&mut &b"z"[..], 100_000).unwrap(), 1);
        assert_eq!((buffer.filled(), buffer.len()), (&b"abxyz"[..], 5));
        buffer.truncate(9);
        assert_eq!(buffer.len(), 5);
        buffer.skip(2);
        assert_eq!((buffer.filled(), buffer.len()), (&b"xyz"[..], 3));
        buffer.truncate(2);
        buffer.extend(b"w");
        assert_eq!(buffer.filled_mut(), b"xyw");
        buffer.skip(9);
        assert_eq!(buffer.len(), 0);
        buffer.clear();
        buffer.extend(b"ab");
        assert_eq!(buffer.filled(), b"ab");
    }
}
