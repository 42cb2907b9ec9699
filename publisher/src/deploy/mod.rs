//! The steps of a release that Terraform does not do: what to apply, whether a plan may be applied,
//! whether a version is the release that it should be, and the way back.
//!
//! ```text
//! prepare -> apply -> smoke -> promote -> apply -> verify -> promote-channel
//!   (plan-check candidate)       (plan-check live)
//! ```
//!
//! Every step looks at what is there and can be run again after whatever stopped it. `live` moves
//! by Terraform alone; nothing here moves an alias. `driver` runs all of them, and Terraform in
//! between.

mod back;
mod driver;
mod ended;
mod function;
mod http;
mod interrupt;
mod prune;
mod reconcile;
mod release;
mod smoke;
mod verify;

pub use driver::{Driver, Report, line};
pub use ended::{Ended, Outcome};
pub use function::{Alias, Function, Version};
pub use prune::{KEEP, KEEP_DAYS, Pruned, prune};
pub use reconcile::{Reconciled, reconcile};
pub use release::{Prepared, Promoted, RolledBack, prepare, promote, roll_back};
pub use smoke::{Smoke, smoke};
pub use verify::{ANSWERS, Moved, Patience, Verified, move_channel, verify};

use crate::store::{Failure, Session, Target};

/// The function in each region that serves. Errors: the target names none.
pub fn functions(session: &Session, target: &Target) -> Result<Vec<Function>, Failure> {
    let Some(name) = &target.function else {
        return Err(Failure::refused("no function is named", "give `--terraform DIR`"));
    };
    target
        .places
        .iter()
        .map(|place| {
            let region = place.region.clone().unwrap_or_default();
            Ok(Function::new(session.lambda(Some(&region))?, name.clone(), region))
        })
        .collect()
}
