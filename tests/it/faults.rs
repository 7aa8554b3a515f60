//! What the tests of all stores share that let every fifth call go wrong.

use core::time::Duration;
use std::{
    error::Error as _,
    sync::{Arc, Mutex},
};

use iap_core::{
    AccessPolicy, Error, ErrorKind, Proof, Purchase, Rejection, Timestamp, Verifier,
    http::RetryPolicy,
};
use iap_testkit::{Fault, RequestLog};
use tokio::task::JoinSet;

/// What is true of a proof, however often the store fails.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Truth {
    Access,
    NoAccess,
    Verdict(Rejection),
}

/// What came of ten thousand calls.
pub(crate) struct Outcome {
    /// So many were answered, each with the truth.
    pub(crate) answered: usize,
    /// All that purchases and errors show to anybody.
    pub(crate) shown: String,
}

/// Asks about the proofs in turn, with many calls at the same time, and checks each answer: the truth,
/// or none. `before` is told the number of each call that is about to begin.
pub(crate) async fn ask_ten_thousand_times(
    verifier: impl Verifier + 'static,
    cases: Vec<(Proof, Truth)>,
    now: Timestamp,
    before: impl Fn(usize) + Send + Sync + 'static,
) -> Outcome {
    let (verifier, cases, before) = (Arc::new(verifier), Arc::new(cases), Arc::new(before));
    let shown = Arc::new(Mutex::new(String::new()));
    let mut lanes = JoinSet::new();
    for lane in 0..LANES {
        let (verifier, cases, before) = (verifier.clone(), cases.clone(), before.clone());
        let shown = shown.clone();
        lanes.spawn(async move {
            let mut answered = 0;
            for call in (lane..CALLS).step_by(LANES) {
                before(call);
                let (proof, truth) = &cases[call % cases.len()];
                let result = verifier.verify(proof).await;
                shown.lock().unwrap().push_str(&match &result {
                    Ok(purchase) => format!("{purchase:?}\n"),
                    Err(error) => shown_by(error),
                });
                if let Some(told) = told(&result, now) {
                    assert_eq!(told, *truth, "{proof:?}: {result:?}");
                    answered += 1;
                }
            }
            answered
        });
    }
    let answered: usize = lanes.join_all().await.into_iter().sum();
    let unknown = CALLS - answered;
    assert!(unknown > CALLS / 100, "{unknown} could not tell");
    let shown = shown.lock().unwrap().clone();
    Outcome { answered, shown }
}

/// What an answer says; `None` if it could not tell.
fn told(result: &Result<Purchase, Error>, now: Timestamp) -> Option<Truth> {
    let error = match result {
        Ok(purchase) => {
            let access = purchase.access_at(now, &AccessPolicy::new());
            return Some(match access.is_granted() {
                true => Truth::Access,
                false => Truth::NoAccess,
            });
        }
        Err(error) => error,
    };
    match error.kind() {
        ErrorKind::Rejected(rejection) => Some(Truth::Verdict(rejection)),
        ErrorKind::Unavailable | ErrorKind::InvalidResponse | ErrorKind::Misconfigured => None,
        other => panic!("{other:?}: {error:?}"),
    }
}

/// Everything that an error shows to anybody.
pub(crate) fn shown_by(error: &Error) -> String {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        shown.push_str(&format!(" {error} {error:?}"));
        cause = error.source();
    }
    shown.push('\n');
    shown
}

pub(crate) fn assert_each_fault_came(requests: &RequestLog) {
    let requests = requests.all();
    for fault in Fault::all(SLOW) {
        let faults = requests.iter().filter(|it| it.fault() == Some(&fault));
        let count = faults.count();
        assert!(count > 50, "{fault:?} came {count} times");
    }
}

/// Short waits, so that ten thousand calls take seconds.
pub(crate) fn retry() -> RetryPolicy {
    RetryPolicy::new()
        .max_attempts(3)
        .first_delay(Duration::from_millis(1))
        .deadline(Duration::from_millis(150))
}

/// Longer than the deadline.
pub(crate) const SLOW: Duration = Duration::from_millis(400);

pub(crate) const CALLS: usize = 10_000;

/// Calls at the same time.
const LANES: usize = 32;
