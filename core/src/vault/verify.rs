//! Looking at everything, where ordinary calls look at what they need.

use super::book::Book;
use super::store::Tx;
use super::{Part, VaultError};

/// Every page and row of a book that is not as its manifest says.
pub(super) fn book(tx: &Tx<'_>, book: &Book) -> Result<Vec<Part>, VaultError> {
    let mut wrong: Vec<_> = book.damaged_pages().into_iter().map(Part::Index).collect();
    let is_whole = wrong.is_empty();
    let mut missing = 0;
    let mut known = 0;
    for entry in book.entries() {
        known += 1;
        match book.open(tx, entry) {
            Ok(_) => {}
            Err(VaultError::Damaged(part)) => {
                missing += u64::from(matches!(part, Part::RowMissing { .. }));
                wrong.push(part);
            }
            Err(other) => return Err(other),
        }
    }
    let extra = (tx.count_rows(book.seal.book)? + missing).saturating_sub(known);
    // The rows of a damaged page are there but unknown: not too many.
    if is_whole && extra > 0 {
        wrong.push(Part::RowsExtra(extra));
    }
    Ok(wrong)
}
