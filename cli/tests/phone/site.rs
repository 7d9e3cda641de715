//! A server that asks for approvals, over sockets.

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use countersign::approval::HttpReply;
use countersign::secret::Secret;
use countersign_practice::{Settings, VerificationKind};
use countersign_tests::network::Server as _;
use countersign_tests::realm::{Realm, SignIn};
use countersign_tests::sockets::serve;

use serde_json::{Value, json};

use super::Phone;

/// The practice site's realm with one user, on a port of its own.
pub struct Site {
    pub realm: Arc<Mutex<Realm>>,
    pub host: String,
    user: &'static str,
    ahead: i64,
    is_silent: Arc<AtomicBool>,
    is_slow: Arc<AtomicBool>,
    has_odd: Arc<AtomicBool>,
}

impl Site {
    /// With this user, and a clock that is so many seconds ahead.
    pub fn new(user: &'static str, ahead: i64) -> Self {
        Self::of(Settings::default(), user, ahead)
    }

    /// With this user; its page shows a PIN.
    pub fn with_pins(user: &'static str) -> Self {
        Self::of(Settings { verification: VerificationKind::Pin, ..Settings::default() }, user, 0)
    }

    fn of(settings: Settings, user: &'static str, ahead: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let base = format!("http://{host}");
        let realm = Arc::new(Mutex::new(Realm::new(settings, &[user], 1).at(&base)));
        let is_silent = Arc::new(AtomicBool::new(false));
        let is_slow = Arc::new(AtomicBool::new(false));
        let has_odd = Arc::new(AtomicBool::new(false));
        let (taking, silent, slow) = (Arc::clone(&realm), Arc::clone(&is_silent), Arc::clone(&is_slow));
        let odd = Arc::clone(&has_odd);
        serve(listener, move |request| {
            if silent.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_secs(600));
            }
            if slow.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(300));
            }
            let answer = taking.lock().unwrap().take(request, server_now(ahead));
            if odd.load(Ordering::SeqCst) && request.url.contains("/login/pending") {
                return with_an_unreadable_entry(answer);
            }
            answer
        });
        Self { realm, host, user, ahead, is_silent, is_slow, has_odd }
    }

    /// Adds the user's account to the phone and gives its id.
    pub fn add_to(&self, phone: &Phone) -> String {
        let link = self.realm.lock().unwrap().show_set_up_code(self.user, server_now(self.ahead));
        let said = phone.run_with(&["add", "-", "--trust-host", &self.host], &link);
        assert_eq!(said.exit, 0, "{said:?}");
        said.object["id"].as_str().unwrap().to_owned()
    }

    /// Begins a sign-in.
    pub fn sign_in(&self) -> SignIn {
        self.realm.lock().unwrap().sign_in(self.user, server_now(self.ahead))
    }

    /// Answers each request 0.3 seconds later from now on.
    pub fn slow_down(&self) {
        self.is_slow.store(true, Ordering::SeqCst);
    }

    /// Takes connections from now on, and answers none.
    pub fn fall_silent(&self) {
        self.is_silent.store(true, Ordering::SeqCst);
    }

    /// Lists something beside the sign-ins from now on that no phone can read.
    pub fn list_something_odd(&self) {
        self.has_odd.store(true, Ordering::SeqCst);
    }

    /// Whether the user has been locked out.
    pub fn is_locked(&self) -> bool {
        !self.realm.lock().unwrap().state().user(self.user).unwrap().enabled
    }

    /// What the server has as the phone's push service and address.
    pub fn push_address(&self) -> (String, Option<String>) {
        let realm = self.realm.lock().unwrap();
        let phone = realm.phones(self.user).last().unwrap();
        (phone.push_type.clone(), phone.push_id.clone())
    }
}

fn with_an_unreadable_entry(answer: HttpReply) -> HttpReply {
    let mut list: Value = serde_json::from_slice(answer.body.expose()).unwrap();
    list["challenges"].as_array_mut().unwrap().insert(0, json!({"cid": 5}));
    HttpReply { body: Secret::copy_of(list.to_string().as_bytes()), ..answer }
}

pub fn unix_now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
}

fn server_now(ahead: i64) -> u64 {
    (unix_now() + ahead).try_into().unwrap()
}
