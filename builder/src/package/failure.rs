//! Why no package was written.

use std::io;
use std::path::PathBuf;

use super::{BootstrapProblem, ReleaseProblem, UNZIPPED_LIMIT};

/// Why no package was written. `Display` says what was found, [`Failure::help`] what to do.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// An input could not be read.
    #[error("`{}` can't be read: {error}", path.display())]
    Read {
        /// Its path.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The zip could not be written.
    #[error("`{}` can't be written: {error}", path.display())]
    Write {
        /// Its path.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The output is one of the inputs.
    #[error("the output `{}` is one of the files to be packaged", path.display())]
    OutputIsInput {
        /// The input's path.
        path: PathBuf,
    },
    /// The three files together are over [`UNZIPPED_LIMIT`].
    #[error(
        "the package has {unzipped} bytes unzipped ({database} of them the database), Lambda takes {UNZIPPED_LIMIT}"
    )]
    TooLarge {
        /// Their size in bytes.
        unzipped: u64,
        /// Of these, the size of the database.
        database: u64,
    },
    /// Lambda could not start the bootstrap.
    #[error("bootstrap `{}`: {problem}", path.display())]
    Bootstrap {
        /// Its path.
        path: PathBuf,
        /// Why not.
        problem: BootstrapProblem,
    },
    /// The reader could not serve the release.
    #[error("release `{}`: {problem}", path.display())]
    Release {
        /// The file at fault.
        path: PathBuf,
        /// Why not.
        problem: ReleaseProblem,
    },
}

impl Failure {
    /// What to do about it, where there is something to say.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Read { .. } | Self::Write { .. } => None,
            Self::OutputIsInput { .. } => Some("name another file with `-o`"),
            Self::TooLarge { .. } => Some(
                "publish fewer or smaller tables in this function: leave datasets out of the build, \
                 or give each group of datasets a function of its own",
            ),
            Self::Bootstrap { problem, .. } => Some(problem.help()),
            Self::Release {
                problem: ReleaseProblem::Attestation(_) | ReleaseProblem::OtherAttestation(_),
                ..
            } => Some("attest this manifest, or remove the file: a release may be packaged without"),
            Self::Release { .. } => Some("build again: `builder build`"),
        }
    }
}

/// `names` in backticks, with commas between.
pub(super) fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
