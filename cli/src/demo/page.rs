//! A page as far as a visitor without eyes has to read it: elements by id, forms, links.

use super::Surprise;

/// A page of the practice site.
pub struct Page {
    status: u16,
    html: String,
}

/// A form, ready to be sent.
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// The fields that are filled in already, and what the pressed button adds.
    pub fields: Vec<(String, String)>,
    /// What the pressed button says.
    pub button: String,
}

impl Page {
    pub const fn new(status: u16, html: String) -> Self {
        Self { status, html }
    }

    /// The heading.
    pub fn title(&self) -> String {
        text(between(&self.html, "<h1>", "</h1>").unwrap_or_default())
    }

    /// The text of the element with this id.
    pub fn text_of(&self, id: &str) -> Result<String, Surprise> {
        self.element(id).map(text)
    }

    /// The texts that the element with this id sets apart as code.
    pub fn codes_in(&self, id: &str) -> Result<Vec<String>, Surprise> {
        let element = self.element(id)?;
        Ok(element.split("<code>").skip(1).map(|rest| text(until(rest, "</code>"))).collect())
    }

    /// Where the link with this id leads, and what it says.
    pub fn link(&self, id: &str) -> Result<(String, String), Surprise> {
        let tag = self.tag(id)?;
        let target = attribute(tag, "href").ok_or_else(|| self.lacks(id))?;
        Ok((target, self.text_of(id)?))
    }

    /// The first of the links below a message: where it leads, and what it says.
    pub fn way(&self) -> Result<(String, String), Surprise> {
        let link = self.html.split("class=\"ways\"").nth(1).and_then(|ways| between(ways, "<a ", "</a>"));
        let link = link.ok_or_else(|| self.lacks("ways"))?;
        let target = attribute(link, "href").ok_or_else(|| self.lacks("ways"))?;
        Ok((target, text(link.split_once('>').map_or("", |(_, text)| text))))
    }

    /// The form that the button with this id sends.
    pub fn form(&self, id: &str) -> Result<Form, Surprise> {
        let marked = format!(" id=\"{id}\"");
        let form = self.html.split("<form ").skip(1).map(|rest| until(rest, "</form>"));
        let form = form.into_iter().find(|form| form.contains(&marked)).ok_or_else(|| self.lacks(id))?;
        let action = attribute(form, "action").ok_or_else(|| self.lacks(id))?;
        let hidden = form.split("<input ").skip(1).map(|rest| until(rest, ">"));
        let hidden = hidden.filter(|input| attribute(input, "type").as_deref() == Some("hidden"));
        let button = self.tag(id)?;
        let fields = hidden.chain([button]).filter_map(named).collect();
        Ok(Form { action, fields, button: self.text_of(id)? })
    }

    /// The picture with this id, as SVG.
    pub fn picture(&self, id: &str) -> Result<&str, Surprise> {
        self.element(id)
    }

    /// What the visitor looked for and did not find.
    pub fn lacks(&self, wanted: &str) -> Surprise {
        Surprise::Page { wanted: wanted.to_owned(), title: self.title(), status: self.status }
    }

    /// The attributes of the element with this id.
    fn tag(&self, id: &str) -> Result<&str, Surprise> {
        let marked = format!(" id=\"{id}\"");
        let at = self.html.find(&marked).ok_or_else(|| self.lacks(id))?;
        let start = self.html.get(..at).and_then(|before| before.rfind('<')).unwrap_or(at);
        Ok(until(self.html.get(start..).unwrap_or_default(), ">"))
    }

    /// What is inside the element with this id; it holds none of its own kind.
    fn element(&self, id: &str) -> Result<&str, Surprise> {
        let tag = self.tag(id)?;
        let name = tag.get(1..).unwrap_or_default().split([' ', '>']).next().unwrap_or_default();
        let rest = self.html.split_once(tag).map_or("", |(_, rest)| rest);
        let inside = rest.split_once('>').map_or("", |(_, inside)| inside);
        let end = inside.find(&format!("</{name}>")).ok_or_else(|| self.lacks(id))?;
        Ok(inside.get(..end).unwrap_or_default())
    }
}

/// Name and value of a field.
fn named(tag: &str) -> Option<(String, String)> {
    Some((attribute(tag, "name")?, attribute(tag, "value")?))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    // The first attribute of a tag that was cut off at its name has no space before it.
    let padded = format!(" {tag}");
    between(&padded, &format!(" {name}=\""), "\"").map(unescaped)
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    text.split_once(start)?.1.split_once(end).map(|(inside, _)| inside)
}

fn until<'t>(text: &'t str, end: &str) -> &'t str {
    text.split_once(end).map_or(text, |(before, _)| before)
}

/// The text without its tags, on one line.
fn text(html: &str) -> String {
    let mut shown = String::new();
    for (at, part) in html.split('<').enumerate() {
        let words = if at == 0 { part } else { part.split_once('>').map_or("", |(_, words)| words) };
        shown.push_str(words);
    }
    unescaped(&shown).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unescaped(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&nbsp;", " "),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (escape, character)| text.replace(escape, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = "<h1>Let&#39;s <b>try</b></h1><p id=\"number\">42</p>\
        <p id=\"first\">Name:\n <code>alice</code> &nbsp; Password: <code>a&amp;b</code></p>\
        <form method=\"post\" action=\"/other\"><button id=\"other\">Other</button></form>\
        <form method=\"post\" action=\"/go\"><input type=\"hidden\" name=\"csrf\" value=\"x&#38;y\">\
        <input id=\"code\" name=\"code\" value=\"\"><button id=\"yes\" name=\"stay\" value=\"yes\">Yes</button></form>\
        <div class=\"ways\"><a class=\"button\" href=\"/next?a=1&amp;b=2\">Next</a></div>";

    #[test]
    fn what_a_visitor_reads() {
        let page = Page::new(200, HTML.to_owned());
        assert_eq!(page.title(), "Let's try");
        assert_eq!(page.text_of("number").unwrap(), "42");
        assert_eq!(page.text_of("first").unwrap(), "Name: alice Password: a&b");
        assert_eq!(page.codes_in("first").unwrap(), ["alice", "a&b"]);
        assert_eq!(page.way().unwrap(), ("/next?a=1&b=2".to_owned(), "Next".to_owned()));
    }

    #[test]
    fn a_form_has_its_hidden_fields_and_its_button() {
        let form = Page::new(200, HTML.to_owned()).form("yes").unwrap();
        let fields: Vec<_> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!((form.action.as_str(), form.button.as_str()), ("/go", "Yes"));
        assert_eq!(fields, [("csrf", "x&y"), ("stay", "yes")]);
    }

    #[test]
    fn what_is_missing_is_told_with_the_page() {
        let page = Page::new(403, HTML.to_owned());
        assert!(matches!(page.form("nothing"), Err(Surprise::Page { status: 403, .. })));
        assert!(page.text_of("nothing").is_err() && page.link("number").is_err());
        assert!(Page::new(200, String::new()).way().is_err());
    }
}
