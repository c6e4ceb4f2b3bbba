//! Showing how far the test is: a bar on a terminal, a line now and then elsewhere.

use std::cell::RefCell;
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use load::Progress;

/// Shows progress on standard error.
pub struct Show {
    terminal: bool,
    part: RefCell<Part>,
}

struct Part {
    bar: ProgressBar,
    what: &'static str,
    total: u64,
    done: u64,
}

impl Show {
    /// Shows nothing yet.
    pub fn new() -> Self {
        let part = Part { bar: ProgressBar::hidden(), what: "", total: 0, done: 0 };
        Show { terminal: std::io::stderr().is_terminal(), part: RefCell::new(part) }
    }

    /// Shows one step.
    pub fn progress(&self, step: &Progress) {
        let mut part = self.part.borrow_mut();
        match step {
            Progress::Begins { what, total } => {
                part.bar.finish();
                *part = Part { bar: self.bar(what, *total), what, total: *total, done: 0 };
                if !self.terminal {
                    eprintln!("load: {what}: {total}");
                }
            }
            Progress::One => {
                part.done += 1;
                part.bar.inc(1);
                // Ten lines a part are enough to see that it moves.
                let tenth = (part.total / 10).max(1);
                if !self.terminal && part.total >= 20 && part.done.is_multiple_of(tenth) {
                    eprintln!("load: {}: {} of {}", part.what, part.done, part.total);
                }
            }
        }
    }

    /// Leaves what was shown as it is.
    pub fn end(&self) {
        self.part.borrow().bar.finish();
    }

    fn bar(&self, what: &'static str, total: u64) -> ProgressBar {
        if !self.terminal {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(total).with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{msg:<27} [{bar:30}] {pos}/{len} {elapsed}, {eta} left") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}
