//! A sheet to print: each account with its QR code and its secret to type, in HTML that needs nothing else, on A4.

use super::{Chosen, Lost};
use crate::account::Account;
use crate::link::{otpauth_uri, seed_text};
use crate::otp::{Kind, Otp};
use crate::qr;
use crate::secret::{Secret, WipingWriter};

/// The words of a sheet, in the language of whoever prints it.
#[derive(Clone, Debug, Default)]
pub struct SheetWords {
    /// The language, as BCP 47 has it: `en`, `ja`.
    pub language: String,
    /// What it is.
    pub title: String,
    /// When it was made.
    pub made: String,
    /// What to do with it, a paragraph each.
    pub paragraphs: Vec<String>,
    /// Before a secret in Base32.
    pub secret: String,
    /// Before a PIN.
    pub pin: String,
    /// Before the length of a code.
    pub digits: String,
    /// Before the seconds that a code lasts.
    pub period: String,
    /// Before the counter of the next code.
    pub counter: String,
    /// Before the name of the hash.
    pub algorithm: String,
    /// Before the tags.
    pub tags: String,
    /// Before the note.
    pub note: String,
    /// Of an account that is shown first.
    pub favourite: String,
    /// In the place of a code that would be too large.
    pub no_code: String,
}

/// Millimetres of a module, of the smallest code, and of the largest that leaves room for the words beside it.
const MODULE: f64 = 0.5;
const SMALLEST: f64 = 40.0;
const LARGEST: f64 = 95.0;

/// No script and nothing from elsewhere, whatever a name tries.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

const STYLE: &str = "\
@page{size:A4;margin:15mm}
*{margin:0;padding:0;box-sizing:border-box}
body{font:10pt/1.4 'Noto Sans','Noto Sans CJK JP','Hiragino Sans','Yu Gothic',sans-serif;color:#000;background:#fff}
@media screen{body{max-width:180mm;margin:15mm auto}}
h1{font-size:16pt}
header p{margin-top:2mm}
section{border-top:.3mm solid #888;margin-top:5mm;padding-top:5mm}
.account{display:flex;gap:6mm;break-inside:avoid}
.code{flex:none}
.code svg{display:block;width:100%;height:auto}
.words{flex:1;min-width:0;overflow-wrap:anywhere}
h2{font-size:12pt}
dl{display:grid;grid-template-columns:max-content 1fr;column-gap:4mm;margin-top:2mm}
dd.secret{font-family:monospace;font-size:10.5pt}
.note{margin-top:3mm;white-space:pre-wrap;overflow-wrap:anywhere}
";

pub(super) fn lost(account: &Account, otp: &Otp) -> Vec<Lost> {
    let link = otpauth_uri(&account.issuer, &account.name, otp);
    if link.len() > qr::MAX_TEXT { vec![Lost::QrCode] } else { Vec::new() }
}

pub(super) fn write(accounts: &[Chosen<'_>], words: &SheetWords) -> Secret {
    let mut page = Page(WipingWriter::new(32 * 1024 * (accounts.len() + 1)));
    page.markup("<!DOCTYPE html>\n<html lang=\"");
    page.text(&words.language);
    page.markup("\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"");
    page.markup(POLICY);
    page.markup("\"><title>");
    page.text(&words.title);
    page.markup("</title><style>\n");
    page.markup(STYLE);
    page.markup("</style></head><body><header><h1>");
    page.text(&words.title);
    page.markup("</h1>");
    for paragraph in std::iter::once(&words.made).chain(&words.paragraphs) {
        page.markup("<p>");
        page.text(paragraph);
        page.markup("</p>");
    }
    page.markup("</header>\n");
    for chosen in accounts {
        page.account(chosen, words);
    }
    page.markup("</body></html>\n");
    page.0.into_secret()
}

struct Page(WipingWriter);

impl Page {
    fn markup(&mut self, markup: &str) {
        self.0.push(markup.as_bytes());
    }

    /// Text of any kind: what HTML gives a meaning to is escaped, and characters that it does not allow are left out.
    fn text(&mut self, text: &str) {
        let mut buffer = [0; 4];
        for c in text.chars() {
            self.0.push(match c {
                '&' => b"&amp;",
                '<' => b"&lt;",
                '>' => b"&gt;",
                '"' => b"&quot;",
                '\'' => b"&#39;",
                c if c.is_control() && c != '\n' => continue,
                c => c.encode_utf8(&mut buffer).as_bytes(),
            });
        }
    }

    /// Text of the person's own, whose direction marks reach no further than itself.
    fn name(&mut self, name: &str) {
        self.markup("<bdi>");
        self.text(name);
        self.markup("</bdi>");
    }

    fn account(&mut self, chosen: &Chosen<'_>, words: &SheetWords) {
        let account = chosen.account;
        self.markup("<section><div class=\"account\">");
        self.code(chosen, words);
        self.markup("<div class=\"words\"><h2>");
        self.name(if account.issuer.is_empty() { &account.name } else { &account.issuer });
        self.markup("</h2>");
        if !account.issuer.is_empty() && !account.name.is_empty() {
            self.markup("<p>");
            self.name(&account.name);
            self.markup("</p>");
        }
        self.markup("<dl>");
        self.parameters(chosen.otp, words);
        if !account.tags.is_empty() {
            self.row(&words.tags, |page| page.name(&account.tags.join(", ")));
        }
        self.markup("</dl>");
        if account.favourite {
            self.markup("<p>★ ");
            self.text(&words.favourite);
            self.markup("</p>");
        }
        self.markup("</div></div>");
        // Behind the part that stays on one page: a note may be longer than one.
        if !account.note.is_empty() {
            self.markup("<div class=\"note\">");
            self.text(&words.note);
            self.markup(": ");
            self.name(&account.note);
            self.markup("</div>");
        }
        self.markup("</section>\n");
    }

    fn code(&mut self, chosen: &Chosen<'_>, words: &SheetWords) {
        let link = otpauth_uri(&chosen.account.issuer, &chosen.account.name, chosen.otp);
        // EXPOSE: drawn to be scanned.
        match link.expose_str().map(qr::drawn) {
            Some(Ok((picture, modules))) => {
                let modules = u32::try_from(modules).map_or(LARGEST, f64::from);
                let width = (modules * MODULE).clamp(SMALLEST, LARGEST);
                self.markup(&format!("<div class=\"code\" style=\"width:{width}mm\">"));
                // EXPOSE: part of the page.
                self.0.push(picture.expose());
            }
            _ => {
                self.markup(&format!("<div class=\"code\" style=\"width:{SMALLEST}mm\">"));
                self.text(&words.no_code);
            }
        }
        self.markup("</div>");
    }

    /// What has to be typed where nothing can be scanned.
    fn parameters(&mut self, otp: &Otp, words: &SheetWords) {
        self.markup("<dt>");
        self.text(&words.secret);
        self.markup("</dt><dd class=\"secret\">");
        // EXPOSE: to be typed.
        let seed = otp.seed().expose();
        match otp.kind() {
            Kind::Motp => self.text(std::str::from_utf8(seed).unwrap_or_default()),
            _ => self.groups(&seed_text(seed)),
        }
        self.markup("</dd>");
        // EXPOSE: to be typed.
        if let Some(pin) = otp.pin().and_then(Secret::expose_str) {
            self.row(&words.pin, |page| page.text(pin));
        }
        let kind = otp.kind().name().to_ascii_uppercase();
        self.row(&words.algorithm, |page| page.text(&format!("{kind}, {}", otp.algorithm().name())));
        self.row(&words.digits, |page| page.text(&otp.digits().to_string()));
        if let Kind::Hotp { counter } = otp.kind() {
            self.row(&words.counter, |page| page.text(&counter.to_string()));
        }
        if let Some(period) = otp.period() {
            self.row(&words.period, |page| page.text(&format!("{period} s")));
        }
    }

    /// In groups of four, so that nobody loses the place.
    fn groups(&mut self, symbols: &str) {
        for (place, group) in symbols.as_bytes().chunks(4).enumerate() {
            if place > 0 {
                self.markup(" ");
            }
            self.0.push(group);
        }
    }

    fn row(&mut self, label: &str, value: impl FnOnce(&mut Self)) {
        self.markup("<dt>");
        self.text(label);
        self.markup("</dt><dd>");
        value(self);
        self.markup("</dd>");
    }
}
