//! Runs the registry over the facts.

use crate::facts::recipe::Half;
use crate::facts::{Facts, FileFacts, Markup, Recipe, STACK_BYTES, foreign, plan};
use crate::policy::{Policy, Profile};
use crate::rules::{self, Judge, Judgement, Met, Options, PartJudgement, Rule, Standard};
use std::sync::Mutex;

/// A rule with what it found out.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The rule.
    pub rule: &'static Rule,
    /// Its judgement.
    pub judgement: Judgement,
}

/// What every rule found out about one project.
#[derive(Debug, Clone, Default)]
pub struct Judgements {
    /// Rules that judge the project as a whole, in the order of the catalogue.
    pub project: Vec<Judged>,
    /// Each recipe's path, with the rules that judge it.
    pub recipes: Vec<(String, Vec<Judged>)>,
}

/// Which rules run: all of them, or those of `only` (ids of rules or of standards).
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Empty for all.
    pub only: Vec<String>,
}

impl Selection {
    /// Whether `rule` runs under `policy`.
    pub fn includes(&self, rule: &Rule, policy: &Policy) -> bool {
        let selected = self.only.is_empty()
            || self.only.iter().any(|only| only == rule.id || only == rule.standard.id());
        let in_profile = policy.profile != Profile::Checklist || rule.standard == Standard::Checklist;
        selected && in_profile && !policy.off.contains(rule.id)
    }
}

/// What one thread does at a time.
#[derive(Clone, Copy)]
enum Task<'facts> {
    /// Reads half of a recipe's document.
    Read(&'facts FileFacts, Half),
    /// Follows the scripts that people run, which rules about them ask for.
    Follow,
    /// Judges the project, or a recipe of it.
    Judge(&'static Rule, Option<&'facts Recipe<'facts>>),
}

/// Judges a project, and each of its `recipes`; by two threads, where `jobs` allows as many.
pub fn judge(
    facts: &Facts,
    recipes: &[Recipe<'_>],
    policy: &Policy,
    selection: &Selection,
    jobs: Option<usize>,
) -> Judgements {
    let defaults = Options::default();
    let options = |rule: &Rule| policy.options.get(rule.id).unwrap_or(&defaults);
    let chosen: Vec<&'static Rule> = rules::all().filter(|rule| selection.includes(rule, policy)).collect();
    let production = policy.profile == Profile::Production;
    let recipes: Vec<Recipe<'_>> =
        recipes.iter().map(|recipe| Recipe { production, ..recipe.clone() }).collect();
    let (of_recipe, of_project): (Vec<&'static Rule>, Vec<&'static Rule>) =
        chosen.into_iter().partition(|rule| matches!(rule.judge, Judge::Recipe(_)));
    // What most rules of a recipe wait for comes first from both ends; several recipes are spread by themselves.
    let read = |half: Half| {
        let files = match recipes.as_slice() {
            [recipe] if !of_recipe.is_empty() => recipe.files.as_slice(),
            _ => &[],
        };
        files.iter().map(move |file| Task::Read(file, half))
    };
    // The project's rules, then those of each recipe.
    let mut tasks: Vec<Task<'_>> = read(Half::First).collect();
    tasks.extend(of_project.iter().map(|rule| Task::Judge(rule, None)));
    for recipe in &recipes {
        tasks.extend(of_recipe.iter().map(|rule| Task::Judge(rule, Some(recipe))));
    }
    if of_project.iter().any(|rule| rule.standard == Standard::Sharing) {
        tasks.push(Task::Follow);
    }
    tasks.extend(read(Half::Second));
    let judged = on_two_threads(&tasks, jobs != Some(1), |task| {
        let (rule, recipe) = match task {
            Task::Read(file, half) => {
                file.half(half);
                return None;
            }
            Task::Follow => {
                facts.entry_points();
                return None;
            }
            Task::Judge(rule, recipe) => (rule, recipe),
        };
        let judgement = match (rule.judge, recipe) {
            (Judge::Recipe(judge), Some(recipe)) => judge(recipe, facts, options(rule)),
            (Judge::Project(judge), _) => judge(facts, options(rule)),
            (Judge::Recipe(_), None) => Judgement::default(),
        };
        Some(Judged { rule, judgement: settle(judgement, rule, facts) })
    });
    let mut judged = judged.into_iter().flatten();
    let project = judged.by_ref().take(of_project.len()).collect();
    let recipes = recipes
        .iter()
        .map(|recipe| (recipe.document.path.clone(), judged.by_ref().take(of_recipe.len()).collect()))
        .collect();
    Judgements { project, recipes }
}

/// What `work` makes of each task, in their order. The second thread begins with the last: what rules of one kind share
/// is then worked out by one of the two, while the other goes on.
fn on_two_threads<T: Sync + Copy, R: Send>(tasks: &[T], two: bool, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let left = Mutex::new(tasks.iter().enumerate());
    let next = |from_behind: bool| {
        let mut left = left.lock().ok()?;
        if from_behind { left.next_back() } else { left.next() }
    };
    let work_on = |from_behind: bool| {
        std::iter::from_fn(|| next(from_behind)).map(|(at, task)| (at, work(*task))).collect::<Vec<_>>()
    };
    let mut done = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        // Where no thread is to be had, one does it all.
        let other = two.then(|| thread.spawn_scoped(scope, || work_on(true)).ok()).flatten();
        let mut done = work_on(false);
        match other.map(std::thread::ScopedJoinHandle::join) {
            Some(Ok(others)) => done.extend(others),
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => {}
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// What was not read could change what was found out. A part that is missing may stand in it, and becomes unknown; a
/// part that was found stays found, unless it claims something of every place.
fn settle(mut judgement: Judgement, rule: &'static Rule, facts: &Facts) -> Judgement {
    stay_within(&mut judgement, facts);
    let applies = judgement.not_applicable.is_none();
    let tells_whose =
        |path: &str| rule.standard != Standard::Integrity && tells_whose(facts.within_project(path));
    let matters = |path: &str| {
        could_change(rule, path, &facts.root) || (!applies && could_apply(path)) || tells_whose(path)
    };
    let Some(unread) = facts.unread.iter().find(|unread| matters(&unread.path)) else {
        return judgement;
    };
    let other_recipe =
        rule.standard == Standard::Recipe && facts.unread.iter().any(|unread| could_be_recipe(&unread.path));
    let whose_is_open = facts.unread.iter().any(|unread| tells_whose(&unread.path));
    let why = match unread.path == facts.root {
        true => unread.why.clone(),
        false => format!("{} could not be read: {}", unread.path, unread.why),
    };
    if judgement.not_applicable.take().is_some() {
        judgement.parts = rule.parts.iter().map(|part| PartJudgement::missing(part.id)).collect();
    }
    for part in &mut judgement.parts {
        let is_open = matches!(part.met, Met::No | Met::NotApplicable(_));
        if is_open || other_recipe || whose_is_open || speaks_of_every_place(rule, part.id) {
            (part.met, part.credit) = (Met::Unknown(why.clone()), 0.0);
        }
    }
    judgement
}

/// Keeps places in notebooks within the file: one that is saved on a single line has cells of many.
fn stay_within(judgement: &mut Judgement, facts: &Facts) {
    let places = judgement.parts.iter_mut().flat_map(|part| &mut part.evidence);
    for place in places.chain(judgement.findings.iter_mut().map(|finding| &mut finding.place)) {
        let Some(file) = facts.files.get(&place.path).filter(|file| file.notebook.is_some()) else {
            continue;
        };
        let last = file.lines();
        place.line = place.line.min(last);
        place.end_line = place.end_line.min(last);
    }
}

/// Whether reading the file at `path` could change what `rule` found out.
fn could_change(rule: &Rule, path: &str, root: &str) -> bool {
    if path == root {
        return true;
    }
    if plan::is_vendored(path) {
        return false;
    }
    let (standard, name) = (rule.standard, rule.name());
    if standard == Standard::Sharing {
        return sharing_reads(name, path);
    }
    if standard == Standard::Integrity {
        // Lists of data and logs are texts too, and tell a reader nothing to do.
        return match plan::Kind::of(path) {
            plan::Kind::Document(markup) => markup != Markup::Plain && name != "notebooks",
            plan::Kind::Notebook => matches!(name, "notebooks" | "flags"),
            plan::Kind::Python => name == "flags",
            _ => false,
        };
    }
    match plan::Kind::of(path) {
        // Lists of data and logs are texts too.
        plan::Kind::Document(Markup::Plain) if standard == Standard::Checklist => plan::tells_readers(path),
        plan::Kind::Document(_) => true,
        plan::Kind::Python | plan::Kind::Notebook | plan::Kind::Script => {
            standard != Standard::Recipe && !matches!(name, "license" | "citation" | "documentation")
        }
        plan::Kind::Manifest | plan::Kind::Config => {
            standard != Standard::Recipe && !matches!(name, "results" | "notebooks")
        }
        plan::Kind::Other => false,
    }
}

/// Whether a file could be what a rule found nothing of to judge: code, a notebook, a page, a manifest.
fn could_apply(path: &str) -> bool {
    let kind = plan::Kind::of(path);
    !plan::is_vendored(path)
        && !matches!(kind, plan::Kind::Other | plan::Kind::Config | plan::Kind::Document(Markup::Plain))
}

/// Whether a document could be judged as the recipe in place of the one that was.
fn could_be_recipe(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let is_page = matches!(plan::Kind::of(path), plan::Kind::Document(_)) && !plan::is_vendored(path);
    is_page && ["readme", "recipe", "card"].iter().any(|word| lower.contains(word))
}

/// Whether a rule of the sharing standard looks into files like the one at `path`.
fn sharing_reads(name: &str, path: &str) -> bool {
    let kind = plan::Kind::of(path);
    let file = path.rsplit_once('/').map_or(path, |(_, file)| file).to_ascii_lowercase();
    let is_readme = file.starts_with("readme");
    let is_code = matches!(kind, plan::Kind::Python | plan::Kind::Notebook);
    let is_page = is_readme || file.ends_with(".md") || file.ends_with(".rst");
    match name {
        "license" => is_readme || kind == plan::Kind::Manifest || foreign::is_licence_name(&file),
        "citation" => is_readme || file.starts_with("cit"),
        "pinned-dependencies" | "container" => kind == plan::Kind::Manifest,
        "linter" | "formatter" => {
            matches!(kind, plan::Kind::Manifest | plan::Kind::Config) && !file.ends_with(".json")
        }
        "documentation" => is_page,
        "model-interface" | "demo" => is_page || is_code,
        _ => is_code,
    }
}

/// Whether a path within a project is its README or a licence, which tell own work from that of others: what is met
/// without them may not stay so.
fn tells_whose(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let name = name.to_ascii_lowercase();
    // What lies among copies is a copy whatever its licence.
    (folder.is_empty() && name.starts_with("readme"))
        || foreign::is_licence_name(&name) && !plan::is_vendored(path)
}

/// Whether a met part says that all places are right, and not that one is there: one more place could unsettle it.
fn speaks_of_every_place(rule: &Rule, part: &str) -> bool {
    rule.standard == Standard::Integrity
        || matches!(
            (rule.id, part),
            ("checklist/dependencies", "complete")
                | ("checklist/training-code" | "checklist/evaluation-code", "command")
                | ("sharing/pinned-dependencies" | "sharing/random-seeds" | "sharing/docstrings", _)
        )
}
