//! A web server that answers every post, and hands on what was posted.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, mpsc},
    thread,
};

pub(crate) struct Webhook {
    pub(crate) url: String,
    posts: mpsc::Receiver<Post>,
}

/// What was posted.
#[derive(Clone)]
pub(crate) struct Post {
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Webhook {
    /// Answers with one status. Ends with the test's process.
    pub(crate) fn answering(status: u16) -> Self {
        Self::answering_by(move |_| status)
    }

    /// Answers with the status that `answer` gives. Ends with the test's process.
    pub(crate) fn answering_by(answer: impl Fn(&Post) -> u16 + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/notifications", listener.local_addr().unwrap());
        let (sender, posts) = mpsc::channel();
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (sender, answer) = (sender.clone(), Arc::clone(&answer));
                thread::spawn(move || serve(stream.unwrap(), &*answer, &sender));
            }
        });
        Self { url, posts }
    }

    /// What was posted since the last call.
    pub(crate) fn posts(&self) -> Vec<serde_json::Value> {
        let posts = self.requests().into_iter();
        posts
            .map(|post| serde_json::from_slice(&post.body).expect("a post of JSON"))
            .collect()
    }

    /// What was posted since the last call, with its headers.
    pub(crate) fn requests(&self) -> Vec<Post> {
        self.posts.try_iter().collect()
    }
}

fn serve(mut stream: TcpStream, answer: &dyn Fn(&Post) -> u16, posts: &mpsc::Sender<Post>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            // The request line has none.
            if let Some((name, value)) = line.split_once(": ") {
                headers.push((name.to_ascii_lowercase(), value.to_owned()));
            }
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.map_or(0, |(_, length)| length.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let post = Post { headers, body };
        let status = answer(&post);
        // The test may be over.
        let _ = posts.send(post);
        let answer = format!("HTTP/1.1 {status} Answer\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
    }
}
