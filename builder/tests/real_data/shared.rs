//! The data that others made. It is beside the repository, or where COLDPRESS_SHARED says. Where a
//! part of it is absent, the tests that need it are reported as ignored.

use std::path::{Path, PathBuf};

use libtest_mimic::Trial;

/// A test that gets a part of the data.
pub(crate) fn trial(name: &str, path: &str, test: impl FnOnce(&Path) + Send + 'static) -> Trial {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("COLDPRESS_SHARED").map_or(beside, PathBuf::from).join(path);
    let absent = !shared.exists();
    let run = move || {
        test(&shared);
        Ok(())
    };
    Trial::test(name, run).with_ignored_flag(absent)
}
