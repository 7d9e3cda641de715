//! Addresses out of links, replies and challenges: what is accepted names a host in ASCII, and lies on itself.

#![no_main]

use countersign::link::Origin;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|address: &str| {
    let Ok(origin) = Origin::of(address) else { return };
    assert!(origin.contains(address));
    assert!(origin.host().is_ascii());
    assert!(origin.port() > 0 || address.contains(":0"));
    assert_eq!(Origin::of(&origin.to_string()).as_ref(), Ok(&origin));
});
