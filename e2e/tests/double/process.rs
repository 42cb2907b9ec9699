//! The process of the function: how it starts, what it sees, how it ends.

use std::time::Duration;

use e2e::{Double, Options, Outcome, StartError};
use serde_json::{Value, json};

use crate::{INTERNAL, Zip, event, shown};

#[test]
fn after_the_process_has_ended_another_starts() {
    let zip = Zip::new();
    let double = zip.start();
    assert_eq!(shown(&double.get("/exit")), INTERNAL);
    assert_eq!(
        double.invoke(br#"{"rawPath": "/exit"}"#).unwrap(),
        Outcome::Exited { status: "exit status: 5".into(), init_error: None }
    );
    event(&double.get("/"));
    assert_eq!(double.log().unwrap(), "started\n".repeat(3));
}

#[test]
fn a_function_that_can_not_start() {
    let zip = Zip::new();
    let double = zip.start_with("SCRIPT", "init-error");
    let init_error = br#"{"errorMessage":"no data.db","errorType":"Init"}"#.to_vec();
    assert_eq!(
        double.invoke(b"{}").unwrap(),
        Outcome::Exited { status: "exit status: 3".into(), init_error: Some(init_error) }
    );
    assert_eq!(shown(&double.get("/")), INTERNAL);
    let double = zip.start_with("SCRIPT", "exit");
    assert_eq!(
        double.invoke(b"{}").unwrap(),
        Outcome::Exited { status: "exit status: 4".into(), init_error: None }
    );
}

#[test]
fn no_answer_in_time_ends_the_process() {
    let zip = Zip::new();
    let options = Options { timeout: Duration::from_millis(300), ..Options::default() };
    let double = Double::start(&zip.path(), options).unwrap();
    assert_eq!(double.invoke(br#"{"rawPath": "/hang"}"#).unwrap(), Outcome::TimedOut);
    assert_eq!(shown(&double.get("/hang")), INTERNAL);
    assert_eq!(double.timings(), None);
}

#[test]
fn the_function_sees_what_lambda_shows_it() {
    let zip = Zip::new();
    let double = zip.start_with("COLDPRESS", "1");
    let Outcome::Response(seen) = double.invoke(br#"{"rawPath": "/environment"}"#).unwrap() else { panic!() };
    let mut seen: Value = serde_json::from_slice(&seen).unwrap();
    let root = double.task_root().to_str().unwrap();
    assert_eq!(seen["directory"], root);
    seen["files"].as_array_mut().unwrap().sort_by_key(|name| name.as_str().unwrap().to_owned());
    assert_eq!(seen["files"], json!(["bootstrap", "data.db"]));
    let port = seen["variables"]["AWS_LAMBDA_RUNTIME_API"].take();
    assert!(port.as_str().unwrap().starts_with("127.0.0.1:"), "{port}");
    assert_eq!(
        seen["variables"],
        json!({
            "_HANDLER": "bootstrap",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_LAMBDA_FUNCTION_NAME": "reader",
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/reader",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2001/09/09/[1]00000000000000000000000000000000",
            "AWS_LAMBDA_RUNTIME_API": null,
            "AWS_REGION": "eu-central-1",
            "COLDPRESS": "1",
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "LAMBDA_TASK_ROOT": root,
            "LANG": "en_US.UTF-8",
            "LD_LIBRARY_PATH":
                "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
            "PATH": "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
            "TZ": ":UTC",
        })
    );
    let headers = seen["headers"].as_object_mut().unwrap();
    let deadline: u128 =
        headers.remove("lambda-runtime-deadline-ms").unwrap().as_str().unwrap().parse().unwrap();
    assert!(deadline > 1_700_000_000_000, "milliseconds since 1970: {deadline}");
    assert_eq!(
        seen["headers"],
        json!({
            "lambda-runtime-aws-request-id": "00000000-0000-4000-8000-000000000001",
            "lambda-runtime-invoked-function-arn":
                "arn:aws:lambda:eu-central-1:123456789012:function:reader:live",
            "lambda-runtime-trace-id": "Root=1-3b9aca00-000000000000000000000000",
        })
    );
}

#[test]
fn the_task_root_is_read_only_and_does_not_outlive_the_double() {
    use std::os::unix::fs::PermissionsExt;
    let zip = Zip::new();
    let double = zip.start();
    let root = double.task_root().to_owned();
    let mode = |path: &str| std::fs::metadata(root.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode("."), mode("bootstrap"), mode("data.db")], [0o555, 0o555, 0o444]);
    event(&double.get("/"));
    drop(double);
    assert!(!root.exists());
}

#[test]
fn timings_and_usage_are_those_of_the_process() {
    let zip = Zip::new();
    let double = zip.start();
    assert!(double.retire().unwrap().is_none());
    event(&double.get("/"));
    event(&double.get("/"));
    let run = double.retire().unwrap().unwrap();
    assert_eq!(run.status, "signal: 9 (SIGKILL)");
    assert_eq!(run.timings.invocations.len(), 2);
    let first = run.timings.first_poll_to_first_response.unwrap();
    assert!(run.timings.spawn_to_first_poll.unwrap() > Duration::ZERO);
    assert!(first >= run.timings.invocations[0], "the first poll comes before the first event");
    assert!(run.usage.minor_faults > 10, "a process has pages: {:?}", run.usage);
    assert!(run.usage.peak_memory > 100_000, "in bytes: {:?}", run.usage);
    assert!(double.retire().unwrap().is_none());
    event(&double.get("/"));
    assert_eq!(double.timings().unwrap().invocations.len(), 1, "of the new process");
}

#[test]
fn many_clients_wait_their_turn() {
    let zip = Zip::new();
    let double = zip.start();
    std::thread::scope(|scope| {
        for client in 0..8 {
            let double = &double;
            scope.spawn(move || {
                for request in 0..20 {
                    let path = format!("/{client}/{request}");
                    assert_eq!(event(&double.get(&path))["rawPath"], path);
                }
            });
        }
    });
    assert_eq!(double.timings().unwrap().invocations.len(), 160);
    assert_eq!(double.log().unwrap(), "started\n", "one process");
}

#[test]
fn zips_that_lambda_could_not_start() {
    let refused = |files: &[(&str, u32, &[u8])]| {
        let zip = Zip::with(files);
        let error: StartError = Double::start(&zip.path(), Options::default()).err().unwrap();
        error.to_string()
    };
    assert_eq!(refused(&[("data.db", 0o644, b"")]), "the zip has no file `bootstrap`");
    assert_eq!(
        refused(&[("bootstrap", 0o750, b"")]),
        "`bootstrap` has mode 750; Lambda's user could not use it"
    );
    assert_eq!(
        refused(&[("bootstrap", 0o755, b""), ("data.db", 0o600, b"")]),
        "`data.db` has mode 600; Lambda's user could not use it"
    );
    assert_eq!(
        refused(&[("../bootstrap", 0o755, b"")]),
        "the zip can't be unpacked: the name `../bootstrap` leads out of the directory"
    );
    let zip = Zip::with(&[("bootstrap", 0o755, b"no program")]);
    assert_eq!(shown(&zip.start().get("/")), INTERNAL);
}
