//! The loop, with a transport that plays a script and a clock that tokio moves by itself.

use std::{collections::VecDeque, sync::Mutex};

use bytes::Bytes;

use super::*;
use crate::ErrorKind;

/// Answers with one line of the script after the other.
#[derive(Debug, Default)]
struct Script {
    lines: Mutex<VecDeque<Line>>,
    requests: Mutex<Vec<Instant>>,
}

#[derive(Clone, Copy, Debug)]
enum Line {
    Status(u16),
    Fail(TransportErrorKind),
    /// Never answers.
    Hang,
}

#[async_trait::async_trait]
impl HttpTransport for Script {
    async fn send(&self, _request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.requests.lock().unwrap().push(Instant::now());
        let line = self
            .lines
            .lock()
            .unwrap()
            .pop_front()
            .expect("an attempt too many");
        match line {
            Status(status) => Ok(::http::Response::builder()
                .status(status)
                .body(Bytes::new())
                .unwrap()),
            Fail(kind) => Err(TransportError::new(kind)),
            Hang => core::future::pending().await,
        }
    }
}

struct Run {
    result: Result<u16, Error>,
    attempts: usize,
    elapsed: Duration,
}

async fn run(policy: RetryPolicy, idempotency: Idempotency, lines: &[Line]) -> Run {
    let script = Arc::new(Script::default());
    script.lines.lock().unwrap().extend(lines);
    let client = HttpClient::new(Store::AppStore, script.clone(), policy);
    let request = ::http::Request::get("https://example.com/secret")
        .body(Bytes::new())
        .unwrap();
    let started = Instant::now();
    let result = client
        .execute(
            Call::new("test", request, idempotency),
            |response| match response.status().as_u16() {
                200..300 => None,
                429 => Some(Outcome::rate_limited(Some(Duration::from_secs(2)))),
                500.. => Some(Outcome::server_error(None)),
                _ => Some(Outcome::Final),
            },
        )
        .await;
    let attempts = script.requests.lock().unwrap().len();
    Run {
        result: result.map(|response| response.status().as_u16()),
        attempts,
        elapsed: started.elapsed(),
    }
}

use Idempotency::{Idempotent, NotIdempotent};
use Line::{Fail, Hang, Status};

#[tokio::test(start_paused = true)]
async fn a_good_answer_ends_the_call_at_once() {
    let run = run(RetryPolicy::new(), Idempotent, &[Status(200)]).await;
    assert_eq!((run.result.unwrap(), run.attempts), (200, 1));
    assert_eq!(run.elapsed, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_server_error_is_tried_again_and_the_answer_after_it_counts() {
    let run = run(RetryPolicy::new(), Idempotent, &[Status(503), Status(200)]).await;
    assert_eq!((run.result.unwrap(), run.attempts), (200, 2));
    assert!(run.elapsed >= Duration::from_millis(100));
}

#[tokio::test(start_paused = true)]
async fn the_last_answer_is_returned_when_there_are_no_more_attempts() {
    let run = run(
        RetryPolicy::new(),
        Idempotent,
        &[Status(500), Status(502), Status(503)],
    )
    .await;
    assert_eq!((run.result.unwrap(), run.attempts), (503, 3));
}

#[tokio::test(start_paused = true)]
async fn what_must_not_happen_twice_is_not_repeated_unless_it_surely_did_not_happen() {
    for line in [
        Status(500),
        Fail(TransportErrorKind::Interrupted),
        Fail(TransportErrorKind::Timeout),
    ] {
        let run = run(RetryPolicy::new(), NotIdempotent, &[line]).await;
        assert_eq!(run.attempts, 1, "{line:?}");
    }
    for line in [Status(429), Fail(TransportErrorKind::Connect)] {
        let run = run(RetryPolicy::new(), NotIdempotent, &[line, Status(200)]).await;
        assert_eq!((run.result.unwrap(), run.attempts), (200, 2), "{line:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_verdict_of_the_store_is_not_questioned() {
    for status in [400, 401, 403, 404, 410, 302] {
        let run = run(RetryPolicy::new(), Idempotent, &[Status(status)]).await;
        assert_eq!((run.result.unwrap(), run.attempts), (status, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_says_when_to_come_back_is_not_asked_earlier() {
    let run = run(RetryPolicy::new(), Idempotent, &[Status(429), Status(200)]).await;
    assert_eq!(run.result.unwrap(), 200);
    assert!(run.elapsed >= Duration::from_secs(2), "{:?}", run.elapsed);
}

#[tokio::test(start_paused = true)]
async fn no_call_outlasts_its_deadline() {
    let deadline = Duration::from_secs(3);
    let policy = RetryPolicy::new().deadline(deadline).max_attempts(100);
    let hangs = run(policy, Idempotent, &[Hang]).await;
    let error = hangs.result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.is_retryable());
    assert_eq!(hangs.elapsed.as_secs(), 3);

    let refused = [Fail(TransportErrorKind::Connect); 100];
    let refused = run(policy, Idempotent, &refused).await;
    assert_eq!(refused.result.unwrap_err().kind(), ErrorKind::Unavailable);
    assert!(refused.elapsed <= deadline);
    assert!(refused.attempts > 2);

    // A wait that would go beyond it is not begun.
    let limited = run(
        RetryPolicy::new().deadline(Duration::from_secs(1)),
        Idempotent,
        &[Status(429)],
    )
    .await;
    assert_eq!((limited.result.unwrap(), limited.attempts), (429, 1));
    assert_eq!(limited.elapsed, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn the_calls_of_a_client_that_ends_share_its_time_and_none_begins_after_it() {
    let script = Arc::new(Script::default());
    let lines = [Status(503), Hang, Status(200)];
    script.lines.lock().unwrap().extend(lines);
    let client = HttpClient::new(Store::AppStore, script.clone(), RetryPolicy::new());
    let ask = async |client: &HttpClient| {
        let call = Call::new("test", HttpRequest::default(), Idempotent);
        client.execute(call, Outcome::of_status).await
    };
    let started = Instant::now();
    let end = started.checked_add(Duration::from_secs(5)).unwrap();
    let ends = client.until(end);
    assert_eq!(ends.deadline(), end);
    // Nor does a part of it get more time than the whole.
    assert_eq!(ends.until(client.deadline()).deadline(), end);
    for requests in [2, 2] {
        let error = ask(&ends).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert_eq!(crate::causes(&error), "no answer in time");
        assert_eq!(started.elapsed(), Duration::from_secs(5));
        assert_eq!(script.requests.lock().unwrap().len(), requests);
    }
    assert_eq!(ask(&client).await.unwrap().status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_call_may_be_given_all_the_time_there_is() {
    let policy = RetryPolicy::new().deadline(Duration::MAX);
    let run = run(policy, Idempotent, &[Status(503), Status(200)]).await;
    assert_eq!((run.result.unwrap(), run.attempts), (200, 2));
}

#[tokio::test(start_paused = true)]
async fn one_attempt_that_hangs_leaves_time_for_the_next() {
    let policy = RetryPolicy::new().attempt_timeout(Duration::from_secs(2));
    let run = run(policy, Idempotent, &[Hang, Status(200)]).await;
    assert_eq!((run.result.unwrap(), run.attempts), (200, 2));
    assert_eq!(run.elapsed.as_secs(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_may_take_no_longer_than_the_call() {
    let policy = RetryPolicy::new()
        .deadline(Duration::from_secs(1))
        .attempt_timeout(Duration::MAX);
    let run = run(policy, Idempotent, &[Hang]).await;
    assert_eq!(run.result.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(run.elapsed.as_secs(), 1);
}

#[test]
fn a_status_alone_is_judged_in_the_words_of_http() {
    let judge = |status| {
        let response = ::http::Response::builder()
            .status(status)
            .body(Bytes::new());
        Outcome::of_status(&response.unwrap())
    };
    assert_eq!(judge(200), None);
    assert_eq!(judge(429), Some(Outcome::rate_limited(None)));
    for status in [500, 503, 599] {
        assert_eq!(judge(status), Some(Outcome::server_error(None)));
    }
    for status in [201, 204, 301, 302, 400, 403, 404] {
        assert_eq!(judge(status), Some(Outcome::Final), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_never_a_verdict_and_its_error_never_shows_the_url() {
    let table = [
        (TransportErrorKind::Connect, ErrorKind::Unavailable),
        (TransportErrorKind::Interrupted, ErrorKind::Unavailable),
        (TransportErrorKind::Timeout, ErrorKind::Unavailable),
        (TransportErrorKind::TooLong, ErrorKind::InvalidResponse),
        (TransportErrorKind::Request, ErrorKind::Misconfigured),
    ];
    for (failure, kind) in table {
        let run = run(RetryPolicy::never(), Idempotent, &[Fail(failure)]).await;
        let error = run.result.unwrap_err();
        assert_eq!(error.kind(), kind, "{failure:?}");
        assert_eq!(error.store(), Some(Store::AppStore));
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}

#[test]
fn jitter_is_spread_between_0_and_1() {
    let values: Vec<_> = (0..200).map(|_| jitter()).collect();
    assert!(values.iter().all(|value| (0.0..=1.0).contains(value)));
    assert!(values.iter().any(|value| *value < 0.3) && values.iter().any(|value| *value > 0.7));
}

#[test]
fn a_call_does_not_show_its_url_or_headers() {
    let request = ::http::Request::get("https://example.com/secret")
        .header("x-secret", "secret")
        .body(Bytes::new())
        .unwrap();
    let shown = format!("{:?}", Call::new("test", request, Idempotent));
    assert!(
        shown.contains("test") && !shown.contains("secret"),
        "{shown}"
    );
}
