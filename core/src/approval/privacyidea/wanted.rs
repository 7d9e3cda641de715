//! Options to choose from (since privacyIDEA 3.10) and capabilities (since 3.14).

use serde::Deserialize;
use serde_json::Value;

use super::super::challenge::{Demand, MAX_OPTIONS};
use crate::order::sort_short;
use crate::reason::Reason;

/// Longest statement of capabilities that is read, in bytes.
const MAX_CAPABILITIES: usize = 4096;

/// What a challenge has besides; every text as it was signed.
#[derive(Deserialize)]
pub(in super::super) struct More {
    pub(super) require_presence: Option<String>,
    capabilities: Option<String>,
    capabilities_signature: Option<String>,
}

impl More {
    pub(super) fn demand(&self) -> Demand {
        let Some(options) = &self.require_presence else { return Demand::None };
        let options: Vec<String> = options.split(',').take(MAX_OPTIONS + 1).map(str::to_owned).collect();
        if options.len() > MAX_OPTIONS || options.iter().any(|option| option.trim().is_empty()) {
            Demand::Unusable(Reason::ReplyUnreadable)
        } else {
            Demand::of_options(options)
        }
    }

    /// What the server says that it can do is signed apart (RFC 8785). A bad signature is no older server: it is
    /// somebody between.
    pub(super) fn takes_decline_reason(
        &self,
        nonce: &str,
        is_signed: impl Fn(&str, &str) -> bool,
    ) -> Result<bool, Reason> {
        let Some(text) = &self.capabilities else { return Ok(false) };
        let capabilities = (text.len() <= MAX_CAPABILITIES)
            .then(|| serde_json::from_slice::<Value>(text.as_bytes()).ok())
            .flatten()
            .ok_or(Reason::ReplyUnreadable)?;
        let nonce = canonical(&Value::from(nonce));
        let signed = format!(r#"{{"capabilities":{},"nonce":{nonce}}}"#, canonical(&capabilities));
        if !is_signed(&signed, self.capabilities_signature.as_deref().unwrap_or_default()) {
            return Err(Reason::SignatureWrong);
        }
        Ok(capabilities.get("decline_reason") == Some(&Value::Bool(true)))
    }
}

/// JSON in canonical form (RFC 8785), for values without fractions.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            sort_short(&mut members, |(one, _), (other, _)| one.encode_utf16().lt(other.encode_utf16()));
            let members: Vec<_> = members
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(values) => {
            format!("[{}]", values.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        value => value.to_string(),
    }
}
