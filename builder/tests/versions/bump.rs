//! `builder bump`

use crate::repository::shop;

const DESCRIPTOR: &str = "datasets/shop/datapackage.json";
const ITEMS: &str = "datasets/shop/items.csv";

#[test]
fn writes_what_the_gate_accepts_and_nothing_else() {
    let shop = shop();
    let odd = shop.text(DESCRIPTOR).replace("  \"version\": \"1.0.0\"", "\r\n\t\"version\"  :\t\"1.0.0\" ");
    shop.write(DESCRIPTOR, &odd);
    shop.commit("odd");
    shop.run(&["bump", "--against", "HEAD"]).is(0, "nothing changed since HEAD\n", "");
    shop.edit(ITEMS, "5,five,5\n", "5,five,5\n6,six,6\n");
    shop.run(&["bump", "--against", "HEAD"]).is(
        0,
        "datasets/shop/datapackage.json: version 1.0.0 -> 1.1.0 (the changes of `shop` are MINOR)\n",
        "",
    );
    assert_eq!(shop.text(DESCRIPTOR), odd.replace("1.0.0", "1.1.0"));
    shop.run(&["check", "--against", "HEAD", "-q"]).is(0, "", "");
    shop.run(&["bump", "--against", "HEAD"]).is(
        0,
        "datasets/shop/datapackage.json: version 1.1.0 is high enough\n",
        "",
    );
}

#[test]
fn yaml_keeps_its_comments() {
    let shop = shop();
    std::fs::remove_file(shop.path(DESCRIPTOR)).unwrap();
    let yaml = "# é\nname: shop\nversion: 1.0.0   # the shop's\nresources:\n- name: items\n  path: items.csv\n  schema:\n    \
                fields:\n    - {name: id, type: integer}\n    - {name: name, type: string}\n    \
                - {name: price, type: number}\n    primaryKey: id\n";
    shop.write("datasets/shop/datapackage.yaml", yaml);
    shop.commit("yaml");
    shop.edit(ITEMS, "two", "TWO");
    assert_eq!(
        shop.output(&["bump", "--against", "HEAD"]),
        "datasets/shop/datapackage.yaml: version 1.0.0 -> 1.0.1 (the changes of `shop` are PATCH)\n"
    );
    assert_eq!(shop.text("datasets/shop/datapackage.yaml"), yaml.replace("1.0.0", "1.0.1"));
}

#[test]
fn says_where_there_is_nothing_to_raise() {
    let shop = shop();
    shop.edit(DESCRIPTOR, "  \"version\": \"1.0.0\",\n", "");
    shop.commit("no version");
    shop.edit(ITEMS, "two", "TWO");
    let before = shop.text(DESCRIPTOR);
    shop.run(&["bump", "--against", "HEAD"]).is(
        1,
        "",
        "error: `shop` changed and has no version; write `\"version\": \"1.0.0\"` into \
         `datasets/shop/datapackage.json`\n",
    );
    assert_eq!(shop.text(DESCRIPTOR), before);
    // The gate accepts any first version, and so does this.
    shop.edit(DESCRIPTOR, "{\n  \"name\": \"shop\"", "{\n  \"version\": \"0.3.0\",\n  \"name\": \"shop\"");
    shop.run(&["bump", "--against", "HEAD"]).is(
        0,
        "datasets/shop/datapackage.json: version 0.3.0 is high enough\n",
        "",
    );
    shop.commit("0.3.0");
    shop.edit(DESCRIPTOR, "0.3.0", "2026");
    shop.edit(ITEMS, "TWO", "two");
    shop.run(&["bump", "--against", "HEAD"]).is(
        1,
        "",
        "error: `shop` changed, and its version \"2026\" is not a semantic version; write `\"version\": \"0.3.1\"` into \
         `datasets/shop/datapackage.json`\n",
    );
    shop.edit(DESCRIPTOR, "2026", "0.3.1");
    shop.edit(ITEMS, "two,2", "two,x");
    shop.run(&["bump", "--against", "HEAD", "-q"]).is(
        1,
        "datasets/shop/items.csv:3: [type-error] column `price`: \"x\" is not a number\n",
        "error: 1 problem in 1 file (1 dataset, 5 rows checked)\n",
    );
}
