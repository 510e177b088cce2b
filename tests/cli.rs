//! The command line, run as its users run it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

#[path = "support/git.rs"]
mod support;

use assert_cmd::Command;
use std::path::Path;
use std::process::Output;
use support::git;
use tempfile::TempDir;

fn reprogate(folder: &Path, arguments: &[&str]) -> Output {
    Command::cargo_bin("reprogate")
        .unwrap()
        .current_dir(folder)
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", text(&output.stdout), text(&output.stderr)))
}

const TRAIN: &str = "import torch\nmodel = torch.nn.Linear(2, 1)\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\nfor x, y in data:\n    loss = ((model(x) - y) ** 2).mean()\n    loss.backward()\n    optimizer.step()\n";

#[test]
fn a_work_tree_is_judged_as_it_stands_and_a_revision_as_it_was() {
    let project = folder(&[("README.md", "# Nets\n"), ("train.py", TRAIN)]);
    git(project.path(), &["init", "-q"]);
    git(project.path(), &["add", "."]);
    git(project.path(), &["commit", "-qm", "first"]);
    std::fs::write(project.path().join("notes.md"), "# Notes\n").unwrap();
    let now = json(&reprogate(project.path(), &["check", "--format", "json"]));
    let then = json(&reprogate(project.path(), &["check", "--rev", "HEAD", "--format", "json"]));
    assert_eq!(
        (now["target"]["kind"].as_str(), now["coverage"]["files"].as_u64()),
        (Some("worktree"), Some(3))
    );
    assert_eq!(
        (then["target"]["kind"].as_str(), then["coverage"]["files"].as_u64()),
        (Some("commit"), Some(2))
    );
    assert_eq!(then["target"]["head"].as_str().map(str::len), Some(40));
}

/// A pipe that is read never ends, links lead in circles, names are no text: all is judged, by what can be read.
#[cfg(unix)]
#[test]
fn strange_work_trees_are_judged_by_what_can_be_read() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    const README: &str = "# Nets\n\n## Training\n\n```bash\npython train.py\n```\n";
    let plain: &[(&str, &str)] = &[("README.md", README), ("train.py", TRAIN)];
    let crlf = [("README.md", README.replace('\n', "\r\n")), ("train.py", TRAIN.replace('\n', "\r\n"))];
    let crlf = crlf.each_ref().map(|(path, text)| (*path, text.as_str()));
    let judged = |project: &TempDir| {
        let output = reprogate(project.path(), &["check", ".", "--format", "json"]);
        assert!(output.status.code().is_some_and(|code| code < 2), "{}", text(&output.stderr));
        let report = json(&output);
        let rule =
            |rule: &serde_json::Value| rule["rule"] == "checklist/training-code" && rule["met"] == true;
        let trains = report["outcomes"].as_array().unwrap().iter().any(rule);
        (report["coverage"]["files"].as_u64().unwrap(), trains)
    };
    let write = |project: &TempDir, name: &[u8], bytes: &[u8]| {
        std::fs::write(project.path().join(OsStr::from_bytes(name)), bytes).unwrap();
    };
    let marked = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(README.encode_utf16()).flat_map(order).collect()
    };
    type Mischief<'a> = Box<dyn Fn(&TempDir) + 'a>;
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], Mischief<'a>, (u64, bool));
    let cases: [Case<'_>; 15] = [
        ("nothing", &[], Box::new(|_| ()), (0, false)),
        ("one byte", &[("README.md", "x")], Box::new(|_| ()), (1, false)),
        ("a folder as README", &[("README.md/x.py", ""), ("train.py", TRAIN)], Box::new(|_| ()), (2, true)),
        (
            "names of options",
            &[plain[0], plain[1], ("-", TRAIN), ("--help", "")],
            Box::new(|_| ()),
            (4, true),
        ),
        ("names of commands", &[plain[0], plain[1], ("a\n::error::b.py", "")], Box::new(|_| ()), (3, true)),
        ("carriage returns", &crlf, Box::new(|_| ()), (2, true)),
        (
            "a broken notebook",
            &[plain[0], plain[1], ("a.ipynb", "{\"cells\":[1,{\"source\":{}")],
            Box::new(|_| ()),
            (3, true),
        ),
        (
            "little ends",
            &plain[1..],
            Box::new(|at| write(at, b"README.md", &marked(u16::to_le_bytes))),
            (2, true),
        ),
        (
            "great ends",
            &plain[1..],
            Box::new(|at| write(at, b"README.md", &marked(u16::to_be_bytes))),
            (2, true),
        ),
        ("zero bytes", &plain[1..], Box::new(|at| write(at, b"README.md", b"# Ne\0ts\n")), (2, true)),
        ("a name of no encoding", plain, Box::new(|at| write(at, b"a\xff.py", TRAIN.as_bytes())), (3, true)),
        (
            "a line over the limit",
            &plain[1..],
            Box::new(|at| write(at, b"README.md", &b"word ".repeat(1_000_000))),
            (2, false),
        ),
        (
            "links in circles",
            plain,
            Box::new(|at| {
                for (name, target) in [("a", "b"), ("b", "a"), ("here", "."), ("up", "../.."), ("no", "gone")]
                {
                    symlink(target, at.path().join(name)).unwrap();
                }
            }),
            (2, true),
        ),
        (
            "a link out of the tree",
            plain,
            Box::new(|at| symlink("/etc/passwd", at.path().join("requirements.txt")).unwrap()),
            (2, true),
        ),
        (
            "pipes",
            plain,
            Box::new(|at| {
                for name in ["pipe.py", "requirements.txt"] {
                    let made = std::process::Command::new("mkfifo").arg(at.path().join(name)).status();
                    assert!(made.unwrap().success());
                }
            }),
            (2, true),
        ),
    ];
    for (name, files, mischief, wanted) in cases {
        let project = folder(files);
        mischief(&project);
        assert_eq!(judged(&project), wanted, "{name}");
    }
}

#[test]
fn a_bare_partial_clone_is_judged_with_what_it_has() {
    let project = folder(&[("README.md", "# Nets\n"), ("train.py", TRAIN)]);
    git(project.path(), &["init", "-q"]);
    git(project.path(), &["add", "."]);
    git(project.path(), &["commit", "-qm", "first"]);
    let bare = TempDir::new().unwrap();
    let clone = bare.path().join("clone.git");
    git(project.path(), &["clone", "-q", "--bare", "--no-local", ".", clone.to_str().unwrap()]);
    // Take the blob of train.py out, as a partial clone would never have fetched it.
    let id = text(
        &std::process::Command::new("git")
            .current_dir(project.path())
            .args(["rev-parse", "HEAD:train.py"])
            .output()
            .unwrap()
            .stdout,
    );
    for pack in std::fs::read_dir(clone.join("objects/pack")).unwrap().map(|entry| entry.unwrap().path()) {
        let moved = bare.path().join(pack.file_name().unwrap());
        std::fs::rename(&pack, &moved).unwrap();
        if moved.extension().is_some_and(|extension| extension == "pack") {
            let unpack = std::process::Command::new("git")
                .current_dir(&clone)
                .args(["unpack-objects", "-q"])
                .stdin(std::fs::File::open(&moved).unwrap())
                .status()
                .unwrap();
            assert!(unpack.success());
        }
    }
    let (folder, file) = id.trim().split_at(2);
    std::fs::remove_file(clone.join("objects").join(folder).join(file)).unwrap();
    let report = json(&reprogate(bare.path(), &["check", "clone.git", "--rev", "HEAD", "--format", "json"]));
    // A bare repository has nothing else to read.
    assert_eq!(report, json(&reprogate(bare.path(), &["check", "clone.git", "--format", "json"])));
    assert_eq!(report["coverage"]["unread"][0]["path"], "train.py");
    assert!(
        report["coverage"]["unread"][0]["why"].as_str().unwrap().contains("not in this clone"),
        "{report}"
    );
}

#[test]
fn exit_codes_tell_gate_usage_and_file_errors_apart() {
    let project = folder(&[("README.md", "# Nets\n")]);
    let code = |arguments: &[&str]| {
        let output = reprogate(project.path(), arguments);
        (output.status.code(), text(&output.stderr))
    };
    assert_eq!(code(&["check", "--format", "json"]).0, Some(0));
    assert_eq!(code(&["check", "--format", "json", "--min-score", "99"]).0, Some(1));
    for (wrong, said) in [
        (vec!["check", "--min-score", "200"], "from 0 to 100"),
        (vec!["check", "no/such/place"], "no file or folder"),
        (vec!["check", "--only", "integrity/notebok"], "integrity/notebooks"),
        (vec!["check", "--output", "a.json"], "needs a --format"),
        (vec!["check", "--format", "json", "--output", "a", "--output", "b"], "its own"),
        (vec!["check", "--format", "json", "--format", "sarif"], "only one"),
        (vec!["explain", "notebook"], "integrity/notebooks"),
    ] {
        let (code, stderr) = code(&wrong);
        assert_eq!(code, Some(2), "{wrong:?}: {stderr}");
        assert!(stderr.contains(said), "{wrong:?}: {stderr}");
    }
    let (exit, stderr) = code(&["check", "--rev", "HEAD"]);
    assert_eq!(exit, Some(3), "{stderr}");
    assert!(stderr.contains("not a git repository"), "{stderr}");
}

#[test]
fn a_wrong_policy_ends_the_run_with_its_line() {
    let project =
        folder(&[("README.md", "# Nets\n"), (".github/reprogate.yml", "version: 1\nmin-scor: 3\n")]);
    let output = reprogate(project.path(), &["check"]);
    assert_eq!(output.status.code(), Some(2));
    let stderr = text(&output.stderr);
    assert!(stderr.contains(".github/reprogate.yml:2") && stderr.contains("`min-score`"), "{stderr}");
}

#[test]
fn the_policy_is_that_of_the_base() {
    let project = folder(&[("README.md", "# Nets\n"), (".github/reprogate.yml", "min-score: 90\n")]);
    git(project.path(), &["init", "-q"]);
    git(project.path(), &["add", "."]);
    git(project.path(), &["commit", "-qm", "strict"]);
    std::fs::write(project.path().join(".github/reprogate.yml"), "min-score: 0\n").unwrap();
    git(project.path(), &["commit", "-qam", "lax"]);
    let against = |base: &[&str]| {
        reprogate(project.path(), &[&["check", "--rev", "HEAD", "--format", "json"], base].concat())
    };
    let governed = against(&["--base", "HEAD~1"]);
    assert_eq!(
        (governed.status.code(), json(&governed)["policy"]["min_score"].as_f64()),
        (Some(1), Some(90.0))
    );
    assert_eq!(against(&[]).status.code(), Some(0));
}

#[test]
fn outputs_are_written_whole_beside_what_is_printed() {
    let project = folder(&[("README.md", "# Nets\n")]);
    let output = reprogate(
        project.path(),
        &[
            "check",
            "--format",
            "json",
            "--output",
            "report.json",
            "--format",
            "sarif",
            "--output",
            "report.sarif",
            "--format",
            "terminal",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(project.path().join("report.json")).unwrap()).unwrap();
    assert_eq!(report["schema"], "reprogate-report/1");
    assert!(project.path().join("report.sarif").exists());
    assert!(!output.stdout.is_empty());
    let names: Vec<_> =
        std::fs::read_dir(project.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn the_catalogue_explains_itself() {
    let here = Path::new(".");
    let rules = text(&reprogate(here, &["rules"]).stdout);
    for rule in reprogate::rules::all() {
        assert!(rules.contains(rule.id), "{}", rule.id);
        let page = text(&reprogate(here, &["explain", rule.id]).stdout);
        for heading in ["## What it asks", "## Why", "## What counts", "## How to mend it", "## Source"] {
            assert!(page.contains(heading), "{}: {heading}", rule.id);
        }
    }
    for schema in ["policy", "report"] {
        assert!(json(&reprogate(here, &["schema", schema])).get("$schema").is_some(), "{schema}");
    }
}

#[test]
fn drafts_are_valid_where_they_have_a_format() {
    let project =
        folder(&[("README.md", "# Nets\n"), ("train.py", TRAIN), ("requirements.txt", "torch==2.0\n")]);
    let draft = |what: &str| text(&reprogate(project.path(), &["draft", what]).stdout);
    assert!(reprogate::policy::parse(&draft("policy"), "drafted").is_ok());
    let workflow: serde_yaml::Value = serde_yaml::from_str(&draft("workflow")).unwrap();
    assert_eq!(workflow["jobs"]["review"]["permissions"]["pull-requests"], "write");
    assert!(draft("citation").contains("cff-version: 1.2.0"));
    assert!(draft("readme").contains("pip install -r requirements.txt"));
    assert!(draft("recipe").contains("TODO"));
}

/// One name for the Action: the draft's, in everything that people copy.
#[test]
fn the_action_has_one_name() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("README.md")];
    for folder in ["examples/workflows", "docs"] {
        files.extend(std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()));
    }
    let mut count = 0;
    for file in files.into_iter().filter(|file| file.is_file()) {
        let text = std::fs::read_to_string(&file).unwrap();
        for line in text.lines().filter(|line| line.trim_start().starts_with("- uses: reprogate/")) {
            count += 1;
            assert!(line.trim().ends_with(reprogate::draft::workflow::ACTION), "{}: {line}", file.display());
        }
    }
    assert!(count > 5, "{count}");
}
