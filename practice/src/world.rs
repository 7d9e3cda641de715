//! The state, the database and the browser sessions behind one lock, and the news that something changed.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom as _, SystemRandom};
use tokio::sync::{Semaphore, watch};

use crate::password;
use crate::realm::{Change, Client, RealmKey, Seed, Settings, State, User, new_id};
use crate::site::session::Sessions;
use crate::store::{RealmRecord, Store};

/// The account that is there from the start.
pub(crate) const FIRST_USER: &str = "alice";
/// Its password, which the sign-in page shows.
pub(crate) const FIRST_PASSWORD: &str = "practice";
/// So many event streams at once.
const STREAMS: usize = 200;

/// Everything that the handlers share.
pub(crate) struct World {
    inner: Mutex<Inner>,
    changed: watch::Sender<()>,
    random: SystemRandom,
    /// Room for event streams.
    pub(crate) streams: Arc<Semaphore>,
    /// `127.0.0.1:8080`, where the site listens.
    pub(crate) authority: String,
}

struct Inner {
    state: State,
    store: Store,
    sessions: Sessions,
}

impl World {
    /// Reads the realm from the store, or makes it: key, client secret and first account.
    pub(crate) fn open(settings: Settings, mut store: Store, authority: String) -> io::Result<Self> {
        let random = SystemRandom::new();
        let (record, key) = match store.realm()? {
            Some(record) => {
                let key = RealmKey::from_pkcs8(&record.key)?;
                (record, key)
            }
            None => {
                let key = RealmKey::generate()?;
                let client_secret = URL_SAFE_NO_PAD.encode(draw::<24>(&random)?);
                let record = RealmRecord { key: key.pkcs8().to_vec(), client_secret };
                store.keep_realm(&record)?;
                let first = new_user(FIRST_USER, FIRST_PASSWORD, &random)?;
                store.write(&[Change::UserAdded(first)])?;
                (record, key)
            }
        };
        let mut state = State::new(settings, Arc::new(key), Client::practice(record.client_secret));
        let users: Vec<Change> = store.users()?.into_iter().map(Change::UserAdded).collect();
        state.apply(&users);
        Ok(Self {
            inner: Mutex::new(Inner { state, store, sessions: Sessions::default() }),
            changed: watch::Sender::new(()),
            random,
            streams: Arc::new(Semaphore::new(STREAMS)),
            authority,
        })
    }

    /// Decides something from the state and makes it so: in the database first, then in memory.
    ///
    /// # Errors
    /// No randomness, or the database can't be written; nothing has changed then.
    pub(crate) fn act<T>(
        &self,
        decide: impl FnOnce(&State, u64, &Seed) -> (T, Vec<Change>),
    ) -> io::Result<T> {
        let seed = draw(&self.random)?;
        let mut inner = self.lock();
        let (value, changes) = decide(&inner.state, now(), &seed);
        if !changes.is_empty() {
            inner.store.write(&changes)?;
            inner.state.apply(&changes);
            self.changed.send_replace(());
        }
        Ok(value)
    }

    /// Looks at the state.
    pub(crate) fn look<T>(&self, view: impl FnOnce(&State, u64) -> T) -> T {
        view(&self.lock().state, now())
    }

    /// Looks at the browser sessions, or changes them.
    pub(crate) fn sessions<T>(&self, change: impl FnOnce(&mut Sessions) -> T) -> T {
        change(&mut self.lock().sessions)
    }

    /// Wakes up at each change.
    pub(crate) fn news(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// 32 random bytes in base64url.
    pub(crate) fn token(&self) -> io::Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(draw::<32>(&self.random)?))
    }

    /// Random bytes.
    pub(crate) fn seed(&self) -> io::Result<Seed> {
        draw(&self.random)
    }

    /// Adds a person. Slow, as the password is stretched; `None` if the name is taken.
    pub(crate) fn add_user(&self, name: &str, password: &str) -> io::Result<Option<User>> {
        let user = new_user(name, password, &self.random)?;
        self.act(|state, _, _| match state.user_named(name) {
            Some(_) => (None, Vec::new()),
            None => (Some(user.clone()), vec![Change::UserAdded(user)]),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing is left half done by a panic elsewhere: changes are applied in one go.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn new_user(name: &str, password: &str, random: &SystemRandom) -> io::Result<User> {
    Ok(User { password: password::keep(password, draw(random)?), ..User::new(new_id(&draw(random)?), name) })
}

fn draw<const N: usize>(random: &SystemRandom) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    random.fill(&mut bytes).map_err(|_| io::Error::other("no randomness"))?;
    Ok(bytes)
}

/// The wall clock in Unix seconds.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
