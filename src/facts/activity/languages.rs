//! What code in other languages does, by reading its lines: R, Julia, MATLAB, Lua, C++, Scala, Java, shell.
//!
//! No syntax tree stands behind it: comments are cut, and names of calls and assignments are compared with the words
//! of the field. Signs are therefore seldom sure by themselves.

use super::names::{EVALUATING, HELD_OUT, makes_room, name_measure, name_plain_measure};
use super::{Activity, Sign, Trust};
use crate::facts::document::Lines;
use crate::facts::identifier::{Word, has_any, words};
use std::borrow::Cow;

/// A language that is read by its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    R,
    Julia,
    Matlab,
    Lua,
    /// C++, CUDA, Java, Scala, Swift, Rust, Go.
    Braces,
    Shell,
    Python,
}

impl Language {
    fn of(path: &str, text: &str) -> Option<Self> {
        let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())?;
        Some(match extension.as_str() {
            "r" | "rmd" | "qmd" => Self::R,
            "jl" => Self::Julia,
            "m" if !text.contains("@interface") && !text.contains("@implementation") => Self::Matlab,
            "lua" => Self::Lua,
            "c" | "cc" | "cpp" | "cxx" | "cu" | "java" | "scala" | "swift" | "rs" | "go" => Self::Braces,
            "sh" | "bash" | "slurm" | "sbatch" => Self::Shell,
            "py" | "pyx" => Self::Python,
            // A notebook's cells stand on lines of their own.
            "ipynb" => kernel(text)?,
            _ => return None,
        })
    }

    fn comment(self) -> &'static str {
        match self {
            Self::R | Self::Julia | Self::Shell | Self::Python => "#",
            Self::Matlab => "%",
            Self::Lua => "--",
            Self::Braces => "//",
        }
    }
}

/// The language of a notebook that is not written in Python.
fn kernel(text: &str) -> Option<Language> {
    let at = text.rfind("\"language\"").or_else(|| text.rfind("\"language_info\""))?;
    let after: String = text.get(at..)?.chars().skip(10).take(200).collect::<String>().to_lowercase();
    if after.contains("julia") {
        Some(Language::Julia)
    } else if after.contains("matlab") || after.contains("octave") {
        Some(Language::Matlab)
    } else if after.contains("\"r\"") {
        Some(Language::R)
    } else if after.contains("lua") {
        Some(Language::Lua)
    } else {
        None
    }
}

/// Reads what a file in another language does; `None` where it is no code.
pub(super) fn read(path: &str, text: &str) -> Option<Activity> {
    let language = Language::of(path, text)?;
    if language == Language::Shell {
        return Some(shell(text));
    }
    let mut activity = Activity::default();
    let mut in_chunk = !path.to_ascii_lowercase().ends_with("md");
    let is_document = !in_chunk;
    // Its lines are texts of JSON as a whole.
    let is_notebook = path.to_ascii_lowercase().ends_with("ipynb");
    let has_main = language != Language::Braces || text.contains("main(") || text.contains("extends App");
    for (index, raw) in text.lines().enumerate() {
        if is_document && raw.trim_start().starts_with("```") {
            in_chunk = !in_chunk && raw.contains("{r");
            continue;
        }
        if !in_chunk || raw.len() > 1000 {
            continue;
        }
        let code =
            if is_notebook { Cow::Borrowed(before_comment(raw, language)) } else { bare(raw, language) };
        if !code.trim().is_empty() && has_main {
            line(&mut activity, language, &code, index as u32 + 1);
        }
    }
    let defines = |text: &str| match language {
        Language::Matlab => text.trim_start().starts_with("function"),
        _ => false,
    };
    // A MATLAB file that starts with a function is called from elsewhere, as a script it runs.
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.trim_start().starts_with(language.comment()));
    if !first.is_some_and(defines) && has_main {
        activity.entry = Some(Lines::at(1));
    }
    if activity.entry.is_some() && matches!(language, Language::R | Language::Julia | Language::Matlab) {
        let name = words(path.rsplit('/').next().unwrap_or(path));
        let of_paper = has_any(&name, &["figure", "figures", "table", "tables"]);
        if of_paper || has_any(&name, &["experiment", "experiments", "simulation", "simulations"]) {
            let trust = if of_paper { Trust::Likely } else { Trust::Hint };
            add(&mut activity.evaluates, "is an evaluation script by name", trust, 1);
        }
    }
    for signs in [&mut activity.trains, &mut activity.evaluates] {
        signs.sort_by_key(|sign| (std::cmp::Reverse(sign.trust), sign.lines));
        signs.truncate(30);
    }
    let lower = path.to_ascii_lowercase();
    activity.is_unit_test = lower.ends_with("runtests.jl") || lower.contains("tests/testthat/");
    if activity.trains.is_empty() && activity.evaluates.is_empty() {
        return None;
    }
    Some(activity)
}

/// A line up to its comment, where a comment sign within a text is none.
fn before_comment(raw: &str, language: Language) -> &str {
    let code = raw.find(language.comment()).and_then(|at| raw.get(..at));
    code.filter(|before| before.matches('"').count() % 2 == 0).unwrap_or(raw)
}

/// A line without its comment and without what stands in its texts, of which the quotes are left: a message does
/// nothing, whatever it speaks of.
fn bare(raw: &str, language: Language) -> Cow<'_, str> {
    let comment = language.comment();
    let opens = |character: char, before: Option<char>| match character {
        '"' => true,
        // After a name or a bracket MATLAB transposes by it; elsewhere it holds a single character.
        '\'' => match language {
            Language::Matlab => !before.is_some_and(|last| {
                last.is_alphanumeric() || matches!(last, '_' | ')' | ']' | '}' | '.' | '\'')
            }),
            Language::R | Language::Lua | Language::Python => true,
            Language::Julia | Language::Braces | Language::Shell => false,
        },
        _ => false,
    };
    if !raw.contains(['"', '\'']) {
        return Cow::Borrowed(raw.find(comment).and_then(|at| raw.get(..at)).unwrap_or(raw));
    }
    let mut kept = String::with_capacity(raw.len());
    let mut rest = raw.char_indices();
    let mut before = None;
    while let Some((at, character)) = rest.next() {
        if raw.get(at..).is_some_and(|after| after.starts_with(comment)) {
            break;
        }
        kept.push(character);
        if opens(character, before) {
            let mut inside = rest.clone();
            let mut is_escaped = false;
            let closes = inside.find(|(_, inner)| {
                let ends = *inner == character && !is_escaped;
                is_escaped = *inner == '\\' && !is_escaped && language != Language::Matlab;
                ends
            });
            // One that stays open is no text.
            if closes.is_some() {
                kept.push(character);
                rest = inside;
            }
        }
        before = Some(character);
    }
    Cow::Owned(kept)
}

fn add(signs: &mut Vec<Sign>, what: &'static str, trust: Trust, line: u32) {
    signs.push(Sign { what, trust, lines: Lines::at(line), within: Vec::new() });
}

/// Functions that learn, by names that no other thing has.
const FITS: &[&str] = &[
    "optim",
    "glmnet",
    "randomForest",
    "xgboost",
    "xgb.train",
    "lightgbm",
    "svm",
    "sampling",
    "optimizing",
    "kmeans",
    "svmtrain",
    "fminunc",
    "fminsearch",
    "fmincon",
    "fminbnd",
    "lsqnonlin",
    "lsqcurvefit",
    "fitcsvm",
    "fitrsvm",
    "fitlm",
    "fitglm",
    "fitcecoc",
    "fitctree",
    "fitrgp",
    "fitgmdist",
    "trainNetwork",
    "minFunc",
    "mnrfit",
    "glmfit",
    "lasso",
    "minimize",
    "trainlinear",
    "liblineartrain",
    "svmlin",
    "updateParameters",
    "dfo",
    "quadprog",
    "nnls",
    "knn",
    "naiveBayes",
    "neuralnet",
    "pbart",
    "fitcknn",
    "fitcnb",
    "fitcnet",
    "fitrnet",
    "fitrtree",
    "fitclinear",
    "fitrlinear",
    "fitcensemble",
    "fitrensemble",
    "TreeBagger",
    "lassoglm",
    "feedforwardnet",
    "patternnet",
];

/// Functions of R that learn, whose short names are variables elsewhere.
const FITS_IN_R: &[&str] = &[
    "nlm",
    "nlminb",
    "optimx",
    "glm",
    "lm",
    "gam",
    "lmer",
    "glmer",
    "nls",
    "coxph",
    "stan",
    "jags",
    "rpart",
    "ranger",
    "mclust",
    "Mclust",
    "knn.reg",
    "kknn",
    "knnreg",
    "lda",
    "qda",
    "nnet",
    "gbm",
    "cv.glmnet",
    "ksvm",
    "loess",
    "gbart",
    "wbart",
];

/// Whether a line averages or sums how far guesses lie from what they are held against: `mean((y_test - guess)^2)`.
fn averages_gaps(code: &str) -> bool {
    const GUESSED: &[&str] =
        &["pred", "preds", "predicted", "prediction", "predictions", "yhat", "guess", "guesses"];
    let is_gap = code.contains('-') && ["^2", "^ 2", "abs("].iter().any(|power| code.contains(power));
    let is_summed = || ["mean(", "sum(", "norm("].iter().any(|sum| code.contains(sum));
    if !is_gap || !is_summed() {
        return false;
    }
    let found = words(code);
    has_any(&found, GUESSED) && has_any(&found, &["test", "val", "valid", "validation", "holdout", "heldout"])
}

fn line(activity: &mut Activity, language: Language, code: &str, number: u32) {
    let is_definition = match language {
        Language::Matlab | Language::Julia => code.trim_start().starts_with("function"),
        Language::Lua => code.contains("function"),
        Language::R => code.contains("function("),
        Language::Python => code.trim_start().starts_with("def ") || code.trim_start().starts_with("cdef "),
        Language::Braces | Language::Shell => false,
    };
    for name in called(code) {
        let found = words(name);
        let short = name.rsplit(['.', ':']).next().unwrap_or(name);
        let first = found.first().map(AsRef::as_ref).unwrap_or_default();
        let bang = code.contains(&format!("{name}(")) && name.ends_with('!');
        let about_data = has_any(
            &found,
            &["data", "load", "read", "dataset", "split", "set", "loader", "file", "path", "plot"],
        );
        if !is_definition {
            let optimizes = name.starts_with("optim.")
                || name.contains("Flux.train")
                || (bang && matches!(first, "train" | "fit" | "update"));
            // Julia marks what changes its arguments by `!`, and mathematicians gradients by `∇`.
            let descends = language == Language::Julia
                && (code.contains('∇') || matches!(short, "gradient" | "withgradient" | "pullback"));
            if descends && (bang || short.ends_with("gradient") || short == "pullback") {
                add(&mut activity.trains, "follows a gradient", Trust::Likely, number);
            }
            let fits = |names: &[&str]| names.contains(&short) || names.contains(&name);
            if fits(FITS) || (language == Language::R && fits(FITS_IN_R)) || optimizes {
                add(&mut activity.trains, "fits a model", Trust::Sure, number);
            } else if matches!(short, "backward" | "step")
                && (code.contains("loss") || code.contains("model") || code.contains("optim"))
            {
                add(&mut activity.trains, "follows the gradient of a loss", Trust::Likely, number);
            } else if (names_training(&found)
                || has_any(
                    &found,
                    &[
                        "descent",
                        "sgd",
                        "em",
                        "mcmc",
                        "gibbs",
                        "boost",
                        "regression",
                        "adam",
                        "saga",
                        "svrg",
                        "lbfgs",
                        "newton",
                    ],
                ))
                && !about_data
                // Julia's histograms are fitted as well.
                && !code.contains("(Histogram")
            {
                add(&mut activity.trains, "calls the training", Trust::Likely, number);
            } else if has_any(&found, &["update", "updates"])
                && has_any(
                    &found,
                    &["parameter", "parameters", "params", "param", "weights", "theta", "posterior"],
                )
            {
                add(&mut activity.trains, "updates parameters", Trust::Likely, number);
            }
        }
        let measures = has_any(&found, HELD_OUT)
            || name_plain_measure(&found)
            || has_any(
                &found,
                &["predict", "benchmark", "experiment", "experiments", "rmse", "mse", "error", "err"],
            );
        // Densities are evaluated as well, and that at every step of a sampler.
        let is_density = has_any(&found, &["proposal", "density", "pdf", "kernel"]);
        if measures
            && !about_data
            && !is_density
            && !matches!(
                short,
                "error" | "valid" | "validate" | "test_that" | "test" | "testset" | "isvalid" | "map"
            )
            && !short.starts_with("is")
        {
            // A model guesses while it learns as well; R fits before.
            let merely_guesses = matches!(language, Language::Lua | Language::Julia)
                && has_any(&found, &["predict"])
                && !has_any(&words(code), HELD_OUT);
            let trust = if is_definition || merely_guesses { Trust::Hint } else { Trust::Likely };
            add(&mut activity.evaluates, "measures the model", trust, number);
        }
        if matches!(
            short,
            "plot"
                | "plot!"
                | "lines"
                | "ggplot"
                | "semilogy"
                | "semilogx"
                | "loglog"
                | "errorbar"
                | "boxplot"
                | "bar"
                | "hist"
                | "matplot"
                | "savefig"
                | "saveas"
                | "legend"
                | "barplot"
        ) {
            add(&mut activity.evaluates, "draws a figure", Trust::Likely, number);
        }
    }
    if matches!(language, Language::R | Language::Julia | Language::Matlab) && averages_gaps(code) {
        add(&mut activity.evaluates, "measures the model", Trust::Likely, number);
    }
    for (target, value) in statements(code, language).filter_map(|code| assignment(code, language)) {
        let (left, right) = (words(target), words(value));
        let measured = name_plain_measure(&left)
            || (has_any(&left, HELD_OUT) && name_measure(&left))
            || has_any(&left, &["mse", "err", "error", "errors", "errs"]);
        let counts = value.contains('(') || value.contains("==") || value.contains('/');
        // What went wrong is called an error as well.
        let is_complaint =
            has_any(&right, &["setdiff", "try", "catch", "paste", "stop", "message", "sprintf"]);
        if measured && counts && !is_complaint && !has_any(&left, &["train", "data"]) {
            // Room for measures is made before anything is measured.
            let trust = if makes_room(&right) { Trust::Hint } else { Trust::Likely };
            add(&mut activity.evaluates, "measures the model", trust, number);
        }
        let rates = ["alpha", "lr", "eta", "rate", "stepsize", "step", "gamma", "learning", "tau"];
        let moves = ["grad", "grads", "gradient", "g", "delta", "diff", "dw", "update", "direction", "d"];
        if left.iter().any(|word| right.contains(word))
            && value.contains(['-', '+'])
            && has_any(&right, &rates)
            && has_any(&right, &moves)
        {
            add(&mut activity.trains, "moves parameters along a gradient", Trust::Likely, number);
        }
        let solves = value.contains('\\') && language == Language::Matlab
            || value.contains("solve(")
            || value.contains("ginv(")
            || value.contains("inv(")
            || value.contains("pinv(");
        if solves && (value.contains("t(") || value.contains('\'')) {
            add(&mut activity.trains, "solves for the parameters", Trust::Likely, number);
        }
    }
}

/// Whether a function's name says that it trains: `train_model`, `runFit`, and not `nextToMinimizeVariance`.
fn names_training(found: &[Word<'_>]) -> bool {
    const VERBS: &[&str] = &["train", "fit", "learn", "minimize", "optimize", "optimise", "estimate"];
    let is_verb = |word: &Word<'_>| VERBS.contains(&word.as_ref());
    found.first().is_some_and(is_verb)
        || found.last().is_some_and(is_verb)
        || (found.len() < 4 && found.iter().any(is_verb))
}

/// Names that stand before an opening parenthesis.
fn called(code: &str) -> impl Iterator<Item = &str> {
    code.match_indices('(').filter_map(|(at, _)| {
        let before = code.get(..at)?;
        let start = before
            .rfind(|character: char| {
                !(character.is_alphanumeric() || matches!(character, '_' | '.' | ':' | '!'))
            })
            .map_or(0, |at| {
                at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
            });
        before.get(start..).filter(|name| name.len() > 1)
    })
}

/// The statements of a line, taken apart at the semicolons that stand outside of brackets.
fn statements(code: &str, language: Language) -> impl Iterator<Item = &str> {
    let separates = !matches!(language, Language::Lua | Language::Shell | Language::Python);
    let mut depth = 0_i32;
    code.split(move |character: char| {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        separates && character == ';' && depth <= 0
    })
}

fn assignment(code: &str, language: Language) -> Option<(&str, &str)> {
    let at = match language {
        Language::R => code.find("<-").map(|at| (at, 2)).or_else(|| code.find(" = ").map(|at| (at, 3))),
        _ => code.find('=').map(|at| (at, 1)),
    };
    let (at, length) = at?;
    let (target, value) = (code.get(..at)?.trim(), code.get(at + length..)?);
    let compares = value.starts_with('=')
        || target.ends_with(['<', '>', '!', '~'])
        || target.contains("if ")
        || target.contains("while");
    (!compares && target.len() < 80).then_some((target, value))
}

/// Tools that train or evaluate by a configuration.
fn shell(text: &str) -> Activity {
    const TRAIN: &[&str] = &[
        "allennlp train",
        "fairseq-train",
        "fairseq-hydra-train",
        "llamafactory-cli train",
        "tune run",
        "onmt_train",
        "onmt-main train",
        "spacy train",
        "axolotl train",
        "t2t-trainer",
        "t5_mesh_transformer",
        "vw ",
        "svm-train",
        "liblinear/train",
        "fasttext supervised",
        "marian ",
        "nnUNetv2_train",
        "caffe train",
        "xgboost ",
    ];
    const EVALUATE: &[&str] = &[
        "allennlp evaluate",
        "fairseq-generate",
        "lm_eval",
        "lm-eval",
        "fairseq-eval-lm",
        "onmt_translate",
        "spacy evaluate",
        "sacrebleu",
        "t2t-decoder",
        "nnUNetv2_predict",
        "svm-predict",
        "multi-bleu",
        "fasttext test",
        "caffe test",
    ];
    let mut activity = Activity { entry: Some(Lines::at(1)), ..Activity::default() };
    let mut runs_python = false;
    for (index, raw) in text.lines().enumerate() {
        let line = raw.trim();
        if line.starts_with('#') || line.len() > 4000 {
            continue;
        }
        let number = index as u32 + 1;
        if TRAIN.iter().any(|tool| line.contains(tool)) {
            add(&mut activity.trains, "runs a training tool", Trust::Sure, number);
        }
        if EVALUATE.iter().any(|tool| line.contains(tool)) {
            add(&mut activity.evaluates, "runs an evaluation tool", Trust::Sure, number);
        }
        runs_python |= line.contains("python");
        if line.contains("python") || line.contains("Rscript") || line.contains("julia ") {
            let found = words(line);
            if has_any(&found, EVALUATING) || has_any(&found, &["trials", "validation", "inference"]) {
                add(&mut activity.evaluates, "runs the evaluation", Trust::Hint, number);
            }
        }
        if line.starts_with("for ") && runs_python {
            add(&mut activity.evaluates, "repeats a run", Trust::Hint, number);
        }
    }
    activity
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_comments_are_no_code() {
        assert_eq!(
            bare("a = b' * c; d = ['x(1)' e']; % it's", Language::Matlab),
            "a = b' * c; d = ['' e']; "
        );
        assert_eq!(bare(r"fprintf('100% of them\n')", Language::Matlab), "fprintf('')");
        assert_eq!(bare(r#"cat("a \" # b", 'c') # d"#, Language::R), r#"cat("", '') "#);
        assert_eq!(bare("y = x' # it's", Language::Julia), "y = x' ");
        assert_eq!(bare("char open = '{'; // \"", Language::Braces), "char open = '{'; ");
    }

    #[test]
    fn other_languages_train_and_evaluate() {
        let best = |path: &str, text: &str| {
            let activity = read(path, text).unwrap_or_default();
            (
                activity.trains.first().map(|sign| (sign.trust, sign.lines.first)),
                activity.evaluates.first().map(|sign| (sign.trust, sign.lines.first)),
            )
        };
        assert_eq!(
            best("a.R", "# optim(x)\nfit <- optim(start, loglik)\nmse <- mean((y - yhat)^2)\n"),
            (Some((Trust::Sure, 2)), Some((Trust::Likely, 3)))
        );
        assert_eq!(
            best("a.jl", "w = w - eta * grad(w)\nplot(errs)\n"),
            (Some((Trust::Likely, 1)), Some((Trust::Likely, 2)))
        );
        assert_eq!(
            best("a.m", "[w, b] = boostTrain(X, y);\nerr = mean(p ~= y);\n"),
            (Some((Trust::Likely, 1)), Some((Trust::Likely, 2)))
        );
        assert_eq!(
            best("b.R", "near <- knn.reg(x, xs, y)$pred\nout[i] <- mean((test$y - near_pred)^2)\n"),
            (Some((Trust::Sure, 1)), Some((Trust::Likely, 2)))
        );
        assert_eq!(best("c.R", "gap <- mean((train$y - pred)^2)\nm <- sum(test$x)\n").1, None);
        assert_eq!(best("a.sh", "fairseq-train data --lr 1\n").0, Some((Trust::Sure, 1)));
        assert_eq!(best("layer.cu", "void backward(float* loss) { step(loss); }\n"), (None, None));
    }
}
