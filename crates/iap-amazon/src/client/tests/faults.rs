//! Ten thousand calls, a fifth of which meet a fault: no wrong verdict, no useless attempt, no secret.

use std::sync::atomic::{AtomicUsize, Ordering};

use iap_core::{ErrorKind, Rejection, http::TransportErrorKind};

use super::*;
use crate::client::tests::redaction::{assert_hidden, encoded};

/// An Amazon that knows what each receipt is by its name, `kind-number`, and fails now and then.
#[derive(Debug, Default)]
struct FaultyAmazon {
    random: Mutex<u64>,
    requests: AtomicUsize,
    /// How many attempts there may be for the call under way.
    attempts_left: AtomicUsize,
}

impl FaultyAmazon {
    /// xorshift: the same numbers in each run.
    fn next(&self) -> u64 {
        let mut state = self.random.lock().unwrap();
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state
    }

    fn fault(&self, url: &str) -> Result<HttpResponse, TransportError> {
        let echo = format!("cannot reach {url}, that is {}", encoded(url));
        let echo_json = json!({"message": echo, "status": false});
        let page = format!("<html>no route for {url}</html>");
        Ok(match self.next() % 12 {
            0 => answer_of(500, page),
            1 => answer_of(502, echo_json),
            2 => answer_of(503, ""),
            3 => answer_of(429, echo_json),
            4 => answer_of(400, page),
            5 => answer_of(200, page),
            6 => answer_of(200, ""),
            7 => answer_of(302, page),
            8 => answer_of(200, json!({"receiptId": echo, "purchaseDate": echo})),
            9 => answer_of(200, r#"{"receiptId":"someone","#),
            10 => {
                let kind = TransportErrorKind::Interrupted;
                return Err(TransportError::new(kind).with_source(echo));
            }
            _ => return Err(TransportError::new(TransportErrorKind::Connect)),
        })
    }
}

#[async_trait]
impl HttpTransport for FaultyAmazon {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let left = self.attempts_left.fetch_sub(1, Ordering::Relaxed);
        assert!(left > 0, "an attempt after a verdict");
        let url = request.uri().to_string();
        if self.next().is_multiple_of(5) {
            return self.fault(&url);
        }
        let id = url.rsplit('/').next().unwrap();
        let status = match id.split('-').next().unwrap() {
            "good" => return Ok(answer_of(200, receipt(id))),
            "unknown" => 400,
            "canceled" => 410,
            "secret" => 496,
            "foreign" => 497,
            other => panic!("{other}"),
        };
        // A verdict is the last word.
        self.attempts_left.store(0, Ordering::Relaxed);
        Ok(answer_of(status, json!({"message": url, "status": false})))
    }
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_calls_with_faults_bring_no_wrong_verdict_and_show_no_secret() {
    let amazon = Arc::new(FaultyAmazon::default());
    *amazon.random.lock().unwrap() = 0x2545_F491_4F6C_DD1D;
    let client = AmazonClient::production(SECRET)
        .transport(amazon.clone())
        .build()
        .unwrap();
    let table = [
        ("good", None),
        ("unknown", Some(ErrorKind::Rejected(Rejection::NotFound))),
        (
            "canceled",
            Some(ErrorKind::Rejected(Rejection::NoLongerValid)),
        ),
        ("secret", Some(ErrorKind::Misconfigured)),
        (
            "foreign",
            Some(ErrorKind::Rejected(Rejection::WrongAccount)),
        ),
    ];
    let mut undecided = 0_usize;
    for number in 0..10_000 {
        let (kind, verdict) = table[number % table.len()];
        amazon.attempts_left.store(3, Ordering::Relaxed);
        let receipt_id = ReceiptId::new(format!("{kind}-{number}"));
        let answer = client.verify_receipt(&receipt_id, &"user".into()).await;
        match (&answer, verdict) {
            (Ok(answer), None) => assert_eq!(answer.receipt_id, receipt_id),
            (Ok(answer), Some(_)) => panic!("{answer:?}"),
            (Err(error), verdict) => {
                assert_hidden(error);
                if Some(error.kind()) != verdict {
                    assert!(error.is_retryable(), "{kind}: {error}");
                    undecided += 1;
                }
            }
        }
    }
    // Most of the faults pass: a fifth of a fifth of a fifth, and what is final and no verdict.
    assert!((1..1_000).contains(&undecided), "{undecided}");
    let requests = amazon.requests.load(Ordering::Relaxed);
    assert!((11_000..13_000).contains(&requests), "{requests}");
}
