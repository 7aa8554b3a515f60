//! A web server that answers every post with one status, and hands on what was posted.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    thread,
};

pub(crate) struct Webhook {
    pub(crate) url: String,
    posts: mpsc::Receiver<Vec<u8>>,
}

impl Webhook {
    /// Ends with the test's process.
    pub(crate) fn answering(status: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/notifications", listener.local_addr().unwrap());
        let (sender, posts) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let sender = sender.clone();
                thread::spawn(move || serve(stream.unwrap(), status, &sender));
            }
        });
        Self { url, posts }
    }

    /// What was posted since the last call.
    pub(crate) fn posts(&self) -> Vec<serde_json::Value> {
        let posts = self.posts.try_iter();
        posts
            .map(|body| serde_json::from_slice(&body).expect("a post of JSON"))
            .collect()
    }
}

fn serve(mut stream: TcpStream, status: u16, posts: &mpsc::Sender<Vec<u8>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        // The test may be over.
        let _ = posts.send(body);
        let answer = format!("HTTP/1.1 {status} Answer\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
    }
}
