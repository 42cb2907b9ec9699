//! What a person sees of long work, on stderr. Nothing of it, time above all, reaches a file.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::count::{count, grouped};

/// Tables that take less time are not reported.
const WORTH_A_LINE: Duration = Duration::from_secs(1);
/// How often progress on a long table is printed without a terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Where progress goes. One table is read at a time.
pub struct Progress {
    kind: Kind,
    state: Mutex<State>,
}

enum Kind {
    Quiet,
    Lines,
    Terminal(ProgressBar),
}

struct State {
    table: String,
    rows: u64,
    started: Instant,
    last_line: Instant,
}

impl Progress {
    /// Shows nothing.
    pub fn quiet() -> Self {
        Self::new(Kind::Quiet)
    }

    /// A moving line on a terminal, plain lines now and then elsewhere.
    pub fn stderr() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::new(Kind::Lines);
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self::new(Kind::Terminal(bar))
    }

    fn new(kind: Kind) -> Self {
        let now = Instant::now();
        let state = State { table: String::new(), rows: 0, started: now, last_line: now };
        Self { kind, state: Mutex::new(state) }
    }

    /// The reading of a table begins.
    pub(crate) fn table(&self, name: &str) {
        hold_at(&format!("reading {name}"));
        self.with(|state| {
            let now = Instant::now();
            *state = State { table: name.to_owned(), rows: 0, started: now, last_line: now };
        });
    }

    /// So many rows of the table are read.
    pub(crate) fn rows(&self, rows: u64) {
        self.with(|state| {
            state.rows = rows;
            match &self.kind {
                Kind::Quiet => {}
                Kind::Terminal(bar) => bar.set_message(state.sentence()),
                Kind::Lines if state.last_line.elapsed() >= LINE_EVERY => {
                    state.last_line = Instant::now();
                    line(&state.sentence());
                }
                Kind::Lines => {}
            }
        });
    }

    /// The table is read.
    pub(crate) fn table_done(&self) {
        hold_at("the table is read");
        self.with(|state| {
            if state.started.elapsed() >= WORTH_A_LINE {
                self.say(&state.sentence());
            }
        });
    }

    /// Some other step begins: `indexing products`.
    pub fn step(&self, sentence: &str) {
        hold_at(sentence);
        if let Kind::Terminal(bar) = &self.kind {
            bar.set_message(sentence.to_owned());
        }
    }

    /// Some other step that takes long has come so far.
    pub fn long_step(&self, sentence: &str) {
        self.with(|state| match &self.kind {
            Kind::Quiet => {}
            Kind::Terminal(bar) => bar.set_message(sentence.to_owned()),
            Kind::Lines if state.last_line.elapsed() >= LINE_EVERY => {
                state.last_line = Instant::now();
                line(sentence);
            }
            Kind::Lines => {}
        });
    }

    /// Shows a line that stays.
    pub fn say(&self, sentence: &str) {
        match &self.kind {
            Kind::Quiet => {}
            Kind::Lines => line(sentence),
            Kind::Terminal(bar) => bar.suspend(|| line(sentence)),
        }
    }

    /// Removes what moves, so that other output has the terminal to itself.
    pub fn finish(&self) {
        if let Kind::Terminal(bar) = &self.kind {
            bar.finish_and_clear();
        }
    }

    fn with(&self, change: impl FnOnce(&mut State)) {
        if !matches!(self.kind, Kind::Quiet)
            && let Ok(mut state) = self.state.lock()
        {
            change(&mut state);
        }
    }
}

impl State {
    fn sentence(&self) -> String {
        let seconds = self.started.elapsed().as_secs_f64();
        let rate = if seconds > 0.0 { (self.rows as f64 / seconds) as u64 } else { 0 };
        format!("{}: {}, {} a second", self.table, count(self.rows, "row"), grouped(rate))
    }
}

/// A closed stderr does not stop the program.
fn line(sentence: &str) {
    let _ = writeln!(std::io::stderr(), "{sentence}");
}

/// Holds an unoptimised builder at the step that COLDPRESS_HOLD_AT counts to, from 1: the tests kill
/// it there.
fn hold_at(step: &str) {
    static STEPS: AtomicUsize = AtomicUsize::new(0);
    if cfg!(debug_assertions)
        && let Ok(held) = std::env::var("COLDPRESS_HOLD_AT")
        && held == (STEPS.fetch_add(1, Ordering::Relaxed) + 1).to_string()
    {
        line(&format!("held at: {step}"));
        loop {
            std::thread::park();
        }
    }
}
