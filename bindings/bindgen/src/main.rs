//! Makes the Kotlin, Swift and Python sources of the library:
//! `cargo run -p countersign-bindgen -- generate --language kotlin --config uniffi.toml --out-dir FOLDER LIBRARY`.

fn main() {
    uniffi::uniffi_bindgen_main()
}
