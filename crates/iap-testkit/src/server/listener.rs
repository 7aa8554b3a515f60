//! Accepts connections, applies faults, and hands requests to the store.

use core::{net::Ipv4Addr, time::Duration};
use std::{
    net::SocketAddr,
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};

use bytes::{Bytes, BytesMut};
use http::{Request, Response, StatusCode};
use http_body::Body as _;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinSet,
};

use super::{
    Answer, Fault, Faults, ReceivedRequest, RequestLog, Service,
    answer::{AnswerBody, BrokenOff, Ending},
    tls::Identity,
};

/// What all connections share.
pub(crate) struct Listening {
    pub(super) service: Arc<dyn Service>,
    pub(super) log: RequestLog,
    pub(super) faults: Arc<Faults>,
    pub(super) tls: Option<Identity>,
}

/// Starts the thread, and returns as soon as all listeners accept connections.
pub(super) fn spawn(
    count: usize,
    listening: Listening,
    stopped: oneshot::Receiver<()>,
) -> (Vec<SocketAddr>, JoinHandle<()>) {
    let (ready, addresses) = mpsc::channel();
    let serve = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("the system gives an event loop");
        runtime.block_on(async {
            let mut listeners = Vec::new();
            for _ in 0..count {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
                listeners.push(listener.expect("a free port on loopback"));
            }
            let addresses = listeners.iter().map(TcpListener::local_addr);
            let addresses: Result<Vec<_>, _> = addresses.collect();
            let _ = ready.send(addresses.expect("a bound listener has an address"));
            let listening = Arc::new(listening);
            let mut tasks = JoinSet::new();
            for (number, listener) in listeners.into_iter().enumerate() {
                tasks.spawn(accept(number, listener, Arc::clone(&listening)));
            }
            // An error means that the server was dropped, which is what is waited for.
            let _ = stopped.await;
        });
        // Slow answers are not waited for.
        runtime.shutdown_background();
    };
    let thread = thread::Builder::new()
        .name("fake store".to_owned())
        .spawn(serve)
        .expect("the system gives a thread");
    let addresses = addresses.recv().expect("the listeners are bound");
    (addresses, thread)
}

async fn accept(number: usize, listener: TcpListener, listening: Arc<Listening>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // Out of file descriptors, for example: later ones may be accepted.
                let Ok((stream, _)) = accepted else { continue };
                connections.spawn(connection(number, stream, Arc::clone(&listening)));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(number: usize, stream: TcpStream, listening: Arc<Listening>) {
    // Answers are small; without this they wait for acknowledgements.
    let _ = stream.set_nodelay(true);
    match &listening.tls {
        None => serve(number, stream, &listening).await,
        Some(tls) => {
            // A client that does not trust the certificate hangs up.
            if let Ok(stream) = tls.acceptor().accept(stream).await {
                serve(number, stream, &listening).await;
            }
        }
    }
}

async fn serve<S>(number: usize, stream: S, listening: &Arc<Listening>)
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let service = service_fn(|request| answer(number, request, Arc::clone(listening)));
    let server = auto::Builder::new(TokioExecutor::new());
    // Connections that break are the business of the client under test.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(
    number: usize,
    request: Request<Incoming>,
    listening: Arc<Listening>,
) -> Result<Response<AnswerBody>, BrokenOff> {
    let (parts, body) = request.into_parts();
    let body = read(body).await?;
    let fault = listening.faults.take();
    let mut received = ReceivedRequest {
        listener: number,
        method: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        body,
        fault: fault.clone(),
        status: None,
    };
    let service = &listening.service;
    let acted = match &fault {
        Some(fault) if !fault.store_acts() => None,
        _ => Some(service.answer(&received)),
    };
    let mut ending = Ending::Whole;
    let mut delay = Duration::ZERO;
    let answer = match (fault, acted) {
        (None, acted) => acted,
        (Some(Fault::Slow(by)), acted) => {
            delay = by;
            acted
        }
        (Some(Fault::BrokenOff), acted) => {
            ending = Ending::BrokenOff;
            acted
        }
        (Some(Fault::Truncated), acted) => acted.map(Answer::halved),
        (Some(Fault::Empty), _) => Some(Answer::empty(StatusCode::OK)),
        (Some(Fault::Disconnect), _) => None,
        (Some(Fault::Html(status)), _) => Some(Answer::new(code(status), "text/html", HTML)),
        (Some(Fault::RateLimited { retry_after }), _) => {
            Some(service.rate_limited(&received, retry_after))
        }
        (Some(Fault::ServerError(status)), _) => Some(service.server_error(&received, status)),
        (Some(Fault::Unauthorized), _) => Some(service.unauthorized(&received)),
    };
    received.status = answer.as_ref().map(|answer| answer.status().as_u16());
    listening.log.add(received);
    tokio::time::sleep(delay).await;
    answer
        .map(|answer| answer.into_response(ending))
        .ok_or(BrokenOff)
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).expect("a fault with a status of HTTP")
}

async fn read(mut body: Incoming) -> Result<Bytes, BrokenOff> {
    let mut bytes = BytesMut::new();
    while let Some(frame) =
        core::future::poll_fn(|context| core::pin::Pin::new(&mut body).poll_frame(context)).await
    {
        if let Ok(data) = frame.map_err(|_| BrokenOff)?.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes.freeze())
}

/// What a proxy shows when it cannot reach the store.
const HTML: &str = "<!DOCTYPE html><html><head><title>Error</title></head>\
    <body><h1>The service is temporarily unavailable</h1></body></html>";
