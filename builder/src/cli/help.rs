//! What `--help` prints.

pub(super) const BUILDER: &str = "\
From versioned CSV datasets to a release: one SQLite file and its manifest.

Usage: builder COMMAND [OPTIONS]

Commands:
  build    Check the datasets and build the release
  init     Write a first descriptor for a CSV file
  check    Say everything that is wrong with the datasets, write nothing
  verify   Recompute every digest of a release and compare
  package  Make the zip that Lambda runs from a release and the reader's binary

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
      --watch         Build again whenever a dataset changes; ends with Ctrl-C
  -q, --quiet         No progress and no summary, only what is wrong
  -h, --help          This text

Examples:
  builder build
  builder build datasets -o dist --watch
";

pub(super) const CHECK: &str = "\
Says everything that is wrong with the datasets. Writes nothing.

Usage: builder check [DATASETS] [OPTIONS]

Arguments:
  DATASETS            The directory of the datasets [default: datasets]

Options:
      --format FORMAT text:   one line for each finding [default]
                      github: annotations for a pull request (GitHub Actions)
                      json:   an array of objects, see docs/findings.md
  -q, --quiet         No progress and no summary, only what is wrong
  -h, --help          This text

Exit codes: 0 no errors (there may be warnings), 1 errors, 2 wrong usage or a failure.

Examples:
  builder check
  builder check datasets --format github
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
