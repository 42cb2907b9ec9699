//! What the change feed has of earlier versions beside their rows: columns, keys and the order of rows.

use crate::history::{DESCRIPTOR, ITEMS, open};
use crate::repository::shop;

/// A version moves a row to the front, removes two and puts one between others; the next one appends.
#[test]
fn the_order_before_a_version_is_kept_where_it_is_another_one() {
    let shop = shop();
    shop.write(ITEMS, "id,name,price\n5,five,5\n1,one,1.5\n6,six,6\n3,three,3\n");
    shop.edit(DESCRIPTOR, r#""version": "1.0.0""#, r#""version": "2.0.0""#);
    shop.commit("2.0.0");
    shop.write(ITEMS, "id,name,price\n5,five,5\n1,one,1.5\n6,six,6\n3,three,3\n7,seven,7\n");
    shop.edit(DESCRIPTOR, r#""version": "2.0.0""#, r#""version": "2.1.0""#);
    shop.commit("2.1.0");
    shop.output(&["build", "-q"]);
    let orders = catalog::row_orders_since(&open(&shop), "items", 0).unwrap();
    let [(2, order)] = orders.as_slice() else { panic!("{orders:?}") };
    // 1, then 2, which is the first of the removed ones, 3, 4 and 5.
    assert_eq!(catalog::row_order(order, 5), Some(vec![1..2, 4..5, 3..4, 5..6, 0..1]));
}

#[test]
fn a_table_is_kept_as_it_was_until_it_changes() {
    let shop = shop();
    shop.edit(DESCRIPTOR, r#"{"name": "price", "type": "number"}"#, r#"{"name": "price", "type": "string"}"#);
    shop.edit(DESCRIPTOR, r#""version": "1.0.0""#, r#""version": "2.0.0""#);
    shop.commit("2.0.0");
    shop.edit(ITEMS, "2,two", "2,Two");
    shop.edit(DESCRIPTOR, r#""version": "2.0.0""#, r#""version": "2.1.0""#);
    shop.commit("2.1.0");
    shop.output(&["build", "-q"]);
    let connection = open(&shop);
    let price = |version| {
        let table = catalog::past_table(&connection, "items", version).unwrap().unwrap();
        (table.entry.schema.columns[2].column_type.name(), table.about.is_empty())
    };
    assert_eq!([1, 2, 3].map(price), [("number", false), ("string", true), ("string", true)]);
    let firsts: Vec<bool> =
        catalog::versions(&connection, "shop").unwrap().iter().map(|version| version.first).collect();
    assert_eq!(firsts, [true, false, false]);
    shop.output(&["build", "-q", "--history", "1"]);
    assert!(catalog::versions(&open(&shop), "shop").unwrap().iter().all(|version| !version.first));
    assert_eq!(catalog::past_table(&open(&shop), "items", 1).unwrap(), None);
}
