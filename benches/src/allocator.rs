//! How often, and for how much, does Rust code ask the global allocator?
//!
//! What the C code of aws-lc allocates is not in it; that is the same on all sides.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator, with a count of what is asked of it. Each program that counts makes it
/// its `#[global_allocator]`.
pub struct CountingAllocator;

impl CountingAllocator {
    /// Calls of the allocator and bytes asked for in each of `repetitions`, which `run` goes
    /// through. Nothing else may run meanwhile.
    pub fn count(repetitions: u64, run: impl FnOnce()) -> (u64, u64) {
        CALLS.store(0, Relaxed);
        BYTES.store(0, Relaxed);
        IS_COUNTING.store(true, Relaxed);
        run();
        IS_COUNTING.store(false, Relaxed);
        (
            CALLS.load(Relaxed) / repetitions,
            BYTES.load(Relaxed) / repetitions,
        )
    }
}

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
