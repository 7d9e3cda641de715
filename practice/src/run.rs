//! Starting and stopping the site.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::realm::{Settings, VerificationKind};
use crate::site;
use crate::store::Store;
use crate::world::World;

/// How the site is to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen: this machine only. Port 0 takes a free one.
    pub address: SocketAddr,
    /// The database; `None` keeps everything in memory.
    pub database: Option<PathBuf>,
    /// How a sign-in is bound to the screen.
    pub verification: VerificationKind,
    /// Whether the QR code has an address to fetch the token from, which makes it far easier to scan.
    pub request_uri: bool,
    /// How long a sign-in waits for the phone, in seconds.
    pub challenge_seconds: u64,
    /// How long a QR code is good, in seconds.
    pub enrolment_seconds: u64,
}

impl Default for Options {
    fn default() -> Self {
        let settings = Settings::default();
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            database: None,
            verification: settings.verification,
            request_uri: settings.request_uri,
            challenge_seconds: settings.challenge_seconds,
            enrolment_seconds: settings.enrolment_seconds,
        }
    }
}

/// A running site. It stops when this is dropped.
pub struct Running {
    authority: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// `http://127.0.0.1:8080`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.authority)
    }

    /// Stops the site and waits until it has.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // An error means that the site has ended by itself.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Starts the site in threads of its own and returns as soon as it answers.
///
/// # Errors
/// `InvalidInput` for an address that other machines could reach, or what the system says to the port; the database
/// can't be opened or is of another version.
pub fn start(options: Options) -> io::Result<Running> {
    if !options.address.ip().is_loopback() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "the practice site is for this machine only: use an address such as 127.0.0.1",
        ));
    }
    let listener = TcpListener::bind(options.address)?;
    listener.set_nonblocking(true)?;
    let authority = listener.local_addr()?.to_string();

    let settings = Settings {
        verification: options.verification,
        request_uri: options.request_uri,
        challenge_seconds: options.challenge_seconds,
        enrolment_seconds: options.enrolment_seconds,
        ..Settings::default()
    };
    let store = Store::open(options.database.as_deref())?;
    let world = Arc::new(World::open(settings, store, authority.clone())?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .enable_all()
        .build()?;
    let (stop, stopped) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("practice site".to_owned())
        .spawn(move || serve(runtime, listener, &world, stopped))?;
    Ok(Running { authority, stop: Some(stop), thread: Some(thread) })
}

fn serve(runtime: Runtime, listener: TcpListener, world: &Arc<World>, stopped: oneshot::Receiver<()>) {
    runtime.block_on(async {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
            return;
        };
        tokio::select! {
            () = answer(listener, site::router(world)) => {}
            _ = stopped => {}
        }
    });
    // Streams of waiting browsers would keep it up for a minute.
    runtime.shutdown_timeout(Duration::from_secs(1));
}

/// Answers whoever comes, as `axum::serve` does but without a `Date` in the answers: Keycloak sends none, so that a phone
/// has to learn the server's time from what it signs.
async fn answer(mut listener: tokio::net::TcpListener, site: Router) {
    let mut http = Builder::new(TokioExecutor::new()).http1_only();
    http.http1().auto_date_header(false);
    loop {
        let (stream, _) = Listener::accept(&mut listener).await;
        let (http, service) = (http.clone(), TowerToHyperService::new(site.clone()));
        tokio::spawn(async move {
            // An error means that the other side has gone.
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
