//! A spy in the place of the allocator: it looks into each block that is freed.

#![allow(
    unsafe_code,
    reason = "an allocator can't be written without; this file only looks at what is freed"
)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are part of what `./check` says")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

/// Stands in the place of the allocator.
pub struct Spy;

#[global_allocator]
static SPY: Spy = Spy;

/// The first 16 bytes of each secret, as two numbers: kept outside the heap.
static SECRETS: [[AtomicU64; 2]; 64] = [const { [AtomicU64::new(0), AtomicU64::new(0)] }; 64];
/// The first two bytes of each secret: most of a block is passed over by them.
static BEGINNINGS: [AtomicBool; 65_536] = [const { AtomicBool::new(false) }; 65_536];
static KNOWN: AtomicUsize = AtomicUsize::new(0);
static LOOKING: AtomicBool = AtomicBool::new(false);
static FREED: AtomicU64 = AtomicU64::new(0);
static DIRTY: AtomicU64 = AtomicU64::new(0);
/// Which secret was found last, and the size of its block.
static FOUND: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];

// SAFETY: hands every call on to the system's allocator; a block is only read, before it is given back, and within
// its size. `realloc` is the provided one: a new block, a copy, and `dealloc` of the old block.
unsafe impl GlobalAlloc for Spy {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // Zeroed, so that reading a block that was never written is sound.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if LOOKING.load(Ordering::Relaxed) {
            look(unsafe { std::slice::from_raw_parts(block, layout.size()) });
        }
        unsafe { System.dealloc(block, layout) }
    }
}

fn look(block: &[u8]) {
    FREED.fetch_add(1, Ordering::Relaxed);
    for index in 0..block.len().saturating_sub(15) {
        if BEGINNINGS[beginning(&block[index..])].load(Ordering::Relaxed) {
            compare(&block[index..index + 16], block.len());
        }
    }
}

fn compare(window: &[u8], size: usize) {
    let (first, second) = halves(window);
    for (index, secret) in SECRETS.iter().enumerate().take(KNOWN.load(Ordering::Relaxed)) {
        if secret[0].load(Ordering::Relaxed) == first && secret[1].load(Ordering::Relaxed) == second {
            DIRTY.fetch_add(1, Ordering::Relaxed);
            FOUND[0].store(index, Ordering::Relaxed);
            FOUND[1].store(size, Ordering::Relaxed);
        }
    }
}

fn beginning(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) * 256 + usize::from(bytes[1])
}

fn halves(bytes: &[u8]) -> (u64, u64) {
    let half = |from: usize| u64::from_ne_bytes(bytes[from..from + 8].try_into().unwrap());
    (half(0), half(8))
}

/// From now on the first 16 bytes of `secret` are looked for.
pub fn know(secret: &[u8]) {
    let index = KNOWN.fetch_add(1, Ordering::Relaxed);
    let (first, second) = halves(secret);
    SECRETS[index][0].store(first, Ordering::Relaxed);
    SECRETS[index][1].store(second, Ordering::Relaxed);
    BEGINNINGS[beginning(secret)].store(true, Ordering::Relaxed);
}

/// How many secrets are looked for.
pub fn known() -> usize {
    KNOWN.load(Ordering::Relaxed)
}

/// Whether a block that holds `secret` is noticed: a spy that sees nothing finds nothing.
pub fn sees(secret: &[u8]) -> bool {
    watched(|| drop(secret.to_vec()));
    FREED.store(0, Ordering::Relaxed);
    DIRTY.swap(0, Ordering::Relaxed) == 1
}

/// Runs a part that is looked at. Blocks that another thread frees at the same time are looked at too.
pub fn watched<T>(part: impl FnOnce() -> T) -> T {
    LOOKING.store(true, Ordering::Relaxed);
    let out = part();
    LOOKING.store(false, Ordering::Relaxed);
    out
}

/// Says how many blocks were freed since the last report; none may have held a secret.
pub fn report(what: &str) {
    let (freed, dirty) = (FREED.swap(0, Ordering::Relaxed), DIRTY.swap(0, Ordering::Relaxed));
    println!("{what}: {freed} blocks freed, {dirty} with a secret in");
    let [secret, size] = [&FOUND[0], &FOUND[1]].map(|found| found.load(Ordering::Relaxed));
    assert_eq!(dirty, 0, "{what}: secret {secret} in a block of {size} bytes");
}

/// Runs a part and reports.
pub fn spied<T>(what: &str, part: impl FnOnce() -> T) -> T {
    let out = watched(part);
    report(what);
    out
}
