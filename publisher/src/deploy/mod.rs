//! The steps of a release that Terraform does not do: the variables of each apply, the check of a
//! plan, the tests of a version, the channel, and the rollback.
//!
//! ```text
//! prepare -> apply -> smoke -> promote -> apply -> verify -> set-channel
//!   (check-plan candidate)       (check-plan live)
//! ```
//!
//! Every step looks at the actual state and can be repeated after any interruption. Only Terraform
//! moves `live`; nothing here moves an alias. `run` runs all steps, with Terraform in between.

mod addresses;
mod caching;
mod cdn;
mod driver;
mod expire;
mod function;
mod http;
mod interrupt;
mod outcome;
mod prune;
mod reconcile;
mod release;
mod revert;
mod run;
mod run_log;
mod smoke;
mod step_error;
mod variables;
mod verify;

pub use addresses::Addresses;
pub use caching::{CachingProblem, caching_problem};
pub use cdn::Cdn;
pub use driver::{Driver, RunReporter, result_line};
pub use expire::{Expired, RELEASE_DAYS, expire};
pub use function::{Alias, Function, Version, functions};
pub(crate) use http::Http;
pub use outcome::{Outcome, RunOutcome};
pub use prune::{KEEP, KEEP_DAYS, Pruned, prune};
pub use reconcile::{Comparison, compare};
pub use release::Release;
pub use run_log::log_run;
pub use smoke::{SmokeTest, smoke};
pub use variables::{Prepared, Promoted, RolledBack, prepare, promote, roll_back};
pub use verify::{ANSWERS, ChannelMove, Retries, SeenChannel, Verification, set_channel, verify};
