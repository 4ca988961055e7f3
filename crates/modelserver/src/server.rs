//! The listener: one thread a connection, on a free port of 127.0.0.1, until the value is dropped.
//!
//! In: a script. Out: its address, and afterwards all requests in the order in which they came.

use std::io::{self, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde_json::Value;

use crate::wire::{ToolResult, Wire};
use crate::{Script, http};

/// A running model.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    script: Script,
    requests: Mutex<Vec<(Wire, Value)>>,
    strays: Mutex<Vec<String>>,
    stopped: AtomicBool,
}

impl Server {
    /// Starts serving.
    ///
    /// # Errors
    /// Where no loopback port can be had.
    pub fn start(script: Script) -> io::Result<Server> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let shared =
            Arc::new(Shared { script, requests: Mutex::default(), strays: Mutex::default(), stopped: AtomicBool::new(false) });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, &accepting));
        Ok(Server { address, shared })
    }

    /// What an agent is given as its base address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The bodies of all requests for a turn so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Value> {
        self.asked().into_iter().map(|(_, body)| body).collect()
    }

    fn asked(&self) -> Vec<(Wire, Value)> {
        self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// `METHOD path` of everything else that was asked for.
    #[must_use]
    pub fn strays(&self) -> Vec<String> {
        self.shared.strays.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the model was told about its calls, each once, in the order of first telling.
    #[must_use]
    pub fn tool_results(&self) -> Vec<ToolResult> {
        let mut all: Vec<ToolResult> = Vec::new();
        for result in self.asked().iter().flat_map(|(wire, body)| wire.tool_results(body)) {
            if !all.iter().any(|known| known.id == result.id) {
                all.push(result);
            }
        }
        all
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the accepting thread, which then sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        if let Ok(stream) = stream {
            let shared = Arc::clone(shared);
            thread::spawn(move || serve(stream, &shared));
        }
    }
}

/// Answers requests until the client closes; an error on one connection ends that connection only.
fn serve(stream: TcpStream, shared: &Shared) {
    let Ok(mut out) = stream.try_clone() else { return };
    let mut input = BufReader::new(stream);
    while let Ok(Some(request)) = http::read(&mut input) {
        if respond(&mut out, &request, shared).is_err() {
            return;
        }
    }
}

fn respond(out: &mut TcpStream, request: &http::Request, shared: &Shared) -> io::Result<()> {
    let path = request.path.split('?').next().unwrap_or_default();
    if let Some(wire) = Wire::of(&request.method, path) {
        let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
            return http::write(out, "400 Bad Request", JSON, b"{}");
        };
        let (kind, answer) = wire.answer(&shared.script, &body);
        shared.requests.lock().unwrap_or_else(PoisonError::into_inner).push((wire, body));
        return http::write(out, "200 OK", kind, answer.as_bytes());
    }
    shared.strays.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{} {}", request.method, request.path));
    let (status, body) = aside(&request.method, path);
    http::write(out, status, JSON, body)
}

const JSON: &str = "application/json";

/// What is answered to a request for something else than a turn, so that the agent goes on.
fn aside(method: &str, path: &str) -> (&'static str, &'static [u8]) {
    match (method, path) {
        // No body goes with the answer to HEAD.
        ("HEAD", _) => ("200 OK", b""),
        ("GET", "/v1/models") => ("200 OK", br#"{"object":"list","data":[{"id":"stub-model","object":"model"}]}"#),
        // An agent that would rather have a WebSocket goes on with a stream after this answer, and after this one alone
        // without further tries.
        ("GET", "/v1/responses") => ("426 Upgrade Required", b"{}"),
        ("POST", _) if path.ends_with(":countTokens") => ("200 OK", br#"{"totalTokens":10}"#),
        ("POST", _) if path.ends_with(":generateContent") => (
            "200 OK",
            br#"{"candidates":[{"index":0,"finishReason":"STOP","content":{"role":"model","parts":[{"text":"{}"}]}}]}"#,
        ),
        _ => ("404 Not Found", b"{}"),
    }
}
