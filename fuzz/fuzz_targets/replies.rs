//! What servers answer, whole flows long: keys, tokens, lists, errors, dates.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| countersign::approval::fuzzing::replies(bytes));
