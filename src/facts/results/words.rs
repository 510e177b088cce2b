//! Words that tell results from settings, data and other people's work.

use crate::pattern::Pattern;

/// Words of measures. Each stands for a number that a paper reports.
pub(super) static MEASURE: Pattern = Pattern::new(
    r"(?ix)\b(?: acc(?:uracy|uracies)? | acc@?\d+ | top-?\s?[15] | err(?:or)?s?(?:\s+rates?)? | fid | fid-\d+k | inception\s+score | m?ap(?:@?\d+)? | m?iou | f1 | f-?score | bleu | rouge(?:-\w+)?
          | meteor | cider | spice | psnr | ssim | lpips | auc | auroc | auprc | r?mse | mae | mape | nll | elbo | log-?likelihood | perplexity | ppl | bpc | bpd | bits(?:/dim|\s+per\s+\w+)? | recall | precision | r@\d+ | hits@\d+ | mrr | ndcg
          | rewards? | returns? | regret | elo | wer | cer | epe | dice | map50 | scores? | performance | success\s+rate | correlation | spearman | pearson | r2 | kappa | win\s?rate | pesq | stoi | mos | clip-?score
          | results? | test | val(?:idation)? | dev | speed-?up | loss | eer | pck | robustness | mmlu | gsm8k | humaneval | benchmark | ours | baselines? )\b | % ",
);

/// Words of tables that hold no results: settings and statistics of data.
pub(super) static SETTINGS: Pattern = Pattern::new(
    r"(?ix)\b(?: hyper-?parameters? | learning[\s_-]+rate | lr | \w*dropout | label[\s_-]smoothing | weight[\s_-]decay | momentum | batch[\s_-]?size | default | description | argument | option | flag | parameter | type | versions? | dependency | requirements? | packages? | \#?\s?(?:samples|images|nodes|edges|classes) | statistics | possible\s+values | config(?:uration)? | vram )\b",
);

pub(super) static DECIMAL: Pattern = Pattern::new(
    r"^\W*\d{1,4}(?:[.,]\d+)?\s*(?:%|\\%|dB|nats|bits|bp[bcd]|ppl|mAP|mIoU|F1|BLEU|FID)?(?:\s*(?:\(|±|\+/?-|\\pm|/|\$).*)?\W*$",
);

pub(super) static RESULTS_TITLE: Pattern = Pattern::new(
    r"(?i)\b(?:results?|performances?|benchmarks?|curves|experiments?|experimental|evaluations?|comparisons?|accurac(?:y|ies)|scores?|leaderboard|findings|ablations?|reproduc\w*|replicat\w*|zoo|numbers|quantitative|qualitative)\b",
);

/// Titles over what a generative model made.
pub(super) static GENERATED_TITLE: Pattern = Pattern::new(
    r"(?i)\b(?:sampled|generated|synthesi[sz]ed|reconstructed)\s+\w+|\b(?:samples|reconstructions)\b",
);

pub(super) static DATA_TITLE: Pattern = Pattern::new(r"(?i)\bdata(?:sets?)?\b|\binputs?\b");

pub(super) static RESULTS_PICTURE: Pattern = Pattern::new(
    r"(?i)(?:results?|performances?|benchmarks?|comparisons?|compare|accurac|scores?|curves?|plots?|tables?|ablation|loss|errors?|regret|rewards?|returns?|roc|convergence|scaling|sota|wer\b|fid|(?:^|[^a-z])poster(?:[^a-z]|$)|quantitative|qualitative|evaluation|learning[_-]?curve|histogram|(?:^|[^a-z])vs(?:[^a-z]|$)|classification|test|psnr|ssim|m?iou(?:[^a-z]|$)|bleu|perplexity|rmse|(?:^|[^a-z])auc(?:[^a-z]|$))",
);

pub(super) static NO_RESULT_PICTURE: Pattern = Pattern::new(
    r"(?i)(?:teaser|architecture|framework|pipeline|overview|method|diagram|logo|badge|banner|network|structure|workflow|schematic|scheme|procedure|approach|intro|concept|icon|screenshot|dataset|flow[_-]?chart|abstract|illustration|shields\.io|travis|codecov|colab|badge\.svg|button|model\d*\.(?:png|jpe?g|gif)|algorithm|demo|video|\bexamples?\.(?:png|jpg))",
);

pub(super) static PROSE: Pattern = Pattern::new(
    r"(?ix)\b(?:accuracy|error(?:\s+rate)?|fid|map|m?iou|f1(?:[\s-]score)?|bleu|psnr|perplexity|auc|auroc|score|reward|return|wer|top-?1|recall|precision|nll|bits\s+per\s+dim\w*|bpd|mse|rmse)\b[^.\n|]{0,40}?\b\d{1,3}(?:\.\d+)?\s*\\?%
          | \b(?:acc(?:uracy)?(?:\s?@\s?\d)?|recall@\d+|r@\d+|hits@\d+|error|fid|map|m?iou|f1(?:[\s-]score)?|bleu|psnr|perplexity|auc|auroc|reward|wer|nll|bpd|mse|rmse|mae|ssim|r2|spearman|pearson|inception\s+score|fid\s+score|bleu\s+score|dice\s+score)\s*(?:of|is|:|=|around|about|≈|~)\s*(?:around|about|approximately|roughly|~)?\s*\d+\.\d+
          | \b\d{1,3}\.\d+\s*%\s+(?:[\w-]+\s+){0,3}(?:accuracy|error|map|iou|top-?1|recall|precision)
          | \bshould\s+(?:\w+\s+)?(?:get|see|obtain|achieve|reach|be|yield)\b[^.\n|]{0,40}?\d+(?:\.\d+)?\W{0,3}\s*(?:%\s*)?(?:accuracy|error|fid|m?iou|f1|bleu|psnr|perplexity|auc|reward|return|nll|\+/?-\s*\d|±\s*\d)
          | \bshould\s+(?:\w+\s+)?(?:get|see|obtain|achieve|reach|yield)\b[^.\n|]{0,30}?\b\d{1,3}(?:\.\d+)?\s*\\?%
          | \bresults?\s+of\s+\W{0,3}\d{1,3}\.\d+\s*\\?%
          | \b(?:accuracy|error|fid|map|m?iou|f1|bleu|rouge|psnr|perplexity|auc|auroc|wer)\s+(?:on|for|at|in)\s+[^.|\n:]{1,25}:\s*\d{1,3}\.\d+
          | \(\s*\d+\.\d+\s*(?:bpd|bits?\s*/\s*dim|bits\s+per\s+dim|nats|m?iou|map|bleu|fid|psnr|auroc|auc|top-?1)\s*\)",
);

/// Sentences that tell a measure and its number, whatever stands between them: `the perplexity after tuning is 57.7`,
/// `our model achieved 70.35`, `96% accuracy`.
pub(super) static TOLD: Pattern = Pattern::new(
    r"(?ix)\b(?:accurac(?:y|ies) | error(?:\s+rates?)? | fid | inception\s+score | m?ap | m?iou | f1(?:[\s-]score)? | bleu | rouge(?:-\w+)? | psnr | ssim | perplexit(?:y|ies) | ppl | auc | auroc | auprc | scores? | rewards? | returns? | wer | cer | top-?[15] | recall | precision | nll | log-?likelihood | bpd | bpc | r?mse | mae | spearman | pearson | dice | success\s+rate | mrr | ndcg | hits@\d+)\b[^.|\n=]{0,40}?\b(?:is|are|of|was|to|at|around|about|be)\b[^.|\n=]{0,25}?[^\w.=-](?:\d{1,3}\.\d{1,4}|\d{1,3}\s*\\?%)
          | (?:^|[^\w.=-])(?:\d{1,3}\.\d{1,4}|\d{1,3}(?:\.\d+)?\s*\\?%)[^\w.|\n=][^.|\n=]{0,25}?\b(?:accurac(?:y|ies) | error\s+rate | fid | inception\s+score | m?ap | m?iou | f1 | bleu | rouge | psnr | ssim | perplexity | ppl | auc | auroc | scores? | rewards? | wer | top-?[15] | recall(?:@\d+)? | precision | nll | bpd | bpc | r?mse | mae | dice | success\s+rate)\b
          | \b(?:our|we|you|and|models?|method|to|should|ensemble|network|it|which|can|algorithm)\b[^.|\n]{0,60}?\b(?:achiev(?:e[sd]?|ing) | obtain(?:s|ed)? | reach(?:es|ed)? | attain(?:s|ed)? | get | gets | scored?)\b[^.|\n=]{0,40}?(?:^|[^\w.=-])(?:\d{2,3}\.\d{1,4}|\d\.\d{2,4}|\d{1,3}(?:\.\d+)?\s*\\?%)",
);

/// Inception scores go by two letters, which in lower case are a word.
pub(super) static INCEPTION_SCORE: Pattern = Pattern::new(r"\bIS\b[\s:=~]*\d{1,3}\.\d");

/// Sentences that compare, or that number what is no result.
pub(super) static NO_MEASURE: Pattern = Pattern::new(
    r"(?i)\b(?:licen[cs]ed?|versions?|speed-?ups?|faster|fewer|less|smaller|relative|improvements?|sections?|sec\.|chance|thresholds?|releases?|data\s?sets?|samples|param(?:eter)?s|breakdown|default|epochs?)\b",
);

pub(super) static EVALUATION: Pattern = Pattern::new(r"(?i)\b(?:evaluat(?:e[sd]?|ing|ion)|benchmark\w*)\b");

/// Words of results, figures or comparisons.
pub(super) static RESULTS: Pattern =
    Pattern::new(r"(?i)\b(?:comparisons?|results?|figures?|experiments?|plott?(?:s|ing)?)\b");

/// A measure and its number, as programs print them.
pub(super) static PRINTED: Pattern = Pattern::new(
    r"(?i)\b(?:accuracy|acc|precision|recall|f1|auc|error|fid|map|miou|bleu|psnr|reward|return|mse|nll|perplexity|top-?1|score)\w*\s*[:=|]?\s*\d+\.\d+",
);

/// Measures that a sentence announces in the plural.
pub(super) static ANNOUNCED_MEASURE: Pattern = Pattern::new(
    r"(?i)\b(?:accuracies|accuracy|errors?|scores?|psnrs?|ssims?|fids?|bleu|m?iou|m?ap|aucs?|perplexit(?:y|ies)|rmse|mse|mae|nll|rewards?|returns?|results?)\b",
);

/// An entry of a list of works: a name, where it appeared and when.
pub(super) static OTHER_WORK: Pattern = Pattern::new(
    r"(?i)^\W*(?:\d+\W+)?[^().]{2,120}\((?:[a-z][\w-]*[ ,']*){1,4}(?:19|20)?\d\d(?:,?\s+(?:oral|spotlight|poster|workshop))?\)",
);

/// Titles over what a work is about.
pub(super) static INTRODUCES: Pattern = Pattern::new(
    r"(?i)^\W*(?:\d+\.?\s*)?(?:introduction|intro|overview|abstract|about|motivation|background|(?:the\s+)?(?:key|main|core|basic|big)\s+ideas?(?:\s+(?:of|behind)\b.*)?|how\s+it\s+works|highlights?|tl;?dr)\W*$",
);

/// Words beside a picture of what a generative model made.
pub(super) static GENERATED: Pattern = Pattern::new(
    r"(?i)\b(?:samples?|images?|faces|pictures?|reconstructions?)\s+(?:\w+\s+){0,2}(?:generated|drawn|synthesi[sz]ed|produced|sampled)\s+(?:by|from|with|using)\s+(?:our|the)\b",
);

/// Titles that promise what came out, and not only how it was tried.
pub(super) static STRONG_TITLE: Pattern = Pattern::new(
    r"(?i)\b(?:results?|performances?|comparisons?|curves|accurac(?:y|ies)|scores?|leaderboard|findings|ablations?|quantitative|qualitative)\b",
);

/// Captions of what explains a method.
pub(super) static EXPLAINS: Pattern = Pattern::new(
    r"(?i)\b(?:architecture|overview|pipeline|framework|schematic|illustrat\w+|workflow|diagram|mechanism|structure of|process of|procedure|teaser|demo video)\b",
);

/// Sentences beside pictures of what experiments are made on.
pub(super) static SETTING: Pattern = Pattern::new(
    r"(?i)\b(?:environments?|tasks?|domains?|data\s?sets?|scenes?)\b[^.]{0,40}\b(?:used|considered|consist|provided|available|look)|\b(?:diversity|distribution|examples?|statistics|samples?)\b[^.]{0,20}\b(?:of|from|in) (?:our|the) data|\bscreenshots?\b|\b(?:left|right|above|below) video\b",
);

/// Sends a reader to the paper for what is not shown here.
pub(super) static ELSEWHERE: Pattern = Pattern::new(r"(?i)(?:refer to|see|in) (?:the|our) paper");
