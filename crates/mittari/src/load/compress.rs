//! Bytes of a file as UTF-8 text: unpacked and translated while they are read.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use mittari_lang::mapping::Encoding;

use crate::fault::LoadError;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// A reader that counts the bytes that go through it.
struct Counting<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// The text of a file, unpacked if its first bytes say that it is packed; `count` grows
/// by the bytes taken from the file itself.
pub(crate) fn open(
    path: &Path,
    encoding: Encoding,
    count: &Arc<AtomicU64>,
) -> Result<Box<dyn Read + Send>, LoadError> {
    let reading = |error| LoadError::reading(path, error);
    let (file, head) = begin(path).map_err(reading)?;
    if head.is_empty() {
        return Err(LoadError::Empty { file: path.to_path_buf() });
    }
    let packed = (head.starts_with(&GZIP), head.starts_with(&ZSTD));
    let whole = io::Cursor::new(head).chain(file);
    let counted = Counting { inner: whole, count: Arc::clone(count) };
    let text: Box<dyn Read + Send> = match packed {
        (true, _) => Box::new(flate2::bufread::MultiGzDecoder::new(buffered(counted))),
        (_, true) => {
            let decoder = zstd::Decoder::with_buffer(buffered(counted));
            Box::new(decoder.map_err(reading)?)
        }
        _ => Box::new(counted),
    };
    match encoding {
        Encoding::Utf8 => Ok(text),
        Encoding::Windows1252 => Ok(Box::new(Translated::new(text, windows_1252))),
        Encoding::Utf16 => {
            let mut utf16 = Utf16::default();
            Ok(Box::new(Translated::new(text, move |bytes, end, out| {
                utf16.translate(bytes, end, out)
            })))
        }
    }
}

/// How long a file is whose bytes are its text: UTF-8, and not packed. None of others,
/// and of what is not a file.
pub(crate) fn plain_length(
    path: &Path,
    encoding: Encoding,
) -> Result<Option<u64>, LoadError> {
    let reading = |error| LoadError::reading(path, error);
    let facts = std::fs::metadata(path).map_err(reading)?;
    if encoding != Encoding::Utf8 || !facts.is_file() {
        return Ok(None);
    }
    let (_, head) = begin(path).map_err(reading)?;
    let is_packed = head.starts_with(&GZIP) || head.starts_with(&ZSTD);
    Ok((!is_packed).then_some(facts.len()))
}

/// The text of a plain file from some place on; `count` grows as in [`open`].
pub(crate) fn plain_from(
    path: &Path,
    place: u64,
    count: &Arc<AtomicU64>,
) -> Result<Box<dyn Read + Send>, LoadError> {
    let reading = |error| LoadError::reading(path, error);
    let mut file = File::open(path).map_err(reading)?;
    file.seek(SeekFrom::Start(place)).map_err(reading)?;
    Ok(Box::new(Counting { inner: file, count: Arc::clone(count) }))
}

fn buffered<R: Read>(reader: R) -> BufReader<R> {
    BufReader::with_capacity(1 << 16, reader)
}

/// A file and its first bytes, which say whether it is packed.
fn begin(path: &Path) -> io::Result<(File, Vec<u8>)> {
    let mut file = File::open(path)?;
    let mut head = vec![0; ZSTD.len()];
    let n_head = fill(&mut file, &mut head)?;
    head.truncate(n_head);
    Ok((file, head))
}

/// Reads until the buffer is full or the file ends.
fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut n = 0;
    while let Some(rest) = buffer.get_mut(n..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(more) => n += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(n)
}

/// A reader whose bytes are translated to UTF-8. The translation takes what it can of
/// the bytes, told whether they are the last, and says how many it took.
struct Translated<F> {
    inner: Box<dyn Read + Send>,
    translate: F,
    /// Read and not yet translated.
    raw: Vec<u8>,
    /// Translated and not yet handed on, from `from` on.
    out: Vec<u8>,
    from: usize,
    ended: bool,
}

impl<F: FnMut(&[u8], bool, &mut Vec<u8>) -> usize> Translated<F> {
    fn new(inner: Box<dyn Read + Send>, translate: F) -> Self {
        let (raw, out) = (Vec::new(), Vec::new());
        Self { inner, translate, raw, out, from: 0, ended: false }
    }
}

impl<F: FnMut(&[u8], bool, &mut Vec<u8>) -> usize> Read for Translated<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.from == self.out.len() && !self.ended {
            let n = self.inner.by_ref().take(1 << 16).read_to_end(&mut self.raw)?;
            self.ended = n == 0;
            self.out.clear();
            self.from = 0;
            let taken = (self.translate)(&self.raw, self.ended, &mut self.out);
            self.raw.drain(..taken.min(self.raw.len()));
        }
        let rest = self.out.get(self.from..).unwrap_or_default();
        let n = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        self.from += n;
        Ok(n)
    }
}

/// Code page 1252 from 0x80 to 0x9f; the rest is Latin-1. The five free places are NUL,
/// which the division into rows reports.
const WINDOWS: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0',
    '\0', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

fn windows_1252(bytes: &[u8], _end: bool, out: &mut Vec<u8>) -> usize {
    let mut buffer = [0; 4];
    for byte in bytes {
        let place = usize::from(byte.wrapping_sub(0x80));
        let character = match WINDOWS.get(place) {
            Some(character) if *byte >= 0x80 => *character,
            _ => char::from(*byte),
        };
        out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
    }
    bytes.len()
}

/// UTF-16 with the order of bytes that its mark states; without a mark little-endian.
#[derive(Default)]
struct Utf16 {
    big_endian: Option<bool>,
}

impl Utf16 {
    fn translate(&mut self, bytes: &[u8], end: bool, out: &mut Vec<u8>) -> usize {
        let big = *self.big_endian.get_or_insert(bytes.starts_with(&[0xfe, 0xff]));
        let unit = |pair: &[u8]| match *pair {
            [one, other] if big => u16::from_be_bytes([one, other]),
            [one, other] => u16::from_le_bytes([one, other]),
            // Half a character at the end is one that is not UTF-8.
            _ => 0,
        };
        let mut units: Vec<u16> = bytes.chunks_exact(2).map(unit).collect();
        let mut taken = units.len() * 2;
        // The first half of a pair waits for the other.
        if !end && units.last().is_some_and(|last| (0xd800..0xdc00).contains(last)) {
            units.pop();
            taken -= 2;
        }
        if end && taken < bytes.len() {
            units.push(0);
            taken = bytes.len();
        }
        for character in char::decode_utf16(units) {
            let mut buffer = [0; 4];
            // A NUL character makes its row a fault.
            let character = character.unwrap_or('\0');
            out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn text_of(bytes: &[u8], encoding: Encoding) -> Result<Vec<u8>, LoadError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let count = Arc::new(AtomicU64::new(0));
        let mut text = Vec::new();
        open(file.path(), encoding, &count)?
            .read_to_end(&mut text)
            .map_err(|error| LoadError::reading(file.path(), error))?;
        assert_eq!(count.load(Ordering::Relaxed), bytes.len() as u64);
        Ok(text)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder =
            flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn packed_files_are_known_by_their_first_bytes() {
        let members = [gzip(b"one\n"), gzip(b"two\n")].concat();
        assert_eq!(text_of(&members, Encoding::Utf8).unwrap(), b"one\ntwo\n");
        let packed = zstd::encode_all(&b"three"[..], 3).unwrap();
        assert_eq!(text_of(&packed, Encoding::Utf8).unwrap(), b"three");
        assert_eq!(text_of(b"a", Encoding::Utf8).unwrap(), b"a");
    }

    #[test]
    fn a_cut_file_is_told_from_a_damaged_one() {
        let text: Vec<u8> =
            (0..200_000_u32).flat_map(|i| (i * 7919).to_le_bytes()).collect();
        for packed in [gzip(&text), zstd::encode_all(&text[..], 3).unwrap()] {
            let cut = text_of(&packed[..packed.len() / 2], Encoding::Utf8);
            assert!(matches!(cut, Err(LoadError::CutOff { .. })), "{cut:?}");
            let mut damaged = packed.clone();
            let middle = damaged.len() / 2;
            damaged[middle..middle + 64].fill(0x55);
            let damaged = text_of(&damaged, Encoding::Utf8);
            assert!(damaged.is_err(), "{damaged:?}");
        }
        assert!(matches!(text_of(b"", Encoding::Utf8), Err(LoadError::Empty { .. })));
    }

    #[test]
    fn other_encodings_become_utf_8() {
        let text = "Ärger, 5 € – „so“ 😀\n".repeat(9_000);
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let expected = format!("\u{feff}{text}");
        assert_eq!(text_of(&bytes, Encoding::Utf16).unwrap(), expected.as_bytes());
        let mut bytes = vec![0xfe, 0xff];
        bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        assert_eq!(text_of(&bytes, Encoding::Utf16).unwrap(), expected.as_bytes());
        bytes.pop();
        assert!(text_of(&bytes, Encoding::Utf16).unwrap().ends_with(b"\0"));
        let found =
            text_of(b"\xc4rger, 5 \x80 \x96 \x84so\x93 \x81", Encoding::Windows1252);
        assert_eq!(found.unwrap(), "Ärger, 5 € – „so“ \0".as_bytes());
    }
}
