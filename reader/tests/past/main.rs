//! Tables as they were, compared with releases of then: every version of every history is built by itself, and the
//! same random questions are asked of it and of `/-/at/<version>/` of the newest release. The answers have to be the
//! same to the byte, but for links.
//!
//! COLDPRESS_QUESTIONS is how many each history gets, COLDPRESS_SEEDS how many histories are made up, and
//! COLDPRESS_HISTORIES a directory of more: Git repositories with their data in `datasets/`.

#![allow(clippy::print_stderr, clippy::unwrap_used)] // how much was compared is said; a failing test may panic

mod built;
mod compared;
mod files;
mod generated;
mod plain;
mod proofs;
mod questions;
mod random;
mod real;
mod refused;

use std::path::PathBuf;

use built::History;
use compared::compare;
use random::Random;

/// Questions for each history, unless the environment says how many.
const QUESTIONS: usize = 120;

/// Histories that are made up.
const SEEDS: usize = 3;

fn questions() -> usize {
    number("COLDPRESS_QUESTIONS", QUESTIONS)
}

fn number(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).map_or(otherwise, |count| count.parse().unwrap())
}

#[test]
fn generated_histories_are_what_they_were() {
    for seed in 1..=number("COLDPRESS_SEEDS", SEEDS) as u64 {
        let repository = generated::history(&mut Random::new(seed), 8);
        compare(&History::of(repository.path()), &mut Random::new(seed), questions());
    }
}

#[test]
fn histories_of_real_data_are_what_they_were() {
    let Some(shared) = real::shared("data") else {
        eprintln!("there is no shared data: skipped");
        return;
    };
    let random = &mut Random::new(1);
    for repository in [
        real::currency_codes(&shared.join("history/currency-codes")),
        real::gdp(&shared.join("packages/gdp/data/gdp.csv"), random),
    ] {
        compare(&History::of(repository.path()), random, questions());
    }
}

/// Kept beside the repository, or wherever COLDPRESS_HISTORIES says.
#[test]
fn other_histories_are_what_they_were() {
    let Some(histories) =
        std::env::var_os("COLDPRESS_HISTORIES").filter(|path| !path.is_empty()).map(PathBuf::from)
    else {
        eprintln!("COLDPRESS_HISTORIES names no directory of histories: skipped");
        return;
    };
    for entry in std::fs::read_dir(histories).unwrap() {
        let path = entry.unwrap().path();
        if path.join(".git").exists() {
            compare(&History::of(&path), &mut Random::new(1), questions());
        }
    }
}
