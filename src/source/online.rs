//! Answers what only the outside knows, in one bounded round: are the documents' links alive?
//!
//! What a pull request holds decides which addresses are asked, so the client trusts none of them: names are resolved
//! here and every address is checked before a connection is made, redirects are followed one by one with the same
//! checks, no answer's body is read, and no token, cookie or referrer is sent.

use crate::facts::links::{Ancestry, Liveness, PinnedCommit};
use crate::github::RepoName;
use crate::source::github::{GithubSource, Reachability};
use futures::StreamExt as _;
use futures::future::BoxFuture;
use http::{HeaderValue, Request, StatusCode, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioExecutor;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use url::{Host, Url};

/// How much is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Most addresses.
    pub links: usize,
    /// Most of them at the same time.
    pub at_once: usize,
    /// Most redirects of one address.
    pub redirects: usize,
    /// Longest that one address may take, redirects included.
    pub each: Duration,
    /// Longest that all may take.
    pub all: Duration,
    /// Most bytes of an answer's head; nothing behind it is read.
    pub head_bytes: usize,
    /// Ports that may be asked.
    pub ports: Vec<u16>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            links: 100,
            at_once: 8,
            redirects: 5,
            each: Duration::from_secs(10),
            all: Duration::from_secs(45),
            head_bytes: 64 << 10,
            ports: vec![80, 443],
        }
    }
}

/// Which addresses may be connected to.
pub type Admission = fn(IpAddr) -> bool;

/// How a name is resolved.
type Lookup = fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>>;

fn look_up(name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
    Box::pin(async move { Ok(tokio::net::lookup_host((name.as_str(), 0)).await?.collect()) })
}

/// Asks about every one of `links`, within `bounds`; only addresses that `admits` are connected to. Links into `own`
/// (`owner/name`) are not asked: whether this repository is public does not matter here.
pub async fn ask(
    links: &BTreeSet<String>,
    own: Option<&str>,
    bounds: &Bounds,
    admits: Admission,
) -> BTreeMap<String, Liveness> {
    ask_by(links, own, bounds, Resolver { admits, look_up }).await
}

async fn ask_by(
    links: &BTreeSet<String>,
    own: Option<&str>,
    bounds: &Bounds,
    resolver: Resolver,
) -> BTreeMap<String, Liveness> {
    let unknown = |why: &str| Liveness::Unknown(why.to_owned());
    let mut answers: BTreeMap<String, Liveness> = BTreeMap::new();
    let client = match Asker::new(bounds, resolver) {
        Ok(client) => client,
        Err(error) => {
            let why = format!("no certificates to check answers with: {error}");
            return links.iter().map(|link| (link.clone(), unknown(&why))).collect();
        }
    };
    let mut asked = Vec::new();
    for link in links {
        if own.is_some_and(|own| is_into(link, own)) {
            answers.insert(link.clone(), unknown("a page of this repository"));
        } else if asked.len() >= bounds.links {
            answers.insert(link.clone(), unknown("over the limit of links"));
        } else {
            asked.push(link.clone());
        }
    }
    let mut rest: BTreeSet<String> = asked.iter().cloned().collect();
    let mut round = futures::stream::iter(asked.into_iter().map(|link| {
        let client = &client;
        async move {
            let answer = tokio::time::timeout(client.bounds.each, client.follow(&link)).await;
            (link, answer.unwrap_or_else(|_| Said::Nothing("no answer in time".to_owned())))
        }
    }))
    .buffer_unordered(bounds.at_once.max(1));
    let mut nameless = Vec::new();
    let end = tokio::time::Instant::now() + bounds.all;
    while let Ok(Some((link, said))) = tokio::time::timeout_at(end, round.next()).await {
        rest.remove(&link);
        match said {
            Said::Alive => answers.insert(link, Liveness::Alive),
            Said::Gone(why) => answers.insert(link, Liveness::Dead(why)),
            Said::Nothing(why) => answers.insert(link, Liveness::Unknown(why)),
            Said::NoSuchHost => {
                nameless.push(link);
                None
            }
        };
    }
    drop(round);
    // A machine without a network knows no host at all.
    let is_connected = answers.values().any(|answer| matches!(answer, Liveness::Alive | Liveness::Dead(_)));
    for link in nameless {
        let answer = if is_connected {
            Liveness::Dead("there is no such host".to_owned())
        } else {
            unknown("its host could not be looked up")
        };
        answers.insert(link, answer);
    }
    answers.extend(rest.into_iter().map(|link| (link, unknown("no time was left"))));
    answers
}

/// Whether an address leads into the repository `own` on any GitHub.
fn is_into(link: &str, own: &str) -> bool {
    let Ok(url) = Url::parse(link) else { return false };
    let path = url.path().trim_start_matches('/').to_ascii_lowercase();
    let own = own.to_ascii_lowercase();
    let is_host = url.host_str().is_some_and(|host| host.contains("github"));
    is_host && path.strip_prefix(&own).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']))
}

/// Asks the API whether each pinned commit is in the repository of `source`, reachable from a branch or a tag.
pub async fn ancestry(
    source: GithubSource<'_>,
    pins: &BTreeSet<PinnedCommit>,
) -> BTreeMap<PinnedCommit, Ancestry> {
    let own = source.repo;
    let (ours, others): (Vec<_>, Vec<_>) = pins.iter().partition(|pin| is_own(pin, own));
    let ids: Vec<String> = ours.iter().map(|pin| pin.id.clone()).collect();
    let found = source.reachable(&ids).await;
    let answer = |pin: &PinnedCommit| match found.get(&pin.id) {
        Some(Reachability::Reachable) => Ancestry::Reachable,
        Some(Reachability::Unreachable) => Ancestry::Unreachable,
        Some(Reachability::Missing) => Ancestry::Missing,
        Some(Reachability::Unknown(why)) => Ancestry::Unknown(why.clone()),
        None => Ancestry::Unknown("not asked".to_owned()),
    };
    let ours = ours.into_iter().map(|pin| (pin.clone(), answer(pin)));
    ours.chain(others.into_iter().map(|pin| (pin.clone(), Ancestry::Elsewhere))).collect()
}

fn is_own(pin: &PinnedCommit, own: &RepoName) -> bool {
    let own = format!("{}/{}", own.owner(), own.name());
    pin.repository.as_ref().is_none_or(|name| name.eq_ignore_ascii_case(&own))
}

/// What one address said.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Alive,
    Gone(String),
    NoSuchHost,
    Nothing(String),
}

type Empty = http_body_util::Empty<&'static [u8]>;

struct Asker {
    client: Client<HttpsConnector<HttpConnector<Resolver>>, Empty>,
    bounds: Bounds,
    admits: Admission,
}

impl Asker {
    fn new(bounds: &Bounds, resolver: Resolver) -> io::Result<Self> {
        let admits = resolver.admits;
        let mut connector = HttpConnector::new_with_resolver(resolver);
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(bounds.each));
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()?
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .http1_max_buf_size(bounds.head_bytes.max(8 << 10))
            .build(connector);
        Ok(Self { client, bounds: bounds.clone(), admits })
    }

    async fn follow(&self, link: &str) -> Said {
        let Ok(mut url) = Url::parse(link) else { return Said::Nothing(NO_ADDRESS.to_owned()) };
        for _ in 0..=self.bounds.redirects {
            if let Err(why) = may_ask_url(&url, &self.bounds, self.admits) {
                return Said::Nothing(why);
            }
            let response = match self.client.request(request(&url)).await {
                Ok(response) => response,
                Err(error) => return failed(&error),
            };
            let status = response.status();
            if !status.is_redirection() || status == StatusCode::NOT_MODIFIED {
                return judged(status);
            }
            let next = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
            match next.and_then(|to| url.join(to).ok()) {
                Some(next) => url = next,
                None => return Said::Nothing("it sends on without saying where".to_owned()),
            }
        }
        Said::Nothing(format!("it sends on more than {} times", self.bounds.redirects))
    }
}

/// Whether `link` may be asked at all; the addresses behind a host's name are checked when they are resolved.
///
/// # Errors
/// Why not.
pub fn may_ask(link: &str, bounds: &Bounds, admits: Admission) -> Result<(), String> {
    let url = Url::parse(link).map_err(|_| NO_ADDRESS.to_owned())?;
    may_ask_url(&url, bounds, admits)
}

fn may_ask_url(url: &Url, bounds: &Bounds, admits: Admission) -> Result<(), String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{} is not asked", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address with a password is not asked".to_owned());
    }
    if !url.port_or_known_default().is_some_and(|port| bounds.ports.contains(&port)) {
        return Err("its port is not asked".to_owned());
    }
    let literal = match url.host() {
        Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
        Some(Host::Domain(_)) => None,
        None => return Err("it names no host".to_owned()),
    };
    match literal {
        Some(address) if !admits(address) => Err(PRIVATE.to_owned()),
        _ => Ok(()),
    }
}

const NO_ADDRESS: &str = "no address";
const PRIVATE: &str = "a private address is not asked";

fn request(url: &Url) -> Request<Empty> {
    let mut plain = url.clone();
    plain.set_fragment(None);
    let mut request = Request::new(Empty::new());
    if let Ok(uri) = plain.as_str().parse() {
        *request.uri_mut() = uri;
    }
    let agent =
        concat!("reprogate/", env!("CARGO_PKG_VERSION"), " (+https://github.com/reprogate/reprogate)");
    let headers = request.headers_mut();
    headers.insert(header::USER_AGENT, HeaderValue::from_static(agent));
    headers.insert(header::ACCEPT, HeaderValue::from_static("*/*"));
    headers.insert(header::RANGE, HeaderValue::from_static("bytes=0-0"));
    request
}

fn judged(status: StatusCode) -> Said {
    match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => Said::Gone(format!("it answers {}", status.as_u16())),
        // The range was beyond an empty file, which is there.
        StatusCode::RANGE_NOT_SATISFIABLE => Said::Alive,
        status if status.is_success() => Said::Alive,
        status => Said::Nothing(format!("it answers {}", status.as_u16())),
    }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> Said {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    let mut words = String::new();
    while let Some(error) = cause {
        if let Some(refusal) = error.downcast_ref::<io::Error>().and_then(|error| error.get_ref()) {
            if refusal.is::<Private>() {
                return Said::Nothing(PRIVATE.to_owned());
            }
            if refusal.is::<NoSuchHost>() {
                return Said::NoSuchHost;
            }
        }
        if error.is::<Private>() {
            return Said::Nothing(PRIVATE.to_owned());
        }
        if error.is::<NoSuchHost>() {
            return Said::NoSuchHost;
        }
        words = error.to_string();
        cause = error.source();
    }
    Said::Nothing(format!("no answer: {words}"))
}

#[derive(Debug, thiserror::Error)]
#[error("a private address")]
struct Private;

#[derive(Debug, thiserror::Error)]
#[error("there is no such host")]
struct NoSuchHost;

/// Resolves names and refuses those that lead, even in part, to addresses that must not be asked. The connector
/// connects to what this returns, so nothing can change in between.
#[derive(Debug, Clone, Copy)]
struct Resolver {
    admits: Admission,
    look_up: Lookup,
}

impl tower_service::Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let Self { admits, look_up } = *self;
        Box::pin(async move {
            let found = match look_up(name.as_str().to_owned()).await {
                Ok(found) => found,
                Err(error) => {
                    let words = error.to_string().to_ascii_lowercase();
                    let is_nameless = ["not known", "no address associated", "nodename nor servname"]
                        .iter()
                        .any(|known| words.contains(known));
                    return Err(if is_nameless { io::Error::other(NoSuchHost) } else { error });
                }
            };
            if found.is_empty() {
                return Err(io::Error::other(NoSuchHost));
            }
            if found.iter().any(|address| !admits(address.ip())) {
                return Err(io::Error::other(Private));
            }
            Ok(found.into_iter())
        })
    }
}

/// Whether an address is one of the public internet: no machine of this network, of this host, or of nobody.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_special = first == 0
        || first >= 224
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && (third == 0 || third == 2))
        || (first == 192 && second == 88 && third == 99)
        || (first == 198 && (second == 18 || second == 19));
    !(is_special
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_broadcast())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, ..] = address.segments();
    let [.., seventh, eighth] = address.segments();
    let within = |high: u16, low: u16| {
        let ([one, two], [three, four]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(one, two, three, four))
    };
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    match (first, second) {
        // NAT64 and 6to4 lead on to an address of the old kind.
        (0x64, 0xff9b) if third == 0 => within(seventh, eighth),
        (0x2002, _) => within(second, third),
        // Teredo and other protocol assignments, documentation.
        (0x2001, second) if second < 0x200 || second == 0xdb8 => false,
        (0x3fff, _) => false,
        // All that is handed out as global unicast.
        _ => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wiremock::matchers::path;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    #[test]
    fn private_address_space_in_every_disguise() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "240.0.0.1",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:a00:1::",
            "2001::1",
            "2001:db8::1",
            "fec0::1",
            "100::1",
            "4000::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "8.8.8.8",
            "140.82.112.3",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    fn asked(links: &[String], bounds: &Bounds, admits: Admission) -> Vec<Liveness> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let set: BTreeSet<String> = links.iter().cloned().collect();
        let answers = runtime.block_on(ask(&set, Some("me/demo"), bounds, admits));
        links.iter().map(|link| answers[link].clone()).collect()
    }

    fn server() -> (tokio::runtime::Runtime, MockServer) {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let server = runtime.block_on(async {
            let server = MockServer::start().await;
            let answer = async |at: &str, response: ResponseTemplate| {
                Mock::given(path(at)).respond_with(response).mount(&server).await;
            };
            answer("/here", ResponseTemplate::new(200)).await;
            answer("/busy", ResponseTemplate::new(429)).await;
            answer("/down", ResponseTemplate::new(503)).await;
            answer("/secret", ResponseTemplate::new(403)).await;
            answer("/gone", ResponseTemplate::new(410)).await;
            answer("/moved", ResponseTemplate::new(301).insert_header("location", "/here")).await;
            answer("/round", ResponseTemplate::new(302).insert_header("location", "/round")).await;
            answer(
                "/inward",
                ResponseTemplate::new(302).insert_header("location", "http://169.254.169.254/x"),
            )
            .await;
            answer("/slow", ResponseTemplate::new(200).set_delay(Duration::from_secs(30))).await;
            server
        });
        (runtime, server)
    }

    #[test]
    fn only_what_says_that_it_is_gone_is_dead() {
        let (_runtime, server) = server();
        let bounds = Bounds {
            ports: vec![server.address().port(), 80],
            each: Duration::from_millis(500),
            ..Bounds::default()
        };
        let admits: Admission = |address| address.is_loopback();
        let at = |path: &str| format!("{}{path}", server.uri());
        let paths =
            ["/here", "/moved", "/gone", "/lost", "/busy", "/down", "/secret", "/round", "/inward", "/slow"];
        let links: Vec<String> = paths.iter().map(|path| at(path)).collect();
        let found = asked(&links, &bounds, admits);
        let kinds: Vec<&str> = found
            .iter()
            .map(|answer| match answer {
                Liveness::Alive => "alive",
                Liveness::Dead(_) => "dead",
                Liveness::Unknown(_) => "unknown",
            })
            .collect();
        assert_eq!(
            kinds,
            [
                "alive", "alive", "dead", "dead", "unknown", "unknown", "unknown", "unknown", "unknown",
                "unknown"
            ],
            "{found:?}"
        );
        assert_eq!(found[8], Liveness::Unknown(PRIVATE.to_owned()));
    }

    #[test]
    fn private_addresses_are_never_connected_to() {
        let (runtime, server) = server();
        let port = server.address().port();
        let bounds = Bounds { ports: vec![port], ..Bounds::default() };
        let links: Vec<String> = [
            format!("http://127.0.0.1:{port}/here"),
            format!("http://localhost:{port}/here"),
            format!("http://[::1]:{port}/here"),
            format!("http://[::ffff:127.0.0.1]:{port}/here"),
            format!("http://2130706433:{port}/here"),
            format!("http://0x7f.1:{port}/here"),
            format!("http://user:pw@example.org:{port}/here"),
            "http://example.org:22/".to_owned(),
            "https://github.com/me/demo/releases".to_owned(),
        ]
        .into();
        for (link, answer) in links.iter().zip(asked(&links, &bounds, is_public)) {
            assert!(matches!(answer, Liveness::Unknown(_)), "{link}: {answer:?}");
        }
        assert_eq!(runtime.block_on(server.received_requests()).unwrap_or_default().len(), 0);
    }

    /// No way to find out what listens on a machine, by itself or by a redirect.
    #[test]
    fn other_ports_are_not_asked() {
        let (runtime, server) = server();
        let (port, asked_there) = rebinding(
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        );
        let admits: Admission = |address| address.is_loopback();
        let links = [
            format!("{}/here", server.uri()),
            "http://127.0.0.1:22/".to_owned(),
            "ftp://127.0.0.1/".to_owned(),
        ];
        let refused = Liveness::Unknown("its port is not asked".to_owned());
        let found = asked(&links, &Bounds::default(), admits);
        assert_eq!(found[..2], [refused.clone(), refused.clone()]);
        assert!(matches!(&found[2], Liveness::Unknown(why) if why == "ftp is not asked"), "{found:?}");
        assert_eq!(runtime.block_on(server.received_requests()).unwrap_or_default().len(), 0);
        let bounds = Bounds { ports: vec![port], ..Bounds::default() };
        assert_eq!(asked(&[format!("http://127.0.0.1:{port}/")], &bounds, admits), [refused]);
        assert_eq!(asked_there.map(|count| count.load(std::sync::atomic::Ordering::SeqCst)), [1, 0]);
    }

    /// A server that sends everyone on to `rebind.test`, and another that nobody may reach; how often each was asked.
    fn rebinding(first: &'static str) -> (u16, [std::sync::Arc<std::sync::atomic::AtomicUsize>; 2]) {
        use std::io::{Read as _, Write as _};
        use std::sync::atomic::{AtomicUsize, Ordering};
        let asked = [(); 2].map(|()| std::sync::Arc::new(AtomicUsize::new(0)));
        let outer = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = outer.local_addr().unwrap().port();
        let inner = std::net::TcpListener::bind(("127.0.0.2", port)).unwrap();
        for (listener, count) in [outer, inner].into_iter().zip(asked.clone()) {
            std::thread::spawn(move || {
                for mut stream in listener.incoming().flatten() {
                    count.fetch_add(1, Ordering::SeqCst);
                    let _ = stream.read(&mut [0; 4096]);
                    let _ = stream.write_all(first.as_bytes());
                }
            });
        }
        (port, asked)
    }

    /// A name that leads to where it may, and the next time to where it may not.
    #[test]
    fn a_name_that_changes_its_mind_is_refused() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static LOOKED_UP: AtomicUsize = AtomicUsize::new(0);
        let again =
            "HTTP/1.1 302 Found\r\nlocation: /again\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let (port, asked) = rebinding(again);
        let bounds = Bounds { ports: vec![port], ..Bounds::default() };
        let admits: Admission = |address| address == IpAddr::from([127, 0, 0, 1]);
        let look_up: Lookup = |_| {
            let turn = LOOKED_UP.fetch_add(1, Ordering::SeqCst);
            let last = if turn == 0 { 1 } else { 2 };
            Box::pin(async move { Ok(vec![SocketAddr::from(([127, 0, 0, last], 0))]) })
        };
        let link = format!("http://rebind.test:{port}/");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let set = BTreeSet::from([link.clone()]);
        let answers = runtime.block_on(ask_by(&set, None, &bounds, Resolver { admits, look_up }));
        assert_eq!(answers[&link], Liveness::Unknown(PRIVATE.to_owned()));
        // What was checked is what was connected to: one look for each connection, none behind its back.
        assert_eq!(LOOKED_UP.load(Ordering::SeqCst), 2);
        assert_eq!(asked.map(|count| count.load(Ordering::SeqCst)), [1, 0]);
    }

    /// One address that may be asked does not let another in.
    #[test]
    fn a_name_that_leads_to_two_places_is_refused_for_the_worse() {
        let ok = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let (port, asked) = rebinding(ok);
        let bounds = Bounds { ports: vec![port], ..Bounds::default() };
        let admits: Admission = |address| address == IpAddr::from([127, 0, 0, 1]);
        let look_up: Lookup = |_| {
            let both = [1, 2].map(|last| SocketAddr::from(([127, 0, 0, last], 0)));
            Box::pin(async move { Ok(both.to_vec()) })
        };
        let link = format!("http://both.test:{port}/");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let set = BTreeSet::from([link.clone()]);
        let answers = runtime.block_on(ask_by(&set, None, &bounds, Resolver { admits, look_up }));
        assert_eq!(answers[&link], Liveness::Unknown(PRIVATE.to_owned()));
        assert_eq!(asked.map(|count| count.load(std::sync::atomic::Ordering::SeqCst)), [0, 0]);
    }

    #[test]
    fn the_round_is_bounded() {
        let (_runtime, server) = server();
        let bounds = Bounds {
            links: 2,
            at_once: 1,
            all: Duration::from_millis(200),
            each: Duration::from_secs(5),
            ports: vec![server.address().port()],
            ..Bounds::default()
        };
        let links: Vec<String> =
            ["/slow?a", "/slow?b", "/slow?c"].map(|path| format!("{}{path}", server.uri())).into();
        let started = std::time::Instant::now();
        let found = asked(&links, &bounds, |address| address.is_loopback());
        assert!(started.elapsed() < Duration::from_secs(3));
        assert!(found.iter().all(|answer| matches!(answer, Liveness::Unknown(_))), "{found:?}");
    }
}
