//! The order of short lists.

use std::mem;

/// Sorts by insertion, and keeps what is equal in its order: for lists of a few hundred, as what it costs grows with the
/// square of their length. The standard library's sorts are compiled anew for each kind of list, in 3 to 5 kB; this one
/// takes a twentieth of that (docs/decisions/0014-five-megabytes-for-the-library.md).
pub(crate) fn sort_short<T>(list: &mut [T], comes_before: impl Fn(&T, &T) -> bool) {
    for end in 1..list.len() {
        for at in (0..end).rev() {
            match list.get_mut(at..=at + 1) {
                Some([one, other]) if comes_before(other, one) => mem::swap(one, other),
                _ => break,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn as_the_standard_librarys_stable_sort(list: Vec<(u8, u8)>) {
            let (mut ours, mut theirs) = (list.clone(), list);
            sort_short(&mut ours, |one, other| one.0 < other.0);
            theirs.sort_by_key(|(key, _)| *key);
            prop_assert_eq!(ours, theirs);
        }
    }
}
