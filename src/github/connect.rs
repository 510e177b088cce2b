//! Builds the connections: addresses, proxy, certificates, the token's header.

use super::{GithubError, Timing, Token};
use base64::Engine as _;
use futures::future::{BoxFuture, TryFutureExt as _};
use http::{HeaderValue, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::rt::TokioExecutor;
use octocrab::service::middleware::auth_header::AuthHeaderLayer;
use octocrab::service::middleware::base_uri::BaseUriLayer;
use octocrab::service::middleware::extra_headers::ExtraHeadersLayer;
use octocrab::{AuthState, OctoBody, Octocrab, OctocrabBuilder};
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_http::follow_redirect::FollowRedirectLayer;
use tower_service::Service;

/// Checks an API's address and drops a slash at its end.
pub(super) fn address(url: &str) -> Result<String, GithubError> {
    let trimmed = url.trim().trim_end_matches('/');
    let setup = |why: &str| GithubError::Setup { url: trimmed.to_owned(), why: why.to_owned() };
    let parsed = url::Url::parse(trimmed).map_err(|error| setup(&error.to_string()))?;
    if !matches!(parsed.scheme(), "https" | "http") || parsed.host().is_none() {
        return Err(setup("an address starting with https:// was expected"));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(GithubError::Setup {
            url: parsed.host_str().unwrap_or_default().to_owned(),
            why: "an address holds no credentials; use the token".to_owned(),
        });
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return Err(setup("an address without a query was expected"));
    }
    Ok(trimmed.to_owned())
}

/// The GraphQL address that belongs to a REST address: an Enterprise server has it beside `v3`, not below.
pub(super) fn graphql_address(api_url: &str) -> Result<String, GithubError> {
    address(&match api_url.strip_suffix("/api/v3") {
        Some(host) => format!("{host}/api/graphql"),
        None => format!("{api_url}/graphql"),
    })
}

/// An address as the base of its last path part, and that part.
pub(super) fn split_last(url: &str) -> Result<(String, String), GithubError> {
    match url.rsplit_once('/') {
        Some((base, last)) if !last.is_empty() && !base.ends_with('/') => {
            Ok((base.to_owned(), format!("/{last}")))
        }
        _ => Err(GithubError::Setup { url: url.to_owned(), why: "it has no path".to_owned() }),
    }
}

/// The proxy that leads to `host`, if one does.
///
/// `no_proxy` lists hosts and domains, separated by commas; `*` is all of them.
pub(super) fn proxy_for<'run>(
    host: &str,
    proxy: Option<&'run str>,
    no_proxy: Option<&str>,
) -> Option<&'run str> {
    let direct = no_proxy.unwrap_or_default().split(',').map(str::trim).any(|name| {
        let name = name.trim_start_matches('.').split(':').next().unwrap_or_default();
        let within =
            |host: &str| host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        name == "*" || (!name.is_empty() && within(&host.to_ascii_lowercase()))
    });
    proxy.map(str::trim).filter(|proxy| !direct && !proxy.is_empty())
}

/// What a certificate that cannot be trusted is called, by the library that checks it.
pub(super) const UNTRUSTED: &str = "invalid peer certificate";

/// Whether another attempt would meet the same: a certificate stays what it is, and a name that no server knows too.
/// A resolver that is busy says something else.
pub(super) fn is_lasting(why: &str) -> bool {
    const NAMELESS: &[&str] = &[
        "Name or service not known",
        "Name does not resolve",
        "No address associated",
        "nodename nor servname",
        "No such host is known",
    ];
    why.contains(UNTRUSTED) || NAMELESS.iter().any(|known| why.contains(known))
}

/// Host and port of a proxy's address, without what else it holds.
pub(super) fn host_of(proxy: &str) -> &str {
    let behind = proxy.split_once("://").map_or(proxy, |(_, rest)| rest);
    let authority = behind.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

pub(super) type Connections = Client<HttpsConnector<Route>, OctoBody>;

/// Connects straight, or through a proxy's tunnel.
#[derive(Clone)]
pub(super) enum Route {
    /// To the server itself.
    Straight(HttpConnector),
    /// To a proxy that passes everything on.
    Tunnel(Tunnel<HttpConnector>),
}

impl Service<Uri> for Route {
    type Response = <HttpConnector as Service<Uri>>::Response;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        match self {
            Self::Straight(connector) => connector.poll_ready(context).map_err(Into::into),
            Self::Tunnel(tunnel) => tunnel.poll_ready(context).map_err(Into::into),
        }
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        match self {
            Self::Straight(connector) => Box::pin(connector.call(target).map_err(Into::into)),
            Self::Tunnel(tunnel) => Box::pin(tunnel.call(target).map_err(Into::into)),
        }
    }
}

/// The connections of one run: kept open, shared by both APIs, multiplexed where the server can.
pub(super) fn connections(
    api_url: &str,
    proxy: Option<&str>,
    timing: &Timing,
) -> Result<Connections, GithubError> {
    let setup = |why: String| GithubError::Setup { url: api_url.to_owned(), why };
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(timing.connect));
    let route = match proxy {
        None => Route::Straight(connector),
        Some(proxy) => Route::Tunnel(tunnel(proxy, connector).map_err(setup)?),
    };
    // The machine's certificate authorities, or those of the file that SSL_CERT_FILE names.
    let https = HttpsConnectorBuilder::new()
        .with_native_roots()
        .map_err(|error| setup(format!("no certificate authorities: {}", super::causes(&error))))?
        .https_or_http()
        .enable_all_versions()
        .wrap_connector(route);
    Ok(Client::builder(TokioExecutor::new()).http2_adaptive_window(true).build(https))
}

fn tunnel(proxy: &str, connector: HttpConnector) -> Result<Tunnel<HttpConnector>, String> {
    let text = if proxy.contains("://") { proxy.to_owned() } else { format!("http://{proxy}") };
    // What is said about it leaves its password out.
    let mut parsed =
        url::Url::parse(&text).map_err(|error| format!("the proxy's address is wrong: {error}"))?;
    if parsed.scheme() != "http" || parsed.host().is_none() {
        return Err(format!("a proxy at {}:// is not understood; http:// is", parsed.scheme()));
    }
    let credentials = (!parsed.username().is_empty()).then(|| {
        let plain = |text: &str| String::from_utf8_lossy(&percent_decoded(text)).into_owned();
        format!("{}:{}", plain(parsed.username()), plain(parsed.password().unwrap_or_default()))
    });
    let _ = parsed.set_username("");
    let _ = parsed.set_password(None);
    let uri: Uri =
        parsed.as_str().parse().map_err(|error| format!("the proxy's address is wrong: {error}"))?;
    let tunnel = Tunnel::new(uri, connector);
    match credentials {
        None => Ok(tunnel),
        Some(credentials) => {
            let encoded = base64::engine::general_purpose::STANDARD.encode(credentials);
            let value =
                HeaderValue::try_from(format!("Basic {encoded}")).map_err(|error| error.to_string())?;
            Ok(tunnel.with_auth(value))
        }
    }
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let escaped = match (first, behind.get(..2)) {
            (b'%', Some(digits)) => {
                std::str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok())
            }
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { behind.get(2..).unwrap_or_default() } else { behind };
    }
    bytes
}

/// A client of the library for one API, over `connections`. Its own retries are left out: they would create things
/// twice.
pub(super) fn octocrab(
    base: &str,
    token: Option<&Token>,
    connections: &Connections,
) -> Result<Octocrab, GithubError> {
    let setup = |why: String| GithubError::Setup { url: base.to_owned(), why };
    let uri: Uri = base.parse().map_err(|error: http::uri::InvalidUri| setup(error.to_string()))?;
    let authorization = token
        .map(|token| HeaderValue::try_from(format!("Bearer {}", token.reveal())))
        .transpose()
        .map_err(|_| setup("the token holds characters that no token has".to_owned()))?
        .map(|mut value| {
            value.set_sensitive(true);
            value
        });
    let agent = HeaderValue::from_static(concat!("reprogate/", env!("CARGO_PKG_VERSION")));
    OctocrabBuilder::new_empty()
        .with_service(connections.clone())
        .with_layer(&FollowRedirectLayer::new())
        .with_layer(&ExtraHeadersLayer::new(Arc::new(vec![(http::header::USER_AGENT, agent)])))
        .with_layer(&BaseUriLayer::new(uri.clone()))
        .with_layer(&AuthHeaderLayer::new(authorization, uri.clone(), uri))
        .with_auth(AuthState::None)
        .build()
        .map_err(|never| match never {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphql_lies_beside_the_enterprise_api() {
        assert_eq!(graphql_address("https://api.github.com").unwrap(), "https://api.github.com/graphql");
        assert_eq!(graphql_address("https://git.lab.org/api/v3").unwrap(), "https://git.lab.org/api/graphql");
        assert_eq!(
            split_last("https://git.lab.org/api/graphql").unwrap(),
            ("https://git.lab.org/api".to_owned(), "/graphql".to_owned())
        );
    }

    #[test]
    fn addresses_are_checked_before_a_token_is_sent_there() {
        assert_eq!(address(" https://git.lab.org/api/v3/ ").unwrap(), "https://git.lab.org/api/v3");
        for url in
            ["", "git.lab.org", "ftp://git.lab.org", "https://user:pw@git.lab.org", "https://git.lab.org?x=1"]
        {
            let error = address(url).unwrap_err();
            assert!(!error.to_string().contains("pw"), "{error}");
        }
    }

    #[test]
    fn hosts_that_no_proxy_names_are_reached_straight() {
        let through = |host, no_proxy| proxy_for(host, Some("http://proxy:3128"), no_proxy).is_some();
        assert!(through("api.github.com", None));
        assert!(through("api.github.com", Some("localhost, lab.org")));
        assert!(through("nolab.org", Some("lab.org")));
        for (host, no_proxy) in [
            ("git.lab.org", "lab.org"),
            ("Git.Lab.org", ".lab.org"),
            ("x.org", "*"),
            ("x.org", "a,x.org:443"),
        ] {
            assert!(!through(host, Some(no_proxy)), "{host} {no_proxy}");
        }
        assert_eq!(proxy_for("x.org", Some(" "), None), None);
    }

    #[test]
    fn what_lasts_is_told_apart_from_what_passes() {
        for why in [
            "error trying to connect: dns error: failed to lookup address information: Name or service not known",
            "client error (Connect): invalid peer certificate: UnknownIssuer",
        ] {
            assert!(is_lasting(why), "{why}");
        }
        for why in [
            "failed to lookup address information: Temporary failure in name resolution",
            "Connection refused",
        ] {
            assert!(!is_lasting(why), "{why}");
        }
    }

    #[test]
    fn a_proxy_is_named_without_its_password() {
        for proxy in
            ["http://ada:p@ss@proxy:3128/", "ada:pw@proxy:3128", "proxy:3128", "http://proxy:3128?x=y"]
        {
            assert_eq!(host_of(proxy), "proxy:3128");
        }
    }

    #[test]
    fn a_proxy_that_is_none_is_told_without_its_password() {
        for proxy in ["socks5://user:pw@proxy", "https://user:pw@proxy", "http://user:pw@", "::"] {
            let error = tunnel(proxy, HttpConnector::new()).unwrap_err();
            assert!(!error.contains("pw"), "{error}");
        }
        assert!(tunnel("user:p%40w@proxy:3128", HttpConnector::new()).is_ok());
        assert_eq!(percent_decoded("p%40%w%4"), b"p@%w%4");
    }
}
