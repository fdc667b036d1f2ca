//! The texts of a workspace from a folder.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use mittari_lang::source::Sources;

/// How much of a file is read at most; the reader refuses files far below it, so
/// that one of any size is told to be too large and never fills the memory.
const MOST_BYTES: u64 = 1 << 20;

/// How many folders may lie in each other, so that links in a circle come to an end.
const MOST_DEPTH: usize = 16;

/// The texts of a folder.
#[derive(Debug, Default)]
pub struct Folder {
    /// The texts, sorted by name; names are paths below the folder, with `/`.
    pub sources: Sources,
    /// What lies in it and cannot be read.
    pub unreadable: Vec<Unreadable>,
}

/// A file or folder that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be read: {reason}", .path.display())]
pub struct Unreadable {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system says.
    #[source]
    pub reason: io::Error,
}

/// Reads every `*.yaml` and `*.yml` below a folder; hidden files and folders are left
/// out. What is not UTF-8 is replaced by U+FFFD, which the reader complains about.
///
/// It fails if the folder itself cannot be read; other things that cannot be are
/// listed beside the texts.
pub fn read_folder(folder: &Path) -> Result<Folder, Unreadable> {
    let mut read = Folder::default();
    let mut files = Vec::new();
    list(folder, MOST_DEPTH, &mut files, &mut read.unreadable)
        .map_err(|reason| Unreadable { path: folder.to_owned(), reason })?;
    let mut named: Vec<(String, PathBuf)> =
        files.into_iter().map(|path| (name(&path, folder), path)).collect();
    named.sort();
    for (name, path) in named {
        match text(&path) {
            Ok(text) => _ = read.sources.add(name, text),
            Err(reason) => read.unreadable.push(Unreadable { path, reason }),
        }
    }
    Ok(read)
}

/// Finds the YAML files of a folder and of those in it.
fn list(
    folder: &Path,
    depth: usize,
    files: &mut Vec<PathBuf>,
    unreadable: &mut Vec<Unreadable>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if hidden {
            continue;
        }
        let yaml = path.extension().is_some_and(|end| end == "yaml" || end == "yml");
        if path.is_dir() {
            if depth > 0
                && let Err(reason) = list(&path, depth - 1, files, unreadable)
            {
                unreadable.push(Unreadable { path, reason });
            }
        } else if yaml {
            files.push(path);
        }
    }
    Ok(())
}

/// The path below the folder, with `/` between its parts on every system.
fn name(path: &Path, folder: &Path) -> String {
    let inner = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> =
        inner.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// The text of a file, or of the beginning of one that is far too large.
fn text(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|wrong| String::from_utf8_lossy(wrong.as_bytes()).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str, bytes: &[u8]) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    #[test]
    fn yaml_files_are_read_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["sla/b.yaml", "vocabulary.yaml", "sla/a.yml", "sla/notes.md"] {
            write(folder.path(), name, name.as_bytes());
        }
        write(folder.path(), ".git/x.yaml", b"");
        write(folder.path(), "sla/.hidden.yaml", b"");
        let read = read_folder(folder.path()).unwrap();
        let texts: Vec<_> = read
            .sources
            .iter()
            .map(|(_, source)| (source.name.as_str(), source.text.as_str()))
            .collect();
        let same = |name| (name, name);
        assert_eq!(texts, ["sla/a.yml", "sla/b.yaml", "vocabulary.yaml"].map(same));
        assert!(read.unreadable.is_empty());
    }

    #[test]
    fn bytes_that_are_no_text_and_files_without_end_do_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "a.yaml", b"a: \xff\xfe");
        File::create(folder.path().join("b.yaml")).unwrap().set_len(1 << 34).unwrap();
        let read = read_folder(folder.path()).unwrap();
        let lengths: Vec<_> =
            read.sources.iter().map(|(_, source)| source.text.len()).collect();
        assert_eq!(lengths, [9, 1 << 20]);
    }

    #[cfg(unix)]
    #[test]
    fn links_in_a_circle_come_to_an_end() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "a.yaml", b"");
        std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("gone.yaml")).unwrap();
        let read = read_folder(folder.path()).unwrap();
        assert_eq!(read.sources.len(), 17);
        assert!(!read.unreadable.is_empty());
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let error = read_folder(Path::new("no/such/folder")).unwrap_err();
        assert!(error.to_string().starts_with("`no/such/folder` cannot be read: "));
    }
}
