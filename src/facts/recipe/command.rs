//! What a command does: by its own name and flags, and by what is said around it.

use super::page::does;
use crate::pattern::Pattern;
use std::borrow::Cow;

/// What the command's own words say it does, a set of [`does`] bits.
pub(super) fn named(lower: &str) -> u32 {
    static HELP: Pattern = Pattern::new(r"(^|\s)(--help|-h)(\s|$)");
    static MACHINE: Pattern = Pattern::new(
        r"^(sudo\s+)?(pip3?|conda|mamba|apt|apt-get|poetry (install|add)|uv (pip|sync|add)|cd|mkdir|ln|cp|mv|export|source|docker|tensorboard|make|cmake|tar|unzip|virtualenv|pytest|tox|python3? -m (pip|venv|pytest|unittest)|python3? setup\.py|git (submodule|checkout|pull|lfs install))\b",
    );
    static FETCH: Pattern = Pattern::new(
        r"^(sudo\s+)?(wget|curl|gdown|aws s3|gsutil|gcloud storage|huggingface-cli download|hf download|kaggle|git (lfs )?clone)\b",
    );
    static WORDS: [(u32, Pattern); 6] = [
        (
            does::DOWNLOAD,
            Pattern::new(
                r"download|fetch|get_?data|get_?imag|getdata|(^|[^a-z])generate_(instances|data(sets?)?([^a-z]|$))|make_data\b|prepare\.(py|sh)|(create|generate|simulate)_\w*data",
            ),
        ),
        (
            does::PROCESS,
            Pattern::new(
                r"pre-?_?process|prepare|process_|_process\b|tokeni[sz]|extract_?feat|feature_?extract|extract_|build_?(data|vocab|dict|index)|create_?(data|tfrecord|lmdb|hdf5|split|index)|make_?(data|lmdb|tfrecord)|generate_?(samples|data|tfrecord|split|lmdb)|gen_?(data|lmdb)|binari[sz]e|split_?data|data_?prep|prep_data|unshard|init(ialize)?_?data|convert_?(data|to_?(lmdb|tfrecord|h5|hdf5|wav|numpy))|(get|process|build|clean|format)_data|(generate|gen|build|make|create)_\w*(labels|list|annotation|filelist|csv|vocab|rawframes)|build_rawframes|write_\w*(feature|csv)|parse_|learn_bpe|apply_bpe|compute_fbank|resize_images|data_prep",
            ),
        ),
        (
            does::TRAIN,
            Pattern::new(
                r"(^|[^a-z])(pre)?-?train(er|ing)?([^a-z]|$)|(^|[^a-z])fine-?_?tun(e|ing)([^a-z]|$)|distill|run_pretrain|run_and_time|main_(pretrain|finetune)|_train\b|trainer?\b|launch_train|pretraining",
            ),
        ),
        (
            does::EVALUATE,
            Pattern::new(
                r"(^|[^a-z])(eval|evals|evaluate|evaluation|evaluator|test|tests|validate|validation|decode|decoding|score|scoring|benchmark|lm_eval|finaltest|metrics?|compute_(map|fid|bleu|wer|metrics?)|reproduce)([^a-z]|$)|fairseq-(generate|validate|eval-lm)|generate\.py|sacrebleu|lm-evaluation|calc_?(fid|metric)|run_squad",
            ),
        ),
        (
            does::INFER,
            Pattern::new(
                r"(^|[^a-z])(infer|inference|predict|prediction|predictor|sample|sampling|demo|webcam|generate|generation|translate|interactive|client|play|transcribe|synthesi[sz]e|chat|example_load|human|visuali[sz]e_pred|run-local|run_model|apply|caption|segment|enhance|separate)([^a-z]|$)|fairseq-(generate|interactive)|\binfer",
            ),
        ),
        (
            does::EXPORT,
            Pattern::new(
                r"(^|[^a-z])export(_|\.|er)|export_(model|onnx|saved|torchscript)|to_?(onnx|hf|torchscript|tflite|trt|tensorrt|coreml|gguf)\b|(torch|pytorch|pt|keras|tf)2(onnx|trt|tf|tflite)|onnx2|convert_?(model|checkpoint|ckpt|weights|to_hf)|freeze_graph|quanti[sz]e|trtexec|torch_?script|model_convert|jit_pretrained|_converter\b",
            ),
        ),
    ];
    static MODEL_FETCH: Pattern =
        Pattern::new(r"download_(pretrained_)?models?|download_(checkpoints?|weights)");
    if HELP.is_in(lower) {
        return 0;
    }
    let lower = lower.replace(['"', '\''], "");
    let lower = lower.strip_prefix("sudo ").unwrap_or(&lower).trim_start();
    if FETCH.is_in(lower) || lower.contains("<(curl") || lower.contains("<(wget") {
        return does::DOWNLOAD;
    }
    // Launchers that hold a command: judge what they hold.
    if MACHINE.is_in(lower) && !lower.starts_with("docker run") {
        return does::PREPARE_MACHINE;
    }
    // What is put into a file says by its words alone what it is for.
    if super::page::is_redirected(lower) {
        return does::RUN;
    }
    let flags = lower.split_whitespace().filter(|word| word.starts_with('-')).collect::<Vec<_>>();
    // Values of flags are places and names; what is done stands in the script, the words behind it and the switches.
    let mut doing = String::with_capacity(lower.len());
    let mut words = lower.split_whitespace().peekable();
    while let Some(word) = words.next() {
        if word.starts_with("--") || (word.starts_with('-') && word.len() > 2) {
            let is_switch = words.peek().is_none_or(|next| next.starts_with('-') || next.starts_with('@'));
            let bare = word.trim_start_matches('-');
            let is_mode = bare.split(['=']).next().is_some_and(|name| {
                matches!(
                    name,
                    "mode"
                        | "phase"
                        | "action"
                        | "task"
                        | "stage"
                        | "do"
                        | "run"
                        | "jobtype"
                        | "do_train"
                        | "do_eval"
                        | "train"
                        | "evaluate"
                        | "eval"
                        | "test"
                )
            });
            // A long name says how, and only in passing of what.
            let is_verb = bare.split(['-', '_']).count() <= 3;
            if is_mode || (is_switch && is_verb && !bare.contains('=')) {
                doing.push_str(bare);
                doing.push(' ');
            } else if !bare.contains('=') {
                words.next();
            }
            continue;
        }
        if word.contains("checkpoint")
            || word.ends_with(".pt")
            || word.ends_with(".pth")
            || word.ends_with(".ckpt")
            || word.starts_with('<')
        {
            continue;
        }
        // `SOLVER.STEPS 100` sets a value.
        let is_override = word.contains('.')
            && !word.contains('/')
            && !word.rsplit('.').next().is_some_and(|end| {
                matches!(
                    end,
                    "py" | "sh"
                        | "ipynb"
                        | "yaml"
                        | "yml"
                        | "json"
                        | "toml"
                        | "txt"
                        | "m"
                        | "r"
                        | "jl"
                        | "lua"
                        | "cfg"
                        | "gin"
                        | "md"
                )
            });
        if is_override && !doing.is_empty() && !super::page::is_script(word) && !doing.ends_with("-m ") {
            continue;
        }
        // Folders say where, not what, unless the script itself says nothing.
        let name = if word.starts_with("http") {
            ""
        } else if super::page::is_script(word) {
            word.rsplit('/').next().unwrap_or(word)
        } else {
            word
        };
        doing.push_str(name);
        doing.push(' ');
    }
    let script = super::command::script(lower);
    // A script that evaluates what was fine-tuned.
    static OF_TUNED: Pattern =
        Pattern::new(r"(fine-?tuned?|pre-?trained|trained)[-_](validat\w*|eval\w*|test\w*|infer\w*)\.");
    let mut by_script = bits(&WORDS, &script);
    if OF_TUNED.is_in(&script) {
        by_script &= !does::TRAIN;
    }
    let by_words = bits(&WORDS, &doing);
    let mut found = if by_script == 0 { by_words } else { by_script };
    // A training script that is told to evaluate.
    let behind = doing.replace(&script, " ");
    let told = bits(&WORDS, &behind);
    if flags.iter().any(|flag| {
        matches!(
            flag.trim_start_matches('-').split('=').next(),
            Some(
                "evaluate"
                    | "eval"
                    | "test"
                    | "do_eval"
                    | "test_only"
                    | "eval_only"
                    | "test-only"
                    | "eval-only"
                    | "only_test"
                    | "finaltest"
                    | "validate"
                    | "inference"
                    | "do_test"
                    | "predict"
                    | "do_predict"
            )
        )
    }) || (found & does::TRAIN != 0 && told & does::EVALUATE != 0 && told & does::TRAIN == 0)
    {
        let also_trains = flags.iter().any(|flag| flag.contains("do_train") || *flag == "--train");
        found = if also_trains {
            found | does::TRAIN | does::EVALUATE
        } else {
            found & !does::TRAIN | does::EVALUATE
        };
    } else if flags
        .iter()
        .any(|flag| matches!(flag.trim_start_matches('-'), "train" | "do_train" | "training"))
    {
        found |= does::TRAIN;
    } else if by_script & (does::TRAIN | does::EVALUATE | does::INFER) == 0 {
        found |= told & (does::TRAIN | does::EVALUATE);
    }
    if found & (does::DOWNLOAD | does::PROCESS) != 0 {
        // What generates data is no model.
        found &= !does::INFER;
    }
    if found == 0 && lower.contains("docker/") {
        return does::PREPARE_MACHINE;
    }
    if MODEL_FETCH.is_in(lower) {
        found = does::DOWNLOAD;
    }
    // Variables that are set for it stand before the command.
    let is_setting = |word: &str| {
        word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
    };
    let mut bare = lower;
    while let Some((_, rest)) = bare.split_once(' ').filter(|(first, _)| is_setting(first)) {
        bare = rest.trim_start();
    }
    let runs = super::page::is_command(bare) || super::page::is_script(lower);
    found | if runs { does::RUN } else { 0 }
}

fn bits(table: &[(u32, Pattern)], text: &str) -> u32 {
    table.iter().filter(|(_, pattern)| pattern.is_in(text)).fold(0, |found, (bit, _)| found | bit)
}

/// The last part of the script's path, or the program where there is no script.
pub(super) fn script(lower: &str) -> String {
    let mut words = lower.split_whitespace();
    let mut module_next = false;
    let named = words.find(|word| {
        if module_next {
            module_next = false;
            // Launchers are modules too.
            return !word.starts_with("torch.distributed");
        }
        module_next = *word == "-m";
        super::page::is_script(word) || word.starts_with("fairseq-")
    });
    let path = named.or_else(|| lower.split_whitespace().next()).unwrap_or_default();
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    name.to_owned()
}

/// What is said around a command that it does.
pub(super) fn said(lead: &str, title: &str) -> u32 {
    static WORDS: [(u32, Pattern); 6] = [
        (
            does::DOWNLOAD,
            Pattern::new(
                r"\bdownload|\bfetch|\bobtain|\bacquir|getting the data|get the data|generate .*(instances|data)",
            ),
        ),
        (
            does::PROCESS,
            Pattern::new(
                r"pre-?process|\bprepar(e|ing|ation)|\btokeni[sz]|\bconvert the data|convert .{0,30}data|extract .{0,40}features|generate .{0,30}(dataset|samples|split)|build .{0,20}(dataset|vocab)|data processing|binari[sz]e|creat(e|ing) (the |our |an? )?([\w-]+ ){0,2}(data|dataset|corpus)\b|generat(e|ing) (the )?(pseudo-?)?labels",
            ),
        ),
        (
            does::TRAIN,
            Pattern::new(
                r"\b(re-?|pre-?)?train(ing)?\b|\bfine-?tun|\bdistill|pre-?training|reproduc(e|ing) .{0,30}(result|experiment|paper)|run .{0,20}experiments?|rerun the experiments|\b(to )?fit (a|an|the|our) .{0,40}\bmodels?\b",
            ),
        ),
        (
            does::EVALUATE,
            Pattern::new(
                r"\bevalu|\btest(ing|ed)?\b|\bvalidat|\bdecod|\bbenchmark|\bscor(e|ing)\b|compute .{0,20}(accuracy|metric|score|fid|bleu)|run matches|evalut",
            ),
        ),
        (
            does::INFER,
            Pattern::new(
                r"\binference\b|\binfer\b|\bpredict|\bdemo\b|\bsampl(e|es|ing) from|generate (a |some |new )?(samples?|images?|text|translations?)|translate|try (it|the model)|\bplay\b|human game|use the (trained|pre-?trained) model|webcam|transcrib|synthesi[sz]e|start the client|(start|run|launch) .{0,20}(text |image |speech )?(generation|inference|prediction) server|load .{0,20}(pre-?trained|trained) model|run .{0,12}model|\brun with (the |our |a )?released (model|weights)|\bappl(y|ying) (a |the |our )?(trained|released|learned) (\S+ ){0,3}models?\b",
            ),
        ),
        (
            does::EXPORT,
            Pattern::new(
                r"\bexport|convert .{0,60}(model|onnx|format|checkpoint|torchscript|tensorrt)|seriali[sz]|quanti[sz]",
            ),
        ),
    ];
    fn pretrained(text: &str) -> Cow<'_, str> {
        let mut plain = Cow::Borrowed(text);
        if !text.contains("train") {
            return plain;
        }
        for (said, meant) in [
            ("pre-trained", "released"),
            ("pretrained", "released"),
            ("after training", ""),
            ("once trained", ""),
            ("training data", "data"),
            ("training set", "data"),
        ] {
            if memchr::memmem::find(plain.as_bytes(), said.as_bytes()).is_some() {
                plain = Cow::Owned(plain.replace(said, meant));
            }
        }
        plain
    }
    let by_lead = bits(&WORDS, &pretrained(lead));
    // What leads to everything at once says nothing about one command.
    if by_lead.count_ones() >= 3 {
        return 0;
    }
    if by_lead != 0 { by_lead } else { bits(&WORDS, &pretrained(title)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_switches_tell_what_a_command_does() {
        let cases = [
            ("python train.py --lr 0.1", does::TRAIN),
            ("python -m torch.distributed.launch --nproc_per_node=8 tools/train_net.py", does::TRAIN),
            ("python main.py --evaluate --resume a.pth", does::EVALUATE),
            ("python train.py config/eval_small.py", does::EVALUATE),
            ("bash scripts/download_corpus.sh", does::DOWNLOAD),
            ("python preprocess.py --out data", does::PROCESS),
            ("python sample.py --out_dir=out", does::INFER),
            ("python tools/export_onnx.py model.pt", does::EXPORT),
            ("pip install -r requirements.txt", does::PREPARE_MACHINE),
            ("python train.py --help", 0),
        ];
        for (command, wanted) in cases {
            assert_eq!(named(command) & !does::RUN, wanted, "{command}");
        }
    }
}
