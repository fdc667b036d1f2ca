//! A bar for long work, where somebody watches.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::screen::Screen;

/// Bytes of the data that have been read.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar that is drawn only on a terminal.
    pub(crate) fn new(screen: Screen) -> Self {
        if !screen.watched {
            return Self { bar: ProgressBar::hidden() };
        }
        let bar =
            ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(8));
        let form = "{spinner} reading {bytes} of {total_bytes} [{wide_bar}] {eta}";
        if let Ok(style) = ProgressStyle::with_template(form) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar }
    }

    /// So many bytes of so many.
    pub(crate) fn tell(&self, done: u64, all: u64) {
        self.bar.set_length(all);
        self.bar.set_position(done);
    }

    /// Takes the bar away, so that what follows stands on a clean line.
    pub(crate) fn done(&self) {
        self.bar.finish_and_clear();
    }
}
