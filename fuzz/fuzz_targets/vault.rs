//! What stands in a vault file once it is opened: pages, roots, slots, and typed recovery codes.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| countersign::vault::fuzzing::contents(bytes));
