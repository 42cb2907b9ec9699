//! `builder check --against`

use crate::repository::{Repository, shop};

const DESCRIPTOR: &str = "datasets/shop/datapackage.json";
const ITEMS: &str = "datasets/shop/items.csv";
const ONE_PROBLEM: &str = "error: 1 problem in 1 file (1 dataset, 5 rows checked)\n";

fn gate(shop: &Repository) -> String {
    let ran = shop.run(&["check", "--against", "HEAD", "--quiet"]);
    assert_eq!(ran.code, Some(i32::from(!ran.stdout.is_empty())), "{ran:?}");
    ran.stdout
}

#[test]
fn a_change_needs_a_version() {
    let shop = shop();
    shop.run(&["check", "--against", "HEAD"]).is(0, "", "no problems (1 dataset, 5 rows checked)\n");
    shop.edit(ITEMS, "two", "TWO");
    shop.run(&["check", "--against", "HEAD"]).is(
        1,
        "datasets/shop/datapackage.json:3: [version-unchanged] version is still \"1.0.0\", but the dataset \
         changed: 1 row changed (PATCH)\n  help: 1.0.1 is high enough; `builder bump` writes it\n",
        ONE_PROBLEM,
    );
    for version in ["1.0.1", "1.1.0", "2.0.0", "1.0.1-rc.1"] {
        let descriptor = shop.text(DESCRIPTOR);
        shop.edit(DESCRIPTOR, "1.0.0", version);
        assert_eq!(gate(&shop), "", "{version}");
        shop.write(DESCRIPTOR, descriptor);
    }
}

#[test]
fn the_step_must_be_large_enough() {
    let shop = shop();
    shop.edit(ITEMS, "5,five,5\n", "5,five,5\n6,six,6\n");
    shop.edit(DESCRIPTOR, "1.0.0", "1.0.7");
    assert_eq!(
        gate(&shop),
        "datasets/shop/datapackage.json:3: [version-too-low] version \"1.0.7\" is too small a step from \
         \"1.0.0\": 1 row added (MINOR)\n  help: 1.1.0 is high enough; `builder bump` writes it\n"
    );
    shop.edit(DESCRIPTOR, "1.0.7", "0.9.0");
    assert_eq!(
        gate(&shop),
        "datasets/shop/datapackage.json:3: [version-too-low] version \"0.9.0\" is lower than \"1.0.0\", which \
         was published\n  help: 1.1.0 is high enough; `builder bump` writes it\n"
    );
    shop.edit(DESCRIPTOR, "  \"version\": \"0.9.0\",\n", "");
    assert_eq!(
        gate(&shop),
        "datasets/shop/datapackage.json: [version-too-low] `version` was removed, and 1.0.0 was published\n  \
         help: use 1.1.0\n"
    );
}

#[test]
fn a_dataset_without_a_version_may_change() {
    for version in ["", "\"version\": \"2026\","] {
        let shop = shop();
        shop.edit(DESCRIPTOR, "\"version\": \"1.0.0\",", version);
        shop.commit("no version");
        shop.edit(ITEMS, "two", "TWO");
        let ran = shop.run(&["check", "--against", "HEAD"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        shop.write(ITEMS, "id,name,price\n");
        let ran = shop.run(&["check", "--against", "HEAD"]);
        assert!(ran.stdout.contains("[rows-lost]"), "{ran:?}");
    }
}

#[test]
fn rows_may_not_disappear() {
    let shop = shop();
    shop.edit(DESCRIPTOR, "1.0.0", "1.1.0");
    shop.edit(ITEMS, "1,one,1.5\n", "");
    shop.run(&["check", "--against", "HEAD"]).is(0, "", "no problems (1 dataset, 4 rows checked)\n");
    shop.run(&["check", "--against", "HEAD", "--max-shrink", "19.9"]).is(
        1,
        "datasets/shop/items.csv: [rows-lost] table `items` loses 1 of 5 rows (20 %), more than 19.9 %\n  \
         help: if this is intended, use `--allow-shrink items`\n",
        "error: 1 problem in 1 file (1 dataset, 4 rows checked)\n",
    );
    // As many rows as before, but not the same ones.
    shop.write(ITEMS, "id,name,price\n3,three,3\n4,four,4\n5,five,5\n6,six,6\n7,seven,7\n");
    let ran = shop.run(&["check", "--against", "HEAD"]);
    assert_eq!(
        ran.stdout,
        "datasets/shop/items.csv: [rows-lost] table `items` loses 2 of 5 rows (40 %), more than 20 %\n  \
         help: if this is intended, use `--allow-shrink items`\n"
    );
    shop.run(&["check", "--against", "HEAD", "--allow-shrink", "items", "-q"]).is(0, "", "");
    shop.run(&["check", "--against", "HEAD", "--max-shrink", "40%", "-q"]).is(0, "", "");
}

#[test]
fn a_table_or_a_dataset_that_is_gone_is_a_loss() {
    let shop = shop();
    let descriptor = shop.text(DESCRIPTOR);
    shop.write(
        "datasets/more/datapackage.json",
        descriptor.replace("shop", "more").replace("items", "things"),
    );
    shop.write("datasets/more/things.csv", "id,name,price\n1,one,1.5\n");
    shop.commit("two");
    std::fs::remove_dir_all(shop.path("datasets/more")).unwrap();
    shop.edit(DESCRIPTOR, "\"name\": \"items\"", "\"name\": \"goods\"");
    shop.edit(DESCRIPTOR, "1.0.0", "2.0.0");
    assert_eq!(
        gate(&shop),
        "datasets: [rows-lost] table `things` was removed with its 1 row (100 %), more than 20 %
  help: if this is intended, use `--allow-shrink things`
datasets/shop/datapackage.json: [rows-lost] table `items` was removed with its 5 rows (100 %), more than 20 %
  help: if this is intended, use `--allow-shrink items`
"
    );
}

#[test]
fn a_published_version_keeps_its_content() {
    let shop = shop();
    shop.output(&["build", "-q", "-o", "v1.0.0"]);
    shop.edit(ITEMS, "two", "TWO");
    shop.edit(DESCRIPTOR, "1.0.0", "1.0.1");
    shop.commit("1.0.1");
    shop.git(&["tag", "--annotate", "--message", "x", "v1.0.1"]);
    shop.edit(ITEMS, "TWO", "Two");
    // 1.0.1 is a sufficient step from 1.0.0, but it was something else.
    let commit = shop.git(&["rev-parse", "--short=12", "HEAD"]);
    let ran = shop.run(&["check", "--against", "v1.0.0", "-q"]);
    assert_eq!(
        ran.stdout,
        format!(
            "datasets/shop/datapackage.json:3: [version-reused] version \"1.0.1\" was published with other \
             content (commit {commit})\n  help: a published version can't change; use the next one\n"
        )
    );
    assert_eq!(
        shop.output(&["bump", "--against", "v1.0.0"]),
        "datasets/shop/datapackage.json: version 1.0.1 -> 1.0.2 (the changes of `shop` are PATCH)\n"
    );
    shop.run(&["check", "--against", "v1.0.0", "-q"]).is(0, "", "");
}

/// A version that is not published yet may change from commit to commit of its branch.
#[test]
fn a_branch_may_change_its_mind() {
    let shop = shop();
    shop.git(&["checkout", "--quiet", "-b", "topic"]);
    shop.edit(DESCRIPTOR, "1.0.0", "1.0.1");
    for name in ["TWO", "Two"] {
        shop.edit(ITEMS, "2,two", &format!("2,{name}"));
        shop.commit(name);
        shop.run(&["check", "--against", "main", "-q"]).is(0, "", "");
        shop.edit(ITEMS, name, "two");
    }
}

/// What was on the published branch counts, though it was never tagged.
#[test]
fn an_earlier_version_of_the_branch_keeps_its_content() {
    let shop = shop();
    for (version, name) in [("1.0.1", "TWO"), ("1.0.0", "two")] {
        shop.edit(DESCRIPTOR, if version == "1.0.1" { "1.0.0" } else { "1.0.1" }, version);
        shop.edit(ITEMS, if version == "1.0.1" { "2,two" } else { "2,TWO" }, &format!("2,{name}"));
        shop.commit(version);
    }
    shop.edit(DESCRIPTOR, "1.0.0", "1.0.1");
    shop.edit(ITEMS, "2,two", "2,Two");
    let first = shop.git(&["rev-parse", "--short=12", "HEAD~1"]);
    let found = gate(&shop);
    assert!(found.contains(&format!("was published with other content (commit {first})")), "{found}");
    shop.edit(ITEMS, "2,Two", "2,TWO");
    assert_eq!(gate(&shop), "");
}

#[test]
fn wrong_usage() {
    let shop = shop();
    for (arguments, error) in [
        (
            &["check", "--against", "HEAD", "--allow-shrink", "itmes"][..],
            "error: `--allow-shrink`: there is no table `itmes`; did you mean `items`?\n",
        ),
        (
            &["check", "--against", "HEAD", "--allow-shrink", "prices"],
            "error: `--allow-shrink`: there is no table `prices`; available: items\n",
        ),
    ] {
        shop.run(arguments).is(2, "", error);
    }
}

/// Annotations are on the version's line.
#[test]
fn github() {
    let shop = shop();
    shop.edit(ITEMS, "two", "TWO");
    let ran = shop.run(&["check", "--against", "HEAD", "--format", "github", "-q"]);
    assert_eq!(
        ran.stdout,
        "::error file=datasets/shop/datapackage.json,line=3,title=version-unchanged::version is still \"1.0.0\", \
         but the dataset changed: 1 row changed (PATCH)%0Ahelp: 1.0.1 is high enough; `builder bump` writes it\n"
    );
}
