//! Files of other apps. A file is refused by name or gives entries, each of which gives a code or a reason; under a
//! password only what costs little is opened.
//!
//! `IMPORT_PARSER` names the folder of `seeds/imports` whose parsers are tried by themselves; without it the one entry
//! tells whose file it is.

#![no_main]

use std::env;
use std::sync::LazyLock;

use countersign::clock::UnixTime;
use countersign::transfer::import::fuzzing::{PARSERS, Parser};
use countersign::transfer::import::{Batch, Limits, MAX_ENTRIES, Opened, Progress, Refused, compare, open};
use libfuzzer_sys::fuzz_target;

/// The password of the seeds.
const PASSWORD: &[u8] = "correct horse ü".as_bytes();
/// KiB of memory, and rounds, that a run is worth.
const CHEAP: Limits = Limits { memory_kib: 2048 };
const ROUNDS: u64 = 20_000;

static CHOSEN: LazyLock<&[Parser]> = LazyLock::new(|| {
    let Some(name) = env::var_os("IMPORT_PARSER") else { return &[open] };
    let chosen = PARSERS.iter().find(|(folder, _)| name == *folder);
    chosen.unwrap_or_else(|| panic!("no parser is called {}", name.display())).1
});

fuzz_target!(|file: &[u8]| CHOSEN.iter().for_each(|parser| follow(parser(file))));

fn follow(read: Result<Opened, Refused>) {
    match read {
        Ok(Opened::Entries(batch)) => judge(&batch),
        Ok(Opened::Locked(locked)) => {
            if locked.costs().any(|cost| cost.rounds > ROUNDS) {
                return;
            }
            let Ok(mut unlocking) = locked.unlock(PASSWORD, CHEAP) else { return };
            while let Ok(progress) = unlocking.step() {
                if let Progress::Done(batch) = progress {
                    return judge(&batch);
                }
            }
        }
        Err(refused) => assert!(!refused.to_string().is_empty()),
    }
}

fn judge(batch: &Batch) {
    assert!(batch.entries.len() <= MAX_ENTRIES);
    assert!(!batch.app.name().is_empty() && !batch.format.is_empty());
    for entry in &batch.entries {
        assert!(!entry.issuer.contains('\0') && !entry.name.contains('\0'));
        if let Ok(otp) = &entry.otp {
            let by_time = otp.codes_at(UnixTime(1_700_000_000)).map(|codes| codes.current);
            let code = by_time.or_else(|| otp.code_of_counter()).expect("every account has codes");
            assert!((1..=9).contains(&code.as_str().len()));
        }
    }
    let rows = compare(&batch.entries, &[]);
    assert_eq!(rows.len(), batch.entries.len());
    let _ = batch.missing();
}
