use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use countersign::approval::Method;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};
use ureq::tls::Certificate;

use super::*;

/// `tests/fixtures/tls`: for this machine, by itself.
const CERTIFICATE: &[u8] = include_bytes!("../../../tests/fixtures/tls/certificate.der");
const KEY: &[u8] = include_bytes!("../../../tests/fixtures/tls/key.der");

const ENROLMENT: &[u8] = b"enrolment=whole";

fn failure_at(url: &str) -> NetworkFailure {
    failure_of_sender(&Sender::new(), url)
}

fn failure_of_sender(sender: &Sender, url: &str) -> NetworkFailure {
    let request = HttpRequest {
        method: Method::Post,
        url: url.to_owned(),
        headers: Vec::new(),
        body: Some(Secret::copy_of(ENROLMENT)),
        timeout_ms: 20_000,
        max_reply_bytes: 100,
    };
    match sender.send(&request) {
        Event::NoReply(failure) => failure,
        other => panic!("{other:?}"),
    }
}

/// RFC 2606: names under `invalid` are never any host's.
#[test]
fn an_unknown_name_is_no_lost_connection() {
    assert_eq!(failure_at("http://name.invalid/"), NetworkFailure::NameUnknown);
    assert_eq!(failure_at("https://name.invalid/"), NetworkFailure::NameUnknown);
}

#[test]
fn only_what_is_encrypted_goes_through_a_proxy() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = Proxy::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let sender = Sender::with(Some(proxy), RootCerts::PlatformVerifier);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(failure_of_sender(&sender, &format!("http://{closed}/")), NetworkFailure::NotConnected);
    listener.set_nonblocking(true).unwrap();
    assert_eq!(listener.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock);

    listener.set_nonblocking(false).unwrap();
    let refusing = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
        let first = lines.next().unwrap();
        // To the end of the head: what is left unread would break the connection off.
        lines.find(String::is_empty).unwrap();
        stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").unwrap();
        first
    });
    let failure = failure_of_sender(&sender, "https://login.example/");
    assert_eq!(failure, NetworkFailure::NotConnected);
    assert_eq!(refusing.join().unwrap(), "CONNECT login.example:443 HTTP/1.1");
}

#[test]
fn a_closed_port_and_a_cut_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = thread::spawn(move || drop(listener.accept().unwrap()));
    assert_eq!(failure_at(&url), NetworkFailure::Cut);
    server.join().unwrap();
    assert_eq!(failure_at(&url), NetworkFailure::NotConnected);
}

fn server_config() -> Arc<ServerConfig> {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(CERTIFICATE)], key);
    Arc::new(config.unwrap())
}

/// A TLS server for one connection: it reads a request, and then something is done with the bare connection. Gives
/// where it is, and what it has read.
fn tls_server(then: fn(&mut TcpStream)) -> (String, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut tls = ServerConnection::new(server_config()).unwrap();
        let (mut read, mut part) = (Vec::new(), [0; 1024]);
        while !read.ends_with(ENROLMENT) {
            match Stream::new(&mut tls, &mut socket).read(&mut part) {
                Ok(0) | Err(_) => return read,
                Ok(count) => read.extend_from_slice(&part[..count]),
            }
        }
        then(&mut socket);
        // Until the other side has gone: what it has not read yet would be lost with the connection.
        let _ = socket.read_to_end(&mut Vec::new());
        read
    });
    (url, server)
}

#[test]
fn a_certificate_that_is_not_trusted_gets_nothing() {
    let (url, server) = tls_server(|_| ());
    assert_eq!(failure_at(&url), NetworkFailure::TlsFailed);
    assert_eq!(server.join().unwrap(), b"");
}

#[test]
fn a_server_without_tls_gets_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        let mut read = Vec::new();
        let _ = socket.read_to_end(&mut read);
        read
    });
    assert_eq!(failure_at(&url), NetworkFailure::TlsFailed);
    assert!(!server.join().unwrap().windows(ENROLMENT.len()).any(|window| window == ENROLMENT));
}

/// Records of TLS 1.3 (RFC 8446, section 5.1).
#[test]
fn what_breaks_behind_the_handshake_may_have_arrived() {
    let endings: [fn(&mut TcpStream); 4] = [
        // A record that nobody sealed.
        |socket| {
            socket.write_all(&[&[0x17, 3, 3, 0, 32][..], &[0; 32]].concat()).unwrap();
        },
        // An alert in the clear: handshake_failure.
        |socket| socket.write_all(&[0x15, 3, 3, 0, 2, 2, 40]).unwrap(),
        // No record at all.
        |socket| socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap(),
        |socket| socket.shutdown(std::net::Shutdown::Write).unwrap(),
    ];
    for then in endings {
        let (url, server) = tls_server(then);
        let roots = RootCerts::new_with_certs(&[Certificate::from_der(CERTIFICATE)]);
        assert_eq!(failure_of_sender(&Sender::with(None, roots), &url), NetworkFailure::Cut);
        assert!(server.join().unwrap().ends_with(ENROLMENT), "the request has arrived");
    }
}
