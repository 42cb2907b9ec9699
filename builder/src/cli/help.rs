//! What `--help` prints.

pub(super) const BUILDER: &str = "\
From versioned CSV datasets to a release: one SQLite file and its manifest.

Usage: builder COMMAND [OPTIONS]

Commands:
  build     Check the datasets and build the release
  check     Say everything that is wrong with the datasets, write nothing
  verify    Recompute every digest of a release and compare
  package   Make the zip that Lambda runs from a release and the reader's binary
  publish   Put a release and its package into S3
  releases  List the releases in S3
  pull      Bring a release back from S3

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

pub(super) const PUBLISH: &str = "\
Puts a release and its package into S3, under their digests, the release's record last. Nothing is
written over: what is there already must be the same bytes. Whatever stops it, no half release is
to be seen, and the same command goes on. Prints what it did as JSON, the release's id in `release`.

Usage: builder publish --bucket [REGION=]NAME [OPTIONS]

Options:
      --bucket NAME     The bucket; REGION=NAME where AWS_REGION is another. Given again, the
                        release goes to each: Lambda takes a package only from its own region
      --terraform DIR   Instead: the buckets of Terraform's root in DIR
      --release DIR     The release's directory [default: dist]
      --package FILE    Its package [default: reader.zip in the release's directory]
      --without-record  Everything but the record, for a role that may not write it
  -q, --quiet           No progress and no summary
  -h, --help            This text

Credentials and region come from the usual variables and files: AWS_PROFILE, AWS_ACCESS_KEY_ID,
AWS_REGION, ~/.aws/config and so on; AWS_ENDPOINT_URL leads to any S3-compatible server.

Example:
  builder publish --bucket eu-central-1=acme-releases --release dist
";

pub(super) const RELEASES: &str = "\
Lists the releases in S3, newest first: id, when it was published, whether it is live or the one
before, its size, its commit.

Usage: builder releases --bucket [REGION=]NAME [OPTIONS]

Options:
      --bucket NAME     The bucket; REGION=NAME where AWS_REGION is another
      --terraform DIR   Instead: the first bucket of Terraform's root in DIR
      --limit N         How many at the most [default: 20]
      --json            An array of objects
  -h, --help            This text

Example:
  builder releases --bucket acme-releases
";

pub(super) const PULL: &str = "\
Brings a release back from S3 into a directory: data.db, manifest.json, reader.zip, each compared
with its digest. The directory is replaced as a whole, or left as it was.

Usage: builder pull RELEASE --bucket [REGION=]NAME [OPTIONS]

Arguments:
  RELEASE               An id, or `live`, or `previous` for the one before it

Options:
      --bucket NAME     The bucket; REGION=NAME where AWS_REGION is another
      --terraform DIR   Instead: the first bucket of Terraform's root in DIR
  -o, --output DIR      Where the release goes [default: dist]
  -q, --quiet           No progress and no summary
  -h, --help            This text

Example:
  builder pull previous --bucket acme-releases -o before
";
