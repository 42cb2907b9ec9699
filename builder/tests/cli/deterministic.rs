//! The same datasets give the same bytes, wherever and whenever they are built.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::workspace::Workspace;

/// Several tables, with a key that is out of order, indexes, references, and enough rows for
/// many batches.
fn datasets(workspace: &Workspace, aged: Duration) {
    let mut orders = String::from("id,sku,placed\n");
    for id in 0..30_000 {
        orders.push_str(&format!("{},s{},2024-02-{:02}\n", (id * 7919) % 30_011, id % 97, id % 29 + 1));
    }
    let mut products = String::from("sku,price,name\n");
    for id in 0..97 {
        products.push_str(&format!("s{id},{}.25,\"größe {id}\"\n", id * 3));
    }
    workspace.write(
        "datasets/shop/datapackage.json",
        r#"{"name": "shop", "title": "Shop", "version": "1.0.0", "resources": [
            {"name": "orders", "path": "orders.csv", "schema": {"fields": [
                {"name": "id", "type": "integer"}, {"name": "sku"}, {"name": "placed", "type": "date"}],
                "primaryKey": "id", "foreignKeys": [{"fields": "sku", "reference": {"resource": "products", "fields": "sku"}}]}},
            {"name": "products", "path": "products.csv", "schema": {"fields": [
                {"name": "sku"}, {"name": "price", "type": "number"}, {"name": "name"}], "primaryKey": "sku"}}]}"#,
    );
    workspace.write("datasets/shop/orders.csv", orders);
    workspace.write("datasets/shop/products.csv", products);
    for name in workspace.names("datasets/shop") {
        let file = File::options().append(true).open(workspace.path("datasets/shop").join(name)).unwrap();
        file.set_modified(SystemTime::now() - aged).unwrap();
    }
}

/// Builds in surroundings that are set up by a shell.
fn build(workspace: &Workspace, umask: &str, surroundings: &[(&str, &str)]) -> [Vec<u8>; 2] {
    let status = Command::new("sh")
        .args(["-c", "umask $0 && exec \"$@\"", umask])
        .arg(env!("CARGO_BIN_EXE_builder"))
        .args(["build", "--quiet", "datasets"])
        .current_dir(workspace.path("."))
        .envs(surroundings.iter().copied())
        .status()
        .unwrap();
    assert!(status.success());
    ["data.db", "manifest.json"].map(|name| {
        let mode = fs::metadata(workspace.path("dist").join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o644, "{name}");
        workspace.read(&format!("dist/{name}"))
    })
}

#[test]
fn in_different_surroundings() {
    let (here, there) = (Workspace::new(), Workspace::new());
    datasets(&here, Duration::ZERO);
    datasets(&there, Duration::from_secs(400 * 24 * 3600));
    let first = build(&here, "022", &[("TZ", "UTC"), ("LC_ALL", "C"), ("LANG", "C")]);
    let second = build(
        &there,
        "077",
        &[("TZ", "Asia/Kolkata"), ("LC_ALL", "de_DE.UTF-8"), ("LANG", "tr_TR.UTF-8"), ("TMPDIR", "/var/tmp")],
    );
    assert!(first == second, "the releases differ");
    let third = build(&here, "000", &[]);
    assert!(first == third, "the releases differ");
}

/// Threads are slowed down and sped up by the processor that they share.
#[test]
fn under_other_thread_timing() {
    let workspace = Workspace::new();
    datasets(&workspace, Duration::ZERO);
    let first = build(&workspace, "022", &[]);
    for _ in 0..3 {
        fs::remove_dir_all(workspace.path("dist")).unwrap();
        let status = Command::new("taskset")
            .args(["-c", "0", env!("CARGO_BIN_EXE_builder"), "build", "--quiet"])
            .current_dir(workspace.path("."))
            .status();
        match status {
            Ok(status) => assert!(status.success()),
            Err(error) => return eprintln!("skipped: taskset: {error}"),
        }
        assert!(workspace.read("dist/data.db") == first[0], "the databases differ");
    }
}
