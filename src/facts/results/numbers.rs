//! Results as numbers: tables, printed output, sentences, comments over commands.

use super::figures::{stands_among_data, titles_over};
use super::says;
use super::words::{
    ANNOUNCED_MEASURE, DATA_TITLE, DECIMAL, INCEPTION_SCORE, MEASURE, NO_MEASURE, OTHER_WORK, PRINTED, PROSE,
    RESULTS_TITLE, SETTINGS, STRONG_TITLE, TOLD,
};
use crate::facts::document::{Block, BlockKind, Lines};
use crate::facts::places::start_of;
use crate::facts::{Document, Facts};
use crate::pattern::Pattern;
use std::cell::LazyCell;
use std::collections::BTreeMap;

/// Titles and short lines that end in a number, each over the command that reaches it: `### Small model 77.8`.
pub(super) fn numbers_over_commands(document: &Document) -> impl Iterator<Item = Lines> {
    const SEVERAL: usize = 2;
    static ENDS_IN_NUMBER: Pattern = Pattern::new(r"\w\D*[\s(:=]\d{1,3}\.\d{1,3}\s*%?\W*$");
    static VERSION: Pattern = Pattern::new(
        r"(?i)python|torch|tensorflow|keras|cuda|ubuntu|version|release|update|install|requirement|\bv\d|\bstep\b|section|\bsec\b|figure|table",
    );
    let is_code = |block: &Block| matches!(block.kind, BlockKind::Code { .. });
    let first_of = |index: usize| document.blocks.iter().find(|block| block.section == index);
    let titles = document.sections.iter().enumerate().filter(|(index, section)| {
        section.level > 1
            && says(&ENDS_IN_NUMBER, &section.title)
            && !says(&VERSION, &section.title)
            && first_of(*index).is_some_and(is_code)
    });
    // `k=3 (~91.7)` is as good as a title.
    static IN_BRACKETS: Pattern = Pattern::new(r"\(\s*~?\s*\d{1,3}\.\d{1,3}\s*%?\s*\)\W*$");
    const SHORT: usize = 60;
    let labels = document.blocks.windows(2).filter(|pair| {
        matches!(pair, [label, code] if !is_code(label)
            && is_code(code)
            && label.section == code.section
            && label.text.len() <= SHORT
            && says(&IN_BRACKETS, &label.text)
            && !says(&VERSION, &label.text))
    });
    let mut found: Vec<Lines> = titles.map(|(_, section)| Lines::at(section.lines.first)).collect();
    found.extend(labels.filter_map(|pair| pair.first()).map(|label| label.lines));
    let is_row = found.len() >= SEVERAL;
    found.into_iter().filter(move |_| is_row)
}

/// Lines of comments beside commands that tell the number to expect: `# expected: BLEU = 27.1`.
pub(super) fn promised_in_comments(document: &Document) -> impl Iterator<Item = u32> {
    static EXPECTED: Pattern =
        Pattern::new(r"(?i)\b(?:expect(?:ed|s)?|should|reaches|gives|yields|obtains?|achieves?|results?)\b");
    let promises = |line: &str| {
        let comment = line.find("# ").and_then(|at| line.get(at..));
        comment.is_some_and(|comment| says(&EXPECTED, comment) && says(&PRINTED, comment))
    };
    let blocks = document.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Code { .. }));
    blocks.filter(|block| says(&PRINTED, &block.text)).flat_map(move |block| {
        block.code_lines().filter(move |(_, line)| promises(line)).map(|(number, _)| number)
    })
}

/// Whether a code block shows what a command printed, after words that promise a result.
pub(super) fn is_printed_result(document: &Document, index: usize) -> bool {
    static PROMISE: Pattern = Pattern::new(
        r"(?i)\b(?:results?|reference output|expect(?:ed)?|reproduces?|replicates?|should (?:get|see|obtain|give|print|output|look)|yields?|achieves?|performances?)\b",
    );
    let Some(block) = document.blocks.get(index).filter(|block| matches!(block.kind, BlockKind::Code { .. }))
    else {
        return false;
    };
    let before = |index: usize| {
        let before = index.checked_sub(1).and_then(|before| document.blocks.get(before))?;
        (before.section == block.section && !matches!(before.kind, BlockKind::Code { .. })).then_some(before)
    };
    // Whatever the measure is called, where a title promises results, or a sentence what comes out.
    static MEASURED: Pattern =
        Pattern::new(r"(?m)^[^-#=(){}\[\]$\n]*[A-Za-z@][\w@.-]*\s*[:= ]\s*\d{1,3}\.\d+\s*%?(?:\s|$)");
    static LABELLED: Pattern = Pattern::new(r"(?m)[A-Za-z@][\w@.-]*\s*[:=]\s*\d{1,3}\.\d+\s*%?(?:[\s|(,]|$)");
    static COMES_OUT: Pattern = Pattern::new(
        r"(?i)\boutputs?\b(?:[^.\n]|\.\w){0,40}\b(?:should\s+be|as\s+below|as\s+follows)\b|\b(?:following|expected)\s+outputs?\b",
    );
    let comes_out = || before(index).is_some_and(|nearest| says(&COMES_OUT, &nearest.text));
    if says(&MEASURED, &block.text) && says(&STRONG_TITLE, document.title_over(block.section))
        || says(&LABELLED, &block.text) && comes_out()
    {
        return true;
    }
    let printed =
        says(&PRINTED, &block.text) || is_aligned_table(&block.text) || has_rows_with_spread(&block.text);
    printed
        && before(index).is_some_and(|nearest| {
            // "For the small model:" says of which, and the words over it what.
            let introduces = nearest.text.trim_end().ends_with(':') && nearest.text.len() < 80;
            says(&PROMISE, &nearest.text)
                || introduces && before(index - 1).is_some_and(|over| says(&PROMISE, &over.text))
        })
}

/// Lines that show, in the block of a command and below it, what it printed: a measure and its number.
pub(super) fn printed_below_commands(facts: &Facts, document: &Document) -> impl Iterator<Item = u32> {
    static PRINTED_LINE: Pattern = Pattern::new(
        r"(?i)^(?:[^#$]{0,60}\b)?(?:accuracy|acc|precision|recall|f1|auc|auroc|error|fid|map|miou|bleu|psnr|reward|return|mse|rmse|mae|nll|perplexity|ppl|top-?1|score)\w*\s*[:=]\s*\d+\.\d+\s*(?:%|\W.*)?$|^[^-]*\d\.\d+\s*(?:±|\+/?-)\s*\d",
    );
    // What is printed epoch by epoch is a run that goes well, and no result.
    static EPOCHS: Pattern = Pattern::new(r"(?i)\b(?:epoch|iter(?:ation)?|step)s?\W{0,3}\d");
    let commands = LazyCell::new(|| -> BTreeMap<u32, u32> {
        let documented = facts.commands.documented.iter();
        let own = documented.filter(|command| command.document == document.path);
        own.map(|command| (command.lines.first, command.lines.last)).collect()
    });
    let prints = |block: &&Block| {
        matches!(block.kind, BlockKind::Code { .. })
            && (says(&PRINTED, &block.text) || block.text.contains('±'))
            && !says(&EPOCHS, &block.text)
    };
    document.blocks.iter().filter(prints).filter_map(move |block| {
        let (_, last) = commands.range(block.lines.first..=block.lines.last).next()?;
        let is_command =
            |number: u32| commands.range(..=number).next_back().is_some_and(|(_, end)| number <= *end);
        let mut below = block.code_lines().filter(|(number, _)| number > last);
        let printed = below.find(|(number, line)| {
            !line.contains(" --") && says(&PRINTED_LINE, line) && !is_command(*number)
        });
        printed.map(|(number, _)| number)
    })
}

/// Whether several lines of a text end in a number and its spread: `85.10 ± 0.67`.
fn has_rows_with_spread(text: &str) -> bool {
    const SEVERAL: usize = 2;
    static ENDS_IN_SPREAD: Pattern = Pattern::new(r"\d\.\d+\s*%?\s*(?:±|\+/?-)\s*\d+(?:\.\d+)?\s*%?\s*$");
    text.lines().filter(|line| says(&ENDS_IN_SPREAD, line)).take(SEVERAL).count() == SEVERAL
}

/// Whether a text is a table aligned by spaces or drawn with bars: names of measures over a row of as many numbers.
fn is_aligned_table(text: &str) -> bool {
    const LEAST: usize = 3;
    let is_rule = |line: &str| line.chars().all(|c| matches!(c, '+' | '-' | '=' | '|') || c.is_whitespace());
    let between = |c: char| c == '|' || c.is_whitespace();
    let mut rows = text
        .lines()
        .filter(|line| !is_rule(line))
        .map(|line| line.split(between).filter(|cell| !cell.is_empty()).collect::<Vec<_>>());
    let numbers = |row: &[&str]| row.iter().filter(|cell| cell.contains('.') && DECIMAL.is_in(cell)).count();
    let Some(header) = rows.find(|row| !row.is_empty()) else { return false };
    header.len() >= LEAST
        && numbers(&header) == 0
        // A command has numbers among its words.
        && rows.any(|row| {
            let numbers = numbers(&row);
            row.len() >= header.len() && numbers + 1 >= header.len() && numbers * 2 >= row.len()
        })
}

/// Whether a sentence quotes a line of numbers as what a command puts out.
pub(super) fn quotes_output(document: &Document, block: &Block) -> bool {
    static OUTPUT: Pattern =
        Pattern::new(r"(?i)\b(?:outputs?|prints?|printed|results?)\b[^.]{0,30}\b(?:is|are|be|like|reads?)\b");
    let fractions = |text: &str| {
        text.split_whitespace().filter(|word| word.contains('.') && word.parse::<f64>().is_ok()).count()
    };
    !matches!(block.kind, BlockKind::Code { .. })
        && says(&OUTPUT, &block.text)
        && document
            .inline_code
            .iter()
            .any(|code| block.lines.contains(code.line) && fractions(&code.text) >= 2)
}

/// Whether an output says what was measured; dates, counts and shapes are whole numbers.
pub(super) fn has_measures(output: &str) -> bool {
    let has_fraction = output.contains('%')
        || output.as_bytes().windows(3).any(|around| {
            matches!(around, [before, b'.', after] if before.is_ascii_digit() && after.is_ascii_digit())
        });
    has_fraction
        && says(&MEASURE, &output.replace('_', " "))
        && output.chars().filter(char::is_ascii_digit).count() >= 4
}

/// Whether several lines of an output hold several numbers with a point.
pub(super) fn has_rows_of_numbers(output: &str) -> bool {
    const SEVERAL: usize = 2;
    let is_row = |line: &&str| {
        let numbers = line.split_whitespace().filter(|word| word.contains('.') && DECIMAL.is_in(word));
        numbers.take(SEVERAL).count() == SEVERAL
    };
    output.lines().filter(is_row).take(SEVERAL).count() == SEVERAL
}

pub(super) fn is_results_table(document: &Document, block: &Block) -> bool {
    let BlockKind::Table { header, rows, .. } = &block.kind else { return false };
    // One cell may hold the numbers of several settings, one below the other.
    let is_number = |cell: &str| {
        DECIMAL.is_in(cell) || cell.contains('.') && cell.split_whitespace().all(|piece| DECIMAL.is_in(piece))
    };
    let numeric = |row: &&Vec<String>| row.iter().skip(1).any(|cell| is_number(cell));
    let with_numbers = rows.iter().filter(numeric).count();
    if with_numbers == 0 {
        return false;
    }
    let heading = header.join(" ");
    let first_column: String =
        rows.iter().filter_map(|row| row.first()).map(String::as_str).collect::<Vec<_>>().join(" ");
    let title = titles_over(document, block.section);
    // "We present their performance below."
    static PRESENTS: Pattern = Pattern::new(
        r"(?i)\b(?:results?|performances?|scores?|rewards?|returns?|accuracy|accuracies)\b[^.|]{0,40}\b(?:below|following|in\s+(?:the|this)\s+table)\b",
    );
    // "… gives these PSNRs:"
    let announced = document.blocks.iter().rev().find(|before| before.lines.last < block.lines.first);
    let is_announced = announced.is_some_and(|before| {
        before.section == block.section
            && (before.text.trim_end().ends_with(':') && says(&ANNOUNCED_MEASURE, &before.text)
                || before.text.split(". ").any(|sentence| says(&PRESENTS, sentence)))
    });
    let is_named = says(&MEASURE, &heading) || says(&MEASURE, &first_column) || is_announced;
    // What is counted of data is no result, unless a measure is named.
    let nearest = document.title_over(block.section);
    let is_of_data = says(&DATA_TITLE, nearest) || stands_among_data(document, block.section);
    if is_of_data && !is_named && says(&SETTINGS, &first_column) {
        return false;
    }
    let measured = is_named || says(&RESULTS_TITLE, &title);
    let precise = rows.iter().flatten().any(|cell| {
        cell.contains('.') && cell.bytes().any(|byte| byte.is_ascii_digit()) && DECIMAL.is_in(cell)
    });
    let settings = says(&SETTINGS, &heading) && !says(&MEASURE, &heading);
    (measured && !settings) || (precise && with_numbers >= 2 && !settings && !says(&SETTINGS, nearest))
}

pub(super) fn is_results_prose(document: &Document, block: &Block) -> bool {
    let of_data = || {
        let title = document.title_over(block.section);
        says(&DATA_TITLE, title) && !says(&RESULTS_TITLE, title)
    };
    !matches!(block.kind, BlockKind::Code { .. })
        && (says(&PROSE, &block.text)
            || goes_on_from_title(document, block)
            || tells_a_measure(document, block))
        && !says(&OTHER_WORK, &block.text)
        && !of_data()
}

/// Whether a sentence of a text tells a measure and its number.
fn tells_a_measure(document: &Document, block: &Block) -> bool {
    const AROUND: usize = 40;
    let has_number = block.text.bytes().any(|byte| byte.is_ascii_digit()) && block.text.contains(['.', '%']);
    // An abstract praises the work.
    let is_abstract = start_of(&block.text).trim_start_matches(|c: char| !c.is_alphanumeric());
    let is_abstract = is_abstract.get(..8).is_some_and(|word| word.eq_ignore_ascii_case("abstract"));
    has_number
        && !is_abstract
        && (says(&TOLD, &block.text) || says(&INCEPTION_SCORE, &block.text))
        && !stands_among_data(document, block.section)
        && block.text.split(". ").any(|sentence| {
            // What else is counted farther away leaves the measure what it is.
            let told = TOLD.find(sentence).is_some_and(|told| {
                let end = sentence.floor_char_boundary(told.end() + AROUND);
                let start = sentence.floor_char_boundary(told.start().saturating_sub(AROUND));
                !says(&NO_MEASURE, sentence.get(start..end).unwrap_or_default())
            });
            told || says(&INCEPTION_SCORE, sentence)
        })
}

/// Whether a text begins with the number of what the title over it names: `## Test accuracy`, then `91.2% with …`.
fn goes_on_from_title(document: &Document, block: &Block) -> bool {
    static BEGINS: Pattern = Pattern::new(r"^\W*\d{1,3}\.\d+\s*\\?%");
    const LONGEST: usize = 300;
    let text = start_of(&block.text);
    says(&BEGINS, text) && text.len() <= LONGEST && {
        let title = document.title_over(block.section);
        says(&PROSE, &format!("{title}: {}", text.trim_start()))
    }
}
