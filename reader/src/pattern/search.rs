//! Whether an automaton finds its pattern in a text, byte by byte, with a look at the clock between
//! blocks of them.
//!
//! As a rule a lazy DFA does it: a table look-up for each byte, its table made on the way and
//! bounded in size. Where it can't (a Unicode word boundary beside a letter beyond ASCII) or its
//! table would be made anew again and again, the NFA is run as it stands, all its states at once.

use regex_automata::Input;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::primitives::StateID;

use crate::deadline::{Interrupted, Work};

/// Largest table of the DFA.
const TABLE: usize = 2 << 20;

/// State visits between two looks: a byte may cost one for each state.
const VISITS: usize = 1 << 20;

#[derive(Debug)]
pub(super) struct Search {
    dfa: DFA,
    /// Bytes between two looks.
    block: usize,
}

/// What a search writes into.
#[derive(Debug)]
pub(super) struct Scratch {
    cache: Cache,
    current: Set,
    next: Set,
    stack: Vec<StateID>,
}

impl Search {
    /// `None` where the automaton is too large for a table.
    pub(super) fn new(nfa: NFA) -> Option<Self> {
        let block = (VISITS / nfa.states().len()).clamp(16, 4096);
        let config = DFA::config()
            .cache_capacity(TABLE)
            .skip_cache_capacity_check(true)
            .unicode_word_boundary(true)
            // A table that lasts for fewer bytes than this is not worth its making.
            .minimum_cache_clear_count(Some(3))
            .minimum_bytes_per_state(Some(10));
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok()?;
        Some(Self { dfa, block })
    }

    pub(super) fn scratch(&self) -> Scratch {
        let states = self.dfa.get_nfa().states().len();
        Scratch {
            cache: self.dfa.create_cache(),
            current: Set::new(states),
            next: Set::new(states),
            stack: vec![],
        }
    }

    pub(super) fn is_match(
        &self,
        text: &str,
        scratch: &mut Scratch,
        work: &Work<'_>,
    ) -> Result<bool, Interrupted> {
        work.look()?;
        match self.table(text.as_bytes(), &mut scratch.cache, work)? {
            Some(found) => Ok(found),
            None => self.simulate(text.as_bytes(), scratch, work),
        }
    }

    /// `None` where the table can't say.
    fn table(&self, text: &[u8], cache: &mut Cache, work: &Work<'_>) -> Result<Option<bool>, Interrupted> {
        let Ok(mut state) = self.dfa.start_state_forward(cache, &Input::new(text)) else { return Ok(None) };
        cache.search_start(0);
        for (number, block) in text.chunks(self.block).enumerate() {
            if number > 0 {
                work.look()?;
            }
            for (index, byte) in block.iter().enumerate() {
                let Ok(next) = self.dfa.next_state(cache, state, *byte) else { return Ok(None) };
                state = next;
                if state.is_tagged() {
                    cache.search_update(number * self.block + index);
                    if state.is_match() {
                        return Ok(Some(true));
                    } else if state.is_dead() {
                        return Ok(Some(false));
                    } else if state.is_quit() {
                        return Ok(None);
                    }
                }
            }
            cache.search_update(number * self.block + block.len());
        }
        cache.search_finish(text.len());
        Ok(self.dfa.next_eoi_state(cache, state).ok().map(|state| state.is_match()))
    }

    fn simulate(&self, text: &[u8], scratch: &mut Scratch, work: &Work<'_>) -> Result<bool, Interrupted> {
        let Scratch { current, next, stack, .. } = scratch;
        let nfa = self.dfa.get_nfa();
        current.clear();
        if self.reach(nfa.start_unanchored(), text, 0, current, stack) {
            return Ok(true);
        }
        for (at, byte) in text.iter().enumerate() {
            work.spend(current.states.len())?;
            next.clear();
            for state in &current.states {
                let to = match nfa.state(*state) {
                    State::ByteRange { trans } => trans.matches_byte(*byte).then_some(trans.next),
                    State::Sparse(several) => several.matches_byte(*byte),
                    State::Dense(all) => all.matches_byte(*byte),
                    _ => None,
                };
                if let Some(to) = to
                    && self.reach(to, text, at + 1, next, stack)
                {
                    return Ok(true);
                }
            }
            std::mem::swap(current, next);
        }
        Ok(false)
    }

    /// Adds the states that are reached from `state` at that place without a byte; true where one of
    /// them is a match.
    fn reach(
        &self,
        state: StateID,
        text: &[u8],
        at: usize,
        into: &mut Set,
        stack: &mut Vec<StateID>,
    ) -> bool {
        let nfa = self.dfa.get_nfa();
        stack.clear();
        stack.push(state);
        while let Some(state) = stack.pop() {
            if !into.insert(state) {
                continue;
            }
            match nfa.state(state) {
                State::Match { .. } => return true,
                State::Look { look, next } => {
                    if nfa.look_matcher().matches(*look, text, at) {
                        stack.push(*next);
                    }
                }
                State::Union { alternates } => stack.extend_from_slice(alternates),
                State::BinaryUnion { alt1, alt2 } => stack.extend([*alt1, *alt2]),
                State::Capture { next, .. } => stack.push(*next),
                State::ByteRange { .. } | State::Sparse(_) | State::Dense(_) | State::Fail => {}
            }
        }
        false
    }
}

/// States, each once, in the order in which they came.
#[derive(Debug)]
struct Set {
    states: Vec<StateID>,
    has: Vec<bool>,
}

impl Set {
    fn new(states: usize) -> Self {
        Self { states: vec![], has: vec![false; states] }
    }

    fn insert(&mut self, state: StateID) -> bool {
        let has = &mut self.has[state.as_usize()];
        if !*has {
            *has = true;
            self.states.push(state);
            return true;
        }
        false
    }

    fn clear(&mut self) {
        for state in self.states.drain(..) {
            self.has[state.as_usize()] = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::super::regex::Regex;
    use super::*;

    fn matches(pattern: &str, fold: bool, text: &str) -> bool {
        Regex::new(pattern, fold).unwrap().is_match(text, &Work::new(&|| false)).unwrap()
    }

    #[test]
    fn classes_and_boundaries_know_unicode() {
        for (pattern, text) in [
            (r"^\w$", "é"),
            (r"^[[:alpha:]]+$", "Łódź"),
            (r"^[[:upper:]][[:lower:]]+[[:digit:]]$", "Éa1"),
            (r"^[[:alnum:]_]+$", "ñ_1"),
            (r"^[^[:space:]]$", "é"),
            (r"^[[:^alpha:]]$", "1"),
            (r"^[[:punct:]]+$", "¡!€"),
            (r"^[[:xdigit:]]+$", "fF0"),
            (r"\bł", "był ład"),
            (r"ź\b", "Łódź"),
            (r"^\p{Lu}\p{Alphabetic}$", "Éa"),
        ] {
            assert!(matches(pattern, false, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            (r"\bł", "był"),
            (r"ź\b", "źle"),
            (r"^[[:alpha:]]+$", "a1"),
            (r"^[^[:alpha:]]$", "é"),
            (r"^[[:^alpha:]]$", "é"),
        ] {
            assert!(!matches(pattern, false, text), "{pattern} {text}");
        }
        assert!(matches("^élan$", true, "ÉLAN"));
        assert!(matches("ΣΑΣ", true, "σας"));
        assert!(!matches("^élan$", false, "ÉLAN"));
    }

    /// Both ways through a text find the same, and ask as they go.
    #[test]
    fn a_long_search_asks_whether_to_go_on() {
        let ascii = "a b ".repeat(20_000);
        let accented = "a é ".repeat(20_000);
        for (pattern, text, table) in [
            (r"(\w|.){0,50}zq$", &ascii, true),
            (r"(a|b| )*\bz", &ascii, true),
            (r"(a|é| )*\bz", &accented, false),
        ] {
            let regex = NFA::compiler().build(pattern).unwrap();
            let search = Search::new(regex).unwrap();
            let mut scratch = search.scratch();
            let by_table = search.table(text.as_bytes(), &mut scratch.cache, &Work::new(&|| false)).unwrap();
            assert_eq!(by_table.is_some(), table, "{pattern}");
            assert_eq!(search.simulate(text.as_bytes(), &mut scratch, &Work::new(&|| false)), Ok(false));
            let looks = Cell::new(0);
            let count = || {
                looks.set(looks.get() + 1);
                false
            };
            assert_eq!(search.is_match(text, &mut scratch, &Work::new(&count)), Ok(false));
            assert!(looks.get() >= 10, "{pattern}: {} looks", looks.get());
            let looks = Cell::new(0);
            let stop_at_third = || {
                looks.set(looks.get() + 1);
                looks.get() == 3
            };
            assert_eq!(search.is_match(text, &mut scratch, &Work::new(&stop_at_third)), Err(Interrupted));
            assert_eq!(looks.get(), 3, "{pattern}");
        }
    }

    /// A larger automaton has smaller blocks: the work between two checks is bounded by both.
    #[test]
    fn the_looks_are_for_state_visits() {
        let of = |pattern: &str| Search::new(NFA::compiler().build(pattern).unwrap()).unwrap();
        for pattern in ["a", r"\w{3}", r"\w{20}", r"(\w|.){0,20}zq$"] {
            let search = of(pattern);
            let visits = search.block * search.dfa.get_nfa().states().len();
            assert!(search.block == 4096 || visits <= VISITS, "{pattern}: {visits}");
        }
        assert_eq!(of("a").block, 4096);
        assert!(of(r"\w{20}").block < 1000);
    }
}
