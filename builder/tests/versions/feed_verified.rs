//! `verify` and the change feed: against the rows, and back to those of every version.

use crate::history::{four_versions, open};

#[test]
fn verify_compares_the_feed_with_the_rows() {
    let shop = four_versions();
    shop.output(&["build", "-q"]);
    let connection = open(&shop);
    for (sql, mismatch) in [
        (
            "DELETE FROM coldpress_catalog WHERE kind = 'change/items' AND name = '0000000004/1'",
            "change feed of `items`: the counts of version 4 do not match its changes",
        ),
        (
            "UPDATE coldpress_catalog SET entry = 'removed' WHERE kind = 'change/items' AND name = '0000000005/2'",
            "change feed of `items`: it removed `2`, which still exists",
        ),
        (
            "DELETE FROM coldpress_catalog WHERE kind = 'row/items/6'",
            "change feed of `items`: `6` has no history",
        ),
        (
            "DELETE FROM coldpress_catalog WHERE kind = 'change/items' AND name LIKE '0000000005/%'",
            "change feed of `items`: the changes of version 5 are missing",
        ),
        (
            "UPDATE coldpress_catalog SET about = '[]' WHERE kind = 'change/items' AND name = '0000000004/1'",
            "change feed of `items`: the change of `1` is not an object",
        ),
        // Values after a change, which nothing is restored from.
        (
            "UPDATE coldpress_catalog SET about = replace(about, '\"new\":{\"name\":\"TWO\"}', '\"new\":{\"name\":\"ZWEI\"}') \
             WHERE kind = 'change/items' AND name = '0000000002/2'",
            "change feed of `items`: the change of `2` in version 2 does not lead to the row of then",
        ),
        (
            "UPDATE coldpress_catalog SET about = replace(about, '\"a,b\"', '\"b,a\"') WHERE kind = 'change/items' AND name = '0000000004/6'",
            "change feed of `items`: the change of `6` in version 4 does not lead to the row of then",
        ),
        (
            "UPDATE coldpress_catalog SET about = replace(about, '\"stock\":2', '\"stock\":3') \
             WHERE kind = 'change/items' AND name = '0000000005/2'",
            "change feed of `items`: the change of `2` in version 5 does not lead to the row of then",
        ),
        (
            "UPDATE coldpress_catalog SET about = replace(about, '}}', '},\"new\":{\"id\":1}}') \
             WHERE kind = 'change/items' AND name = '0000000004/1'",
            "change feed of `items`: the change of `1` in version 4 does not lead to the row of then",
        ),
        // What only the rows of earlier versions say.
        (
            "UPDATE coldpress_catalog SET about = replace(about, '\"one\"', '\"uno\"') \
             WHERE kind = 'change/items' AND name = '0000000004/1'",
            "change feed of `items`: version 1.0.1 can't be restored: what the change feed leads back to has another digest than the version had",
        ),
        (
            "UPDATE coldpress_catalog SET about = replace(about, '\"two\"', '2') WHERE kind = 'change/items' AND name = '0000000002/2'",
            "change feed of `items`: version 1.0.0 can't be restored: what the change feed leads back to has another digest than the version had",
        ),
        (
            "DELETE FROM coldpress_catalog WHERE kind = 'order/items' AND name = '0000000004'",
            "change feed of `items`: version 1.0.1 can't be restored: it is not whole",
        ),
        (
            "UPDATE coldpress_catalog SET about = 'AA' WHERE kind = 'order/items' AND name = '0000000004'",
            "change feed of `items`: the order of rows before version 1.1.0 is not valid",
        ),
        (
            "INSERT INTO coldpress_catalog VALUES ('order/items', '0000000009', '', 'AAE')",
            "change feed of `items`: it has an order of rows before 9, which is no version",
        ),
        (
            "UPDATE coldpress_catalog SET entry = '{' WHERE kind = 'past/items' AND name = '0000000001'",
            "change feed of `items`: the columns of version 1.0.0 can't be read: Conversion error from type Text at index: 0, EOF while parsing an object at line 1 column 1",
        ),
        (
            "UPDATE coldpress_catalog SET entry = replace(entry, '\"number\"', '\"string\"') \
             WHERE kind = 'past/items' AND name = '0000000001'",
            "change feed of `items`: version 1.1.0 can't be restored: what the change feed leads back to has another digest than the version had",
        ),
        (
            "DELETE FROM coldpress_catalog WHERE kind = 'past/items' AND name = '0000000001'",
            "change feed of `items`: the columns of version 1.0.0 are missing",
        ),
        (
            "INSERT INTO coldpress_catalog SELECT kind, '0000000003', entry, about FROM coldpress_catalog \
             WHERE kind = 'past/items' AND name = '0000000001'",
            "change feed of `items`: it has columns of 3, which is no version",
        ),
        (
            "UPDATE coldpress_catalog SET entry = (SELECT entry FROM coldpress_catalog WHERE kind = 'root/items' LIMIT 1) \
             WHERE kind = 'root/items'",
            "table `items`: the change feed ends with another root than its rows have",
        ),
        (
            "UPDATE coldpress_catalog SET entry = replace(entry, '\"date\":\"2', '\"date\":\"1') \
             WHERE kind LIKE 'version/%' AND name = '0000000002'",
            "the manifest's root of earlier versions is not that of the change feed",
        ),
    ] {
        let before = std::fs::read(shop.path("dist/data.db")).unwrap();
        connection.execute(sql, []).unwrap();
        let ran = shop.run(&["verify", "dist", "-q"]);
        assert!(ran.stdout.contains(&format!("dist/data.db: {mismatch}\n")), "{sql}\n{}", ran.stdout);
        assert_eq!(ran.code, Some(1), "{sql}");
        std::fs::write(shop.path("dist/data.db"), before).unwrap();
    }
}
