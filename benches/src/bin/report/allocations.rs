//! How often and how much does one verification allocate?
//!
//! Counts what Rust code asks of the global allocator. What the C code of aws-lc allocates is not
//! in it; that is the same on all sides.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::alloc::{GlobalAlloc, Layout, System};

use iap_benches::{Arm, Cache, Case, Fixtures, Subject};
use serde::Serialize;
use serde_json::Value;

use crate::timing::as_text;

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
            let (calls, bytes) = count(|| case.run());
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

/// Calls and bytes, averaged over some runs.
fn count(run: impl Fn()) -> (u64, u64) {
    run();
    CALLS.store(0, Relaxed);
    BYTES.store(0, Relaxed);
    IS_COUNTING.store(true, Relaxed);
    for _ in 0..RUNS {
        run();
    }
    IS_COUNTING.store(false, Relaxed);
    (CALLS.load(Relaxed) / RUNS, BYTES.load(Relaxed) / RUNS)
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

/// The system's allocator, with a count of what is asked of it.
struct CountingAllocator;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

/// Off while times are measured: then counting costs one load of a constant a call.
static IS_COUNTING: AtomicBool = AtomicBool::new(false);
static CALLS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

fn record(bytes: usize) {
    if IS_COUNTING.load(Relaxed) {
        CALLS.fetch_add(1, Relaxed);
        BYTES.fetch_add(bytes as u64, Relaxed);
    }
}

#[expect(
    unsafe_code,
    reason = "a global allocator can only be written so; the library itself forbids unsafe code"
)]
// SAFETY: every method hands its arguments unchanged to the system's allocator, which keeps the
// contract; counting touches atomics only and does not allocate.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        record(layout.size());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        record(layout.size());
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        record(new_size.saturating_sub(layout.size()));
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, new_size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// The payload's own text, the decoded token and what the cryptography needs.
const ALLOWED_BESIDES_MEMBERS: u64 = 4;

/// Once round the inputs of a case.
const RUNS: u64 = 128;
