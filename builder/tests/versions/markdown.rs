//! `builder diff --format markdown`

use crate::repository::{Repository, shop};

fn render(shop: &Repository) -> String {
    shop.output(&["diff", "HEAD", "--format", "markdown"])
}

#[test]
fn a_comment_exactly() {
    let shop = shop();
    shop.write(
        "datasets/shop/items.csv",
        "id,name,price\n1,one,1.5\n2,TWO,2.5\n4,four,4\n5,five,5\n6,six,6\n",
    );
    shop.edit("datasets/shop/datapackage.json", "1.0.0\",", "1.1.0\", \"title\": \"Shop\",");
    assert_eq!(
        render(&shop),
        "## Data changes from <code>HEAD</code> to <code>datasets</code>

### <code>shop</code>

1.0.0 -&#62; 1.1.0, the changes are MINOR and need 1.1.0

- <code>title</code> was added (PATCH)

| table | rows | added | removed | changed |
|---|--:|--:|--:|--:|
| <code>items</code> | 5 rows | 1 | 1 | 1 |

1 row changed in <code>items</code>:

| row | column | before | after |
|---|---|---|---|
| <code>2</code> | <code>name</code> | <code>&#34;two&#34;</code> | <code>&#34;TWO&#34;</code> |
| <code>2</code> | <code>price</code> | <code>2</code> | <code>2.5</code> |

1 row added in <code>items</code>:

| row | values |
|---|---|
| <code>6</code> | <code>&#123;&#34;id&#34;&#58;6,&#34;name&#34;&#58;&#34;six&#34;,&#34;price&#34;&#58;6&#125;</code> |

1 row removed in <code>items</code>:

| row | values |
|---|---|
| <code>3</code> | <code>&#123;&#34;id&#34;&#58;3,&#34;name&#34;&#58;&#34;three&#34;,&#34;price&#34;&#58;3&#125;</code> |
"
        .replace("-&#62;", "→")
    );
}

#[test]
fn nothing_in_the_data_is_markup() {
    let shop = shop();
    let cell = "`` ``` | || <b>&amp;</td></table> @everyone #1 https://example.org [x](y) ![z](w) **b** _i_ ~~s~~ \
                </code></details> <!-- \u{202e}\u{200b} \\| $x$ :tada: \n| a | b |\n# h\n\t\u{7f}";
    shop.write(
        "datasets/shop/items.csv",
        format!("id,name,price\n1,\"{cell}\",1.5\n2,two,2\n3,three,3\n4,four,4\n5,five,5\n"),
    );
    let page = render(&shop);
    let line = page.lines().find(|line| line.starts_with("| <code>1</code>")).unwrap();
    let shown = line.split("<code>").nth(4).unwrap().strip_suffix("</code> |").unwrap();
    assert!(shown.chars().all(|c| c.is_ascii_alphanumeric() || " ,.-;=/%?&#".contains(c)), "{shown}");
    // Every `&` begins an entity of ours, and `#` and `;` occur only where the
    // data has a semicolon.
    for entity in shown.split('&').skip(1) {
        assert!(entity.starts_with('#') && entity[1..].starts_with(|c: char| c.is_ascii_digit()), "{entity}");
    }
    assert_eq!(page.lines().filter(|line| line.starts_with('#')).count(), 2);
}

#[test]
fn long_lists_are_folded() {
    let shop = shop();
    let rows: String = (1..=30).map(|id| format!("{id},n,1\n")).collect();
    shop.write("datasets/shop/items.csv", format!("id,name,price\n{rows}"));
    let page = render(&shop);
    assert!(
        page.contains("\n<details><summary>25 rows added in <code>items</code></summary>\n\n| row |"),
        "{page}"
    );
    assert!(page.contains("\n... and 5 more.\n\n</details>\n"), "{page}");
    assert_eq!(page.matches("<details>").count(), page.matches("</details>").count());
}

#[test]
fn a_comment_never_has_more_than_60_000_characters() {
    let shop = Repository::new();
    let names: Vec<String> = (0..60).map(|number| format!("t{number}")).collect();
    let resources: Vec<String> = names
        .iter()
        .map(|name| {
            format!(
                r#"{{"name": "{name}", "path": "{name}.csv", "schema": {{"fields": [{{"name": "id", "type": "integer"}},
                    {{"name": "text", "type": "string"}}], "primaryKey": "id"}}}}"#
            )
        })
        .collect();
    shop.write(
        "datasets/shop/datapackage.json",
        format!(r#"{{"name": "shop", "version": "1.0.0", "resources": [{}]}}"#, resources.join(",")),
    );
    let fill = |cell: &str| {
        for name in &names {
            let rows: String = (1..=25).map(|id| format!("{id},{}\n", cell.repeat(300))).collect();
            shop.write(&format!("datasets/shop/{name}.csv"), format!("id,text\n{rows}"));
        }
    };
    fill("é|");
    shop.commit("1.0.0");
    fill("ü*");
    let page = render(&shop);
    assert!(page.chars().count() <= 60_000, "{}", page.chars().count());
    // All tables are counted, and what was left out is said.
    assert!(
        names.iter().all(|name| page.contains(&format!("| <code>{name}</code> | 25 rows | 0 | 0 | 25 |")))
    );
    let note = page.lines().last().unwrap();
    assert_eq!(
        note,
        "**59 parts of this report did not fit in 60 000 characters.** `builder diff` with the same two \
         releases shows everything."
    );
    assert_eq!(page.matches("<details>").count(), page.matches("</details>").count());
}
