//! A proxy between pgfold and PostgreSQL that counts protocol messages and cuts the connection at one of them.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// Where the connection is cut, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Never,
    /// The n-th message does not arrive any more.
    Before(u64),
    /// The n-th message arrives, what follows does not.
    After(u64),
}

pub struct Proxy {
    port: u16,
    messages: Arc<AtomicU64>,
    largest: Largest,
    stop: Arc<AtomicBool>,
}

/// The largest message of a client: its bytes and its number.
type Largest = Arc<Mutex<(usize, u64)>>;

struct Way {
    messages: Arc<AtomicU64>,
    largest: Largest,
    cut: Cut,
}

impl Proxy {
    /// Listens on a free port and speaks to the server behind the socket.
    pub fn start(socket: PathBuf, cut: Cut) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let messages = Arc::new(AtomicU64::new(0));
        let stop = Arc::new(AtomicBool::new(false));
        let largest = Largest::default();
        let (count, stopped, large) = (messages.clone(), stop.clone(), largest.clone());
        thread::spawn(move || {
            for client in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let way = Way { messages: count.clone(), largest: large.clone(), cut };
                // A server that is down refuses: so do we.
                if let (Ok(client), Ok(server)) = (client, UnixStream::connect(&socket)) {
                    connect(client, server, way);
                }
            }
        });
        Proxy { port, messages, largest, stop }
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    /// How many went through, in both directions and over all connections.
    pub fn messages(&self) -> u64 {
        self.messages.load(Ordering::Relaxed)
    }
}

impl Proxy {
    /// Which message was the largest that came from the client.
    pub fn largest(&self) -> u64 {
        self.largest.lock().unwrap().1
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // The listener waits for one more.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn connect(client: TcpStream, server: UnixStream, way: Way) {
    client.set_nodelay(true).unwrap();
    let way = Arc::new(way);
    let (from_client, to_client) = (client.try_clone().unwrap(), client);
    let (from_server, to_server) = (server.try_clone().unwrap(), server);
    let (ends_client, ends_server) = (to_client.try_clone().unwrap(), to_server.try_clone().unwrap());
    let there = way.clone();
    thread::spawn(move || {
        pump(from_client, to_server, &there, false);
        let _ = ends_client.shutdown(Shutdown::Both);
        let _ = ends_server.shutdown(Shutdown::Both);
    });
    let (ends_client, ends_server) = (to_client.try_clone().unwrap(), from_server.try_clone().unwrap());
    thread::spawn(move || {
        pump(from_server, to_client, &way, true);
        let _ = ends_client.shutdown(Shutdown::Both);
        let _ = ends_server.shutdown(Shutdown::Both);
    });
}

/// Message by message; a client's first has no type.
fn pump(mut from: impl Read, mut to: impl Write, way: &Way, mut typed: bool) {
    let mut last = 0;
    let by_the_client = !typed;
    loop {
        let mut message = vec![0; if typed { 5 } else { 4 }];
        if from.read_exact(&mut message).is_err() {
            return;
        }
        let length = message.len();
        let rest = u32::from_be_bytes(message[length - 4..].try_into().unwrap()) as usize - 4;
        message.resize(length + rest, 0);
        if from.read_exact(&mut message[length..]).is_err() {
            return;
        }
        // rows that follow each other count once: nothing changes between them
        let more = typed && matches!(message[0], b'D' | b'd') && message[0] == last;
        last = message[0];
        typed = true;
        let number = if more { 0 } else { way.messages.fetch_add(1, Ordering::Relaxed) + 1 };
        if by_the_client {
            let mut largest = way.largest.lock().unwrap();
            *largest = (*largest).max((message.len(), number));
        }
        if way.cut == Cut::Before(number) || to.write_all(&message).is_err() || way.cut == Cut::After(number) {
            return;
        }
    }
}
