//! Revocation checks against responders that this library did not make: openssl's, and servers that
//! misbehave. All of them on this machine.

mod judged_by_openssl;

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use async_trait::async_trait;
use http::Uri;
use iap_apple::{
    App, CertificateStatus, ChainStatus, Environment, OcspFailure, RevocationChecker,
    RevocationCheckerBuilder, SignedDataVerifier, TrustAnchor, Verified,
};
use iap_core::http::{
    HttpRequest, HttpResponse, HttpTransport, ReqwestTransport, RetryPolicy, TransportError,
    TransportErrorKind,
};
use iap_testkit::{SigningAuthority, TransactionBuilder};

static AUTHORITY: LazyLock<SigningAuthority> = LazyLock::new(|| {
    SigningAuthority::builder()
        .ocsp_url(
            "http://ocsp.example.com/leaf",
            "http://ocsp.example.com/intermediate",
        )
        .build()
});

fn verified_by(authority: &SigningAuthority) -> Verified<iap_apple::Transaction> {
    let verifier = SignedDataVerifier::builder()
        .app(App::new("com.example.app", 1))
        .environment(Environment::Production)
        .trust_anchors([TrustAnchor::from_certificate(authority.root_der()).unwrap()])
        .build()
        .unwrap();
    let transaction = TransactionBuilder::consumable("com.example.app", "coins");
    verifier
        .verify_transaction(transaction.sign(authority))
        .unwrap()
}

/// Sends what is meant for `ocsp.example.com` to ports of this machine, by plain HTTP.
#[derive(Debug)]
struct Detour {
    transport: ReqwestTransport,
    leaf: u16,
    intermediate: u16,
}

#[async_trait]
impl HttpTransport for Detour {
    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let port = match request.uri().to_string().as_str() {
            "http://ocsp.example.com/leaf" => self.leaf,
            "http://ocsp.example.com/intermediate" => self.intermediate,
            other => panic!("nobody is to be asked at {other}"),
        };
        *request.uri_mut() = Uri::try_from(format!("http://127.0.0.1:{port}/")).unwrap();
        self.transport.send(request).await
    }
}

fn checker(leaf: u16, intermediate: u16) -> RevocationCheckerBuilder {
    RevocationChecker::builder(Arc::new(Detour {
        transport: ReqwestTransport::new().unwrap(),
        leaf,
        intermediate,
    }))
}

/// What comes of asking about the leaf of [`AUTHORITY`] at `port`.
async fn ask(port: u16) -> CertificateStatus {
    let status: ChainStatus = checker(port, port)
        .retry(RetryPolicy::never())
        .build()
        .check(&verified_by(&AUTHORITY))
        .await
        .unwrap();
    status.leaf
}

/// A server that sends `answer` to whatever it is asked, and counts the connections.
fn serve(answer: impl Fn(&mut TcpStream) + Send + 'static) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            // One read is enough: the request is shorter than a packet, and goes out at once.
            let _ = stream.read(&mut [0; 4096]);
            answer(&mut stream);
        }
    });
    (port, connections)
}

/// A server that sends these bytes and closes the connection.
fn serve_bytes(bytes: Vec<u8>) -> (u16, Arc<AtomicUsize>) {
    serve(move |stream| {
        let _ = stream.write_all(&bytes);
    })
}

fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let status = ask(port).await;
    assert!(
        matches!(
            status,
            CertificateStatus::Undetermined(OcspFailure::Transport {
                kind: TransportErrorKind::Connect,
                ..
            })
        ),
        "{status:?}"
    );
}

/// Time stands still and jumps ahead whenever everybody waits, so nobody waits for real.
#[tokio::test(start_paused = true)]
async fn a_responder_that_accepts_and_says_nothing_is_out_of_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let status = ask(listener.local_addr().unwrap().port()).await;
    assert!(
        matches!(
            status,
            CertificateStatus::Undetermined(OcspFailure::Transport {
                kind: TransportErrorKind::Timeout,
                ..
            })
        ),
        "{status:?}"
    );
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_once_more() {
    let (port, connections) =
        serve_bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort".to_vec());
    let at_once = RetryPolicy::new()
        .max_attempts(2)
        .first_delay(Duration::ZERO);
    let status = checker(port, port)
        .retry(at_once)
        .build()
        .check(&verified_by(&AUTHORITY))
        .await
        .unwrap();
    for status in [status.leaf, status.intermediate] {
        assert!(
            matches!(
                status,
                CertificateStatus::Undetermined(OcspFailure::Transport {
                    kind: TransportErrorKind::Interrupted,
                    ..
                })
            ),
            "{status:?}"
        );
    }
    assert_eq!(connections.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn a_login_page_is_malformed_and_an_error_page_a_status() {
    let page = b"<!DOCTYPE html><title>Hotel</title>Please accept our terms.";
    let (port, _) = serve_bytes(response("200 OK", "Content-Type: text/html\r\n", page));
    let status = ask(port).await;
    assert!(
        matches!(
            status,
            CertificateStatus::Undetermined(OcspFailure::Malformed { .. })
        ),
        "{status:?}"
    );
    for (line, status) in [("500 Internal Server Error", 500), ("403 Forbidden", 403)] {
        let (port, _) = serve_bytes(response(line, "", page));
        let failure = OcspFailure::HttpStatus { status };
        assert_eq!(ask(port).await, CertificateStatus::Undetermined(failure));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (elsewhere, visits) = serve_bytes(response("200 OK", "", b""));
    let location = format!("Location: http://127.0.0.1:{elsewhere}/\r\n");
    let (port, _) = serve_bytes(response("307 Temporary Redirect", &location, b""));
    let failure = OcspFailure::HttpStatus { status: 307 };
    assert_eq!(ask(port).await, CertificateStatus::Undetermined(failure));
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_huge_answer_is_not_read() {
    let announced = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_vec();
    let endless = [&b"HTTP/1.1 200 OK\r\n\r\n"[..], &[0x30; 32 * 1024 + 1]].concat();
    for bytes in [announced, endless] {
        let (port, _) = serve_bytes(bytes);
        let status = ask(port).await;
        assert!(
            matches!(
                status,
                CertificateStatus::Undetermined(OcspFailure::Transport {
                    kind: TransportErrorKind::TooLong,
                    ..
                })
            ),
            "{status:?}"
        );
    }
    // One that is just short enough is read, and found to be nothing.
    let (port, _) = serve_bytes(response("200 OK", "", &[0x30; 32 * 1024]));
    let status = ask(port).await;
    assert!(
        matches!(
            status,
            CertificateStatus::Undetermined(OcspFailure::Malformed { .. })
        ),
        "{status:?}"
    );
}
