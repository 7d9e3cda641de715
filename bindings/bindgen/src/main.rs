//! Makes the bindings: `cargo run -p countersign-bindgen -- generate --library … --language …`.
fn main() {
    uniffi::uniffi_bindgen_main()
}
