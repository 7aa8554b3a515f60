//! How often and how much does one verification allocate?

use core::slice;

use iap_benches::{
    Arm, Cache, Case, CountingAllocator, Fixtures, GoogleFixtures, Subject, as_text,
};
use serde::Serialize;
use serde_json::Value;

/// What one verification allocates.
#[derive(Serialize)]
pub(crate) struct Allocations {
    #[serde(serialize_with = "as_text")]
    pub(crate) subject: Subject,
    #[serde(serialize_with = "as_text")]
    pub(crate) cache: Cache,
    #[serde(serialize_with = "as_text")]
    pub(crate) arm: Arm,
    pub(crate) calls: u64,
    pub(crate) bytes: u64,
    /// Members of the payload, those of nested payloads included; of a push of Google those of its
    /// token and its body too.
    pub(crate) members: usize,
    /// Those of them that are text, each of which a model keeps in an allocation of its own.
    pub(crate) text_members: usize,
    /// The most calls that this project may make.
    pub(crate) target: Option<u64>,
}

/// Counts each case except the bare ones. Nothing else may run meanwhile.
pub(crate) fn measure(
    cases: &[Case],
    fixtures: &Fixtures,
    google_fixtures: &GoogleFixtures,
) -> Vec<Allocations> {
    let all @ [transaction, renewal_info, _] = fixtures.payloads();
    let (push, purchase) = (
        google_fixtures.push_payloads(),
        google_fixtures.purchase_payload(),
    );
    let mut rows: Vec<_> = cases
        .iter()
        .filter(|case| case.arm != Arm::Bare)
        .map(|case| {
            let (members, text_members) = count_members(match case.subject {
                Subject::Transaction => slice::from_ref(transaction),
                Subject::RenewalInfo => slice::from_ref(renewal_info),
                Subject::Notification => all,
                Subject::GooglePush => &push,
                Subject::GooglePurchase => slice::from_ref(&purchase),
            });
            let (calls, bytes) = CountingAllocator::count(RUNS, || {
                (0..RUNS).for_each(|_| case.run());
            });
            // None for Google: ring allocates for each RSA verification.
            let is_of_apple = case.subject < Subject::GooglePush;
            let is_judged = case.arm == Arm::Iap && case.cache == Cache::Hot && is_of_apple;
            Allocations {
                subject: case.subject,
                cache: case.cache,
                arm: case.arm,
                calls,
                bytes,
                members,
                text_members,
                target: is_judged.then_some(members as u64 + ALLOWED_BESIDES_MEMBERS),
            }
        })
        .collect();
    rows.sort_by_key(|row| (row.subject, row.cache, row.arm));
    rows
}

/// How many members there are, and how many of them are text.
fn count_members(payloads: &[Value]) -> (usize, usize) {
    payloads.iter().map(count).fold((0, 0), add)
}

fn count(payload: &Value) -> (usize, usize) {
    let Value::Object(members) = payload else {
        return (0, usize::from(payload.is_string()));
    };
    let nested = members.values().map(count).fold((0, 0), add);
    add((members.len(), 0), nested)
}

const fn add(one: (usize, usize), other: (usize, usize)) -> (usize, usize) {
    (one.0 + other.0, one.1 + other.1)
}

/// The payload's own text, the decoded token and what the cryptography needs.
const ALLOWED_BESIDES_MEMBERS: u64 = 4;

/// Once round the inputs of a case.
const RUNS: u64 = 128;
