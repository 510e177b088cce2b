//! GraphQL, as far as the program's own queries go.

use super::{Account, Comment, Fault, Permission, Reply, State};
use serde_json::{Map, Value, json};

/// The name of a request's query.
pub fn name(body: &str) -> String {
    let text = serde_json::from_str::<Value>(body).ok();
    let query = text.as_ref().and_then(|text| text["query"].as_str()).unwrap_or_default();
    let rest = query.trim_start().split_once(' ').map_or("", |(_, rest)| rest);
    rest.chars().take_while(|shown| shown.is_ascii_alphanumeric()).collect()
}

pub fn answer(state: &mut State, account: Option<Account>, body: &str, fault: Option<&Fault>) -> Reply {
    if !state.graphql {
        return Reply::message(404, "Not Found");
    }
    let Some(account) = account else {
        return Reply::message(401, "This endpoint requires you to be authenticated.");
    };
    let request: Value = serde_json::from_str(body).unwrap();
    let variables = &request["variables"];
    let repo = format!(
        "{}/{}",
        variables["owner"].as_str().unwrap_or_default(),
        variables["name"].as_str().unwrap_or_default()
    );
    match name(body).as_str() {
        "Blobs" => blobs(state, &repo, request["query"].as_str().unwrap(), fault),
        "PullRequest" => pull_request(state, &account, &repo, variables),
        "Resolve" => resolve(state, &account, variables["thread"].as_str().unwrap()),
        other => Reply::json(200, json!({"errors": [{"message": format!("no query {other}")}]})),
    }
}

fn blobs(state: &mut State, repo: &str, query: &str, fault: Option<&Fault>) -> Reply {
    let Some(repo) = state.repos.get(repo) else {
        return Reply::json(
            200,
            json!({"data": {"repository": null}, "errors": [{"type": "NOT_FOUND", "message": "no repository"}]}),
        );
    };
    let mut found = Map::new();
    let mut errors = Vec::new();
    for line in query.lines().filter(|line| line.contains("object(oid:")) {
        let (alias, rest) = line.trim().split_once(':').unwrap();
        let oid = rest.split('"').nth(1).unwrap();
        let blob = repo.blobs.get(oid).map(|bytes| {
            let binary = bytes.contains(&0) || std::str::from_utf8(bytes).is_err();
            let cut = bytes.len() > 500_000 || matches!(fault, Some(Fault::TruncatedTexts));
            let text = String::from_utf8_lossy(bytes);
            let shown: String = if cut { text.chars().take(5).collect() } else { text.into_owned() };
            json!({"oid": oid, "text": (!binary).then_some(shown), "isBinary": binary, "isTruncated": cut})
        });
        let hole = matches!(fault, Some(Fault::Partial)) && found.len().is_multiple_of(2);
        if hole {
            errors.push(json!({"path": ["repository", alias], "message": "Something went wrong while executing your query."}));
        }
        found.insert(alias.to_owned(), blob.filter(|_| !hole).unwrap_or(Value::Null));
    }
    let mut answer = json!({"data": {"repository": found}});
    if !errors.is_empty() {
        answer["errors"] = Value::from(errors);
    }
    Reply::json(200, answer)
}

fn page<T>(items: &[T], after: &Value, most: usize, show: impl Fn(&T) -> Value) -> Value {
    let from: usize = after.as_str().and_then(|after| after.parse().ok()).unwrap_or(0);
    let nodes: Vec<Value> = items.iter().skip(from).take(most).map(show).collect();
    let end = from + nodes.len();
    json!({"pageInfo": {"hasNextPage": end < items.len(), "endCursor": end.to_string()}, "totalCount": items.len(), "nodes": nodes})
}

fn pull_request(state: &mut State, account: &Account, repo: &str, variables: &Value) -> Reply {
    let most = state.page;
    let url = state.url.clone();
    let number = variables["number"].as_u64().unwrap_or(0);
    let Some(pull) = state.repos.get(repo).and_then(|repo| repo.pulls.get(&number)) else {
        return Reply::json(
            200,
            json!({"data": {"repository": {"pullRequest": null}}, "errors": [{"type": "NOT_FOUND", "message": "no pull request"}]}),
        );
    };
    let comment = |comment: &Comment| {
        json!({
            "fullDatabaseId": comment.id.to_string(), "viewerDidAuthor": comment.author == account.login,
            "url": format!("{url}/{repo}/pull/{number}#issuecomment-{}", comment.id), "body": comment.body,
        })
    };
    let mut found = json!({"headRefOid": pull.head, "baseRefName": pull.base_ref});
    if variables["comments"] == true {
        found["comments"] = page(&pull.comments, &variables["after"], most, comment);
    }
    if variables["threads"] == true {
        found["reviewThreads"] = page(
            &pull.threads,
            &variables["threadsAfter"],
            most,
            |thread| json!({"id": thread.id, "isResolved": thread.resolved, "comments": page(&thread.comments, &Value::Null, 1, comment)}),
        );
    }
    Reply::json(200, json!({"data": {"repository": {"pullRequest": found}}}))
}

fn resolve(state: &mut State, account: &Account, id: &str) -> Reply {
    if account.permission != Permission::Write {
        return Reply::json(
            200,
            json!({"data": {"resolveReviewThread": null}, "errors": [{"type": "FORBIDDEN", "message": "Resource not accessible by integration"}]}),
        );
    }
    let thread =
        state.repos.values_mut().flat_map(|repo| repo.pulls.values_mut()).flat_map(|pull| &mut pull.threads);
    match thread.into_iter().find(|thread| thread.id == id) {
        Some(thread) => {
            thread.resolved = true;
            Reply::json(
                200,
                json!({"data": {"resolveReviewThread": {"thread": {"id": id, "isResolved": true}}}}),
            )
        }
        None => {
            Reply::json(200, json!({"data": null, "errors": [{"type": "NOT_FOUND", "message": "no thread"}]}))
        }
    }
}
