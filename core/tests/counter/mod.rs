//! A counter in the place of the allocator: it knows the most that was taken at once.

#![allow(unsafe_code, reason = "an allocator can't be written without; this one only counts")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

struct Counter;

#[global_allocator]
static COUNTER: Counter = Counter;
static TAKEN: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: hands every call on to the system's allocator.
unsafe impl GlobalAlloc for Counter {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let taken = TAKEN.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(taken, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        TAKEN.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(block, layout) }
    }
}

/// Bytes that are taken now; [`most`] counts from here.
pub(crate) fn begin() -> usize {
    let taken = TAKEN.load(Ordering::Relaxed);
    PEAK.store(taken, Ordering::Relaxed);
    taken
}

/// The most bytes that were taken at once since [`begin`].
pub(crate) fn most() -> usize {
    PEAK.load(Ordering::Relaxed)
}
