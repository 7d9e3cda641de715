//! QR codes: read from a camera's frames and from pictures, and drawn.
//!
//! A frame has to be answered before the next one comes; a picture is looked at patiently, within a budget of work
//! that depends on its size alone. What is read is a secret: a set-up code holds one.

mod bent;
mod bits;
mod container;
mod eight;
mod encode;
mod frame;
mod number;
mod picture;
mod plane;
mod symbols;
mod text;
mod threshold;

pub(crate) use encode::drawn;
pub use encode::{MAX_TEXT, png, svg};
pub use frame::scan_frame;
pub use picture::{MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS, is_picture, scan_picture};
