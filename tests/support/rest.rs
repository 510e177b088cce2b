//! REST, as far as the program asks, with the refusals that GitHub has for the rest.

use super::{Account, Comment, Fault, Permission, Pull, Reply, Repository, State, Thread};
use base64::Engine as _;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub fn answer(
    state: &mut State,
    account: Option<Account>,
    method: &str,
    path: &str,
    body: &str,
    fault: Option<&Fault>,
) -> Reply {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let query: BTreeMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let parts: Vec<String> = path.split('/').skip(1).map(unescape).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if parts == ["user"] {
        return match account {
            Some(account) if !account.app => Reply::json(200, json!({"login": account.login})),
            Some(_) => Reply::message(403, "Resource not accessible by integration"),
            None => Reply::message(401, "Requires authentication"),
        };
    }
    let ["repos", owner, name, rest @ ..] = parts.as_slice() else { return Reply::message(404, "Not Found") };
    let repo = format!("{owner}/{name}");
    if !state.repos.contains_key(&repo) {
        return Reply::message(404, "Not Found");
    }
    let body: Value = serde_json::from_str(body).unwrap_or(Value::Null);
    match method {
        "GET" => read(state, &repo, rest, &query, fault),
        _ => match account {
            Some(account) if account.permission == Permission::Write => {
                write(state, &repo, &account, method, rest, &body)
            }
            _ => Reply {
                headers: vec![("x-accepted-github-permissions", "issues=write; pull_requests=write".into())],
                ..Reply::message(403, "Resource not accessible by integration")
            },
        },
    }
}

fn unescape(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = part.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        match (first, behind) {
            (b'%', [high, low, behind @ ..]) => {
                let digits = [*high, *low];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
                rest = behind;
            }
            _ => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn read(
    state: &mut State,
    name: &str,
    rest: &[&str],
    query: &BTreeMap<&str, &str>,
    fault: Option<&Fault>,
) -> Reply {
    let (most, url) = (state.page, state.url.clone());
    let repo = &state.repos[name];
    let listed = |items: Vec<Value>| {
        let number =
            |key: &str, default: usize| query.get(key).and_then(|text| text.parse().ok()).unwrap_or(default);
        let (size, page) = (number("per_page", 30).min(most), number("page", 1));
        let shown: Vec<Value> = items.iter().skip((page - 1) * size).take(size).cloned().collect();
        let mut reply = Reply::json(200, Value::from(shown));
        if items.len() > page * size {
            reply.headers.push(("link", format!("<{url}/next>; rel=\"next\", <{url}/last>; rel=\"last\"")));
        }
        reply
    };
    let empty = repo.commits.is_empty();
    match rest {
        ["git", "trees", _] | ["commits", _] if empty => Reply::message(409, "Git Repository is empty."),
        ["git", "trees", id] => tree(repo, id, query.contains_key("recursive"), fault),
        ["git", "blobs", id] => match repo.blobs.get(*id) {
            Some(bytes) => {
                let content = base64::engine::general_purpose::STANDARD.encode(bytes);
                Reply::json(200, json!({"content": content, "encoding": "base64", "size": bytes.len()}))
            }
            None => Reply::message(404, "Not Found"),
        },
        // A commit that is only in a fork is on no branch here.
        ["commits", id, "pulls"] => {
            let own = repo.branches.values().any(|tip| repo.reaches(tip, id));
            let of = repo.pulls.iter().filter(|(_, pull)| own && repo.reaches(&pull.head, id));
            listed(of.map(|(number, pull)| shown(name, *number, pull)).collect())
        }
        ["commits", reference @ ..] => match repo.resolve(&reference.join("/")) {
            Some(sha) => Reply::json(200, json!({"sha": sha})),
            None => Reply::message(422, "No commit found for SHA"),
        },
        ["compare", span] => {
            let (base, head) = span.split_once("...").unwrap();
            match (repo.resolve(base), repo.resolve(head)) {
                (Some(base), Some(head)) => {
                    let status = match (repo.reaches(&base, &head), repo.reaches(&head, &base)) {
                        (true, true) => "identical",
                        (true, false) => "behind",
                        (false, true) => "ahead",
                        (false, false) => "diverged",
                    };
                    Reply::json(200, json!({"status": status}))
                }
                _ => Reply::message(404, "Not Found"),
            }
        }
        ["branches"] => listed(repo.branches.keys().map(|name| json!({"name": name})).collect()),
        ["tags"] => listed(repo.tags.keys().map(|name| json!({"name": name})).collect()),
        ["pulls"] => {
            let label = |pull: &Pull| {
                let owner = pull.head_repo.as_ref().and_then(|from| from.split('/').next());
                format!("{}:{}", owner.unwrap_or("unknown"), pull.head_ref)
            };
            let asked = unescape(query.get("head").copied().unwrap_or_default());
            let of = repo.pulls.iter().filter(|(_, pull)| label(pull) == asked);
            listed(of.map(|(number, pull)| shown(name, *number, pull)).collect())
        }
        ["pulls", number, rest @ ..] => {
            let Some((number, pull)) =
                number.parse().ok().and_then(|number: u64| Some((number, repo.pulls.get(&number)?)))
            else {
                return Reply::message(404, "Not Found");
            };
            match rest {
                [] => Reply::json(200, shown(name, number, pull)),
                ["files"] => {
                    let changed = repo.changed(&pull.base, &pull.head);
                    let file = |path: &String| {
                        let patch =
                            repo.patch(&pull.base, &pull.head, path).filter(|patch| patch.len() < 100_000);
                        json!({"filename": path, "status": "modified", "patch": patch})
                    };
                    listed(changed.iter().map(file).collect())
                }
                ["comments"] => {
                    let of = |thread: &Thread| {
                        let first = thread.comments.first().map(|first| first.id);
                        thread
                            .comments
                            .iter()
                            .map(|comment| {
                                json!({"id": comment.id, "body": comment.body, "user": {"login": comment.author}, "path": thread.path,
                                    "in_reply_to_id": first.filter(|first| *first != comment.id)})
                            })
                            .collect::<Vec<_>>()
                    };
                    listed(pull.threads.iter().flat_map(of).collect())
                }
                _ => Reply::message(404, "Not Found"),
            }
        }
        ["issues", number, "comments"] => {
            let pull = number.parse().ok().and_then(|number: u64| repo.pulls.get(&number));
            let comments = pull.map_or(&[][..], |pull| &pull.comments);
            listed(comments.iter().map(|comment| written(&url, name, comment)).collect())
        }
        _ => Reply::message(404, "Not Found"),
    }
}

fn written(url: &str, repo: &str, comment: &Comment) -> Value {
    json!({
        "id": comment.id, "body": comment.body, "user": {"login": comment.author},
        "html_url": format!("{url}/{repo}/pull/{}#issuecomment-{}", super::PULL, comment.id),
    })
}

/// A pull request as REST and events show it.
pub fn shown(repo: &str, number: u64, pull: &Pull) -> Value {
    json!({
        "number": number, "state": "open", "draft": false,
        "head": {"sha": pull.head, "ref": pull.head_ref, "repo": pull.head_repo.as_ref().map(|name| json!({"full_name": name}))},
        "base": {"sha": pull.base, "ref": pull.base_ref, "repo": {"full_name": repo}},
    })
}

/// The tree of a commit or of a folder (`COMMIT:folder` as its id), whole or one level of it.
fn tree(repo: &Repository, id: &str, recursive: bool, fault: Option<&Fault>) -> Reply {
    let (commit, folder) = match id.split_once("0f01de4") {
        Some((commit, folder)) => (commit, unhex(folder)),
        None => (id, String::new()),
    };
    let Some(commit_found) = repo.commits.get(commit) else { return Reply::message(404, "Not Found") };
    let inside = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut entries = Vec::new();
    let mut folders = std::collections::HashSet::new();
    for (path, blob) in &commit_found.files {
        let Some(relative) = path.strip_prefix(&inside) else { continue };
        let depth: Vec<usize> = relative.match_indices('/').map(|(at, _)| at).collect();
        for at in depth.iter().take(if recursive { depth.len() } else { 1 }) {
            let name = relative[..*at].to_owned();
            if !folders.contains(&name) {
                let tree = format!("{commit}0f01de4{}", hex(&format!("{inside}{name}")));
                entries.push(json!({"path": name, "mode": "040000", "type": "tree", "sha": tree}));
                folders.insert(name);
            }
        }
        if recursive || depth.is_empty() {
            let mode = commit_found.modes.get(path).copied().unwrap_or("100644");
            let size = commit_found.sizes.get(path).copied();
            let size = size.unwrap_or_else(|| repo.blobs.get(blob).map_or(0, |bytes| bytes.len() as u64));
            let kind = if mode == "160000" { "commit" } else { "blob" };
            let mut entry = json!({"path": relative, "mode": mode, "type": kind, "sha": blob});
            if kind == "blob" {
                entry["size"] = Value::from(size);
            }
            entries.push(entry);
        }
    }
    let mut truncated = false;
    if let (Some(Fault::TruncatedTree(most)), true) = (fault, recursive)
        && entries.len() > *most
    {
        entries.truncate(*most);
        truncated = true;
    }
    if let (Some(Fault::TruncatedTreeBytes(most)), true) = (fault, recursive) {
        let mut bytes = 0;
        let fits = |entry: &Value| {
            bytes += entry.to_string().len();
            bytes <= *most
        };
        let kept = entries.iter().cloned().take_while(fits).collect::<Vec<_>>();
        truncated = kept.len() < entries.len();
        entries = kept;
    }
    Reply::json(200, json!({"sha": id, "tree": entries, "truncated": truncated}))
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> String {
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    String::from_utf8((0..text.len()).step_by(2).map(byte).collect()).unwrap()
}

fn write(
    state: &mut State,
    name: &str,
    account: &Account,
    method: &str,
    rest: &[&str],
    body: &Value,
) -> Reply {
    let url = state.url.clone();
    let text = body["body"].as_str().unwrap_or_default().to_owned();
    if text.chars().count() > 65_536 {
        return Reply::message(422, "Body is too long (maximum is 65536 characters)");
    }
    match (method, rest) {
        ("POST", ["issues", number, "comments"]) => {
            let id = state.id();
            let comment = Comment { id, author: account.login.clone(), body: text };
            let answer = written(&url, name, &comment);
            match number
                .parse()
                .ok()
                .and_then(|number: u64| state.repos.get_mut(name)?.pulls.get_mut(&number))
            {
                Some(pull) => pull.comments.push(comment),
                None => return Reply::message(404, "Not Found"),
            }
            Reply::json(201, answer)
        }
        ("PATCH" | "DELETE", ["issues", "comments", id]) => {
            let id: u64 = id.parse().unwrap();
            for pull in state.repos.get_mut(name).unwrap().pulls.values_mut() {
                let Some(at) = pull.comments.iter().position(|comment| comment.id == id) else { continue };
                if pull.comments[at].author != account.login {
                    return Reply::message(403, "Must have admin rights to Repository.");
                }
                if method == "DELETE" {
                    pull.comments.remove(at);
                    return Reply { status: 204, headers: Vec::new(), body: String::new() };
                }
                pull.comments[at].body = text;
                return Reply::json(200, written(&url, name, &pull.comments[at]));
            }
            Reply::message(404, "Not Found")
        }
        ("POST", ["pulls", _, "reviews"]) => {
            let comments = body["comments"].as_array().cloned().unwrap_or_default();
            let mut placed = Vec::new();
            for comment in &comments {
                match place(state, name, comment) {
                    Some(line) => placed.push((comment.clone(), line)),
                    None => {
                        return Reply::message(422, "Unprocessable Entity: line must be part of the diff");
                    }
                }
            }
            for (comment, line) in placed {
                begin(state, name, account, &comment, line);
            }
            state.pull().reviews += 1;
            Reply::json(200, json!({"id": 1}))
        }
        ("POST", ["pulls", _, "comments"]) => match place(state, name, body) {
            Some(line) => {
                begin(state, name, account, body, line);
                Reply::json(201, json!({"id": 1}))
            }
            None => Reply::message(422, "pull_request_review_thread.line must be part of the diff"),
        },
        ("DELETE", ["pulls", "comments", id]) => {
            let id: u64 = id.parse().unwrap();
            let threads = &mut state.pull().threads;
            threads.retain(|thread| thread.comments.first().is_none_or(|first| first.id != id));
            Reply { status: 204, headers: Vec::new(), body: String::new() }
        }
        _ => Reply::message(404, "Not Found"),
    }
}

/// The line that a review comment is for, if the diff shows it.
fn place(state: &mut State, name: &str, comment: &Value) -> Option<u32> {
    let lines_taken = state.lines;
    let repo = &state.repos[name];
    let pull = &repo.pulls[&super::PULL];
    let patch = repo.patch(&pull.base, &pull.head, comment["path"].as_str()?)?;
    let lines = reprogate::publish::diff_lines(&patch);
    match (comment["line"].as_u64(), comment["position"].as_u64()) {
        (Some(line), _) if lines_taken => lines.contains_key(&(line as u32)).then_some(line as u32),
        (None, Some(position)) => {
            lines.iter().find(|(_, at)| u64::from(**at) == position).map(|(line, _)| *line)
        }
        _ => None,
    }
}

fn begin(state: &mut State, name: &str, account: &Account, comment: &Value, line: u32) {
    let id = state.id();
    let thread = Thread {
        id: format!("PRRT_{id}"),
        path: comment["path"].as_str().unwrap_or_default().to_owned(),
        line,
        resolved: false,
        comments: vec![Comment {
            id,
            author: account.login.clone(),
            body: comment["body"].as_str().unwrap_or_default().to_owned(),
        }],
    };
    state.repos.get_mut(name).unwrap().pulls.get_mut(&super::PULL).unwrap().threads.push(thread);
}
