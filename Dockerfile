# syntax=docker/dockerfile:1
# One static binary and CA roots, nothing else: there is no shell in the image that a pull request could reach.

# A release names it by digest: .github/workflows/release.yml.
ARG BUILDER=docker.io/library/rust:1.95-slim-bookworm
FROM ${BUILDER} AS build
WORKDIR /src
COPY . .
# The target is named even though it is the host's own: only then do the flags leave procedural macros, which cannot be
# static, alone. The last line fails the build when the binary would ask for a loader that the image does not have.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    target="$(rustc -vV | sed -n 's/^host: //p')" \
    && RUSTFLAGS="-C target-feature=+crt-static" cargo build --release --locked --target "$target" \
    && cp "target/$target/release/reprogate" /reprogate \
    && /reprogate --version \
    && { ldd /reprogate 2>&1 || true; } | grep -E 'statically linked|not a dynamic executable'

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="reprogate" \
      org.opencontainers.image.description="Reviews the reproducibility of machine-learning code on every pull request, without running it" \
      org.opencontainers.image.source="https://github.com/reprogate/reprogate" \
      org.opencontainers.image.documentation="https://github.com/reprogate/reprogate#readme" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /reprogate /reprogate
# Root and no WORKDIR: the runner mounts its workspace and its command files as root's, and sets the folder itself.
ENTRYPOINT ["/reprogate"]
CMD ["action"]
