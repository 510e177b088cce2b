//! Points, scores, the gate's decision and the delta.

use crate::engine::{Judged, Judgements};
use crate::policy::{FailOn, Policy, Project, Waiver};
use crate::rules::{Evidence, Finding, Fix, Met, Rule, Standard};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A rule's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Every part is met.
    Pass,
    /// Some points are earned, or the deciding part is met, and something is missing.
    Partial,
    /// Nothing is met.
    Fail,
    /// Nothing is asked here.
    NotApplicable,
    /// Accepted for a while; the points stay what they are by themselves.
    Waived,
    /// What would decide it could not be read.
    Unknown,
}

/// How a rule's result differs from the base's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Met at the base, or not there, and missing now.
    Introduced,
    /// Missing at the base and missing now.
    Existing,
    /// Missing or wrong at the base, and not any more.
    Fixed,
}

/// One rule's result.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The rule.
    pub rule: &'static Rule,
    /// Its result.
    pub status: Status,
    /// Whether its deciding part is met.
    pub met: bool,
    /// Points earned.
    pub points: f64,
    /// Points if what is unknown turned out well; equal to `points` where nothing is unknown.
    pub points_at_most: f64,
    /// Points that it could earn, before scaling.
    pub of: f64,
    /// Each part, in the rule's order.
    pub parts: Vec<PartOutcome>,
    /// Places that are wrong, each with its change since the base; waived ones left out.
    pub findings: Vec<FindingOutcome>,
    /// Places that were wrong at the base and are not any more, as they were there.
    pub fixed_findings: Vec<FindingOutcome>,
    /// Where the rule looked.
    pub looked_at: Vec<String>,
    /// Why it does not apply, or why it is unknown, or the waiver's reason.
    pub reason: Option<String>,
    /// The day the waiver ends.
    pub waived_until: Option<String>,
    /// How it differs from the base's; `None` without a base, or where it is met at both.
    pub change: Option<Change>,
    /// How to mend it.
    pub fix: Option<Fix>,
    /// Points of the project's score that mending all that is known to be missing would gain, not rounded.
    pub gain: f64,
    /// Points of the project's score that it has more once all that is offered is put in place as it is, not rounded;
    /// `None` where this rule offers nothing ready, or where that was not judged.
    pub gain_as_is: Option<f64>,
}

/// One part's result.
#[derive(Debug, Clone)]
pub struct PartOutcome {
    /// The part's id.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Whether it is met; `None` where it is unknown or not asked.
    pub met: Option<bool>,
    /// Why it is unknown or not asked.
    pub reason: Option<String>,
    /// The places that show it.
    pub evidence: Vec<Evidence>,
}

/// One finding's result.
#[derive(Debug, Clone)]
pub struct FindingOutcome {
    /// The finding.
    pub finding: Finding,
    /// The same across pushes while the finding is the same, wherever its line moves.
    pub fingerprint: String,
    /// How it differs from the base's.
    pub change: Option<Change>,
}

/// A standard's result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandardScore {
    /// The standard.
    pub standard: Standard,
    /// 0 to 100; `None` where none of its rules applies.
    pub score: Option<f64>,
    /// What the score would be if everything unknown turned out well.
    pub score_at_most: Option<f64>,
    /// Its share of the score, in points of 100.
    pub weight: f64,
}

/// A recipe's result.
#[derive(Debug, Clone)]
pub struct RecipeVerdict {
    /// The document.
    pub path: String,
    /// 0 to 100.
    pub score: f64,
    /// Each rule's result.
    pub outcomes: Vec<Outcome>,
}

/// A waiver that does nothing any more, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedWaiver {
    /// The waiver.
    pub waiver: Waiver,
    /// `ended on …`, or `nothing to waive`.
    pub why: String,
}

/// Everything known about one project at one commit.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The project's folder; empty for the root.
    pub root: String,
    /// 0 to 100, one decimal.
    pub score: f64,
    /// The score before rounding: gains add up to it.
    pub exact_score: f64,
    /// What the score would be if everything unknown turned out well.
    pub score_at_most: f64,
    /// The score once all that is offered, blocks and lines, is put in place as it is; `None` where nothing is.
    pub score_as_is: Option<f64>,
    /// By standard, those that apply.
    pub standards: Vec<StandardScore>,
    /// Rules that judge the project as a whole.
    pub outcomes: Vec<Outcome>,
    /// Rules that judge recipes.
    pub recipes: Vec<RecipeVerdict>,
    /// Waivers that do nothing any more.
    pub ended_waivers: Vec<EndedWaiver>,
    /// The gate's decision.
    pub gate: Gate,
}

/// Whether the gate is passed.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// The decision.
    pub decision: Decision,
    /// The minimum that was asked for.
    pub min_score: f64,
    /// Why it is not passed, one sentence each; empty when it is.
    pub reasons: Vec<String>,
}

/// The gate's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Passed, whatever is unknown.
    Passed,
    /// Failed, whatever is unknown.
    Failed,
    /// It depends on what could not be read.
    Undecided,
}

impl Verdict {
    /// Every outcome, the project's and then each recipe's.
    pub fn all_outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().chain(self.recipes.iter().flat_map(|recipe| &recipe.outcomes))
    }

    /// Points of the project's score that one of its outcomes brings: over all outcomes they add up to the score.
    pub fn contribution(&self, outcome: &Outcome) -> f64 {
        let standard = outcome.rule.standard;
        let whole: f64 =
            self.standards.iter().filter(|score| score.score.is_some()).map(|score| score.weight).sum();
        let of = |outcomes: &[Outcome]| -> f64 {
            outcomes
                .iter()
                .filter(|outcome| outcome.rule.standard == standard)
                .map(|outcome| outcome.of)
                .sum()
        };
        let of_recipes: Vec<f64> =
            self.recipes.iter().map(|recipe| of(&recipe.outcomes)).filter(|of| *of > 0.0).collect();
        let holds =
            |recipe: &RecipeVerdict| recipe.outcomes.iter().any(|candidate| std::ptr::eq(candidate, outcome));
        let scale = match self.recipes.iter().find(|recipe| holds(recipe)) {
            Some(recipe) => of(&recipe.outcomes) * of_recipes.len() as f64,
            None => of(&self.outcomes),
        };
        if scale > 0.0 && whole > 0.0 {
            outcome.points / scale * standard.weight() / whole * 100.0
        } else {
            0.0
        }
    }
}

/// Rounds to one decimal, as scores are shown.
pub fn rounded(score: f64) -> f64 {
    (score * 10.0).round() / 10.0
}

/// Reaches the verdict on `project`; `today` is `YYYY-MM-DD`, and `base` the same project's verdict at the base commit.
pub fn reach(
    judgements: Judgements,
    policy: &Policy,
    project: &Project,
    today: &str,
    base: Option<&Verdict>,
) -> Verdict {
    let mut used = vec![false; policy.waivers.len()];
    let mut outcome = |judged: Judged| outcome(judged, policy, today, &mut used);
    let outcomes: Vec<Outcome> = judgements.project.into_iter().map(&mut outcome).collect();
    let recipes: Vec<RecipeVerdict> = judgements
        .recipes
        .into_iter()
        .map(|(path, judged)| {
            let outcomes: Vec<Outcome> = judged.into_iter().map(&mut outcome).collect();
            let sum = Sum::of(&outcomes);
            RecipeVerdict { path, score: rounded(100.0 * sum.share(sum.points)), outcomes }
        })
        .collect();
    let ended_waivers = policy
        .waivers
        .iter()
        .zip(used)
        .filter_map(|(waiver, used)| {
            let why = if waiver.until.as_str() < today {
                format!("ended on {}", waiver.until)
            } else if !used {
                "nothing to waive".to_owned()
            } else {
                return None;
            };
            Some(EndedWaiver { waiver: waiver.clone(), why })
        })
        .collect();
    let mut verdict = Verdict {
        root: project.root.clone(),
        score: 0.0,
        exact_score: 0.0,
        score_at_most: 0.0,
        score_as_is: None,
        standards: Vec::new(),
        outcomes,
        recipes,
        ended_waivers,
        gate: Gate { decision: Decision::Passed, min_score: 0.0, reasons: Vec::new() },
    };
    tally(&mut verdict);
    if let Some(base) = base {
        compare(&mut verdict, base);
    }
    verdict.gate = decide(&verdict, policy, project, base);
    verdict
}

fn outcome(judged: Judged, policy: &Policy, today: &str, used: &mut [bool]) -> Outcome {
    let Judged { rule, judgement } = judged;
    let of = policy.weights.get(rule.id).copied().unwrap_or(rule.weight);
    let share = |id: &str| rule.parts.iter().find(|part| part.id == id).map_or(1, |part| part.share);
    let title = |id: &str| rule.parts.iter().find(|part| part.id == id).map_or("", |part| part.title);
    let (mut asked, mut earned, mut open, mut why_unknown) = (0.0, 0.0, 0.0, None);
    for part in &judgement.parts {
        let points = f64::from(share(part.id));
        match &part.met {
            Met::NotApplicable(_) => continue,
            Met::Yes | Met::No => earned += points * part.credit.clamp(0.0, 1.0),
            Met::Unknown(why) => {
                open += points;
                why_unknown.get_or_insert_with(|| why.clone());
            }
        }
        asked += points;
    }
    let applies = judgement.not_applicable.is_none() && asked > 0.0;
    let met = applies && judgement.is_met();
    let points = if applies { of * earned / asked } else { 0.0 };
    let points_at_most = if applies { of * (earned + open) / asked } else { 0.0 };
    // What could not be read is never shown as missing, so neither is a rule that lacks nothing else.
    let decided_by_unknown = matches!(judgement.parts.first().map(|part| &part.met), Some(Met::Unknown(_)))
        || (open > 0.0 && earned + open >= asked);
    let mut status = if !applies {
        Status::NotApplicable
    } else if decided_by_unknown {
        Status::Unknown
    } else if earned >= asked {
        Status::Pass
    } else if met || earned > 0.0 {
        Status::Partial
    } else {
        Status::Fail
    };
    let mut reason = match status {
        Status::NotApplicable => {
            judgement.not_applicable.clone().or_else(|| Some("nothing is asked here".to_owned()))
        }
        _ => why_unknown,
    };
    let mut waived_until = None;
    let mut findings = judgement.findings;
    for (waiver, used) in policy.waivers.iter().zip(used) {
        if waiver.rule != rule.id || waiver.until.as_str() < today {
            continue;
        }
        match &waiver.path {
            None if matches!(status, Status::Partial | Status::Fail | Status::Unknown) => {
                (status, *used) = (Status::Waived, true);
                (reason, waived_until) = (Some(waiver.reason.clone()), Some(waiver.until.clone()));
            }
            None => {}
            Some(glob) => {
                let Ok(glob) = globset::Glob::new(glob) else { continue };
                let glob = glob.compile_matcher();
                let before = findings.len();
                findings.retain(|finding| !glob.is_match(&finding.place.path));
                if findings.len() < before {
                    *used = true;
                    if findings.is_empty() {
                        status = Status::Waived;
                        (reason, waived_until) = (Some(waiver.reason.clone()), Some(waiver.until.clone()));
                    }
                }
            }
        }
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let findings = findings
        .into_iter()
        .map(|finding| {
            let stem = format!("{}|{}|{}", rule.id, finding.place.path, finding.key);
            let count = seen.entry(stem.clone()).or_default();
            *count += 1;
            FindingOutcome { fingerprint: fingerprint(&format!("{stem}|{count}")), finding, change: None }
        })
        .collect();
    let parts = judgement
        .parts
        .into_iter()
        .map(|part| {
            let (met, reason) = match part.met {
                Met::Yes => (Some(true), None),
                Met::No => (Some(false), None),
                Met::Unknown(why) | Met::NotApplicable(why) => (None, Some(why)),
            };
            PartOutcome { id: part.id, title: title(part.id), met, reason, evidence: part.evidence }
        })
        .collect();
    Outcome {
        rule,
        status,
        met,
        points,
        points_at_most,
        of: if applies { of } else { 0.0 },
        parts,
        findings,
        fixed_findings: Vec::new(),
        looked_at: judgement.looked_at,
        reason,
        waived_until,
        change: None,
        fix: judgement
            .fix
            .filter(|_| !matches!(status, Status::Pass | Status::NotApplicable | Status::Waived)),
        gain: 0.0,
        gain_as_is: None,
    }
}

/// FNV-1a, 64 bits: the same on every machine and in every version.
/// A short name of a text, the same on every machine.
pub fn fingerprint(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    points: f64,
    at_most: f64,
    of: f64,
}

impl Sum {
    fn of<'outcome>(outcomes: impl IntoIterator<Item = &'outcome Outcome>) -> Self {
        outcomes.into_iter().fold(Self::default(), |sum, outcome| Self {
            points: sum.points + outcome.points,
            at_most: sum.at_most + outcome.points_at_most,
            of: sum.of + outcome.of,
        })
    }

    fn share(self, points: f64) -> f64 {
        if self.of > 0.0 { points / self.of } else { 0.0 }
    }
}

/// Scores by standard, the whole, and what each outcome would gain.
fn tally(verdict: &mut Verdict) {
    /// Share of the points that is earned, and that could be.
    type Shares = (f64, f64);
    let mut totals: Vec<(Standard, Option<Shares>, f64)> = Vec::new();
    let mut scale_of_recipe: Vec<f64> = Vec::new();
    for standard in Standard::ALL {
        let of_standard = |outcome: &&Outcome| outcome.rule.standard == standard;
        let whole = Sum::of(verdict.outcomes.iter().filter(of_standard));
        let present = verdict.all_outcomes().any(|outcome| outcome.rule.standard == standard);
        if !present {
            continue;
        }
        let recipes: Vec<Sum> = verdict
            .recipes
            .iter()
            .map(|recipe| Sum::of(recipe.outcomes.iter().filter(of_standard)))
            .filter(|sum| sum.of > 0.0)
            .collect();
        // A standard that is judged by recipe has the mean of its recipes.
        let (share, at_most) = if recipes.is_empty() {
            (whole.share(whole.points), whole.share(whole.at_most))
        } else {
            let count = recipes.len() as f64;
            (
                recipes.iter().map(|sum| sum.share(sum.points)).sum::<f64>() / count,
                recipes.iter().map(|sum| sum.share(sum.at_most)).sum::<f64>() / count,
            )
        };
        let applies = whole.of > 0.0 || !recipes.is_empty();
        totals.push((standard, applies.then_some((share, at_most)), standard.weight()));
        if standard == Standard::Recipe {
            scale_of_recipe = verdict
                .recipes
                .iter()
                .map(|recipe| Sum::of(&recipe.outcomes).of * recipes.len().max(1) as f64)
                .collect();
        }
    }
    let weight: f64 =
        totals.iter().filter(|(_, share, _)| share.is_some()).map(|(_, _, weight)| weight).sum();
    let mean = |pick: fn(&(f64, f64)) -> f64| -> f64 {
        if weight <= 0.0 {
            return 0.0;
        }
        totals.iter().filter_map(|(_, share, weight)| Some(pick(share.as_ref()?) * weight)).sum::<f64>()
            / weight
            * 100.0
    };
    verdict.exact_score = mean(|share| share.0);
    verdict.score = rounded(verdict.exact_score);
    verdict.score_at_most = rounded(mean(|share| share.1));
    verdict.standards = totals
        .iter()
        .map(|(standard, share, weight)| StandardScore {
            standard: *standard,
            score: share.map(|(share, _)| rounded(share * 100.0)),
            score_at_most: share.map(|(_, share)| rounded(share * 100.0)),
            weight: *weight,
        })
        .collect();
    let of_standard: BTreeMap<Standard, f64> = Standard::ALL
        .iter()
        .map(|&standard| {
            (
                standard,
                Sum::of(verdict.outcomes.iter().filter(|outcome| outcome.rule.standard == standard)).of,
            )
        })
        .collect();
    let gain = |outcome: &Outcome, of: f64| {
        if of > 0.0 && weight > 0.0 {
            (outcome.of - outcome.points_at_most).max(0.0) / of * outcome.rule.standard.weight() / weight
                * 100.0
        } else {
            0.0
        }
    };
    for outcome in &mut verdict.outcomes {
        outcome.gain = gain(outcome, of_standard.get(&outcome.rule.standard).copied().unwrap_or(0.0));
    }
    for (recipe, of) in verdict.recipes.iter_mut().zip(scale_of_recipe) {
        for outcome in &mut recipe.outcomes {
            outcome.gain = gain(outcome, of);
        }
    }
}

/// Marks what changed since the base, rule by rule and finding by finding.
fn compare(verdict: &mut Verdict, base: &Verdict) {
    for outcome in &mut verdict.outcomes {
        let before = base.outcomes.iter().find(|before| before.rule.id == outcome.rule.id);
        compare_outcome(outcome, before);
    }
    let pairs = pair_recipes(&verdict.recipes, &base.recipes);
    for (recipe, before) in verdict.recipes.iter_mut().zip(pairs) {
        for outcome in &mut recipe.outcomes {
            let before = before
                .and_then(|recipe| recipe.outcomes.iter().find(|before| before.rule.id == outcome.rule.id));
            compare_outcome(outcome, before);
        }
    }
}

fn compare_outcome(outcome: &mut Outcome, before: Option<&Outcome>) {
    // Half of the last decimal that points are shown with: less is not told as worse.
    const LEAST: f64 = 0.05;
    let missing =
        |outcome: &Outcome| matches!(outcome.status, Status::Partial | Status::Fail | Status::Waived);
    outcome.change = match before {
        None => missing(outcome).then_some(Change::Introduced),
        // Nobody can tell who introduced it.
        Some(before) if before.status == Status::Unknown => None,
        Some(before) if missing(outcome) => {
            let worse = before.points > outcome.points + LEAST || (before.met && !outcome.met);
            Some(if worse || !missing(before) { Change::Introduced } else { Change::Existing })
        }
        Some(before) => (missing(before) && outcome.status == Status::Pass).then_some(Change::Fixed),
    };
    let unreadable = before.is_some_and(|before| before.status == Status::Unknown);
    let known: BTreeSet<&str> = before
        .iter()
        .flat_map(|before| &before.findings)
        .map(|finding| finding.fingerprint.as_str())
        .collect();
    for finding in &mut outcome.findings {
        let was_there = known.contains(finding.fingerprint.as_str());
        finding.change = match (was_there, unreadable) {
            (true, _) => Some(Change::Existing),
            (false, true) => None,
            (false, false) => Some(Change::Introduced),
        };
    }
    if outcome.status != Status::Unknown {
        let here: BTreeSet<&str> =
            outcome.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
        outcome.fixed_findings = before
            .iter()
            .flat_map(|before| &before.findings)
            .filter(|finding| !here.contains(finding.fingerprint.as_str()))
            .map(|finding| FindingOutcome { change: Some(Change::Fixed), ..finding.clone() })
            .collect();
    }
}

/// For each recipe the one that it was at the base: of the same path, else, of those that are gone, one with the
/// same file name, else the only one that is gone where this is the only one that came.
pub fn pair_recipes<'base>(
    now: &[RecipeVerdict],
    base: &'base [RecipeVerdict],
) -> Vec<Option<&'base RecipeVerdict>> {
    let of_path = |path: &str| base.iter().find(|before| before.path == path);
    let mut gone: Vec<&RecipeVerdict> =
        base.iter().filter(|before| !now.iter().any(|recipe| recipe.path == before.path)).collect();
    let came = now.iter().filter(|recipe| of_path(&recipe.path).is_none()).count();
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let only = (came == 1 && gone.len() == 1).then(|| gone.first().copied()).flatten();
    now.iter()
        .map(|recipe| {
            of_path(&recipe.path).or(only).or_else(|| {
                let found = gone.iter().position(|before| name(&before.path) == name(&recipe.path))?;
                Some(gone.remove(found))
            })
        })
        .collect()
}

fn decide(verdict: &Verdict, policy: &Policy, project: &Project, base: Option<&Verdict>) -> Gate {
    let min_score = project.min_score.unwrap_or(policy.min_score);
    let mut gate = Gate { decision: Decision::Passed, min_score, reasons: Vec::new() };
    let mut undecided = false;
    let mut demand = |low: f64, high: f64, least: f64, what: &str, reasons: &mut Vec<String>| {
        if high < least {
            reasons.push(format!("{what} is {high}, below the minimum of {least}"));
        } else if low < least {
            undecided = true;
        }
    };
    if matches!(policy.fail_on, FailOn::Gate | FailOn::Both) {
        demand(verdict.score, verdict.score_at_most, min_score, "the score", &mut gate.reasons);
        for (standard, least) in &policy.min_scores {
            let applies = |score: &&StandardScore| score.standard == *standard && score.score.is_some();
            if let Some(score) = verdict.standards.iter().find(applies) {
                demand(
                    score.score.unwrap_or(0.0),
                    score.score_at_most.unwrap_or(0.0),
                    *least,
                    &format!("the score of {}", standard.id()),
                    &mut gate.reasons,
                );
            }
        }
        for id in &policy.required {
            for outcome in verdict.all_outcomes().filter(|outcome| outcome.rule.id == id) {
                match outcome.status {
                    Status::Unknown => undecided = true,
                    // A waiver silences; it does not score.
                    Status::NotApplicable | Status::Waived => {}
                    _ if !outcome.met => gate.reasons.push(format!("{id} is required and not met")),
                    _ => {}
                }
            }
        }
    }
    if matches!(policy.fail_on, FailOn::Regression | FailOn::Both)
        && let Some(base) = base
    {
        let (reasons, unsure) = regressions(verdict, base);
        gate.reasons.extend(reasons);
        undecided |= unsure;
    }
    gate.decision = match (gate.reasons.is_empty(), undecided) {
        (false, _) => Decision::Failed,
        (true, true) => Decision::Undecided,
        (true, false) => Decision::Passed,
    };
    gate
}

/// What was met at the base and is not at the head, one sentence each, and whether something unread may hide more.
///
/// A rule that asks nothing any more, or that is waived, is none of it.
fn regressions(verdict: &Verdict, base: &Verdict) -> (Vec<String>, bool) {
    let (mut reasons, mut unsure) = (Vec::new(), false);
    let mut lost = |before: &[Outcome], now: &[Outcome], at: &str| {
        for before in before.iter().filter(|before| before.met) {
            let Some(now) = now.iter().find(|now| now.rule.id == before.rule.id) else { continue };
            match now.status {
                Status::NotApplicable | Status::Waived => {}
                _ if now.met => {}
                Status::Unknown => unsure = true,
                _ => reasons.push(format!("{} was met at the base{at} and is not any more", before.rule.id)),
            }
        }
    };
    lost(&base.outcomes, &verdict.outcomes, "");
    let pairs = pair_recipes(&verdict.recipes, &base.recipes);
    for (now, before) in verdict.recipes.iter().zip(&pairs) {
        if let Some(before) = before {
            lost(&before.outcomes, &now.outcomes, &format!(" by {}", before.path));
        }
    }
    for before in &base.recipes {
        let met = before.outcomes.iter().filter(|outcome| outcome.met).count();
        if met > 0 && !pairs.iter().flatten().any(|pair| pair.path == before.path) {
            reasons.push(format!(
                "the recipe {} is gone, which met {met} of its rules at the base",
                before.path
            ));
        }
    }
    (reasons, unsure)
}

/// A way to gain points: what it gains and how much work it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offer {
    /// Points of the score.
    pub gain: f64,
    /// Work, in units of one paste.
    pub effort: usize,
}

/// The least work that gains at least `gap` points: indices into `offers`, in their order.
///
/// Of sets with equal work, the one that gains most. `None` where all offers together do not reach it.
pub fn cheapest(offers: &[Offer], gap: f64) -> Option<Vec<usize>> {
    if gap <= 0.0 {
        return Some(Vec::new());
    }
    let most: usize = offers.iter().map(|offer| offer.effort.max(1)).sum();
    // For each amount of work the best gain so far, and what makes it.
    let mut best: Vec<Option<(f64, Vec<usize>)>> = vec![None; most + 1];
    if let Some(nothing) = best.first_mut() {
        *nothing = Some((0.0, Vec::new()));
    }
    for (index, offer) in offers.iter().enumerate().filter(|(_, offer)| offer.gain > 0.0) {
        let effort = offer.effort.max(1);
        for work in (effort..=most).rev() {
            let Some(Some((gain, chosen))) = best.get(work - effort) else { continue };
            let gain = gain + offer.gain;
            let better = best.get(work).is_none_or(|known| known.as_ref().is_none_or(|known| known.0 < gain));
            if better {
                let mut chosen = chosen.clone();
                chosen.push(index);
                if let Some(slot) = best.get_mut(work) {
                    *slot = Some((gain, chosen));
                }
            }
        }
    }
    best.into_iter().flatten().find(|(gain, _)| *gain >= gap).map(|(_, chosen)| chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Lines;
    use crate::rules::{Judge, Judgement, Part, PartJudgement, Theme};

    const fn rule(id: &'static str, standard: Standard, weight: f64, judge: Judge) -> Rule {
        Rule {
            id,
            standard,
            title: "A title",
            summary: "A summary",
            reason: "a reason",
            theme: Theme::Training,
            weight,
            parts: &[Part { id: "one", title: "one", share: 2 }, Part { id: "two", title: "two", share: 1 }],
            options: &[],
            docs: "",
            judge,
        }
    }

    const NOTHING: Judge = Judge::Project(|_, _| Judgement::not_applicable(""));
    static CODE: Rule = rule("checklist/code", Standard::Checklist, 30.0, NOTHING);
    static RESULTS: Rule = rule("checklist/results", Standard::Checklist, 20.0, NOTHING);
    static LOSS: Rule = rule("recipe/loss", Standard::Recipe, 15.0, NOTHING);
    static DATA: Rule = rule("recipe/data", Standard::Recipe, 10.0, NOTHING);
    static LINKS: Rule = rule("integrity/links", Standard::Integrity, 10.0, NOTHING);

    fn both(one: Met, two: Met) -> Judgement {
        let part = |id, met: Met| PartJudgement {
            id,
            credit: f64::from(u8::from(met == Met::Yes)),
            met,
            evidence: Vec::new(),
        };
        Judgement { parts: vec![part("one", one), part("two", two)], ..Judgement::default() }
    }

    fn found(keys: &[(&str, u32)]) -> Judgement {
        let finding = |&(key, line): &(&str, u32)| Finding {
            place: Evidence::new("README.md", Lines::at(line), "a note"),
            message: format!("{key} is wrong"),
            key: key.to_owned(),
            replacement: None,
        };
        Judgement {
            findings: keys.iter().map(finding).collect(),
            ..if keys.is_empty() { both(Met::Yes, Met::Yes) } else { both(Met::No, Met::Yes) }
        }
    }

    fn judged(rules: Vec<(&'static Rule, Judgement)>) -> Vec<Judged> {
        rules.into_iter().map(|(rule, judgement)| Judged { rule, judgement }).collect()
    }

    fn verdict(
        project: Vec<(&'static Rule, Judgement)>,
        recipes: Vec<(&str, Vec<(&'static Rule, Judgement)>)>,
        policy: &Policy,
        base: Option<&Verdict>,
    ) -> Verdict {
        let recipes = recipes.into_iter().map(|(path, rules)| (path.to_owned(), judged(rules))).collect();
        let judgements = Judgements { project: judged(project), recipes };
        reach(judgements, policy, &Project::default(), "2026-01-01", base)
    }

    fn policy() -> Policy {
        Policy { fail_on: FailOn::Both, ..Policy::default() }
    }

    /// Mending an outcome gains what it says, whatever else is mended.
    #[test]
    fn a_gain_is_what_mending_adds() {
        use Met::{No, Yes};
        let mend = |code: bool, loss: bool| {
            let one = |done: bool| if done { both(Yes, Yes) } else { both(No, Yes) };
            let recipes = vec![
                ("a.md", vec![(&LOSS, one(loss)), (&DATA, both(Yes, No))]),
                ("b.md", vec![(&LOSS, both(No, No)), (&DATA, Judgement::not_applicable("because"))]),
            ];
            verdict(vec![(&CODE, one(code)), (&RESULTS, both(No, No))], recipes, &policy(), None)
        };
        let before = mend(false, false);
        let gain = |verdict: &Verdict, id: &str| {
            verdict.all_outcomes().find(|outcome| outcome.rule.id == id).unwrap().gain
        };
        let (code, loss) = (gain(&before, "checklist/code"), gain(&before, "recipe/loss"));
        assert!(code > 0.0 && loss > 0.0);
        assert!((mend(true, false).exact_score - before.exact_score - code).abs() < 1e-9);
        assert!((mend(false, true).exact_score - before.exact_score - loss).abs() < 1e-9);
        assert!((mend(true, true).exact_score - before.exact_score - code - loss).abs() < 1e-9);
        let all: f64 = before.all_outcomes().map(|outcome| outcome.gain).sum();
        assert!((before.exact_score + all - 100.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_unknown_is_no_failure_and_no_gain() {
        let unknown = || Met::Unknown("a blob is missing".to_owned());
        let verdict = verdict(
            vec![(&CODE, both(Met::Yes, unknown())), (&RESULTS, both(unknown(), Met::No))],
            vec![],
            &policy(),
            None,
        );
        assert_eq!(verdict.outcomes[0].status, Status::Unknown);
        assert!(verdict.outcomes[0].met && verdict.outcomes[0].gain.abs() < 1e-9);
        assert_eq!(verdict.outcomes[1].status, Status::Unknown);
        assert!(verdict.outcomes[1].gain > 0.0);
        assert!(verdict.score_at_most > verdict.score);
    }

    #[test]
    fn findings_keep_their_fingerprint_when_lines_move() {
        let base = verdict(vec![(&LINKS, found(&[("a.md", 3), ("b.md", 9)]))], vec![], &policy(), None);
        let head =
            verdict(vec![(&LINKS, found(&[("c.md", 2), ("a.md", 40)]))], vec![], &policy(), Some(&base));
        let changes: Vec<_> = head.outcomes[0]
            .findings
            .iter()
            .map(|finding| (finding.finding.key.as_str(), finding.change))
            .collect();
        assert_eq!(changes, [("c.md", Some(Change::Introduced)), ("a.md", Some(Change::Existing))]);
        let fixed: Vec<_> =
            head.outcomes[0].fixed_findings.iter().map(|finding| finding.finding.key.as_str()).collect();
        assert_eq!(fixed, ["b.md"]);
    }

    #[test]
    fn a_change_is_told_rule_by_rule() {
        use Met::{No, Yes};
        let unknown = || Met::Unknown("unread".to_owned());
        let change = |before: Judgement, now: Judgement| {
            let base = verdict(vec![(&CODE, before)], vec![], &policy(), None);
            verdict(vec![(&CODE, now)], vec![], &policy(), Some(&base)).outcomes[0].change
        };
        assert_eq!(change(both(Yes, Yes), both(No, Yes)), Some(Change::Introduced));
        assert_eq!(change(both(Yes, Yes), both(Yes, No)), Some(Change::Introduced));
        assert_eq!(change(both(No, No), both(No, No)), Some(Change::Existing));
        assert_eq!(change(both(No, No), both(Yes, No)), Some(Change::Existing));
        assert_eq!(change(both(No, No), both(Yes, Yes)), Some(Change::Fixed));
        assert_eq!(change(both(Yes, Yes), both(Yes, Yes)), None);
        assert_eq!(change(both(unknown(), No), both(No, No)), None);
        assert_eq!(change(Judgement::not_applicable("none"), both(No, No)), Some(Change::Introduced));
    }

    #[test]
    fn an_improvement_elsewhere_pays_for_no_regression() {
        use Met::{No, Yes};
        let base = verdict(
            vec![(&CODE, both(Yes, No)), (&RESULTS, both(No, No)), (&LINKS, found(&[]))],
            vec![("old.md", vec![(&LOSS, both(Yes, Yes))])],
            &policy(),
            None,
        );
        let head = |links: Judgement, recipes, policy: &Policy| {
            verdict(
                vec![(&CODE, both(No, Yes)), (&RESULTS, both(Yes, Yes)), (&LINKS, links)],
                recipes,
                policy,
                Some(&base),
            )
            .gate
        };
        let renamed = || vec![("new.md", vec![(&LOSS, both(Yes, Yes))])];
        let gate = head(Judgement::not_applicable("no link"), renamed(), &policy());
        assert_eq!(gate.reasons, ["checklist/code was met at the base and is not any more"]);
        let waiver = Waiver {
            rule: "checklist/code".to_owned(),
            path: None,
            reason: "it moves".to_owned(),
            until: "2026-06-01".to_owned(),
        };
        let waived = Policy { waivers: vec![waiver], ..policy() };
        assert_eq!(head(found(&[]), renamed(), &waived).decision, Decision::Passed);
        assert_eq!(
            head(found(&[]), vec![], &waived).reasons,
            ["the recipe old.md is gone, which met 1 of its rules at the base"]
        );
        let never = Policy { fail_on: FailOn::Never, ..policy() };
        assert_eq!(head(found(&[]), vec![], &never).decision, Decision::Passed);
    }

    #[test]
    fn the_cheapest_set_is_the_least_work_that_reaches() {
        let offers: Vec<Offer> = [(5.0, 3), (3.0, 1), (2.5, 1), (0.0, 1), (9.0, 4)]
            .map(|(gain, effort)| Offer { gain, effort })
            .to_vec();
        assert_eq!(cheapest(&offers, 0.0), Some(vec![]));
        assert_eq!(cheapest(&offers, 2.8), Some(vec![1]));
        assert_eq!(cheapest(&offers, 5.5), Some(vec![1, 2]));
        assert_eq!(cheapest(&offers, 9.5), Some(vec![1, 4]));
        assert_eq!(cheapest(&offers, 100.0), None);
    }
}
