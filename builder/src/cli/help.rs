//! What `--help` prints.

pub(super) const BUILDER: &str = "\
From versioned CSV datasets to a release: one SQLite file and its manifest.

Usage: builder COMMAND [OPTIONS]

Commands:
  build     Check the datasets and build the release
  init      Write a first descriptor for a CSV file
  check     Say everything that is wrong with the datasets, write nothing
  diff      Say what changed between two releases, and which version that needs
  bump      Write that version into the descriptors
  verify    Recompute every digest of a release and compare
  package   Make the zip that Lambda runs from a release and the reader's binary

Options:
  -h, --help      This text; `builder COMMAND --help` for a command's
  -V, --version   The version

Exit codes: 0 all is well, 1 something is wrong with the data, 2 wrong usage or a failure.
";

pub(super) const BUILD: &str = "\
Checks the datasets and builds the release: DIR/data.db and DIR/manifest.json.

Every directory below DATASETS with a datapackage.json, .yaml or .yml is a dataset. The release
replaces the one in DIR as a whole; where the data has errors, DIR stays as it was. The same
datasets give the same bytes, wherever and whenever they are built.

Usage: builder build [DATASETS] [OPTIONS]

Arguments:
  DATASETS            The directory of the datasets [default: datasets]

Options:
  -o, --output DIR    Where the release goes [default: dist]
      --history N     The change feed tells of the last N versions of each dataset, read from the
                      Git repository that holds DATASETS [default: 50]
      --no-history    No change feed
      --cache DIR     Keeps what was read of the history; may be deleted at any time
                      [default: coldpress in $XDG_CACHE_HOME, or in ~/.cache]
      --watch         Build again whenever a dataset changes or is committed; ends with Ctrl-C
  -q, --quiet         No progress and no summary, only what is wrong
  -h, --help          This text

Examples:
  builder build
  builder build datasets -o dist --watch
";

pub(super) const CHECK: &str = "\
Says everything that is wrong with the datasets. Writes nothing.

With --against it is the gate: the datasets must also be fit to be published after that release. A
dataset that changed needs a version that says so (docs/versions.md), a version that was published
keeps its content, and no table may lose a large part of its rows.

Usage: builder check [DATASETS] [OPTIONS]

Arguments:
  DATASETS                The directory of the datasets [default: datasets]

Options:
      --against RELEASE   What was published last: a release's directory or database, or a revision
                          of the Git repository that holds DATASETS
      --max-shrink PERCENT
                          How much of a table's rows may disappear [default: 20]
      --allow-shrink TABLE
                          This table may lose more; may be given again
      --format FORMAT     text:   one line for each finding [default]
                          github: annotations for a pull request (GitHub Actions)
                          json:   an array of objects, see docs/findings.md
  -q, --quiet             No progress and no summary, only what is wrong
  -h, --help              This text

Exit codes: 0 no errors (there may be warnings), 1 errors, 2 wrong usage or a failure.

Examples:
  builder check
  builder check datasets --format github
  builder check --against origin/main --allow-shrink prices
";

pub(super) const DIFF: &str = "\
Says what changed from one release to another: rows that were added, removed or changed (found again
by their primary key), columns, keys and metadata, and for each dataset the version that its changes
need (docs/versions.md). It writes nothing, and says what there is with exit code 0.

Usage: builder diff OLD [NEW] [OPTIONS]

Arguments:
  OLD, NEW            A release's directory or database, or a revision of the Git repository that
                      holds the datasets; without NEW, the datasets as they lie there

Options:
      --format FORMAT text:     the first changed rows of each table [default]
                      markdown: a comment for a pull request, under 60,000 characters
                      json:     every changed row, see docs/versions.md
      --datasets DIR  The directory of the datasets [default: datasets]
  -q, --quiet         No progress
  -h, --help          This text

Examples:
  builder diff HEAD
  builder diff v1.4.0 HEAD --format markdown
  builder diff old/dist dist
";

pub(super) const BUMP: &str = "\
Writes the version that `builder check --against` would accept into the descriptor of each dataset
that changed. Nothing else of the file is touched. A dataset without a version gets none.

Usage: builder bump [DATASETS] --against RELEASE [OPTIONS]

Arguments:
  DATASETS            The directory of the datasets [default: datasets]

Options:
      --against RELEASE
                      What was published last: a release's directory or database, or a revision of
                      the Git repository that holds DATASETS
  -q, --quiet         No progress
  -h, --help          This text

Example:
  builder bump --against origin/main
";

pub(super) const INIT: &str = "\
Writes a first descriptor for a CSV file, with a guess at each column's type and at the primary key,
and says on stderr what was guessed and why. What would lose a value is not guessed: a column that
some cell does not fit stays text. A descriptor that is there already is never touched.

The file is CSV in UTF-8 with a header row, parted by commas, semicolons, tabs or `|`; it may be
compressed (.csv.gz).

Usage: builder init FILE [OPTIONS]

Arguments:
  FILE                The CSV file

Options:
  -o, --output PATH   The descriptor [default: datapackage.json beside FILE]
  -q, --quiet         No notes
  -h, --help          This text

Example:
  builder init datasets/shop/products.csv
";

pub(super) const VERIFY: &str = "\
Recomputes the digests of a release, of the file and of every table, has SQLite check the file and
its foreign keys, and compares all of it with the manifest.

Usage: builder verify RELEASE [OPTIONS]

Arguments:
  RELEASE             A release's directory, or its database with the manifest beside it

Options:
  -q, --quiet         No progress and no summary, only what is wrong
  -h, --help          This text

Exit codes: 0 all of it fits, 1 something does not, 2 wrong usage or a failure.

Examples:
  builder verify dist
  builder verify dist/data.db
";

pub(super) const PACKAGE: &str = "\
Makes the zip that Lambda runs: the reader's binary, data.db and manifest.json. Its bytes depend on
nothing but those three files. What Lambda would refuse is refused here, with what to do instead.

Usage: builder package --bootstrap PATH [OPTIONS]

Options:
      --bootstrap PATH  The reader's Lambda binary; `make bootstrap` builds it
      --release DIR     The release's directory [default: dist]
  -o, --output FILE     The zip [default: reader.zip in the release's directory]
  -q, --quiet           No summary
  -h, --help            This text

Example:
  builder package --bootstrap bootstrap --release dist -o dist/reader.zip
";
