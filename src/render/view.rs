//! What every face says in common: what there is to do, what it gains, and what changed.

use super::text;
use crate::mend::{self, is_missing};
use crate::policy::FailOn;
use crate::report::Report;
use crate::rules::{Snippet, Standard, Theme};
use crate::verdict::{
    Change, Decision, FindingOutcome, Offer, Outcome, PartOutcome, RecipeVerdict, Status, Verdict, cheapest,
    pair_recipes,
};

/// Half of the last decimal that scores are shown with.
pub(super) const HALF_A_STEP: f64 = 0.05;
/// Where people read how it all works.
pub(super) const DOCS: &str = "https://github.com/reprogate/reprogate/blob/main/docs";

/// One thing to do: what one rule lacks, or all that one recipe lacks.
#[derive(Debug)]
pub(super) struct Action<'report> {
    /// The project it belongs to.
    pub(super) project: &'report Verdict,
    /// The recipe it belongs to.
    pub(super) recipe: Option<&'report RecipeVerdict>,
    /// What is lacking; never empty, most points first.
    pub(super) outcomes: Vec<&'report Outcome>,
    /// Points of the project's score.
    pub(super) gain: f64,
    /// Those of them that what is offered brings, put in place as it is; `None` where that is not known.
    pub(super) gain_as_is: Option<f64>,
    /// Something to paste, one a file.
    pub(super) snippets: Vec<Snippet>,
    /// Whether it is in the least work that passes the gate.
    pub(super) in_cheapest: bool,
}

impl<'report> Action<'report> {
    fn of(
        project: &'report Verdict,
        recipe: Option<&'report RecipeVerdict>,
        mut outcomes: Vec<&'report Outcome>,
    ) -> Option<Self> {
        let snippets = mend::snippets(&outcomes);
        outcomes.sort_by(|one, other| other.gain.total_cmp(&one.gain));
        outcomes.first()?;
        let gain = outcomes.iter().map(|outcome| outcome.gain).sum();
        let as_is: Vec<f64> = outcomes.iter().filter_map(|outcome| outcome.gain_as_is).collect();
        let gain_as_is = (!as_is.is_empty()).then(|| as_is.iter().sum());
        Some(Self { project, recipe, outcomes, gain, gain_as_is, snippets, in_cheapest: false })
    }

    /// Its theme; that of most points where there are several.
    pub(super) fn theme(&self) -> Theme {
        self.outcomes.first().map_or(Theme::Sharing, |outcome| outcome.rule.theme)
    }

    /// What to do, as a person would say it, without a stop.
    pub(super) fn sentence(&self) -> String {
        match (self.recipe, self.outcomes.as_slice()) {
            (_, [outcome]) => sentence_of(outcome),
            (Some(recipe), outcomes) => {
                let asked = recipe.outcomes.iter().filter(|outcome| outcome.of > 0.0).count();
                if self.lacks_all(recipe) {
                    return format!(
                        "{} tells none of the {asked} things that belong to a training recipe",
                        recipe.path
                    );
                }
                format!(
                    "{} leaves out {} of the {asked} things that a training recipe tells",
                    recipe.path,
                    outcomes.len()
                )
            }
            (None, [outcome, others @ ..]) => {
                let others: Vec<String> =
                    others.iter().map(|other| format!("\"{}\"", other.rule.title)).collect();
                format!("{}, and serves {} too", sentence_of(outcome), text::listed(&others))
            }
            (None, []) => String::new(),
        }
    }

    fn lacks_all(&self, recipe: &RecipeVerdict) -> bool {
        let asked = recipe.outcomes.iter().filter(|outcome| outcome.of > 0.0).count();
        self.outcomes.len() == asked && self.outcomes.iter().all(|outcome| outcome.points <= 0.0)
    }

    /// What is lacking, by name; empty where the sentence says it. Few things are one line without a title, more of them
    /// a line for each theme.
    pub(super) fn lacks(&self) -> Vec<(Option<&'static str>, String)> {
        const FEW: usize = 4;
        if self.outcomes.len() == 1 || self.recipe.is_none_or(|recipe| self.lacks_all(recipe)) {
            return Vec::new();
        }
        let name = |outcome: &&Outcome| {
            let missing: Vec<String> = missing_parts(outcome).map(|part| part.title.to_owned()).collect();
            if outcome.parts.len() > 1 && missing.len() < outcome.parts.len() && !missing.is_empty() {
                format!("{} ({})", text::small(outcome.rule.title), text::listed(&missing))
            } else {
                text::small(outcome.rule.title)
            }
        };
        if self.outcomes.len() <= FEW {
            return vec![(None, self.outcomes.iter().map(name).collect::<Vec<_>>().join(", "))];
        }
        let of_theme = |theme: Theme| -> Vec<String> {
            self.outcomes.iter().filter(|outcome| outcome.rule.theme == theme).map(name).collect()
        };
        THEMES
            .into_iter()
            .map(|theme| (Some(theme_title(theme)), of_theme(theme).join(", ")))
            .filter(|(_, names)| !names.is_empty())
            .collect()
    }

    /// Why it matters, as a sentence of its own, without a stop.
    pub(super) fn reason(&self) -> String {
        text::capital(match (self.recipe, self.outcomes.as_slice()) {
            (None, [outcome, ..]) | (_, [outcome]) => outcome.rule.reason,
            _ => "whoever trains the model again has to guess what its recipe leaves out",
        })
    }

    /// The page that says what counts.
    pub(super) fn page(&self) -> String {
        match (self.recipe, self.outcomes.as_slice()) {
            (None, [outcome, ..]) | (_, [outcome]) => outcome.rule.url(),
            _ => standard_url(Standard::Recipe),
        }
    }

    /// Where it was looked for, each place once.
    pub(super) fn looked_at(&self) -> Vec<&'report str> {
        let mut places: Vec<&str> = Vec::new();
        for place in self.outcomes.iter().flat_map(|outcome| &outcome.looked_at) {
            if !places.contains(&place.as_str()) {
                places.push(place);
            }
        }
        places
    }

    fn offer(&self) -> Offer {
        let mends = |outcome: &&Outcome| {
            !outcome.findings.is_empty()
                && outcome.findings.iter().all(|finding| finding.finding.replacement.is_some())
        };
        let ready = match self.gain_as_is {
            Some(gain) => gain + HALF_A_STEP > self.gain,
            None => !self.snippets.is_empty() || self.outcomes.iter().all(mends),
        };
        let effort = if ready { 1 } else { 2 } + self.outcomes.len().saturating_sub(1) / 3;
        Offer { gain: self.gain, effort }
    }
}

/// What one rule asks to be done.
pub(super) fn sentence_of(outcome: &Outcome) -> String {
    if let Some(fix) = &outcome.fix {
        return fix.summary.clone();
    }
    match outcome.findings.as_slice() {
        [] => {
            let missing: Vec<String> = missing_parts(outcome).map(|part| part.title.to_owned()).collect();
            if missing.is_empty() {
                format!("{}: not all that is asked is there", outcome.rule.title)
            } else {
                format!("{}: {} is missing", outcome.rule.title, text::listed(&missing))
            }
        }
        [finding] => finding.finding.message.clone(),
        [finding, rest @ ..] => {
            format!("{}, and {}", finding.finding.message, text::count(rest.len(), "more place"))
        }
    }
}

/// The parts that are known to be missing.
pub(super) fn missing_parts(outcome: &Outcome) -> impl Iterator<Item = &PartOutcome> {
    outcome.parts.iter().filter(|part| part.met == Some(false))
}

/// `actions`, those that ask for the same new file as one.
fn joined(actions: Vec<Action<'_>>) -> Vec<Action<'_>> {
    let mut joined: Vec<Action<'_>> = Vec::new();
    for action in actions {
        let is_same = |known: &&mut Action<'_>| match (known.snippets.as_slice(), action.snippets.as_slice())
        {
            ([one], [other]) => one.new_file && one == other && known.recipe.is_none(),
            _ => false,
        };
        let Some(known) = joined.iter_mut().find(is_same) else {
            joined.push(action);
            continue;
        };
        known.gain += action.gain;
        known.gain_as_is = match (known.gain_as_is, action.gain_as_is) {
            (Some(one), Some(other)) => Some(one + other),
            (one, other) => one.or(other),
        };
        known.outcomes.extend(action.outcomes);
    }
    joined
}

/// Everything there is to do: first the least work that passes the gate, where it is not passed; then by points.
pub(super) fn actions(report: &Report) -> Vec<Action<'_>> {
    let mut all = Vec::new();
    for verdict in &report.verdicts {
        let mut actions: Vec<Action<'_>> = verdict
            .outcomes
            .iter()
            .filter(|outcome| is_missing(outcome))
            .filter_map(|outcome| Action::of(verdict, None, vec![outcome]))
            .collect();
        actions.extend(verdict.recipes.iter().filter_map(|recipe| {
            let missing = recipe.outcomes.iter().filter(|outcome| is_missing(outcome)).collect();
            Action::of(verdict, Some(recipe), missing)
        }));
        let mut actions = joined(actions);
        mark_cheapest(report, verdict, &mut actions);
        all.extend(actions);
    }
    let failing = |action: &Action<'_>| action.project.gate.decision != Decision::Passed;
    all.sort_by(|one, other| {
        (failing(other), other.in_cheapest)
            .cmp(&(failing(one), one.in_cheapest))
            .then(other.gain.total_cmp(&one.gain))
    });
    all
}

/// Whether one of the gate's reasons names the outcome's rule.
fn is_demanded(verdict: &Verdict, outcome: &Outcome) -> bool {
    let id = outcome.rule.id;
    verdict
        .gate
        .reasons
        .iter()
        .any(|reason| reason.strip_prefix(id).is_some_and(|rest| rest.starts_with(' ')))
}

fn mark_cheapest(report: &Report, verdict: &Verdict, actions: &mut [Action<'_>]) {
    if verdict.gate.decision == Decision::Passed {
        return;
    }
    for action in actions.iter_mut() {
        action.in_cheapest = action.outcomes.iter().any(|outcome| is_demanded(verdict, outcome));
    }
    if !matches!(report.policy.fail_on, FailOn::Gate | FailOn::Both) {
        return;
    }
    let whole: f64 =
        verdict.standards.iter().filter(|score| score.score.is_some()).map(|score| score.weight).sum();
    let standard = |action: &Action<'_>| action.outcomes.first().map(|outcome| outcome.rule.standard);
    let gaps = report.policy.min_scores.iter().filter_map(|(standard, least)| {
        let score = verdict.standards.iter().find(|score| score.standard == *standard)?;
        Some((Some(*standard), (least - HALF_A_STEP - score.score?) * score.weight / whole.max(1.0)))
    });
    let gap = verdict.gate.min_score - HALF_A_STEP - verdict.exact_score;
    let gaps: Vec<(Option<Standard>, f64)> = gaps.chain([(None, gap)]).collect();
    for (only, gap) in gaps {
        let concerned = |action: &Action<'_>| only.is_none() || standard(action) == only;
        let done: f64 = actions
            .iter()
            .filter(|action| action.in_cheapest && concerned(action))
            .map(|action| action.gain)
            .sum();
        let open: Vec<usize> = (0..actions.len())
            .filter(|&index| {
                actions.get(index).is_some_and(|action| !action.in_cheapest && concerned(action))
            })
            .collect();
        let offers: Vec<Offer> =
            open.iter().filter_map(|&index| actions.get(index)).map(Action::offer).collect();
        for chosen in cheapest(&offers, gap - done).unwrap_or_default() {
            if let Some(action) = open.get(chosen).and_then(|&index| actions.get_mut(index)) {
                action.in_cheapest = true;
            }
        }
    }
}

/// What became of one rule since the base.
#[derive(Debug)]
pub(super) struct Changed<'report> {
    /// The project.
    pub(super) project: &'report Verdict,
    /// The recipe.
    pub(super) recipe: Option<&'report RecipeVerdict>,
    /// The rule's result now.
    pub(super) outcome: &'report Outcome,
    /// Its result at the base; `None` where it was not judged there.
    pub(super) before: Option<&'report Outcome>,
    /// Points of the project's score that it brought or cost.
    pub(super) points: f64,
    /// Findings that are new, or gone.
    pub(super) findings: Vec<&'report FindingOutcome>,
}

impl Changed<'_> {
    /// What was there at the base and is missing now, by name.
    pub(super) fn lost(&self) -> Vec<&'static str> {
        let was_met = |part: &&PartOutcome| {
            let before = self.before.into_iter().flat_map(|before| &before.parts);
            before.into_iter().any(|before| before.id == part.id && before.met == Some(true))
        };
        missing_parts(self.outcome).filter(was_met).map(|part| part.title).collect()
    }
}

/// What this change introduced, and what it fixed or improved; most points first.
///
/// What neither breaks a rule, nor a place, nor costs a point that is shown, is not told.
pub(super) fn changes(report: &Report) -> (Vec<Changed<'_>>, Vec<Changed<'_>>) {
    let (mut introduced, mut fixed) = (Vec::new(), Vec::new());
    for (project, base) in report.verdicts.iter().zip(&report.base) {
        let Some(base) = base else { continue };
        let pairs = pair_recipes(&project.recipes, &base.recipes);
        let whole = project.outcomes.iter().map(|outcome| (None, outcome, find(&base.outcomes, outcome)));
        let recipes = project.recipes.iter().zip(&pairs).flat_map(|(recipe, before)| {
            recipe.outcomes.iter().map(move |outcome| {
                (Some(recipe), outcome, before.and_then(|before| find(&before.outcomes, outcome)))
            })
        });
        for (recipe, outcome, before) in whole.chain(recipes) {
            if outcome.status == Status::Waived {
                continue;
            }
            let now = project.contribution(outcome);
            let points = now - before.map_or(0.0, |before| base.contribution(before));
            let new = |finding: &&FindingOutcome| finding.change == Some(Change::Introduced);
            let findings: Vec<_> = outcome.findings.iter().filter(new).collect();
            let broken = outcome.change == Some(Change::Introduced)
                && (points <= -HALF_A_STEP
                    || before.is_none_or(|before| before.status == Status::NotApplicable)
                    || (!outcome.met && before.is_some_and(|before| before.met)));
            if broken || !findings.is_empty() {
                introduced.push(Changed { project, recipe, outcome, before, points, findings });
            }
            let gone: Vec<_> = outcome.fixed_findings.iter().collect();
            let better = outcome.change == Some(Change::Existing)
                && before.is_some_and(|before| before.points + 1e-9 < outcome.points)
                && points >= HALF_A_STEP;
            if outcome.change == Some(Change::Fixed) || !gone.is_empty() || better {
                fixed.push(Changed { project, recipe, outcome, before, points, findings: gone });
            }
        }
    }
    introduced.sort_by(|one, other| one.points.total_cmp(&other.points));
    fixed.sort_by(|one, other| other.points.total_cmp(&one.points));
    (introduced, fixed)
}

fn find<'report>(outcomes: &'report [Outcome], like: &Outcome) -> Option<&'report Outcome> {
    outcomes.iter().find(|outcome| outcome.rule.id == like.rule.id)
}

/// A project's name.
pub(super) fn project_name(verdict: &Verdict) -> &str {
    if verdict.root.is_empty() { "." } else { &verdict.root }
}

/// The title of a theme.
pub(super) fn theme_title(theme: Theme) -> &'static str {
    match theme {
        Theme::Data => "Data",
        Theme::Training => "Training",
        Theme::Evaluation => "Evaluation and results",
        Theme::Inference => "Using the model",
        Theme::Sharing => "Sharing",
    }
}

/// The themes in the order of the work.
pub(super) const THEMES: [Theme; 5] =
    [Theme::Data, Theme::Training, Theme::Evaluation, Theme::Inference, Theme::Sharing];

/// A score, as a range where something is unknown.
pub(super) fn score(low: f64, high: f64) -> String {
    if high > low { format!("{} to {}", text::points(low), text::points(high)) } else { text::points(low) }
}

/// The one line that says it all: `71 / 100, passes (minimum 70), +9 since base`.
pub(super) fn headline(report: &Report) -> String {
    let since =
        report.delta().map_or_else(String::new, |delta| format!(", {} since base", text::signed(delta)));
    let shown = score(report.score(), report.score_at_most());
    if let [verdict] = report.verdicts.as_slice() {
        let least = match (report.policy.fail_on, verdict.gate.min_score) {
            (FailOn::Regression, _) => "no regression allowed".to_owned(),
            (_, least) if least > 0.0 => format!("minimum {}", text::points(least)),
            _ => "no minimum is set".to_owned(),
        };
        if report.policy.fail_on == FailOn::Never {
            return format!("{shown} / 100, not gated{since}");
        }
        let decision = match verdict.gate.decision {
            Decision::Passed => "passes",
            Decision::Failed => "does not pass",
            Decision::Undecided => "undecided",
        };
        return format!("{shown} / 100, {decision} ({least}){since}");
    }
    let passed = report.verdicts.iter().filter(|verdict| verdict.gate.decision == Decision::Passed).count();
    format!("{passed} of {} projects pass, {shown} / 100 on average{since}", report.verdicts.len())
}

/// What share of the reference repositories scores lower than this report, in percent, and how many there are.
///
/// `None` under a policy that counts otherwise than the reference was counted, or where there is no reference.
pub(super) fn rank(report: &Report) -> Option<(u32, usize)> {
    let plain = report.policy.weights.is_empty() && report.policy.off.is_empty();
    let scores = super::reference::scores(report.policy.profile);
    if !plain || scores.is_empty() {
        return None;
    }
    let lower = scores.iter().filter(|score| **score < report.score()).count();
    Some(((100 * lower / scores.len()) as u32, scores.len()))
}

/// What is to be done with a block: the words before its file's name, and those behind it.
pub(super) fn offer_title(snippet: &Snippet) -> (&'static str, &'static str) {
    match (mend::is_draft(snippet), mend::is_offered(snippet), snippet.new_file) {
        (true, _, _) if mend::is_code_to_place(snippet) => ("To put where it belongs in", ""),
        (true, true, true) => ("New file", ", with TODOs to fill in"),
        (true, true, false) => ("Paste into", ", with TODOs to fill in"),
        (true, false, true) => ("Draft of", ", to fill in"),
        (true, false, false) => ("Draft for", ", to fill in"),
        (false, _, true) => ("New file", ""),
        (false, _, false) => ("Paste into", ""),
    }
}

/// Where the documentation says what a standard asks.
pub(super) fn standard_url(standard: Standard) -> String {
    let heading = standard.title().to_lowercase().replace(' ', "-");
    format!("{DOCS}/rules/README.md#{heading}-{}-points", standard.weight())
}

/// A standard's row of the table: points that add up to the score.
#[derive(Debug)]
pub(super) struct Row {
    /// The standard's title, or `Together`.
    pub(super) title: &'static str,
    /// Where it says what it asks; `None` for the sum.
    pub(super) url: Option<String>,
    /// Points, and points if what is unknown turns out well; `None` where it does not apply.
    pub(super) points: Option<(f64, f64)>,
    /// Points that it could bring.
    pub(super) of: f64,
    /// Points more than at the base; `None` without a base.
    pub(super) change: Option<f64>,
}

/// The table of a project's standards, and their sum.
pub(super) fn rows(verdict: &Verdict, base: Option<&Verdict>) -> Vec<Row> {
    fn whole(verdict: &Verdict) -> f64 {
        verdict.standards.iter().filter(|score| score.score.is_some()).map(|score| score.weight).sum()
    }
    let points = |verdict: &Verdict, standard: Standard| -> Option<f64> {
        let score = verdict.standards.iter().find(|score| score.standard == standard)?;
        Some(score.score? * score.weight / whole(verdict).max(1.0))
    };
    let mut rows: Vec<Row> = verdict
        .standards
        .iter()
        .map(|score| {
            let scale = score.weight / whole(verdict).max(1.0);
            let low = score.score.map(|low| low * scale);
            Row {
                title: score.standard.title(),
                url: Some(standard_url(score.standard)),
                points: low.map(|low| (low, score.score_at_most.map_or(low, |high| high * scale))),
                of: 100.0 * scale,
                change: base.map(|base| low.unwrap_or(0.0) - points(base, score.standard).unwrap_or(0.0)),
            }
        })
        .collect();
    rows.push(Row {
        title: "Together",
        url: None,
        points: Some((verdict.score, verdict.score_at_most)),
        of: 100.0,
        change: base.map(|base| verdict.score - base.score),
    });
    rows
}
