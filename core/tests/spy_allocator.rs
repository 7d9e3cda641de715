//! A spy in the place of the allocator looks into each block that is freed: none may still hold a secret.

#![allow(
    unsafe_code,
    reason = "an allocator can't be written without; this file only looks at what is freed"
)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use countersign::account::Account;
use countersign::clock::{Now, UnixTime};
use countersign::entropy::{Entropy, NoEntropy, SystemEntropy};
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::secret::Secret;
use countersign::vault::{Finding, NewPassword, NewWays, RowKind, Shelf, Vault, VaultError, WayIn};

struct Spy;

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

fn know(secret: &[u8]) {
    let index = KNOWN.fetch_add(1, Ordering::Relaxed);
    let (first, second) = halves(secret);
    SECRETS[index][0].store(first, Ordering::Relaxed);
    SECRETS[index][1].store(second, Ordering::Relaxed);
    BEGINNINGS[beginning(secret)].store(true, Ordering::Relaxed);
}

/// Randomness whose keys (32 bytes: master keys, watch keys, slots' and one-time key pairs) the spy knows.
struct Known(SystemEntropy);

impl Entropy for Known {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), NoEntropy> {
        self.0.fill(out)?;
        if out.len() == 32 {
            know(out);
        }
        Ok(())
    }
}

const SEED: &[u8] = b"Seed:4f0c5e9b7a2d8163";
/// `SEED` as it stands in the sealed JSON.
const SEED_BASE64: &[u8] = b"U2VlZDo0ZjBjNWU5YjdhMmQ4MTYz";
const PASSWORD: &[u8] = b"Password:0d1f6b7c";
const NEW_PASSWORD: &[u8] = b"NewPassword:93ab2";
const PLATFORM: [u8; 32] = *b"Platform:8a7b6c5d4e3f20191817161";
const NOW: Now = Now { wall: UnixTime(1_800_000_000), steady_ms: 1 };

/// Runs a part of a vault's life and says how many freed blocks held a secret.
fn spied<T>(what: &str, part: impl FnOnce() -> T) -> T {
    let (freed, dirty) = (FREED.load(Ordering::Relaxed), DIRTY.load(Ordering::Relaxed));
    LOOKING.store(true, Ordering::Relaxed);
    let out = part();
    LOOKING.store(false, Ordering::Relaxed);
    let freed = FREED.load(Ordering::Relaxed) - freed;
    let dirty = DIRTY.load(Ordering::Relaxed) - dirty;
    println!("{what}: {freed} blocks freed, {dirty} with a secret in");
    let [secret, size] = [&FOUND[0], &FOUND[1]].map(|found| found.load(Ordering::Relaxed));
    assert_eq!(dirty, 0, "{what}: secret {secret} in a block of {size} bytes");
    out
}

fn account() -> Account {
    Account {
        issuer: "Example".into(),
        name: "alice".into(),
        otp: Some(Otp::new(Kind::Hotp { counter: 0 }, Algorithm::Sha1, 6, Secret::copy_of(SEED)).unwrap()),
        registration: None,
        favourite: false,
        tags: Vec::new(),
        note: String::new(),
        added_at: NOW.wall,
        changed_at: NOW.wall,
        trashed_at: None,
    }
}

// One test, as blocks freed by another at the same time would be looked at too.
#[test]
fn no_freed_block_holds_a_secret() {
    for secret in [SEED, SEED_BASE64, PASSWORD, NEW_PASSWORD, &PLATFORM] {
        know(secret);
    }
    LOOKING.store(true, Ordering::Relaxed);
    drop(SEED.to_vec());
    LOOKING.store(false, Ordering::Relaxed);
    assert_eq!(DIRTY.swap(0, Ordering::Relaxed), 1, "the spy sees what it should");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    let mut entropy = Known(SystemEntropy::new());
    let ways = NewWays { password: Some(PASSWORD), platform: Some(&PLATFORM), recovery: true };
    let (mut vault, code) = spied("create", || Vault::create(&path, &ways, &mut entropy, NOW)).unwrap();
    let code = code.unwrap();
    know(code.text().expose());
    know(vault.watch_key(NOW).unwrap().expose());

    let id =
        spied("add", || vault.change(&mut entropy, NOW, |change| change.add_account(&account()))).unwrap();
    spied("put a key", || {
        vault.change(&mut entropy, NOW, |change| change.put(RowKind::Host, "key", &Secret::copy_of(SEED)))
    })
    .unwrap();
    spied("list", || vault.search("alice", Shelf::InUse, NOW).map(|found| found.len())).unwrap();
    spied("code", || {
        vault.change(&mut entropy, NOW, |change| {
            let mut account = change.account(&id)?.unwrap();
            let otp = account.otp.take().unwrap();
            assert!(otp.code_of_counter().is_some());
            account.otp = Some(otp.after_use());
            change.put_account(&id, &account)
        })
    })
    .unwrap();
    spied("change that fails", || {
        vault.change(&mut entropy, NOW, |change| {
            change.put(RowKind::Host, "key", &Secret::copy_of(SEED))?;
            Err::<(), _>(VaultError::TooLarge)
        })
    })
    .unwrap_err();
    spied("watch key", || vault.watch_key(NOW).map(drop)).unwrap();
    spied("lock", || vault.lock());
    for (what, way_in) in [
        ("unlock by password", WayIn::Password(PASSWORD)),
        ("unlock by platform", WayIn::Platform(&PLATFORM)),
        ("unlock by recovery code", WayIn::Recovery(code.text().expose_str().unwrap())),
    ] {
        let finding = spied(what, || {
            let opened = vault.derivation(way_in)?.run()?;
            vault.unlock(&opened, None, NOW)
        });
        assert_eq!(finding, Ok(Finding::Clean));
        let read = spied("read", || vault.account(&id, NOW).map(|account| account.is_some()));
        assert_eq!(read, Ok(true));
    }
    spied("wrong password", || vault.derivation(WayIn::Password(NEW_PASSWORD)).unwrap().run().map(drop))
        .unwrap_err();
    spied("new password", || {
        let new = NewPassword::derive(NEW_PASSWORD, &mut entropy)?;
        vault.set_password(&new, &mut entropy, NOW)
    })
    .unwrap();
    spied("new recovery code", || vault.new_recovery_code(&mut entropy, NOW).map(drop)).unwrap();
    spied("verify", || vault.verify(NOW).map(drop)).unwrap();
    spied("close", || drop((vault, code)));
    println!("{} secrets known to the spy, 0 freed blocks with one in", KNOWN.load(Ordering::Relaxed));
}
