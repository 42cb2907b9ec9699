//! A build that is killed, at any moment, leaves the release as it was.

use std::time::{Duration, Instant};

use crate::workspace::Workspace;

#[test]
fn at_any_moment() {
    let workspace = Workspace::new().file(
        "datasets/d/datapackage.json",
        r#"{"name": "d", "resources": [{"name": "t", "path": "t.csv", "schema": {
            "fields": [{"name": "id", "type": "integer"}, {"name": "name"}],
            "primaryKey": "id", "uniqueKeys": [["name"]]}}]}"#,
    );
    let csv = |version: u32| {
        let mut csv = String::from("id,name\n");
        for id in 0..20_000 {
            csv.push_str(&format!("{id},version {version} of row {id}\n"));
        }
        csv
    };
    workspace.write("datasets/d/t.csv", csv(0));
    let started = Instant::now();
    workspace.build();
    let whole = started.elapsed();
    let mut current = (workspace.read("dist/data.db"), workspace.read("dist/manifest.json"));
    let (mut killed, moments) = (0, 25);
    for moment in 0..moments {
        workspace.write("datasets/d/t.csv", csv(moment + 1));
        let mut build = workspace.command(&["build", "--quiet"]).spawn().unwrap();
        std::thread::sleep(whole.mul_f64(f64::from(moment) / f64::from(moments)));
        build.kill().unwrap();
        let ended = build.wait().unwrap();
        let now = (workspace.read("dist/data.db"), workspace.read("dist/manifest.json"));
        if !ended.success() && now == current {
            killed += 1;
        }
        // Whichever release is there is there as a whole.
        assert_eq!(workspace.run(&["verify", "--quiet", "dist"]).code, Some(0), "moment {moment}");
        current = now;
    }
    assert!(killed > 0 || whole < Duration::from_millis(5), "no build was killed before it was done");
    workspace.build();
    assert_eq!(workspace.names("."), ["datasets", "dist"]);
    assert_eq!(workspace.names("dist"), ["data.db", "manifest.json"]);
}
