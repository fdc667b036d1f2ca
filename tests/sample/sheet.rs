//! A table of text as some program would have exported it.

/// Lines of cells, with a sign between them.
#[derive(Debug)]
pub(crate) struct Sheet {
    sign: &'static str,
    text: String,
}

impl Sheet {
    /// A table with its headings, which have the sign between them already.
    pub(crate) fn new(sign: &'static str, headings: &str) -> Self {
        Self { sign, text: format!("{headings}\n") }
    }

    /// One line more.
    pub(crate) fn line<const CELLS: usize>(&mut self, cells: [&str; CELLS]) {
        self.text.push_str(&cells.join(self.sign));
        self.text.push('\n');
    }

    /// The whole text.
    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// A number of hundredths with a decimal comma: `12,50`.
pub(crate) fn comma(hundredths: i64) -> String {
    format!("{},{:02}", hundredths / 100, hundredths % 100)
}

/// A value as it stands in a cell; nothing if there is none.
pub(crate) fn shown<T: std::fmt::Display>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
