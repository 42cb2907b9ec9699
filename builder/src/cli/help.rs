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
  publish   Put a release and its package into S3
  releases  List the releases in S3
  pull      Bring a release back from S3
  deploy    A release to the public, and back, through Terraform's two applies

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
      --watch         Build again whenever a dataset changes; ends with Ctrl-C
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
      --if-any          Where no release is live yet, say so and write nothing, instead of failing
  -o, --output DIR      Where the release goes [default: dist]
  -q, --quiet           No progress and no summary
  -h, --help            This text

Example:
  builder pull previous --bucket acme-releases -o before
";

pub(super) const DEPLOY: &str = "\
A release from S3 to the public, through Terraform's two applies: the whole way, or its steps. Each
looks at what is there, can be run again after whatever stopped it, and prints JSON on stdout, one
object a line for each step; what is wrong also on stderr.

Usage: builder deploy STEP [OPTIONS]

The whole way, which runs `terraform` and is told of nothing but the release:
  release           All steps below. What fails before `live` moves, moves nothing; what fails after
                    it goes back, by itself, to the release that was proven before
  rollback --apply  The same to an earlier release; past the first apply where its version is there
  reconcile --repair --apply
                    Compare, and go to the release that was proven last where something differs

Once on each machine:
  init              Tell Terraform's root what bootstrap made, and `terraform init` it

Steps, in the order of a release:
  prepare           Write what the first apply is told: the release, and what is live as it is;
                    with --as-applied what Terraform was told last, for a plan of something else
  plan-check PLAN   Say what the plan (`terraform show -json`) touches that its apply may not
  smoke             Ask the candidate, by its number, for its database's digest, its rows, and a row
                    of each table
  promote           Write what the second apply is told: the candidate, live
  verify            Ask over HTTP until 20 answers in a row have the release's digest
  promote-channel   Verify once more, then move channels/live.json to the release
and beside it:
  rollback          Write what leads back to a release: `apply` in the result says whether the
                    second apply is enough, or the release has to go the whole way again
  reconcile         Compare what is served, the alias, Terraform's state and the channel
  prune             Delete old versions: never what an alias or its weights hold, never the newest
                    20, never younger than 30 days

Options:
      --terraform DIR   Terraform's root, with bootstrap.auto.tfvars.json [default: terraform]
      --release NAME    The release: an id, or `live`, or `previous`
      --from DIR        release: instead, the one in DIR, which is published first
      --to NAME         rollback: the release to go back to
      --for APPLY       plan-check: candidate or live, for the first apply or the second
      --url URL         An address to ask; may be repeated. The whole way asks those in Terraform's
                        outputs where none is given: each region's, and the public one
      --outputs FILE    verify, promote-channel, reconcile: instead, from `terraform output -json`
      --tries N         How many answers to ask for at the most [default: 100; the whole way: 200]
      --pause MS        How long to wait after a wrong answer [default: 500]
      --bootstrap FILE  init: bootstrap's outputs, from `terraform output -json` [default: what
                        COLDPRESS_ACCOUNT holds, else what that command says in DIR/bootstrap]
      --variables-only  init: without `terraform init`, which only applies and plans need
      --as-applied      prepare: instead of --release
      --repair          reconcile: write what leads back to the release that was proven last
      --apply           rollback, reconcile --repair: run Terraform too, to the end
      --now TIME        prune: as if it were then [default: now]
      --dry-run         prune: say what would be deleted
  -h, --help            This text

Exit codes: 0 all is well, 1 something is wrong with what was looked at, 2 wrong usage or a failure.

Examples:
  builder deploy release --release 0123456789abcdef
  builder deploy rollback --to previous --apply
  builder deploy prepare --release 0123456789abcdef
  builder deploy plan-check --for live plan.json
";
