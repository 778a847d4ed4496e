//! A proxy between pgfold and PostgreSQL that counts protocol messages and cuts the connection at one of them.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;

/// Where the connection is cut, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Never,
    /// The n-th message does not arrive any more.
    Before(u64),
    /// The n-th message arrives, what follows does not.
    After(u64),
    /// The client's first message of at least so many bytes does not arrive, wherever it stands in the conversation.
    BeforeLarge(usize),
    /// It arrives, what follows does not.
    AfterLarge(usize),
}

pub struct Proxy {
    port: u16,
    messages: Arc<AtomicU64>,
    largest: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
}

#[derive(Clone)]
struct Way {
    messages: Arc<AtomicU64>,
    largest: Arc<AtomicUsize>,
    cut: Cut,
    /// Whether a large message was met before: what is sent again arrives.
    met: Arc<AtomicBool>,
}

impl Way {
    /// Whether the message is kept back, and whether it is the last.
    fn cuts(&self, number: u64, bytes: usize, by_the_client: bool) -> (bool, bool) {
        let large = |least| by_the_client && bytes >= least && !self.met.swap(true, Ordering::Relaxed);
        match self.cut {
            Cut::Never => (false, false),
            Cut::Before(n) => (n == number, false),
            Cut::After(n) => (false, n == number),
            Cut::BeforeLarge(least) => (large(least), false),
            Cut::AfterLarge(least) => (false, large(least)),
        }
    }
}

impl Proxy {
    /// Listens on a free port and speaks to the server behind the socket.
    pub fn start(socket: PathBuf, cut: Cut) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let messages = Arc::new(AtomicU64::new(0));
        let stop = Arc::new(AtomicBool::new(false));
        let largest = Arc::new(AtomicUsize::new(0));
        let way = Way { messages: messages.clone(), largest: largest.clone(), cut, met: Arc::default() };
        let stopped = stop.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                // A server that is down refuses: so do we.
                if let (Ok(client), Ok(server)) = (client, UnixStream::connect(&socket)) {
                    connect(client, server, way.clone());
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
    /// The bytes of the largest message that came from the client.
    pub fn largest(&self) -> usize {
        self.largest.load(Ordering::Relaxed)
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
            way.largest.fetch_max(message.len(), Ordering::Relaxed);
        }
        let (kept_back, last_one) = way.cuts(number, message.len(), by_the_client);
        if kept_back || to.write_all(&message).is_err() || last_one {
            return;
        }
    }
}
