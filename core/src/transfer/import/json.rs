//! JSON as other apps write it: fields of any type, missing or null, and entries that are judged one by one.

use std::fmt;

use serde::de::{self, DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::{MAX_ENTRIES, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

/// Elements of an array, each still text: one that is broken breaks no other.
pub(super) type Elements<'a> = Vec<&'a RawValue>;

/// Reads a file's frame.
pub(super) fn frame<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, Refused> {
    serde_json::from_slice(json).map_err(|_| Reason::ImportDamaged.into())
}

/// Reads one element; `None` where it is not of that shape.
pub(super) fn element<T: DeserializeOwned>(element: &RawValue) -> Option<T> {
    serde_json::from_slice(element.get().as_bytes()).ok()
}

/// Reads a part that has elements of its own; `None` where it is not of that shape.
pub(super) fn part<'a, T: Deserialize<'a>>(part: &'a RawValue) -> Option<T> {
    serde_json::from_slice(part.get().as_bytes()).ok()
}

/// The most entries of a file, before any is looked at.
pub(super) fn cap(count: usize) -> Result<(), Refused> {
    if count <= MAX_ENTRIES {
        return Ok(());
    }
    let figures = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    Err(Refused::over(Reason::ImportTooLarge, figures(count), figures(MAX_ENTRIES), "entries"))
}

/// Text, or a number or truth value as text; anything else counts as none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text(pub(super) String);

/// A whole number, written as one or as text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Number {
    /// Not there, null, or empty.
    #[default]
    Missing,
    /// There.
    Is(i64),
    /// There, and no whole number.
    Unreadable,
}

/// Text with a secret in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SecretText(pub(super) Secret);

impl Number {
    pub(super) fn of_text(text: &str) -> Self {
        match text.trim() {
            "" | "null" => Self::Missing,
            text => text.parse().map_or(Self::Unreadable, Self::Is),
        }
    }

    /// As it was read, for people to see.
    pub(super) const fn shown(self) -> Option<i64> {
        match self {
            Self::Is(number) => Some(number),
            Self::Missing | Self::Unreadable => None,
        }
    }
}

/// What a JSON value is, as far as it matters here.
trait Scalar: Sized + Default {
    fn text(text: &str) -> Self;
    fn number(number: i64) -> Self;
    /// A value of another kind: an object, an array, a fraction.
    fn other() -> Self;
}

impl Scalar for Text {
    fn text(text: &str) -> Self {
        Self(text.to_owned())
    }
    fn number(number: i64) -> Self {
        Self(number.to_string())
    }
    fn other() -> Self {
        Self::default()
    }
}

impl Scalar for Number {
    fn text(text: &str) -> Self {
        Self::of_text(text)
    }
    fn number(number: i64) -> Self {
        Self::Is(number)
    }
    fn other() -> Self {
        Self::Unreadable
    }
}

impl Scalar for SecretText {
    fn text(text: &str) -> Self {
        Self(Secret::copy_of(text.as_bytes()))
    }
    fn number(number: i64) -> Self {
        Self(Secret::from(number.to_string()))
    }
    fn other() -> Self {
        Self::default()
    }
}

struct AnyScalar<T>(std::marker::PhantomData<T>);

impl<'de, T: Scalar> Visitor<'de> for AnyScalar<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        Ok(T::text(text))
    }
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        Ok(T::number(number))
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        Ok(i64::try_from(number).map_or_else(|_| T::other(), T::number))
    }
    fn visit_f64<E: de::Error>(self, _: f64) -> Result<T, E> {
        Ok(T::other())
    }
    fn visit_bool<E: de::Error>(self, is_so: bool) -> Result<T, E> {
        Ok(T::text(if is_so { "true" } else { "false" }))
    }
    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
        while seq.next_element::<de::IgnoredAny>()?.is_some() {}
        Ok(T::other())
    }
    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        while map.next_entry::<de::IgnoredAny, de::IgnoredAny>()?.is_some() {}
        Ok(T::other())
    }
}

/// The first name of an object: TOTP Authenticator hides its list there.
pub(super) struct FirstName(pub(super) Secret);

impl<'de> Deserialize<'de> for FirstName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = FirstName;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<FirstName, A::Error> {
                let first: Option<(SecretText, de::IgnoredAny)> = map.next_entry()?;
                while map.next_entry::<de::IgnoredAny, de::IgnoredAny>()?.is_some() {}
                first.map(|(name, _)| FirstName(name.0)).ok_or_else(|| de::Error::custom("empty"))
            }
        }
        deserializer.deserialize_map(Names)
    }
}

/// The values of an object, in the file's order, each still text.
pub(super) struct Values<'a>(pub(super) Elements<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Values<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Values<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Values<'de>, A::Error> {
                let mut values = Vec::new();
                while let Some((de::IgnoredAny, value)) = map.next_entry()? {
                    values.push(value);
                }
                Ok(Values(values))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

macro_rules! any_scalar {
    ($($name:ident),+) => {
        $(impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(AnyScalar(std::marker::PhantomData))
            }
        })+
    };
}

any_scalar!(Text, Number, SecretText);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_any_type() {
        #[derive(Deserialize, Debug, PartialEq)]
        #[serde(default)]
        #[derive(Default)]
        struct Fields {
            text: Text,
            number: Number,
        }
        for (json, text, number) in [
            (r#"{}"#, "", Number::Missing),
            (r#"{"text":null,"number":null}"#, "", Number::Missing),
            (r#"{"text":7,"number":"6"}"#, "7", Number::Is(6)),
            (r#"{"text":true,"number":"six"}"#, "true", Number::Unreadable),
            (r#"{"text":{"a":[1]},"number":6.5}"#, "", Number::Unreadable),
            (r#"{"text":[],"number":18446744073709551615}"#, "", Number::Unreadable),
            (r#"{"number":""}"#, "", Number::Missing),
        ] {
            let fields: Fields = frame(json.as_bytes()).unwrap();
            assert_eq!(fields, Fields { text: Text(text.to_owned()), number }, "{json}");
        }
    }
}
