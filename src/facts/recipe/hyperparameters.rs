//! Hyperparameters, in words, tables, configuration and flags.

use super::page::{Command, Kind, Page, Passage, Table, does, topic};
use super::{Finder, Item, LIKELY, PLAIN};
use crate::facts::Lines;
use crate::pattern::Pattern;

/// Finds what the document says about hyperparameters.
pub(super) fn find(page: &Page<'_>, finder: &mut Finder) {
    for passage in page.telling() {
        let lower = passage.lower.as_str();
        if page.is_about(passage.section, topic::REFERENCES) {
            continue;
        }
        if passage.kind != Kind::Row {
            of_words(page, passage, lower, finder);
        }
    }
    for command in page.telling_commands() {
        of_command(page, command, finder);
    }
    for table in page.tables.iter().filter(|table| !page.is_about(table.section, topic::ASIDE)) {
        of_table(page, table, finder);
    }
    for snippet in page
        .snippets
        .iter()
        .filter(|snippet| !page.is_about(snippet.section, topic::ASIDE | topic::REFERENCES))
    {
        of_configuration(page, &snippet.lower, snippet.lines, snippet.section, &snippet.lead, finder);
    }
}

static INFERENCE: Pattern = Pattern::new(
    r"\binference|\blatency|\bthroughput|\bserver\b|\bdecod(e|ing)\b|\bdeploy|\bserving|\breal-?time|\bbenchmark script|perf_client|triton|queue",
);

/// Whether a section speaks of running models and not of training them.
fn is_inference(page: &Page<'_>, section: usize) -> bool {
    let own = page.own_topics(section);
    let all = page.topics(section);
    let trains = own & (topic::TRAINING | topic::HYPERPARAMETERS) != 0;
    !trains
        && (own & (topic::INFERENCE | topic::EXPORT) != 0
            || (all & topic::INFERENCE != 0 && all & topic::TRAINING == 0))
}

/// Whether a text names an optimiser or gives one's settings.
pub(super) fn is_optimizer(text: &str, lower: &str) -> bool {
    static NAMED: Pattern = Pattern::new(
        r"\b(sgd|stochastic gradient descent|adamw?|adamax|nadam|radam|scaledadam|adagrad|adadelta|adafactor|rms-?prop|lamb|lars|l-?bfgs|nesterov|novograd|shampoo|lion optimizer|muon|nag|yogi|adabelief|ranger|conjugate gradient|kfac|k-fac|\w{3,}optimizer)\b",
    );
    static SETTING: Pattern = Pattern::new(
        r"\bmomentum\s*(of|is|:|=|\()?\s*0?\.\d|\bweight[-_ ]decay\s*(of|is|rate|coefficient|:|=|\()?\s*:?\s*(\d|1e-)|\b(adam[-_])?(betas?|epsilon)\w*\s*(of|is|:|=)?\s*\(?0?\.\d",
    );
    static OPTIMIZER: Pattern =
        Pattern::new(r"optimi[sz]er|optimi[sz]ed (with|by|using)|trained (with|using)");
    if SETTING.is_in(lower) {
        return true;
    }
    let Some(found) = NAMED.find(lower) else { return false };
    // Adam is a given name, and a name in lower case is most often something else.
    if matches!(
        found.as_str(),
        "adam" | "lamb" | "lars" | "ranger" | "nag" | "lion optimizer" | "kfac" | "k-fac"
    ) && !OPTIMIZER.is_in(lower)
    {
        static SURNAME: Pattern = Pattern::new(r"\b(Adam|Lars|Lamb)( [A-Z]\.)? [A-Z][a-z]+");
        return !SURNAME.is_in(text)
            && (text.contains("Adam") || text.contains("LAMB") || text.contains("LARS"))
            && lower.split_whitespace().count() < 40;
    }
    true
}

/// Whether a text describes how the learning rate changes.
pub(super) fn is_schedule(lower: &str) -> bool {
    static SCHEDULE: Pattern = Pattern::new(
        r"\bcosine( annealing| decay| schedule| learning| lr)|\b(linear|polynomial|exponential|step|inverse[- _]?(sqrt|square root)|noam|one-?cycle|plateau|warm-?up)\b.{0,40}(schedul|decay|learning rate|\blr\b|steps|epochs|iterations|annealing)|\bdecay(ed|s)?\b.{0,60}\b(factor|every|at|after|by)\b.{0,30}\d|\breduced? .{0,20}learning rate|\blr[- ](schedul\w+|warm-?up|decay)|constant learning rate|learning rate .{0,30}(warm-?up|decay|anneal|schedul|divided|multiplied)",
    );
    SCHEDULE.is_in(lower)
}

/// Whether a text names devices by number or kind.
pub(super) fn is_device(lower: &str) -> bool {
    static COUNTED: Pattern = Pattern::new(
        r"\b(\d+|one|two|three|four|six|eight|sixteen|a single|single|an?)[\s-]?(x|×|\*)?\s?(\d+\s?gb?\s)?(nvidia |tesla |geforce |amd |google |cloud |quadro |gtx |rtx |titan |32gb |16gb )*(gpus?|tpus?|v100s?|a100s?|h100s?|h200s?|p100s?|k80s?|t4s?|rtx ?-?\w+|gtx ?-?\d+\w*|titan ?\w*|2080 ?ti|1080 ?ti|3090s?|4090s?|a40s?|a6000s?|l4s?|tpu ?v\d\S*|gpu nodes?|nodes?|hosts?|ipus?|npus?|workers?|machines?|hpus?|cores?|accelerators?|mi250x?|graphics cards?|devices)\b",
    );
    static KIND: Pattern = Pattern::new(
        r"\b(dgx[- ]?\w*|v100|a100|h100|p100|k80|k40|m40|rtx ?-?\d{4}\w*|gtx ?-?\d{3,4}\w*|titan ?(x|v|xp|rtx|black)|quadro|tesla|tpu ?v\d\S*|tpu pod|p[234]\.\d*xlarge|8xa100|ipu-?pod-?\d*|pod-?(4|16|64|128|256)|\d+x ?(a100|v100|h100|rtx\w*|gtx\w*))\b",
    );
    COUNTED.is_in(lower) || KIND.is_in(lower)
}

/// Whether a text says where training starts from.
pub(super) fn is_initialization(lower: &str) -> bool {
    static SAID: Pattern = Pattern::new(
        r"\b(train(ed|ing|s)?|learn(ed|ing)?|models?)\b.{0,40}\bfrom scratch\b|\bfrom scratch\b.{0,30}\b(train|learn)|\binitiali[sz](e[sd]?|ing)\b.{0,50}\b(from|with|by|using|as|to)\b.{0,80}\b(pre-?trained|weights?|checkpoints?|imagenet|random\w*|gpt|bert|model|normal|uniform|xavier|glorot|kaiming|he init)|\b(weights?|bias(es)?|parameters|model|network|backbone|encoder)\b[^.]{0,40}\b(is|are|was|were) (randomly )?initiali[sz]ed|\brandom(ly)? initiali[sz]|\b(weights?|xavier|glorot|kaiming|orthogonal|he|gaussian|recurrent) initiali[sz]ation|\bwe (use|start from|load|initiali[sz]e (with|from))( the| a)? (imagenet )?pre-?trained (weights|checkpoints?|models? as init)|\bas (a |the )?(starting point|initiali[sz]ation)\b|\bstart(s|ed|ing)? (training )?from (a |the |an )?(\w+ )?(pre-?trained|checkpoint|public|released|imagenet)|\bfine-?tun(e[sd]?|ing)\b[^.]{0,40}\b(from|starting)\b[^.]{0,50}\b(checkpoint|weights|pre-?trained|model)|\bfine-?tun(e|ed|ing) (the|our|a|these|this) (\w+ )?(pre-?trained|released) (\w+ )?(checkpoints?|models?|weights|backbone)|\bobtain the initiali[sz]ation\b|\bsteps? 0 \(initiali[sz]ation\)|\bconverted model path\b|\bpre-?trained (weights|model|backbone|encoder)s?\b[^.]{0,40}\b(is|are) (used|loaded) (as|to init|for init|before training)|\bbackbone\b.{0,30}\bpre-?trained on\b|\bstarting (point|checkpoint)|prerequisite .{0,40}checkpoints?|\b(xavier|glorot|kaiming|gaussian|orthogonal)\b.{0,20}initiali[sz]|\b(resum|continu)(e[sd]?|ing) (training )?from\b.{0,30}(checkpoint|ckpt|weights|\.pth?\b)|\b(location|path)s? (of|to) (the )?pre-?trained (weights|models?|checkpoints?)\b|\binit(iali[sz]ation)?[-_](method|std|scale|range|gain)\b|initiali[sz]e the weights",
    );
    static NOT: Pattern = Pattern::new(
        r"feature extraction|for extracting|extract features|initiali[sz]e(s|d)? (the )?(data|submodule|environment|server|client|repo|git)|from source|inference|decod(e|ing)",
    );
    SAID.is_in(lower) && !NOT.is_in(lower)
}

/// Whether a text has a trained network fetched or put in place.
pub(super) fn is_start_fetched(lower: &str) -> bool {
    static PLACED: Pattern = Pattern::new(
        r"\b(download|put|place|move|get)\b.{0,200}\bpre-?trained on\b|\b(downloads?|put|place|get)\b.{0,80}\bpre-?trained ([\w-]+ )?(backbones?|encoders?|weights|models?|checkpoints?)\b",
    );
    PLACED.is_in(lower)
}

/// Whether a text names a way of augmenting data, or says that there is none.
pub(super) fn is_augmentation(lower: &str) -> bool {
    static METHOD: Pattern = Pattern::new(
        r"\b(random(ly)?[- ]?(resized[- ]?)?(crop|cropp|flip|flipp|rotat|scal|eras|shift|horizontal|mirror|translat|jitter|affine)\w*|(horizontal|vertical|left[- ]right)(ly)? flip\w*|flip(ped|ping)? .{0,20}(horizontal|left|random)|flip the image|mix-?up|cut-?mix|cut-?out|rand-?augment|auto-?augment|aug-?mix|tri?vial-?augment|colou?r[- ]?jitter\w*|spec-?augment\w*|spec[-_ ]aug\w*|speed perturb\w*|(noise|reverb\w*|musan|rir)( noise)? augment\w*|random erasing|random(ly)? (noise|mask|sampl\w+ crop)|elastic (deformation|transform)\w*|gaussian (noise|blur) (is )?(add|augment)\w*|back-?translation|multi-?scale (training|jitter\w*)|jittering|time[- ]?(warp|mask|stretch)\w*|frequency mask\w*|distorted bounding box|mosaic augment\w*|large scale jitter\w*|word dropout augment\w*)\b",
    );
    static NONE: Pattern = Pattern::new(
        r"\b(no|without\W*( any)?|not use( any)?) ([\w-]+ ){0,2}augmentation|\bnot (train(ed|ing)|us(e|ed|ing))( with)? .{0,40}augmentation",
    );
    static WITH: Pattern = Pattern::new(
        r"\baugment(ed|ation|ations|ing)\b[^.]{0,40}\b(by|with|using|:|includes?|consists?|such as|via|of)\b|\b(by|with|using)\b[^.]{0,40}\baugmentations?\b (is|are|was|were) (applied|used)",
    );
    static AT_TEST: Pattern = Pattern::new(r"(with(out)? )?test[- ]time (data )?augmentations?");
    let trained = AT_TEST.remove(lower);
    let lower = trained.as_str();
    // Networks may be augmented too.
    static OF_NETWORK: Pattern = Pattern::new(
        r"\baugment(ed|ing|s)? [\w ,-]{0,40}(networks?|models?|architectures?|memory|llms?)\b( (with|by|using))?",
    );
    let of_data = OF_NETWORK.remove(lower);
    let lower = of_data.as_str();
    METHOD.is_in(lower)
        || NONE.is_in(lower)
        || (WITH.is_in(lower)
            && lower.contains("data") | lower.contains("image") | lower.contains("training")
            && lower.split_whitespace().count() >= 6)
}

fn of_words(page: &Page<'_>, passage: &Passage<'_>, lower: &str, finder: &mut Finder) {
    static BATCH: Pattern = Pattern::new(
        r"\b(mini-?)?batch(es)?[-_ ]?(size)?s?\b\s*(per (gpu|device|card|worker)\s*)?(of|is|was|are|were|to|at|:|=|only|\(|\*+|`|is \()*\s*[:=]?\s*(of |about |only |set to |total |= ?|~)*`?\d|\b\d[\d,]*\s?(k|m)?\s(images|samples|examples|sequences|tokens|sentences)? ?(per|in (a|each)) (mini-?)?batch|\b(mini-?)?batch(es)? (containing|consisting of|made of|of) (about |up to |~)?\d|\bbatch[-_ ]size[^.;,]{0,30}\b(of|is|to|=|:) ?\d|\b\d+ (images?|imgs?|samples?|examples?|videos?|clips?|sequences?|sentences?|utterances?) ?(per|/) ?(gpu|device|iteration|step)\b",
    );
    static RATE: Pattern = Pattern::new(
        r"\b(learning[-_ ]?rates?|\blr|base_lr|step[- ]?size)\b[^.;\n]{0,60}?(\d(\.\d+)?e-\d|\b0?\.\d+|10\s?(\^|\*\*)?\s?\{?-\d|\b1e-?\d|\b\d+ ?(x|×|\*) ?10)|\b(\d(\.\d+)?e-\d|0\.0\d+)\b.{0,20}\blearning rate",
    );
    static SOURCE: Pattern = Pattern::new(
        r"\b(engines?|extract_features|feature extraction|test(ing)?|evaluat\w+|performance|processor|hardware|per instance|cpu)\b",
    );
    static TRAINS: Pattern = Pattern::new(
        r"\b(train\w*|run(s|ning)?|experiments?|tested (\w+ ){0,3}on|results?|obtained|use[sd]?|using|performed|assume|need(s|ed)?|require[sd]?|takes?|epochs?|reproduc\w*|paper|default|configuration files?|synchroni[sz]ed)\b",
    );
    static GENERAL: Pattern = Pattern::new(
        r"\bsupports?\b|\bcompatib|\bwith or without|\bmulti-?gpu (training|and)\b|\bcpu (support|only)|\bnot supported\b|\bgpu 0\b|\bfewer gpus\b|\bif you have\b|\bcompared? (to|with)\b|\bfaster than\b|\bspeed-?ups?\b|\bgets? results\b|\bupgrade|\bmonthly container",
    );
    static COUNT: Pattern = Pattern::new(r"\d\s?(x|×)?\s?\w{0,10} ?(gpu|tpu|v100|a100|h100|worker|node)");
    static NAMES_RATE: Pattern = Pattern::new(r"learning rate|\blr\b");
    let inference = INFERENCE.is_in(lower) || is_inference(page, passage.section);
    static TRAINED_WITH: Pattern =
        Pattern::new(r"\btrain(ed|ing)? (with|using|at) (a |the )?(\w+ )?(mini-?)?batch ?-?size");
    if BATCH.is_in(lower)
        && !inference
        && (!SOURCE.is_in(lower) || TRAINED_WITH.is_in(lower))
        && !lower.starts_with("bs ")
    {
        finder.add(Item::BatchSize, passage.lines, PLAIN, &passage.text);
    }
    static WARM_UP: Pattern = Pattern::new(
        r"(\b|_)warm-?up[_ ]steps\b.{0,80}\d\s?%.{0,40}\bsteps\b|\bwarm-?up[_ ](steps|epochs|iterations|updates|ratio|period)\b.{0,24}\d|\b\d[\d,]*k? (steps|epochs|iterations|updates)? ?(of )?warm-?up\b",
    );
    let warms_up = WARM_UP.is_in(lower)
        && !inference
        && (page.is_about(passage.section, topic::TRAINING | topic::HYPERPARAMETERS)
            || lower.contains("training steps"));
    if (RATE.is_in(lower) || warms_up || (NAMES_RATE.is_in(lower) && is_schedule(lower)))
        && !is_inference(page, passage.section)
    {
        finder.add(Item::LearningRate, passage.lines, PLAIN, &passage.text);
    }
    let aside = page.is_about(passage.section, topic::INSTALLATION) && !TRAINS.is_in(lower);
    if is_optimizer(&passage.text, lower)
        && !is_inference(page, passage.section)
        && !page.is_about(passage.section, topic::INSTALLATION)
    {
        let weight = if page.is_about(passage.section, topic::HYPERPARAMETERS | topic::TRAINING) {
            PLAIN
        } else {
            LIKELY
        };
        finder.add(Item::Optimizer, passage.lines, weight, &passage.text);
    }
    let heads_training = || {
        passage.kind == Kind::Title
            && page
                .commands
                .iter()
                .any(|command| command.section == passage.section && command.named & does::TRAIN != 0)
    };
    let trains = TRAINS.is_in(lower)
        || heads_training()
        || page.is_about(passage.section, topic::TRAINING | topic::HYPERPARAMETERS);
    if is_device(lower)
        && trains
        && !inference
        && !aside
        && (!GENERAL.is_in(lower) || (COUNT.is_in(lower) && lower.contains("assume")))
    {
        let weight = if COUNT.is_in(lower) { PLAIN } else { LIKELY };
        finder.add(Item::Devices, passage.lines, weight, &passage.text);
    }
    // What is fetched in the section on training is where training starts.
    let own = page.own_topics(passage.section);
    static USED: Pattern = Pattern::new(
        r"\b(uses?|using|loads?|from) (a |an |the )?(above |same )?pre-?trained ([\w.-]+ ){0,3}(models?|weights|checkpoints?|encoders?|backbones?)\b[^.]{0,60}(\b(to (fine-?tune|initiali[sz]e)|as (an? |the )?(encoder|backbone|start\w*))|\band we\b|\bfor (pre-?training|fine-?tuning|training)\b|$)|\bfine-?tun(e|es|ed|ing) (a|an|the) (\S+ (or a |or |and )?){0,4}based (system|model)\b|\b(encoder|backbone|decoder|network|embeddings?)( \w+)? (is|are|was|were) pre-?trained (on|using|with)\b|\binitiali[sz]e from ([\w-]+ )?embeddings\b",
    );
    let used = passage.kind != Kind::Title
        && USED.is_in(lower)
        && (page.is_about(passage.section, topic::TRAINING)
            || page
                .commands
                .iter()
                .any(|command| command.section == passage.section && command.named & does::TRAIN != 0));
    let placed = is_start_fetched(lower) && own & (topic::TRAINING | topic::PROCESSING) != 0;
    if (used || placed || is_initialization(lower)) && !is_inference(page, passage.section) {
        finder.add(Item::Initialization, passage.lines, PLAIN, &passage.text);
    }
    let heading = page.own_topics(passage.section) & topic::AUGMENTATION != 0 && passage.kind != Kind::Title;
    let installs = page.is_about(passage.section, topic::INSTALLATION)
        && !page.is_about(passage.section, topic::DATA | topic::AUGMENTATION)
        && passage.kind == Kind::Item;
    if (is_augmentation(lower) || heading) && (!inference || lower.contains("training")) && !installs {
        finder.add(Item::Augmentation, passage.lines, PLAIN, &passage.text);
    }
}

/// Whether a command trains, as far as its flags are concerned.
fn trains(command: &Command) -> bool {
    let others = does::EVALUATE | does::INFER | does::PROCESS | does::DOWNLOAD | does::EXPORT;
    command.named & does::TRAIN != 0
        || (command.said & does::TRAIN != 0
            && command.named & others == 0
            && command.named & does::PREPARE_MACHINE == 0)
}

fn of_command(page: &Page<'_>, command: &Command, finder: &mut Finder) {
    static BATCH: Pattern = Pattern::new(
        r"(--?|\s|\.)\w*(batch[-_]?size|batch_size\w*|ims_per_batch|samples_per_gpu|micro[-_]batch\w*|train[-_]?bs|batchsize|global[-_]batch\w*)\w*[ =]+\d|\s--?(bs|bsz|max-tokens|max-duration|max-sentences|b|batch|train-batch|tokens-per-batch|max_tokens)[ =]\d|\bbatch_size=\d|\bbs=\d",
    );
    static RATE: Pattern = Pattern::new(
        r"(--?|\s|\.)\w*(learning[-_]?rate|base[-_]?lr|init[-_]?lr|peak[-_]lr|max[-_]?lr)\w*[ =]+\d|\s--?(lr|lrate|eta|step[-_]?size)[ =]+\d|\s--?(lr|learning[-_]rate)[-_](factor|epochs|decay\w*|steps|scheduler|schedule|policy|batches|max|init|warmup\w*)[ =]\S|\blr=\d|\.lr[ =]\d|--optimizer[-_]lr[ =]\d",
    );
    static OPTIMIZER: Pattern = Pattern::new(
        r"\s--?(optim|optimizer|opt|optimizer[-_]name|solver)[ =]+[a-z]|\s--?(weight[-_]?decay|wd|momentum|adam[-_]\w+|beta1|beta2)[ =]+\(?'?\d",
    );
    static DEVICES: Pattern = Pattern::new(
        r"--?n?(proc[-_]per[-_]node|um[-_]gpus?|um[-_]processes|um[-_]devices|um[-_]nodes|nodes)[ =]\$?\{?\d|--(nproc[-_]per[-_]node|nproc-per-node)[ =]\d|--?(world[-_]size|gpus?|ngpus?|gpu[-_]?ids?|devices|n_gpus?|gpus-per-node|gpu-num|num_workers_gpu|trainer\.(gpus|devices))[ =]+\[?\d|\bcuda_visible_devices=['\x22]?\d|\bnvidia_visible_devices=\d|\bn?um_?gpus?=\d|\bngpus?=\d|dist_train\.sh \S+ \d|slurm_\w+\.sh|--gres=gpu:\w*:?\d|\bmpirun -?-?np? \d|horovodrun -np \d|--tpu\b|trainer\.(n_gpus|num_nodes)\w*=\d",
    );
    static START: Pattern = Pattern::new(
        r"\s--?\w*(pre-?_?trained[-_]?(model|weights|path|ckpt|checkpoint)?\w*|init[-_]?(from|checkpoint|model|weights|ckpt)\w*|load[-_]from|restore[-_](file|from)|finetune[-_]from(-model)?|model[-_]name[-_]or[-_]path|initial[-_]checkpoint|warm[-_]?start\w*|start[-_]from|starting[-_]checkpoint|load[-_]pre\w*|weights|model[-_]path|base[-_]model)[ =]+\S",
    );
    static AUGMENT: Pattern = Pattern::new(
        r"--?(mixup|cutmix|aa|auto[-_]?augment|color[-_]jitter|reprob|spec[-_]aug\S*|enable[-_](spec[-_]aug|musan)|augment\w*|data[-_]aug\w*|use[-_](specaug|augment\w*))([ =]+\S|\s|$)",
    );
    let lower = command.lower.as_str();
    if trains(command) {
        let mut add = |item: Item, pattern: &Pattern| {
            if let Some(found) = pattern.find(lower) {
                let line = line_of(command, found.as_str());
                finder.add(item, line, PLAIN, found.as_str().trim());
            }
        };
        add(Item::BatchSize, &BATCH);
        add(Item::LearningRate, &RATE);
        add(Item::Optimizer, &OPTIMIZER);
        add(Item::Devices, &DEVICES);
        add(Item::Initialization, &START);
        add(Item::Augmentation, &AUGMENT);
        static COUNTED: Pattern = Pattern::new(r"\b\d+ ?x? ?\w* ?(gpus?|tpus?|v100s?|a100s?|nodes)\b");
        if COUNTED.is_in(&command.lead) {
            finder.add(Item::Devices, command.lines, LIKELY, &command.lead);
        }
    } else if command.named & (does::EVALUATE | does::INFER | does::PROCESS | does::DOWNLOAD | does::EXPORT)
        == 0
        && !is_inference(page, command.section)
        && DEVICES.is_in(lower)
    {
        // Variables that are set for the training command below.
        let next_trains = page.commands.iter().any(|next| {
            next.section == command.section
                && next.lines.first >= command.lines.first
                && next.lines.first <= command.lines.last + 40
                && trains(next)
        });
        // Machines that are reserved, and a script that is told elsewhere to train.
        static RESERVES: Pattern = Pattern::new(r"^(salloc|sbatch|srun)\s");
        let script = super::command::script(lower);
        let same_trains = || {
            super::page::is_script(&script)
                && page
                    .commands
                    .iter()
                    .any(|other| trains(other) && super::command::script(&other.lower) == script)
        };
        if next_trains || RESERVES.is_in(lower) || same_trains() {
            finder.add(Item::Devices, command.lines, PLAIN, &command.text);
        }
    }
    // What is fetched before training, and handed to it, is where it starts.
    static WEIGHTS: Pattern =
        Pattern::new(r"\.(pth?|ckpt|pkl|pyth|h5|safetensors|bin)\b|checkpoint|pretrained|init_");
    static OF_START: Pattern = Pattern::new(
        r"checkpoint|weights|(pre-?trained|released|base|initial|converted|download\w*|get|fetch) (\S+ ){0,3}models?\b",
    );
    if command.named & does::DOWNLOAD != 0
        && (WEIGHTS.is_in(lower) || OF_START.is_in(&command.lead))
        && !command.lower.starts_with("git clone")
    {
        let trains_after = page.commands.iter().any(|next| {
            next.section == command.section
                && next.lines > command.lines
                && next.lines.first < command.lines.last + 30
                && next.named & does::TRAIN != 0
        });
        if trains_after {
            finder.add(Item::Initialization, command.lines, LIKELY, &command.text);
        }
    }
}

/// The line of a command that holds a piece of it.
pub(super) fn line_of(command: &Command, piece: &str) -> Lines {
    // Continuations were joined with single spaces; the share of flags before the piece tells the line closely enough.
    let at = command.lower.find(piece).unwrap_or(0);
    let rows = command.lines.last - command.lines.first + 1;
    let share = (at as u64 * u64::from(rows) / command.lower.len().max(1) as u64) as u32;
    Lines::at((command.lines.first + share).min(command.lines.last))
}

fn of_table(page: &Page<'_>, table: &Table, finder: &mut Finder) {
    static DIGIT: Pattern = Pattern::new(r"\d");
    static COLUMNS: [(Item, Pattern); 6] = [
        (
            Item::BatchSize,
            Pattern::new(
                r"batch ?-?_?size|^(local |global |total )?(bs|bsz)$|batch/gpu|^batch$|mini-?batch|max[-_ ]?tokens|^im(age|g)?s?\s?/\s?(gpu|device)|samples? per (gpu|batch)",
            ),
        ),
        (
            Item::LearningRate,
            Pattern::new(
                r"learning ?-?_?rate|^(base |peak |max |init |orth\. )?lr$|^lr |lr sched|^schd|lr schd",
            ),
        ),
        (Item::Optimizer, Pattern::new(r"^optimi[sz]er$|^optim$|^weight decay$|^momentum$")),
        (
            Item::Devices,
            Pattern::new(
                r"^(#|num(ber of)? |no\. of |n )?\s?(gpus?|tpus?|devices|nodes|accelerators)\b|^[git]pu|^train(ing)? (gpu|tpu|device|hardware)s?$|^hardware\b|^accelerators?$",
            ),
        ),
        (
            Item::Initialization,
            Pattern::new(
                r"\binit(iali[sz]ation)?$|^pre-?train(ed|ing)?( (weights|model|on|dataset|data))?$|initial (weights|checkpoint)",
            ),
        ),
        (Item::Augmentation, Pattern::new(r"augmentations?|^aug$|^data aug")),
    ];
    let context =
        format!("{} {}", table.lead, page.headings.get(table.section).map_or("", |heading| &heading.title));
    static NOT_TRAINING: Pattern =
        Pattern::new(r"inference|latency|\bseq/s|/sec|\binf/s|\(ms\)|speed-?up|real-?time|^perf");
    static WEIGHTS: Pattern = Pattern::new(r"pre-?trained (weights|models?|checkpoints?)");
    let whole = table.header.join(" ");
    let trains = page.own_topics(table.section) & topic::TRAINING != 0;
    let inference = !trains && (INFERENCE.is_in(&context) || is_inference(page, table.section))
        || table.header.iter().any(|name| NOT_TRAINING.is_in(name));
    // Columns of both may stand side by side.
    static OF_TRAINING: Pattern =
        Pattern::new(r"train(ing)?\s?(mem|time|hours|cost|gpu|device|hardware)|^lr\s?sch(e)?d|^schedule$");
    let sided = table.header.iter().any(|name| OF_TRAINING.is_in(name));
    if inference && !sided && (!whole.contains("training") || whole.contains("infer")) {
        return;
    }
    let offers_models = page.own_topics(table.section) & topic::MODELS != 0;
    for (item, names) in &COLUMNS {
        let of_column = table.header.iter().position(|name| names.is_in(name)).and_then(|column| {
            table.rows.iter().zip(&table.row_lines).find_map(|(row, line)| {
                let cell = row.get(column)?;
                let says = match item {
                    Item::BatchSize | Item::LearningRate => DIGIT.is_in(cell),
                    Item::Devices => DIGIT.is_in(cell) || is_device(cell),
                    // Released models are no start.
                    Item::Initialization if offers_models && WEIGHTS.is_in(&whole) => false,
                    // No weights to start from is an answer too.
                    Item::Initialization if cell == "none" => true,
                    _ => cell.len() > 1 && !matches!(cell.as_str(), "-" | "--" | "none" | "n/a"),
                };
                says.then_some((*line, cell))
            })
        });
        // Names down the first column, values beside them.
        let of_row = || {
            table.rows.iter().zip(&table.row_lines).find_map(|(row, line)| {
                let name = row.first()?;
                let value = row.get(1..)?.iter().find(|cell| !cell.is_empty())?;
                let says = names.is_in(name) && name.len() < 40;
                let kind = match item {
                    Item::BatchSize | Item::LearningRate => DIGIT.is_in(value),
                    _ => value.len() > 1 || DIGIT.is_in(value),
                };
                (says && kind).then_some((*line, value))
            })
        };
        if let Some((line, value)) = of_column.or_else(of_row) {
            finder.add(*item, Lines::at(line), PLAIN, &format!("table: {value}"));
        }
    }
}

/// `key: value` and `key = value` lines of YAML, JSON and Python.
fn of_configuration(
    page: &Page<'_>,
    lower: &str,
    lines: Lines,
    section: usize,
    lead: &str,
    finder: &mut Finder,
) {
    static KEY: Pattern = Pattern::new(r"^[\x22']?([a-z_][\w.\- ]*?)[\x22']?\s*(:|=)\s*([^=].*)$");
    static OF_INFERENCE: Pattern = Pattern::new(
        r"inference|predict|generate\(|from_pretrained|\.eval\(\)|from_hparams|decode|latency|throughput",
    );
    static USAGE: Pattern = Pattern::new(r"^\s*usage:|optional arguments:");
    if is_inference(page, section) || OF_INFERENCE.is_in(lower) || USAGE.is_in(lower) || INFERENCE.is_in(lead)
    {
        return;
    }
    let starts_with_value = |value: &str| {
        value
            .trim_start_matches(['\'', '"', '[', '(', ' ', '-', '.'])
            .starts_with(|c: char| c.is_ascii_digit())
    };
    for (line, number) in lower.lines().zip(lines.first + 1..) {
        let Some(found) = KEY.captures(line.trim().trim_start_matches("- ")) else { continue };
        let group = |index: usize| found.get(index).map_or("", |group| group.as_str());
        let (key, value) = (group(1).replace(['-', ' '], "_"), group(3));
        let place = Lines::at(number.min(lines.last));
        let key = key.rsplit('.').next().unwrap_or_default();
        let item = match key {
            "batch_size"
            | "train_batch_size"
            | "batchsize"
            | "global_batch_size"
            | "per_device_train_batch_size"
            | "micro_batch_size"
            | "train_micro_batch_size_per_gpu"
            | "samples_per_gpu"
            | "ims_per_batch"
            | "bs"
                if starts_with_value(value) =>
            {
                Item::BatchSize
            }
            "lr" | "learning_rate" | "base_lr" | "init_lr" | "max_lr" | "peak_lr"
                if starts_with_value(value) =>
            {
                Item::LearningRate
            }
            "lr_scheduler"
            | "lr_schedule"
            | "scheduler"
            | "lr_decay_style"
            | "lr_policy"
            | "learning_rate_schedule" => Item::LearningRate,
            "optimizer" | "optim" | "weight_decay" | "momentum" | "optimizer_type" => Item::Optimizer,
            "num_gpus" | "gpus" | "ngpu" | "ngpus" | "n_gpus" | "num_nodes" | "nproc_per_node"
            | "world_size" | "gpu_num" | "devices"
                if starts_with_value(value) =>
            {
                Item::Devices
            }
            "init_from" | "pretrained" | "load_from" | "init_checkpoint" | "pretrained_model"
            | "initialization" | "init"
                if value.len() > 2 && !value.starts_with("none") && !value.starts_with("false") =>
            {
                Item::Initialization
            }
            "augmentation" | "augmentations" | "data_augmentation" | "augment" => Item::Augmentation,
            _ => continue,
        };
        finder.add(item, place, LIKELY, line.trim());
    }
}
