//! The acts.

use std::path::Path;

use countersign::approval::{AnswerResult, Request};
use countersign::authenticator::Scanned;
use countersign::reason::Reason;
use countersign::vault::Summary;

use super::Surprise;
use super::browser::Browser;
use super::phone::{Phone, expect};
use super::picture::png_of;
use super::stage::Stage;
use crate::files::write_whole;
use crate::text::title_of;
use crate::words::{self, Language};

/// The file that a page's code is saved as.
const PICTURE: &str = "qr-code.png";

pub struct Play<'f> {
    stage: Stage,
    browser: Browser,
    phone: Phone,
    folder: &'f Path,
    language: Language,
}

impl<'f> Play<'f> {
    pub const fn new(
        stage: Stage,
        browser: Browser,
        phone: Phone,
        folder: &'f Path,
        language: Language,
    ) -> Self {
        Self { stage, browser, phone, folder, language }
    }

    pub fn run(&mut self) -> Result<(), Surprise> {
        self.add_account()?;
        self.try_out()?;
        self.add_codes()?;
        self.sign_in_after_a_slip()?;
        self.decline()?;
        Ok(self.stage.close(&words::demo_ends(self.language))?)
    }

    fn add_account(&mut self) -> Result<(), Surprise> {
        self.stage.act(&words::demo_add(self.language));
        self.sign_in()?;
        self.heading();
        let pressed = self.browser.go_on()?;
        self.stage.pressed(&pressed);
        self.heading();
        self.press("next", &[])?;
        self.heading();
        let scanned = self.scan()?;
        let origin = scanned.origin().ok_or_else(|| self.browser.page().lacks("qr"))?;
        let question = words::trust_question(self.language, origin);
        question
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .for_each(|line| self.stage.phone(line));
        self.stage.phone(&format!("[ {} ]", words::yes(self.language)));
        self.add(&scanned)?;
        self.browser.reload()?;
        self.stage.page(&self.browser.page().text_of("status")?);
        self.press("next", &[])
    }

    fn try_out(&mut self) -> Result<(), Surprise> {
        self.stage.act(&words::demo_try(self.language));
        let number = self.number()?;
        let (account, request) = self.request()?;
        self.type_in(&number);
        expect(self.phone.approve(&account.id, &request.id, &number)?, AnswerResult::Approved)?;
        self.stage.phone(&words::approved(self.language));
        self.browser.reload()?;
        self.heading();
        let pressed = self.browser.go_on()?;
        self.stage.pressed(&pressed);
        self.be_signed_in()
    }

    fn add_codes(&mut self) -> Result<(), Surprise> {
        self.stage.act(&words::demo_codes(self.language));
        for link in ["security-info", "add-method", "different-app"] {
            let pressed = self.browser.follow(link)?;
            self.stage.pressed(&pressed);
        }
        self.heading();
        let scanned = self.scan()?;
        let account = self.add(&scanned)?;
        self.stage.phone(&format!("> countersign code {}", account.id));
        let (codes, seconds) = self.phone.codes(&account)?;
        let title = title_of(&account.issuer, &account.name);
        self.stage.phone(codes.current.as_str());
        self.stage.phone(&words::code_lasts(self.language, &title, &seconds));
        self.stage.page(codes.current.as_str());
        self.press("next", &[("code", codes.current.as_str())])?;
        self.heading();
        self.browser.page().way().map(|_| ())
    }

    fn sign_in_after_a_slip(&mut self) -> Result<(), Surprise> {
        self.stage.act(&words::demo_slip(self.language));
        self.press("sign-out", &[])?;
        self.sign_in()?;
        let number = self.number()?;
        let (account, request) = self.request()?;
        // Half of the number: numbers of one digit are never offered, so this is always refused here.
        let slip: String = number.chars().take(1).collect();
        self.type_in(&slip);
        let answered =
            expect(self.phone.approve(&account.id, &request.id, &slip)?, AnswerResult::WrongAnswer)?;
        self.stage.phone(words::of_reason(Reason::NumberNotOffered, self.language).0);
        let left = answered.tries_left.filter(|left| *left > 0).ok_or(Surprise::NoRequest)?;
        self.stage.phone(&words::tries_left(self.language, &left));
        self.browser.reload()?;
        self.number()?;
        self.type_in(&number);
        expect(self.phone.approve(&account.id, &request.id, &number)?, AnswerResult::Approved)?;
        self.stage.phone(&words::approved(self.language));
        self.browser.reload()?;
        self.be_signed_in()
    }

    fn decline(&mut self) -> Result<(), Surprise> {
        self.stage.act(&words::demo_decline(self.language));
        self.press("sign-out", &[])?;
        self.sign_in()?;
        self.number()?;
        let (account, request) = self.request()?;
        self.stage.phone(&format!("[ {} ]", words::not_me(self.language)));
        expect(self.phone.decline(&account.id, &request.id)?, AnswerResult::Declined)?;
        self.stage.phone(&words::declined(self.language));
        self.browser.reload()?;
        self.heading();
        self.stage.page(&self.browser.page().text_of("message")?);
        Ok(())
    }

    /// User name and password, as the sign-in page itself tells them.
    fn sign_in(&mut self) -> Result<(), Surprise> {
        self.heading();
        let known = self.browser.page().codes_in("first-account")?;
        let [name, password] = known.as_slice() else {
            return Err(self.browser.page().lacks("first-account"));
        };
        self.stage.page(&format!("{name}  {}", "•".repeat(password.len())));
        self.press("sign-in", &[("name", name), ("password", password)])
    }

    /// "Stay signed in?", and in.
    fn be_signed_in(&mut self) -> Result<(), Surprise> {
        self.heading();
        self.press("stay-no", &[])?;
        self.heading();
        self.stage.page(&self.browser.page().text_of("signed-in")?);
        Ok(())
    }

    /// The number of the page that waits.
    fn number(&self) -> Result<String, Surprise> {
        let page = self.browser.page();
        let number = page.text_of("number")?;
        self.heading();
        self.stage.page(&page.text_of("number-label")?);
        self.stage.heading(&format!("  {number}"));
        self.stage.page(&page.text_of("status")?);
        Ok(number)
    }

    /// Saves the code of the page as a picture, and reads the picture.
    fn scan(&self) -> Result<Scanned, Surprise> {
        let page = self.browser.page();
        let (picture, side) = png_of(page.picture("qr")?).ok_or(Surprise::Picture)?;
        self.stage.page(&words::demo_picture(self.language, &side));
        self.stage.phone(&format!("> countersign add {PICTURE}"));
        let file = self.folder.join(PICTURE);
        write_whole(&file, &picture).map_err(|_| Surprise::Picture)?;
        let scanned = Phone::scan(&file);
        std::fs::remove_file(&file).map_err(|_| Surprise::Picture)?;
        Ok(scanned?)
    }

    fn add(&mut self, scanned: &Scanned) -> Result<Summary, Surprise> {
        let account = self.phone.add(scanned)?;
        self.stage.phone(&words::added(self.language, &title_of(&account.issuer, &account.name)));
        Ok(account)
    }

    fn request(&mut self) -> Result<(Summary, Request), Surprise> {
        let (account, request) = self.phone.request()?;
        self.stage.phone(&words::new_request(self.language));
        self.stage.phone(&title_of(&account.issuer, &account.name));
        self.stage.phone(&request.application);
        Ok((account, request))
    }

    fn type_in(&self, number: &str) {
        self.stage.phone(&words::number_typed(self.language, &number));
        self.stage.phone(&format!("[ {} ]", words::yes(self.language)));
    }

    fn press(&mut self, button: &str, fields: &[(&str, &str)]) -> Result<(), Surprise> {
        let pressed = self.browser.press(button, fields)?;
        self.stage.pressed(&pressed);
        Ok(())
    }

    fn heading(&self) {
        self.stage.heading(&self.browser.page().title());
    }
}
