//! What `--help` prints.

pub(super) const PUBLISHER: &str = "\
From a release to the public: releases in S3, deployed through Terraform.

Usage: publisher COMMAND [OPTIONS]

Commands:
  publish   Put a release and its package into S3
  releases  List the releases in S3
  pull      Bring a release back from S3
  deploy    A release to the public, and back, through Terraform's two applies

Options:
  -h, --help      This text; `publisher COMMAND --help` for a command's
  -V, --version   The version

Exit codes: 0 all is well, 1 something is wrong with what was looked at, 2 wrong usage or a failure.
";

pub(super) const PUBLISH: &str = "\
Puts a release and its package into S3, under their digests, the release's record last. Nothing is
written over: what is there already must be the same bytes. Whatever stops it, no half release is
to be seen, and the same command goes on. Prints what it did as JSON, the release's id in `release`.

Usage: publisher publish --bucket [REGION=]NAME [OPTIONS]

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
  publisher publish --bucket eu-central-1=acme-releases --release dist
";

pub(super) const RELEASES: &str = "\
Lists the releases in S3, newest first: id, when it was published, whether it is live or the one
before, its size, its commit.

Usage: publisher releases --bucket [REGION=]NAME [OPTIONS]

Options:
      --bucket NAME     The bucket; REGION=NAME where AWS_REGION is another
      --terraform DIR   Instead: the first bucket of Terraform's root in DIR
      --limit N         How many at the most [default: 20]
      --json            An array of objects
  -h, --help            This text

Example:
  publisher releases --bucket acme-releases
";

pub(super) const PULL: &str = "\
Brings a release back from S3 into a directory: data.db, manifest.json, reader.zip, each compared
with its digest. The directory is replaced as a whole, or left as it was.

Usage: publisher pull RELEASE --bucket [REGION=]NAME [OPTIONS]

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
  publisher pull previous --bucket acme-releases -o before
";

pub(super) const DEPLOY: &str = "\
A release from S3 to the public, through Terraform's two applies: the whole way, or its steps. Each
looks at what is there, can be run again after whatever stopped it, and prints JSON on stdout, one
object a line for each step; what is wrong also on stderr.

Usage: publisher deploy STEP [OPTIONS]

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
  publisher deploy release --release 0123456789abcdef
  publisher deploy rollback --to previous --apply
  publisher deploy prepare --release 0123456789abcdef
  publisher deploy plan-check --for live plan.json
";
