//! Builds the connections: addresses, proxy, certificates, the token's header.

use super::{GithubError, Timing, Token};
use http::Uri;
use octocrab::Octocrab;

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

/// A client of the library, its own retries left out: they would create things twice.
pub(super) fn octocrab(
    base: &str,
    token: Option<&Token>,
    _proxy: Option<&str>,
    timing: &Timing,
) -> Result<Octocrab, GithubError> {
    let setup = |error: &dyn std::error::Error| GithubError::Setup {
        url: base.to_owned(),
        why: super::causes(error),
    };
    let uri: Uri = base.parse().map_err(|error: http::uri::InvalidUri| setup(&error))?;
    let mut builder = Octocrab::builder()
        .base_uri(uri)
        .map_err(|error| setup(&error))?
        .set_connect_timeout(Some(timing.connect))
        .set_read_timeout(Some(timing.attempt))
        .set_write_timeout(Some(timing.attempt));
    if let Some(token) = token {
        builder = builder.personal_token(token.reveal().to_owned());
    }
    builder.build().map_err(|error| setup(&error))
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
}
