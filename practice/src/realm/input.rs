//! Fields from outside, checked in the order and with the texts of the extension.

use serde_json::{Map, Value};

use super::answer::Refusal;

/// Longest token, in characters.
pub(crate) const MAX_JWT: usize = 16_384;
/// Longest JWK, in characters of JSON.
pub(crate) const MAX_JWK: usize = 8_192;
/// Longest user id.
pub(crate) const MAX_USER_ID: usize = 128;
/// Longest device id and credential id.
pub(crate) const MAX_DEVICE_ID: usize = 128;

/// A field as text: text itself, a number or a truth value; `None` for everything else.
pub(crate) fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    match fields.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// `value`, unless it is missing or blank.
pub(crate) fn required(value: Option<String>, field: &str) -> Result<String, Refusal> {
    value
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| Refusal::bad(format!("Missing field: {field}")))
}

/// `value`, unless it is missing, blank, longer than `max` characters or has control characters.
pub(crate) fn bounded(value: Option<String>, max: usize, field: &str) -> Result<String, Refusal> {
    let text = required(value, field)?;
    short(&text, max, field)?;
    if text.chars().any(char::is_control) {
        return Err(Refusal::bad(format!("Invalid characters in field: {field}")));
    }
    Ok(text)
}

/// Like [`bounded`], but may be missing or blank.
pub(crate) fn optional(value: Option<String>, max: usize, field: &str) -> Result<Option<String>, Refusal> {
    match value.filter(|text| !text.trim().is_empty()) {
        None => Ok(None),
        given => bounded(given, max, field).map(Some),
    }
}

/// Refuses more than `max` characters.
pub(crate) fn short(text: &str, max: usize, field: &str) -> Result<(), Refusal> {
    if text.chars().count() > max {
        return Err(Refusal::bad(format!("Field too long: {field}")));
    }
    Ok(())
}

/// `value`, unless it is missing or not a UUID of 36 characters.
pub(crate) fn uuid(value: Option<String>, field: &str) -> Result<String, Refusal> {
    let text = required(value, field)?;
    if !is_uuid(&text) {
        return Err(Refusal::bad(format!("Invalid UUID field: {field}")));
    }
    Ok(text)
}

pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{bounded, optional, text, uuid};

    #[test]
    fn each_flaw_has_its_text() {
        let say = |value: Option<&str>| {
            bounded(value.map(str::to_owned), 5, "sub").map_err(|refusal| refusal.error.into_owned())
        };
        assert_eq!(say(Some("alice")), Ok("alice".to_owned()));
        assert_eq!(say(None), Err("Missing field: sub".to_owned()));
        assert_eq!(say(Some(" ")), Err("Missing field: sub".to_owned()));
        assert_eq!(say(Some("alice2")), Err("Field too long: sub".to_owned()));
        assert_eq!(say(Some("a\nb")), Err("Invalid characters in field: sub".to_owned()));
        assert_eq!(optional(Some(String::new()), 5, "label"), Ok(None));
        assert!(uuid(Some("x".to_owned()), "cid").is_err());
        assert!(uuid(Some("b2726661-f272-4da7-917c-8da28f43125d".to_owned()), "cid").is_ok());
    }

    #[test]
    fn only_plain_values_are_text() {
        let fields = json!({"a": "x", "b": 3, "c": [1], "d": null});
        let fields = fields.as_object().expect("an object");
        assert_eq!(text(fields, "a").as_deref(), Some("x"));
        assert_eq!(text(fields, "b").as_deref(), Some("3"));
        assert_eq!(text(fields, "c"), None);
        assert_eq!(text(fields, "d"), None);
        assert_eq!(text(fields, "e"), None);
    }
}
