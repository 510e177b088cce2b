//! Performance: the number to reach, and the code that measures it.

use super::page::{Kind, Page, Passage, Table, does, topic};
use super::{Finder, Item, LIKELY, PLAIN};
use crate::facts::Lines;
use crate::pattern::Pattern;

/// Names of metrics.
const METRIC: &str = r"\b(accurac(y|ies)|acc|top-?1|top-?5|wer|wers|cer|cers|eer|per|mer|eder|der|bleu|sacrebleu|chrf|ter|rouge(-?\w)?|meteor|cider|spice|map|mapq|box ap|mask ap|ap(50|75)?|ar|m?iou|f1|f-?score|f-?measure|em|exact match|perplexit(y|ies)|ppl|bpc|bpb|fid|inception score|is score|auc|auroc|roc-?auc|ndcg|hr@?\d*|recall(@\d+)?|precision|mrr|r2|rmse|mse|mae|mape|smape|dice|mean_dice|psnr|ssim|si-?snri?|sdri?|pesq|stoi|mos|elo|win ?rate|reward|return|score|scores|nll|likelihood|loss|error|error rate|errors?|mcc|spearman|pearson|correlation|kappa|q-?risk|rand index|nmi|ari|bits per (character|dim|byte)|bpd|hits@\d+|success rate|eer\(%\)|mindcf|uas|las)\b";

/// A metric with its number.
static REACHED: Pattern = Pattern::new(
    r"\b(accurac(y|ies)|acc|top-?[15]( \w+)?|wers?|cers?|eer|eder|der|bleu4?|rouge(-?\w)?|meteor|cider|map|ap(50|75)?|m?iou|f1|f-?score|em|exact match|perplexity|ppl|bpc|bpb|fid|auc|auroc|ndcg|hr@?\d*|recall(@\d+)?|precision|mrr|rmse|mse|mae|mape|dice|mean_dice|psnr|ssim|si-?snri?|sdri?|pesq|stoi|mos|elo|win ?rate|reward|score|nll|(validation|val|test|eval) loss|error rate|error|mcc|q-?risk|success rate|crop accuracy|mindcf)\b[`*_]*\s*(\(%?\w*\)\s*)?(score\s*)?(of|is|was|are|=|:|at|~|≈|to|around|about|reaches|→|was |up to|\s)*\s*(about |around |~|≈|only |up to |at least |over |>|≥|≤|<|\[)*\s*(\d+\.\d+|\d+(\.\d+)?\s?%|0?\.\d+|\d{2}\b)",
);

/// Finds the metrics and what measures them.
pub(super) fn find(page: &Page<'_>, finder: &mut Finder) {
    for passage in page.telling() {
        target(page, passage, finder);
        mentioned(page, passage, finder);
    }
    for table in page.tables.iter().filter(|table| !page.is_about(table.section, topic::ASIDE)) {
        of_table(page, table, finder);
    }
    for (remark, line, section) in &page.remarks {
        if REACHED.is_in(remark) && !page.is_about(*section, topic::ASIDE | topic::INSTALLATION) {
            finder.add(Item::TargetMetrics, Lines::at(*line), LIKELY, remark);
        }
    }
    code(page, finder);
}

fn target(page: &Page<'_>, passage: &Passage<'_>, finder: &mut Finder) {
    static BEFORE: Pattern = Pattern::new(
        r"\b(\d+\.\d+|\d+(\.\d+)?\s?%|0?\.\d+)\s?%?\s*(±\s?\d*\.?\d+\s*)?(\w+ ){0,3}?(accuracy|top-?[15]|wer|cer|word error rate|error rate|bleu|map|miou|iou|f1|fid|auc|perplexity|bpc|dice|rouge|exact match|single crop accuracy|test error|error|elo|psnr)\b",
    );
    static REACHES: Pattern = Pattern::new(
        r"\b(reach|achiev|obtain|get|gets|target|result|converge|yield|attain|report|best|perform|should see|expect|final|down to|evaluat|average|quality)\w*",
    );
    static NOT: Pattern = Pattern::new(
        r"\b(filtered (to|by)|estimated \w+ (score|probability)|label smoothing|dropout|momentum|learning rate|threshold|faster|speed-?up|latency|throughput|\d+ ?ms|version|python|pytorch|cuda|iou (of|over|threshold)|error (message|code)|smoothing|between|range|weight decay|using fewer|memory|chunks?)\b",
    );
    let lower = passage.lower.as_str();
    if matches!(passage.kind, Kind::Title | Kind::Row)
        || page.is_about(passage.section, topic::REFERENCES | topic::INSTALLATION)
    {
        return;
    }
    // What is called performance alone is one where its number is a share.
    static SHARE: Pattern = Pattern::new(
        r"\bperformance\b[^.;]{0,40}\b(is|are|of|was|reaches)\b[\s*_`~]*(about |around )?\d+(\.\d+)?\s?%",
    );
    if SHARE.is_in(lower) && !NOT.is_in(lower) {
        finder.add(Item::TargetMetrics, passage.lines, PLAIN, &passage.text);
    }
    let plain = NOT.remove(lower);
    if REACHED.is_in(&plain) && !NOT.is_in(lower) {
        finder.add(Item::TargetMetrics, passage.lines, PLAIN, &passage.text);
    } else if (BEFORE.is_in(lower) || REACHED.is_in(lower)) && REACHES.is_in(lower) {
        finder.add(Item::TargetMetrics, passage.lines, LIKELY, &passage.text);
    }
}

fn of_table(page: &Page<'_>, table: &Table, finder: &mut Finder) {
    static NAMED: Pattern = Pattern::new(METRIC);
    static NUMBER: Pattern = Pattern::new(
        r"^\W*(\w+ of )?\*{0,2}\d{1,3}(\.\d+)?\s?%?(\s*(±|\+/-|&pm;|/|&)\s?(?:[\d. %/&]|±)+)?(\s\([a-z][^()]*\))?\W*$|^\W*(mcc|map|f1|em|acc\w*|bleu|wer|cer|eer|fid|psnr|auc|miou|iou|ppl|perplexity|rouge\S*|top-?[15]\S*) (of )?\W?\d*\.\d+",
    );
    static DECIMAL: Pattern = Pattern::new(r"\d\.\d|\d\s?%");
    static SPEED: Pattern = Pattern::new(
        r"latency|throughput|speed-?up|(inf|seq|img|images?|items?|samples?|frames|tokens)/s|\(ms\)|\bfps\b|weak scaling|real-?time|infer(ence)? perf|memory|\bsize\b|\d%$",
    );
    static DESCRIBES: Pattern = Pattern::new(
        r"^(params?|flops|layers?|batch size|lr|learning rate|download|opset|hidden size|dropout|gradient clipping|epochs?|time|#|train size|model dim)",
    );
    static RESULT: Pattern = Pattern::new(
        r"results?|accurac|score|performance|error|\bwers?\b|\bcers?\b|bits per|perplexity|metrics?",
    );
    static REPORT: Pattern = Pattern::new(r"\beval|greedy|beam|dev|test|\bval\b|valid");
    let heading = page.headings.get(table.section);
    let titles = heading.map_or(String::new(), |heading| heading.trail.join(" | "));
    let own_title = heading.map_or("", |heading| heading.title.as_str());
    // Tables of speed may stand in any section; their columns tell.
    let speed_lead = SPEED.is_in(&table.lead)
        || SPEED.is_in(own_title)
        || table.header.iter().any(|name| name.contains("latency") || name.contains("throughput"));
    let mut best: Option<(u32, u32)> = None;
    for (row, line) in table.rows.iter().zip(&table.row_lines) {
        for (column, cell) in row.iter().enumerate() {
            if !NUMBER.is_in(cell) {
                continue;
            }
            let name = table.header.get(column).map_or("", String::as_str);
            if DESCRIBES.is_in(name) || SPEED.is_in(name) {
                continue;
            }
            let named = NAMED.is_in(name);
            let row_named = row.first().is_some_and(|first| column > 0 && NAMED.is_in(first));
            let led = (NAMED.is_in(&table.lead) || NAMED.is_in(own_title) || RESULT.is_in(own_title))
                && DECIMAL.is_in(cell)
                && !speed_lead;
            let reported =
                RESULT.is_in(&titles) && REPORT.is_in(&table.header.join(" ")) && DECIMAL.is_in(cell);
            let in_cell = NAMED.is_in(cell);
            let weight = if named && !speed_lead {
                PLAIN
            } else if in_cell || (row_named && DECIMAL.is_in(cell)) || reported || led {
                LIKELY
            } else {
                continue;
            };
            if best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, *line));
            }
        }
    }
    if let Some((weight, line)) = best {
        finder.add(Item::TargetMetrics, Lines::at(line), weight, "table of results");
    }
}

fn code(page: &Page<'_>, finder: &mut Finder) {
    static SNIPPET: Pattern = Pattern::new(r"evaluat|\b\w*_eval\(|accuracy|metric");
    for command in page.telling_commands() {
        let named = command.named;
        let others = does::DOWNLOAD | does::PREPARE_MACHINE | does::PROCESS | does::EXPORT;
        let said = command.said & does::EVALUATE != 0;
        // How fast a model runs is no measure of how good it is.
        static MEASURES_SPEED: Pattern = Pattern::new(r"bench(mark)?");
        static GOODNESS: Pattern = Pattern::new(r"eval|test|valid|scor|accura|metric");
        let script = super::command::script(&command.lower);
        let titles =
            page.headings.get(command.section).map_or(String::new(), |heading| heading.trail.join(" | "));
        let own_title =
            page.headings.get(command.section).map_or("", |heading| &heading.title).to_lowercase();
        let measures_speed = MEASURES_SPEED.is_in(&script)
            || said && (MEASURES_SPEED.is_in(&own_title) || MEASURES_SPEED.is_in(&command.lead));
        if measures_speed
            && !GOODNESS.is_in(&script)
            && !GOODNESS.is_in(&command.lead)
            && !GOODNESS.is_in(&own_title)
            && (titles.contains("performance") || titles.contains("inference") || titles.contains("speed"))
        {
            continue;
        }
        let performance = page.own_topics(command.section) & topic::PERFORMANCE != 0
            && page.own_topics(command.section) & topic::EVALUATION == 0;
        if super::inference::tries_own_input(page, command) {
            continue;
        }
        if named & does::EVALUATE != 0 && named & others == 0 {
            let weight = if performance && !said { LIKELY - 10 } else { PLAIN };
            finder.add(Item::EvaluationCode, command.lines, weight, &command.text);
        } else if said && named & does::RUN != 0 && named & (others | does::TRAIN) == 0 {
            finder.add(Item::EvaluationCode, command.lines, LIKELY, &command.text);
        }
    }
    for snippet in page
        .snippets
        .iter()
        .filter(|snippet| !page.is_about(snippet.section, topic::ASIDE | topic::REFERENCES))
    {
        let about = page.is_about(snippet.section, topic::EVALUATION) || snippet.lead.contains("evaluat");
        if about
            && SNIPPET.is_in(&snippet.lower)
            && snippet.lower.contains('(')
            && !snippet.lower.starts_with('@')
        {
            finder.add(Item::EvaluationCode, snippet.lines, LIKELY, "code that evaluates");
        }
    }
}

/// Scripts and notebooks that sentences say to evaluate with.
fn mentioned(page: &Page<'_>, passage: &Passage<'_>, finder: &mut Finder) {
    static EVALUATES: Pattern = Pattern::new(
        r"\b(evaluation (loop|scripts?|code|routine|notebook)|(pipeline|commands?|scripts?)\b.{0,40}\b(contain\w*|includ\w*|cover\w*)\b.{0,40}\b(evaluat|decod|test)\w*|(scripts?|notebooks?|code) .{0,30}(to|for|that|of) .{0,12}(evaluat\w*|validat\w*|benchmark\w*)|benchmark\w* can be run|entry point (for )?(testing|evaluat\w*)|(script|code|command) will do .{0,20}evaluation|accuracy is computed by|(including|implements?|contains?|defines?) (the )?(\w+ )?evaluation|evaluated (automatically )?(by|with|using) (the )?(script|notebook|code|\w+\.py))",
    );
    static VALIDATION: Pattern = Pattern::new(r"validat|evaluat|benchmark");
    let lower = passage.lower.as_str();
    if passage.kind == Kind::Title || page.is_about(passage.section, topic::INSTALLATION) {
        return;
    }
    let is_code =
        |target: &str| target.ends_with(".ipynb") || target.ends_with(".py") || target.ends_with(".sh");
    let linked = passage.links.iter().any(|link| {
        let target = link.target.to_lowercase();
        is_code(&target) && (VALIDATION.is_in(&target) || EVALUATES.is_in(lower))
    });
    let coded = EVALUATES.is_in(lower)
        && (passage.code.iter().any(|code| super::page::is_script(code))
            || lower.contains("this script will do"));
    // A script named for it, where evaluation is what the section is about.
    static NAMED: Pattern = Pattern::new(r"(^|/)(run_)?(eval\w*|score\w*|validate\w*)\.(py|sh|ipynb)$");
    let titled = page.own_topics(passage.section) & topic::EVALUATION != 0
        && passage.code.iter().any(|code| NAMED.is_in(code));
    if titled && passage.kind != Kind::Row {
        finder.add(Item::EvaluationCode, passage.lines, LIKELY, &passage.text);
    }
    if linked || (coded && passage.kind != Kind::Row) {
        finder.add(Item::EvaluationCode, passage.lines, LIKELY, &passage.text);
    }
}
