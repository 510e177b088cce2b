//! Manifests of other languages: Nix, Go, Ruby, Node, the JVM, Haskell, Lua, C++.
//!
//! They are read by their lines, as far as their usual form goes: names, and versions where they stand beside them.

use super::dependencies::Manifest;
use foldhash::{HashMap, HashMapExt as _};

/// Reads the declarations of a file called `name` (in lower case); `None` where it is none of these manifests.
pub(super) fn parse(name: &str, text: &str) -> Option<Manifest> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match name {
        "go.mod" => Some(go(text)),
        "gemfile" => Some(by_calls("bundler", text, &["gem"])),
        "package.json" => node(text),
        "vcpkg.json" => vcpkg(text),
        "pom.xml" => Some(maven(text)),
        "build.gradle" | "build.gradle.kts" => Some(gradle(text)),
        "conanfile.txt" => Some(conan(text)),
        "meson.build" => Some(by_calls("meson", text, &["dependency"])),
        "stack.yaml" => Some(stack(text)),
        _ => match extension {
            "nix" => Some(nix(text)),
            "sbt" => Some(sbt(text)),
            "rockspec" => Some(rockspec(text)),
            "cabal" => Some(cabal(text)),
            _ => None,
        },
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'@'))
}

/// Words of a list in square brackets that follows `packages`, `buildInputs`, `withPackages` and the like.
fn nix(text: &str) -> Manifest {
    let mut manifest = Manifest::of("nix");
    let (mut depth, mut wanted) = (0usize, false);
    for (index, raw) in text.lines().enumerate() {
        let line = raw.split('#').next().unwrap_or_default();
        let starts = |word: &str| {
            let last = word.rsplit('.').next().unwrap_or_default();
            matches!(last, "packages" | "withPackages" | "systemPackages")
                || last.ends_with("Inputs")
                || last.ends_with("buildInputs")
        };
        for word in line.split_inclusive(['[', ']', ' ', '\t', '(', ')', ';', '=', ':', '{', '}', ',']) {
            let bare = word.trim_matches(['[', ']', ' ', '\t', '(', ')', ';', '=', ':', '{', '}', ',']);
            if depth == 0 && starts(bare) {
                wanted = true;
            } else if depth > 0 && is_name(bare) && !word.ends_with([';', ':', '=']) && !starts(bare) {
                let name = bare.rsplit('.').next().unwrap_or(bare);
                if !matches!(name, "with" | "let" | "in" | "if" | "then" | "else" | "rec" | "inherit") {
                    manifest.add(name, "", false, false, index as u32 + 1);
                }
            }
            match word.chars().next_back() {
                Some('[') if wanted => depth += 1,
                Some(']') if depth > 0 => {
                    depth -= 1;
                    wanted = depth > 0;
                }
                _ => {}
            }
        }
    }
    manifest
}

fn go(text: &str) -> Manifest {
    let mut manifest = Manifest::of("go");
    let mut open = false;
    for (index, raw) in text.lines().enumerate() {
        let (line, remark) = raw.split_once("//").unwrap_or((raw, ""));
        let line = line.trim();
        match line {
            "require (" => open = true,
            ")" => open = false,
            _ => {
                let body = line.strip_prefix("require ").or_else(|| open.then_some(line));
                let mut words = body.unwrap_or_default().split_whitespace();
                if let (Some(path), Some(version)) = (words.next(), words.next())
                    && version.starts_with('v')
                {
                    let optional = remark.contains("indirect");
                    manifest.add(path, version, true, optional, index as u32 + 1);
                }
            }
        }
    }
    manifest
}

/// `verb 'name', '1.0'` and `verb('name', version : '1.0')`.
fn by_calls(tool: &'static str, text: &str, verbs: &[&str]) -> Manifest {
    let mut manifest = Manifest::of(tool);
    for (index, raw) in text.lines().enumerate() {
        let line = raw.split('#').next().unwrap_or_default();
        for verb in verbs {
            let Some(at) = line.find(verb) else { continue };
            let begins = line.get(..at).is_some_and(|before| !before.ends_with(char::is_alphanumeric));
            let rest = line.get(at + verb.len()..).unwrap_or_default();
            if !begins || !rest.starts_with([' ', '(']) {
                continue;
            }
            let mut quoted = rest.split(['\'', '"']).skip(1).step_by(2);
            if let Some(name) = quoted.next().filter(|name| is_name(name)) {
                let version = quoted.next().filter(|version| version.contains(|c: char| c.is_ascii_digit()));
                let version = version.unwrap_or_default();
                let pinned = version.starts_with(|first: char| first.is_ascii_digit());
                manifest.add(name, version, pinned, false, index as u32 + 1);
            }
        }
    }
    manifest
}

fn node(text: &str) -> Option<Manifest> {
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    let (mut manifest, quoted) = (Manifest::of("npm"), Quoted::new(text));
    for (key, optional) in [("dependencies", false), ("peerDependencies", false), ("devDependencies", true)] {
        for (name, version) in json.get(key).and_then(|found| found.as_object()).into_iter().flatten() {
            let version = version.as_str().unwrap_or_default();
            let pinned = version.starts_with(|first: char| first.is_ascii_digit());
            manifest.add(name, version, pinned, optional, quoted.line(name));
        }
    }
    Some(manifest)
}

fn vcpkg(text: &str) -> Option<Manifest> {
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    let (mut manifest, quoted) = (Manifest::of("vcpkg"), Quoted::new(text));
    for item in json.get("dependencies").and_then(|found| found.as_array()).into_iter().flatten() {
        let version = item.get("version>=").and_then(|version| version.as_str()).unwrap_or_default();
        if let Some(name) = item.as_str().or_else(|| item.get("name")?.as_str()) {
            manifest.add(name, version, false, false, quoted.line(name));
        }
    }
    Some(manifest)
}

/// The lines on which texts first stand between quotes.
struct Quoted<'text>(HashMap<&'text str, u32>);

impl<'text> Quoted<'text> {
    fn new(text: &'text str) -> Self {
        let (mut lines, mut line) = (HashMap::new(), 1);
        for piece in text.split('"') {
            lines.entry(piece).or_insert(line);
            line += memchr::memchr_iter(b'\n', piece.as_bytes()).count() as u32;
        }
        Self(lines)
    }

    /// The line of `name`; the first one where it is written in another way.
    fn line(&self, name: &str) -> u32 {
        self.0.get(name).copied().unwrap_or(1)
    }
}

fn maven(text: &str) -> Manifest {
    let mut manifest = Manifest::of("maven");
    let inside = |line: &str, tag: &str| {
        let rest = line.split_once(&format!("<{tag}>"))?.1;
        Some(rest.split('<').next().unwrap_or_default().trim().to_owned())
    };
    let mut open: Option<(String, String, u32)> = None;
    for (index, line) in text.lines().enumerate() {
        if line.contains("<dependency>") {
            open = Some((String::new(), String::new(), index as u32 + 1));
        }
        if let Some((name, version, at)) = &mut open {
            if let Some(found) = inside(line, "artifactId") {
                (*name, *at) = (found, index as u32 + 1);
            }
            if let Some(found) = inside(line, "version") {
                *version = found;
            }
        }
        if line.contains("</dependency>")
            && let Some((name, version, at)) = open.take()
            && !name.is_empty()
        {
            let pinned = version.starts_with(|first: char| first.is_ascii_digit());
            manifest.add(&name, &version, pinned, false, at);
        }
    }
    manifest
}

fn gradle(text: &str) -> Manifest {
    let mut manifest = Manifest::of("gradle");
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start();
        let verb = line.split([' ', '(']).next().unwrap_or_default();
        let optional = verb.starts_with("test");
        if !matches!(verb, "implementation" | "api" | "compile" | "compileOnly" | "runtimeOnly") && !optional
        {
            continue;
        }
        let Some(written) = line.split(['\'', '"']).nth(1) else { continue };
        let mut pieces = written.split(':').skip(1);
        if let Some(name) = pieces.next() {
            let version = pieces.next().unwrap_or_default();
            manifest.add(name, version, !version.is_empty(), optional, index as u32 + 1);
        }
    }
    manifest
}

/// `"org" %% "name" % "1.0"`.
fn sbt(text: &str) -> Manifest {
    let mut manifest = Manifest::of("sbt");
    for (index, raw) in text.lines().enumerate() {
        let line = raw.split("//").next().unwrap_or_default();
        for piece in line.split(',').filter(|piece| piece.contains(" % ") && !piece.contains("addSbtPlugin"))
        {
            let quoted: Vec<&str> = piece.split('"').skip(1).step_by(2).collect();
            if let [_, name, rest @ ..] = quoted.as_slice() {
                let version = rest.first().copied().unwrap_or_default();
                manifest.add(name, version, !version.is_empty(), piece.contains("Test"), index as u32 + 1);
            }
        }
    }
    manifest
}

fn conan(text: &str) -> Manifest {
    let mut manifest = Manifest::of("conan");
    let mut open = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.starts_with('[') {
            open = match line {
                "[requires]" => Some(false),
                "[build_requires]" | "[tool_requires]" | "[test_requires]" => Some(true),
                _ => None,
            };
        } else if let (Some(optional), Some((name, version))) = (open, line.split_once('/')) {
            let version = version.split('@').next().unwrap_or_default();
            manifest.add(name, version, !version.contains('['), optional, index as u32 + 1);
        }
    }
    manifest
}

/// `dependencies = { "torch >= 7.0", … }`.
fn rockspec(text: &str) -> Manifest {
    let mut manifest = Manifest::of("luarocks");
    let mut open = false;
    for (index, raw) in text.lines().enumerate() {
        let line = raw.split("--").next().unwrap_or_default();
        open |= line.trim_start().starts_with("dependencies");
        if open {
            for written in line.split(['\'', '"']).skip(1).step_by(2) {
                let (name, version) = written.split_once(' ').unwrap_or((written, ""));
                if name != "lua" && is_name(name) {
                    manifest.add(name, version, version.starts_with("=="), false, index as u32 + 1);
                }
            }
            open = !line.contains('}');
        }
    }
    manifest
}

/// `build-depends:` and what is indented below it.
fn cabal(text: &str) -> Manifest {
    let mut manifest = Manifest::of("cabal");
    let mut open: Option<usize> = None;
    for (index, raw) in text.lines().enumerate() {
        let content = raw.trim_start();
        let indent = raw.len() - content.len();
        let mut body = content;
        if let Some(rest) = content.to_ascii_lowercase().strip_prefix("build-depends:") {
            open = Some(indent);
            body = content.get(content.len() - rest.len()..).unwrap_or_default();
        } else if open.is_some_and(|above| indent <= above) || content.contains(": ") {
            open = None;
        }
        if open.is_none() {
            continue;
        }
        for piece in body.split(',').map(str::trim).filter(|piece| !piece.is_empty()) {
            let end = piece.find([' ', '<', '>', '=', '^']).unwrap_or(piece.len());
            let (name, version) = piece.split_at_checked(end).unwrap_or((piece, ""));
            if name != "base" && is_name(name) {
                manifest.add(name, version, version.trim().starts_with("=="), false, index as u32 + 1);
            }
        }
    }
    manifest
}

fn stack(text: &str) -> Manifest {
    let mut manifest = Manifest::of("stack");
    let mut open = false;
    for (index, line) in text.lines().enumerate() {
        if let Some(resolver) = line.strip_prefix("resolver:").or_else(|| line.strip_prefix("snapshot:")) {
            manifest.add("stackage", resolver, true, false, index as u32 + 1);
        }
        if !line.starts_with([' ', '-', '\t']) {
            open = line.starts_with("extra-deps:");
        } else if open && let Some(item) = line.trim_start().strip_prefix("- ") {
            let item = item.split('@').next().unwrap_or_default().trim();
            let (name, version) = item.rsplit_once('-').unwrap_or((item, ""));
            if is_name(name) {
                manifest.add(name, version, !version.is_empty(), false, index as u32 + 1);
            }
        }
    }
    manifest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(name: &str, text: &str) -> Vec<String> {
        let manifest = parse(name, text).unwrap_or_default();
        manifest.requirements.iter().map(|found| format!("{}:{}", found.lines.first, found.name)).collect()
    }

    #[test]
    fn each_ecosystem_names_its_packages() {
        let shell = "{ pkgs ? import <nixpkgs> {} }:\npkgs.mkShell {\n  buildInputs = [\n    (pkgs.python3.withPackages (ps: with ps; [ numpy torch ]))\n    pkgs.ninja # build\n  ];\n  shellHook = [ \"x\" ];\n}\n";
        assert_eq!(names("shell.nix", shell), ["4:numpy", "4:torch", "5:ninja"]);
        assert!(names("default.nix", "{ }:\nimport ./x.nix { a = [ b ]; }\n").is_empty());
        let module = "module m\n\ngo 1.20\n\nrequire (\n\tgonum.org/v1/gonum v0.9.0\n\tx.org/y v1.0.0 // indirect\n)\n";
        assert_eq!(names("go.mod", module), ["6:gonum-org/v1/gonum", "7:x-org/y"]);
        assert_eq!(names("gemfile", "source 'x'\ngem 'numo', '~> 1'\n"), ["2:numo"]);
        assert_eq!(
            names("package.json", "{\"name\": \"x\",\n\"dependencies\": {\n\"left\": \"1.0\"}}"),
            ["3:left"]
        );
        assert_eq!(names("vcpkg.json", "{\"dependencies\": [\"eigen3\", {\"name\": \"fmt\"}]}").len(), 2);
        let pom = "<project><artifactId>own</artifactId>\n<dependency>\n<artifactId>nd4j</artifactId>\n<version>1.0</version>\n</dependency>";
        assert_eq!(names("pom.xml", pom), ["3:nd4j"]);
        assert_eq!(names("build.gradle", "dependencies {\n  implementation 'a:b:1'\n}\n"), ["2:b"]);
        assert_eq!(names("build.sbt", "libraryDependencies += \"o\" %% \"breeze\" % \"1\"\n"), ["1:breeze"]);
        assert_eq!(names("conanfile.txt", "[requires]\neigen/3.4.0\n[options]\na/b\n"), ["2:eigen"]);
        assert_eq!(
            names("x-1.rockspec", "dependencies = {\n \"lua >= 5.1\",\n \"torch >= 7.0\"\n}\nx = 'y'\n"),
            ["3:torch"]
        );
        assert_eq!(
            names("x.cabal", "library\n  build-depends:  base >= 4\n                , hmatrix\n  other: y\n"),
            ["3:hmatrix"]
        );
        assert_eq!(names("stack.yaml", "resolver: lts-14\nextra-deps:\n- ad-4.3\n"), ["1:stackage", "3:ad"]);
        assert_eq!(names("meson.build", "dep = dependency('eigen3', version: '>=3')\n"), ["1:eigen3"]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in "(?s)([\\PC\n\t]{0,60}|build-depends:[\\PC]{0,9}\n|\\[[\\PC]{0,9}\\]\n|gem '[\\PC]{0,9}|<dependency>[\\PC]{0,9}){0,9}") {
            for name in [
                "shell.nix", "go.mod", "gemfile", "package.json", "vcpkg.json", "pom.xml", "build.gradle", "build.sbt", "conanfile.txt", "a.rockspec", "a.cabal",
                "stack.yaml", "meson.build",
            ] {
                let _ = parse(name, &text);
            }
        }
    }
}
