//! What entries of a file share: folders, categories and collections, or the names and the note of an item with several
//! codes. Each gets a copy, so texts are cut before, and no entry gets more tags than can tell that some were left.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use crate::account::{MAX_NOTE, MAX_TAGS};
use crate::link::{MAX_NAME, clean_name, first_characters};

/// As much of a note as can tell that it will be cut.
pub(super) fn note(text: &str) -> &str {
    first_characters(text, MAX_NOTE + 1)
}

/// As much of a name as is looked at when it is cleaned, and one character that tells that there was more.
pub(super) fn name(text: &str) -> &str {
    first_characters(text, 4 * MAX_NAME + 1)
}

/// The name of a folder and the like.
pub(super) type Tag = Arc<str>;

/// It is kept in even fewer characters, so it can still be told that it was cut.
pub(super) fn tag(name: &str) -> Tag {
    clean_name(name).text.into()
}

/// The tags of each entry, by what the file knows it by.
pub(super) struct Tags<K>(HashMap<K, Vec<Tag>>);

impl<K> Default for Tags<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash> Tags<K> {
    pub(super) fn add(&mut self, entry: K, tag: &Tag) {
        let tags = self.0.entry(entry).or_default();
        if tags.len() <= MAX_TAGS && !tags.contains(tag) {
            tags.push(Arc::clone(tag));
        }
    }

    /// Those of one entry: one more at most than are kept.
    pub(super) fn of<Q>(&self, entry: &Q) -> impl Iterator<Item = String>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.0.get(entry).into_iter().flatten().map(ToString::to_string)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::MAX_TAG;
    use crate::link::MAX_NAME;

    #[test]
    fn names_and_counts_end() {
        let mut tags = Tags::default();
        for number in 0..10_000 {
            tags.add("a", &tag(&format!("{number}{}", "x".repeat(10_000))));
            tags.add("b", &tag("Work"));
        }
        let of_a: Vec<_> = tags.of("a").collect();
        assert_eq!((of_a.len(), tags.of("b").count(), tags.of("c").count()), (MAX_TAGS + 1, 1, 0));
        assert!(of_a.iter().all(|tag| (MAX_TAG + 1..=MAX_NAME).contains(&tag.len())));
    }
}
