//! Notifications: signed and in order to who listens; a receiver that is dead, slow or failing delays and loses nothing.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::Place;

type Requests = Arc<Mutex<Vec<(String, String)>>>;

/// A receiver that answers each request with this status after a while, and keeps heads and bodies.
fn receiver(status: &'static str, after: Duration) -> (String, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook?token=SECRET", listener.local_addr().unwrap());
    let requests = Requests::default();
    let kept = requests.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (kept, stream) = (kept.clone(), stream.unwrap());
            std::thread::spawn(move || answer(stream, status, after, &kept));
        }
    });
    (url, requests)
}

fn answer(mut stream: TcpStream, status: &str, after: Duration, kept: &Requests) {
    let (mut bytes, mut piece) = (Vec::new(), [0u8; 4096]);
    let (head, body) = loop {
        let n = stream.read(&mut piece).unwrap_or(0);
        if n == 0 {
            return;
        }
        bytes.extend_from_slice(&piece[..n]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let lower = head.to_lowercase();
        let length =
            lower.split_once("content-length: ").unwrap().1.lines().next().unwrap().trim().parse::<usize>().unwrap();
        if body.len() >= length {
            break (lower, body.to_owned());
        }
    };
    kept.lock().unwrap().push((head, body));
    std::thread::sleep(after);
    let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
}

fn hmac(secret: &str, body: &str) -> String {
    let pad = |x: u8| (0..64).map(|i| secret.as_bytes().get(i).copied().unwrap_or(0) ^ x).collect::<Vec<u8>>();
    let inner = Sha256::digest([pad(0x36), body.as_bytes().to_vec()].concat());
    Sha256::digest([pad(0x5c), inner.to_vec()].concat()).iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn who_listens_hears_of_run_and_steps_signed_and_in_order() {
    let place = Place::new();
    let (url, requests) = receiver("204 No Content", Duration::ZERO);
    place.call(&["apply", "--yes", "--notify", &url]).env("PGFOLD_NOTIFY_SECRET", "s3cret").run().expect(0);
    let heard = requests.lock().unwrap().clone();
    let events: Vec<serde_json::Value> = heard.iter().map(|(_, b)| serde_json::from_str(b).unwrap()).collect();
    let kinds: Vec<&str> = events.iter().map(|e| e["type"].as_str().unwrap()).collect();
    assert_eq!(kinds[0], "dev.pgfold.run.started");
    assert_eq!(kinds[kinds.len() - 2..], ["dev.pgfold.run.completed", "dev.pgfold.checks.passed"]);
    let steps = place.value("select count(*) from pgfold.step");
    assert_eq!(kinds.iter().filter(|k| **k == "dev.pgfold.step.completed").count().to_string(), steps);
    for ((head, body), event) in heard.iter().zip(&events) {
        assert!(head.contains(&format!("x-pgfold-signature-256: sha256={}", hmac("s3cret", body))), "{head}");
        assert!(head.contains("ce-specversion: 1.0") && event["specversion"] == "1.0", "{event}");
        assert!(event["time"].as_str().unwrap().ends_with('Z') && event["text"].is_string(), "{event}");
    }
    assert_eq!(
        place.value(
            "select bool_and(delivered) and count(*) = (select count(*) from pgfold.message) from pgfold.message"
        ),
        "t"
    );
    let said = place.run(&["status"]).expect(0);
    assert!(!said.stderr.contains("not taken"), "{}", said.stderr);
}

#[test]
fn a_dead_slow_or_failing_receiver_delays_nothing_and_loses_no_event() {
    let dead = {
        let gone = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/hook?token=SECRET", gone.local_addr().unwrap())
    };
    let (slow, _) = receiver("204 No Content", Duration::from_secs(60));
    let (failing, _) = receiver("500 Internal Server Error", Duration::ZERO);
    let bare = {
        let place = Place::new();
        let began = Instant::now();
        place.run(&["apply", "--yes"]).expect(0);
        began.elapsed()
    };
    for (url, why) in [(dead, "cannot be reached"), (slow, "before the receiver answered"), (failing, "answered 500")] {
        let place = Place::new();
        let began = Instant::now();
        let done = place.run(&["apply", "--yes", "--notify", &url]).expect(0);
        // one second at the end of the run, one after the checks, and what a busy machine adds
        assert!(
            began.elapsed() < bare * 2 + Duration::from_secs(4),
            "{why}: {:?} instead of {bare:?}",
            began.elapsed()
        );
        assert!(!done.stderr.contains("SECRET") && !done.stdout.contains("SECRET"));
        // every event stands in the ledger with its fate, and a later status tells
        let steps = place.value("select count(*) from pgfold.step");
        let told = "select count(*) from pgfold.message where type = 'dev.pgfold.step.completed' and not delivered";
        assert_eq!(place.value(told), steps, "{why}");
        let said = place.run(&["status"]).expect(0);
        assert!(said.stderr.contains("not taken by the receiver"), "{}", said.stderr);
        let errors = place.value("select string_agg(distinct error, ';') from pgfold.message");
        assert!(errors.contains(why) && !errors.contains("SECRET"), "{errors}");
        // and the chain holds the events themselves
        let chain = "select count(*) from pgfold.audit where event = 'step done'";
        assert_eq!(place.value(chain), steps, "{why}");
    }
}

#[test]
fn a_plan_that_waits_is_told_as_scheduled_and_progress_comes_at_its_interval() {
    let place = Place::new();
    let (url, requests) = receiver("204 No Content", Duration::ZERO);
    let file = place.folder.path().join("plan.json");
    place.run(&["plan", "--out", file.to_str().unwrap(), "--notify", &url]).expect(0);
    let heard = requests.lock().unwrap().clone();
    assert_eq!(heard.len(), 1, "{heard:?}");
    let event: serde_json::Value = serde_json::from_str(&heard[0].1).unwrap();
    assert_eq!((event["type"].as_str(), event["subject"].as_str()), (Some("dev.pgfold.run.scheduled"), Some("plan")));
    assert!(event["text"].as_str().unwrap().contains("waits to be carried out until"), "{event}");
    assert!(event["data"]["event"]["steps"].as_u64().unwrap() > 5, "{event}");

    let progress = |every: &str| {
        let place = Place::new();
        place.database.psql(&format!("set demo.rows = 200; {}", include_str!("../../../sql/demo/many.sql")));
        let (url, requests) = receiver("204 No Content", Duration::ZERO);
        place.run(&["apply", "--yes", "--batch-rows", "20", "--notify", &url, "--notify-every", every]).expect(0);
        let events = requests.lock().unwrap().clone();
        let events = events.into_iter().map(|(_, body)| serde_json::from_str::<serde_json::Value>(&body).unwrap());
        let told: Vec<u64> = events
            .filter(|e| e["type"] == "dev.pgfold.run.progress")
            .map(|e| e["data"]["event"]["read"].as_u64().unwrap())
            .collect();
        let batches: u64 = place.value("select count(*) from pgfold.batch").parse().unwrap();
        let read: u64 = place.value("select sum(read) from pgfold.batch").parse().unwrap();
        (told, batches, read)
    };
    let (told, batches, read) = progress("0");
    assert_eq!(
        (told.len() as u64, *told.last().unwrap()),
        (batches, read),
        "each batch, and the last one knows them all"
    );
    assert!(told.windows(2).all(|pair| pair[0] <= pair[1]), "{told:?}");
    assert_eq!(progress("3600").0, [0u64; 0], "never before its time");
}

#[test]
fn a_receiver_with_a_certificate_of_its_own_making_gets_nothing_and_delays_nothing() {
    let scratch = crate::harness::Scratch::new();
    let (key, certificate) = (scratch.path().join("key.pem"), scratch.path().join("certificate.pem"));
    let openssl = |arguments: &[&str]| {
        let mut command = std::process::Command::new("openssl");
        command.args(arguments).stdin(std::process::Stdio::piped());
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
        command.spawn().expect("openssl is needed: `apt-get install -y openssl`")
    };
    let (key, certificate) = (key.to_str().unwrap(), certificate.to_str().unwrap());
    let made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
    let made =
        [made.as_slice(), &["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate]].concat();
    assert!(openssl(&made).wait().unwrap().success());
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let mut server = openssl(&["s_server", "-accept", &port, "-key", key, "-cert", certificate, "-quiet"]);
    for _ in 0..100 {
        if TcpStream::connect(("127.0.0.1", port.parse().unwrap())).is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let place = Place::new();
    let url = format!("https://localhost:{port}/hook?token=SECRET");
    place.run(&["apply", "--yes", "--notify", &url]).expect(0);
    let errors = place.value("select string_agg(distinct error, ';') from pgfold.message where tries > 0");
    assert!(errors.contains("certificate is not trusted") && !errors.contains("SECRET"), "{errors}");
    let said = place.run(&["status"]).expect(0).stderr;
    assert!(said.contains("not taken by the receiver") && said.contains("certificate is not trusted"), "{said}");
    server.kill().unwrap();
    let got = server.wait_with_output().unwrap().stdout;
    assert!(got.is_empty(), "something was sent: {}", String::from_utf8_lossy(&got));
}
