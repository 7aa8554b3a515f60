//! How often and how much does one verification allocate?

use iap_benches::{Arm, Cache, Case, CountingAllocator, Fixtures, Subject, as_text};
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
    /// Members of the payload, those of nested payloads included.
    pub(crate) members: usize,
    /// Those of them that are text, each of which a model keeps in an allocation of its own.
    pub(crate) text_members: usize,
    /// The most calls that this project may make.
    pub(crate) target: Option<u64>,
}

/// Counts each case except the bare ones. Nothing else may run meanwhile.
pub(crate) fn measure(cases: &[Case], fixtures: &Fixtures) -> Vec<Allocations> {
    let payloads = fixtures.payloads();
    let [transaction, renewal_info, notification] = payloads.each_ref().map(count_members);
    let all = [transaction, renewal_info, notification];
    let mut rows: Vec<_> = cases
        .iter()
        .filter(|case| case.arm != Arm::Bare)
        .map(|case| {
            let (members, text_members) = match case.subject {
                Subject::Transaction => transaction,
                Subject::RenewalInfo => renewal_info,
                Subject::Notification => all
                    .iter()
                    .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1)),
            };
            let (calls, bytes) = CountingAllocator::count(RUNS, || {
                (0..RUNS).for_each(|_| case.run());
            });
            let is_judged = case.arm == Arm::Iap && case.cache == Cache::Hot;
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

fn count_members(payload: &Value) -> (usize, usize) {
    let Value::Object(members) = payload else {
        return (0, usize::from(payload.is_string()));
    };
    members.values().fold((0, 0), |(all, text), member| {
        let (nested, nested_text) = count_members(member);
        (all + 1 + nested, text + nested_text)
    })
}

/// The payload's own text, the decoded token and what the cryptography needs.
const ALLOWED_BESIDES_MEMBERS: u64 = 4;

/// Once round the inputs of a case.
const RUNS: u64 = 128;
