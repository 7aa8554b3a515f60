//! A server on this machine that has one answer ready and nothing else to do.

use core::net::SocketAddr;
use std::{
    io,
    net::{Ipv4Addr, TcpListener as StdListener},
    thread,
};

use iap_benches::stay_on_core;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
    task::yield_now,
};

use crate::question::{PATH, Question};

/// Starts the server, in a thread of its own on the first core, for as long as the program runs.
///
/// It never sleeps. To wake a thread on an idle core takes whoever does so microseconds, more than
/// any client takes, and the client that is fast enough to keep the server awake would not pay them.
///
/// HTTP/1.1, connections are kept. It closes the connection to whoever asks anything else, or
/// without a token, so that nothing but the right exchange can be measured.
pub(crate) fn start(question: &Question) -> SocketAddr {
    let answer = question.answer();
    let head = format!(
        "HTTP/1.1 200 OK\r\ndate: Fri, 27 Nov 2026 12:00:00 GMT\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        answer.len()
    );
    let response: &'static [u8] = [head.as_bytes(), answer].concat().leak();
    let listener = StdListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    listener.set_nonblocking(true).expect("a socket");
    thread::spawn(move || {
        stay_on_core(0);
        runtime().block_on(async {
            tokio::spawn(accept(listener, response));
            loop {
                yield_now().await;
            }
        });
    });
    address
}

async fn accept(listener: StdListener, response: &'static [u8]) {
    let listener = TcpListener::from_std(listener).expect("a listener");
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        tokio::spawn(serve(stream, response));
    }
}

/// Answers one request after the other, until the client closes the connection. Does not allocate.
async fn serve(mut stream: TcpStream, response: &[u8]) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut request = [0; MAX_REQUEST_LENGTH];
    let mut length = 0;
    loop {
        match stream.read(&mut request[length..]).await? {
            0 => return Ok(()),
            read => length += read,
        }
        let received = &request[..length];
        // A client waits for the answer before it sends the next request.
        if received.ends_with(b"\r\n\r\n") {
            if !is_the_question(received) {
                return Ok(());
            }
            stream.write_all(response).await?;
            length = 0;
        }
    }
}

/// A runtime that looks for requests after whatever it does.
fn runtime() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder
        .enable_io()
        .event_interval(1)
        .build()
        .expect("a runtime")
}

fn is_the_question(request: &[u8]) -> bool {
    let has_path = request
        .strip_prefix(b"GET ")
        .and_then(|rest| rest.strip_prefix(PATH.as_bytes()))
        .is_some_and(|rest| rest.starts_with(b" HTTP/1.1\r\n"));
    let token = b"authorization: Bearer ";
    let has_token = request
        .windows(token.len())
        .any(|window| window.eq_ignore_ascii_case(token));
    has_path && has_token
}

/// Four times what the clients send.
const MAX_REQUEST_LENGTH: usize = 4_096;
