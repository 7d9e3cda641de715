//! Backups of ours: the header, and the content as it is once a file has been opened. Every account gives a code or a
//! reason, and what comes back from a file of ours has names that it can keep.

#![no_main]

use countersign::clock::UnixTime;
use countersign::transfer::backup::fuzzing::contents;
use countersign::transfer::import::{MAX_ENTRIES, compare};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some(batch) = contents(bytes) else { return };
    assert!(batch.entries.len() <= MAX_ENTRIES && batch.made_at.is_some());
    for entry in &batch.entries {
        assert!(!entry.issuer.contains('\0') && !entry.name.contains('\0'));
        if let Ok(otp) = &entry.otp {
            let by_time = otp.codes_at(UnixTime(1_700_000_000)).map(|codes| codes.current);
            assert!(by_time.or_else(|| otp.code_of_counter()).is_some(), "every account has codes");
        }
    }
    assert_eq!(compare(&batch.entries, &[]).len(), batch.entries.len());
});
