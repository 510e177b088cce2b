//! Names of Python's own modules, and which package brings which module.

use super::dependencies::normalize;
use foldhash::HashSet;
use std::sync::LazyLock;

/// Modules of Python's standard library, 2 and 3.
const STANDARD: &str = " __future__ __main__ _thread abc aifc argparse array ast asynchat asyncio asyncore atexit audioop \
base64 bdb binascii binhex bisect builtins bz2 calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys \
compileall concurrent configparser contextlib contextvars copy copyreg cprofile crypt csv ctypes curses dataclasses datetime \
dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch \
formatter fractions ftplib functools gc getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http imaplib \
imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap \
marshal math mimetypes mmap modulefinder msvcrt multiprocessing netrc nis nntplib ntpath numbers operator optparse os \
ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile \
pstats pty pwd py_compile pyclbr pydoc queue quopri random re readline reprlib resource rlcompleter runpy sched secrets \
select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 ssl stat statistics \
string stringprep struct subprocess sunau symbol symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios \
test textwrap threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle types typing \
unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp \
zipfile zipimport zlib zoneinfo __builtin__ anydbm basehttpserver bastion cookielib commands configparser copy_reg \
cpickle cstringio dircache docxmlrpcserver dummy_thread exceptions fpformat hotshot htmllib htmlparser httplib ihooks md5 \
mhlib mimetools mutex new popen2 posixfile robotparser sets sgmllib sha simplehttpserver simplexmlrpcserver statvfs \
stringio thread tkinter ttk tkmessagebox urllib2 urlparse user userdict userlist userstring whichdb xmlrpclib _winreg \
__init__ nturl2path opcode sre_constants sre_parse ";

/// Whether `module`, the first piece of an import, comes with Python.
pub fn is_standard(module: &str) -> bool {
    static MODULES: LazyLock<HashSet<&str>> = LazyLock::new(|| STANDARD.split_whitespace().collect());
    MODULES.contains(module.to_ascii_lowercase().as_str())
}

/// Modules whose package has another name: the module, then packages that bring it, the usual one first.
const BROUGHT_BY: &[(&str, &[&str])] = &[
    (
        "cv2",
        &[
            "opencv-python",
            "opencv-python-headless",
            "opencv-contrib-python",
            "opencv-contrib-python-headless",
            "opencv",
            "py-opencv",
        ],
    ),
    ("pil", &["pillow", "pillow-simd", "pil"]),
    ("sklearn", &["scikit-learn", "sklearn"]),
    ("skimage", &["scikit-image", "skimage"]),
    ("yaml", &["pyyaml", "yaml"]),
    ("torch", &["torch", "pytorch", "pytorch-gpu"]),
    (
        "tensorflow",
        &[
            "tensorflow",
            "tensorflow-gpu",
            "tensorflow-cpu",
            "tf-nightly",
            "tf-nightly-gpu",
            "tensorflow-macos",
        ],
    ),
    ("keras", &["keras", "tensorflow", "tensorflow-gpu"]),
    ("tensorboard", &["tensorboard", "tensorflow", "tensorflow-gpu"]),
    ("bs4", &["beautifulsoup4", "bs4"]),
    ("dateutil", &["python-dateutil", "pandas"]),
    ("attr", &["attrs"]),
    ("google", &["protobuf", "google-cloud-storage", "google-api-python-client"]),
    ("pkg_resources", &["setuptools"]),
    ("setuptools", &["setuptools"]),
    ("mpl_toolkits", &["matplotlib"]),
    ("pylab", &["matplotlib"]),
    ("ipython", &["ipython", "jupyter", "notebook", "jupyterlab"]),
    ("ipywidgets", &["ipywidgets", "jupyter"]),
    ("umap", &["umap-learn"]),
    ("hydra", &["hydra-core"]),
    ("git", &["gitpython"]),
    ("faiss", &["faiss-cpu", "faiss-gpu", "faiss"]),
    ("zmq", &["pyzmq"]),
    ("levenshtein", &["python-levenshtein", "levenshtein"]),
    ("community", &["python-louvain"]),
    ("igraph", &["python-igraph", "igraph"]),
    ("ot", &["pot"]),
    ("absl", &["absl-py"]),
    ("dotenv", &["python-dotenv"]),
    ("pywt", &["pywavelets"]),
    ("openslide", &["openslide-python"]),
    ("jwt", &["pyjwt"]),
    ("crypto", &["pycryptodome", "pycrypto"]),
    ("serial", &["pyserial"]),
    ("ruamel", &["ruamel-yaml"]),
    ("lightning", &["lightning", "pytorch-lightning"]),
    ("tensorboard_logger", &["tensorboard-logger"]),
    (
        "mxnet",
        &["mxnet", "mxnet-cu90", "mxnet-cu92", "mxnet-cu100", "mxnet-cu101", "mxnet-cu102", "mxnet-cu110"],
    ),
    (
        "cupy",
        &[
            "cupy",
            "cupy-cuda90",
            "cupy-cuda100",
            "cupy-cuda101",
            "cupy-cuda102",
            "cupy-cuda11x",
            "cupy-cuda12x",
        ],
    ),
    ("dgl", &["dgl", "dgl-cu90", "dgl-cu100", "dgl-cu101", "dgl-cu102", "dgl-cu110"]),
    ("jaxlib", &["jaxlib", "jax"]),
    ("clip", &["clip", "openai-clip"]),
    ("gym", &["gym", "gymnasium"]),
    ("pysam", &["pysam"]),
    ("rdkit", &["rdkit", "rdkit-pypi"]),
    ("bio", &["biopython"]),
    ("sentence_transformers", &["sentence-transformers"]),
    ("docx", &["python-docx"]),
    ("fitz", &["pymupdf"]),
    ("nvidia", &["nvidia-dali-cuda110"]),
    ("osgeo", &["gdal"]),
    ("pandas_datareader", &["pandas-datareader"]),
    ("psycopg2", &["psycopg2", "psycopg2-binary"]),
    ("mysqldb", &["mysqlclient"]),
    ("websocket", &["websocket-client"]),
    ("cairo", &["pycairo"]),
    ("wx", &["wxpython"]),
    ("usb", &["pyusb"]),
    ("six", &["six"]),
    ("past", &["future"]),
    ("llvmlite", &["llvmlite", "numba"]),
];

/// The package that usually brings a module.
pub fn package_of(module: &str) -> String {
    let lower = module.to_ascii_lowercase();
    let known = BROUGHT_BY.iter().find(|(name, _)| *name == lower).and_then(|(_, packages)| packages.first());
    known.map_or_else(|| normalize(module), |package| (*package).to_owned())
}

/// The packages (normalized) that bring the module, whichever of them is declared.
pub fn that_bring(module: &str) -> Vec<String> {
    let lower = module.to_ascii_lowercase();
    match BROUGHT_BY.iter().find(|(name, _)| *name == lower) {
        Some((_, packages)) => packages.iter().map(|package| (*package).to_owned()).chain([lower]).collect(),
        None => {
            let wanted = normalize(module);
            let others = [format!("python-{wanted}"), format!("py{wanted}"), format!("{wanted}-python")];
            [wanted].into_iter().chain(others).collect()
        }
    }
}

/// Whether the declared package (normalized) brings the module.
pub fn brings(package: &str, module: &str) -> bool {
    that_bring(module).iter().any(|known| known == package)
}

/// Packages that documents of the field name, as words in lower case.
const WELL_KNOWN: &str = " torch pytorch torchvision torchaudio torchtext tensorflow tensorflow-gpu tf keras theano lasagne caffe \
caffe2 chainer mxnet gluon gluoncv jax jaxlib flax haiku optax numpyro pyro pymc3 pymc pystan stan rstan edward numpy scipy pandas \
matplotlib seaborn sklearn scikit-learn scikit-image skimage scikits statsmodels cvxpy cvxopt mosek gurobi gurobipy cplex autograd \
opencv opencv-python cv2 pillow pil imageio h5py tqdm networkx nltk spacy gensim transformers pytorch-transformers datasets \
tokenizers accelerate peft trl deepspeed bitsandbytes vllm xformers flash-attn huggingface-hub diffusers timm fairseq allennlp \
pytorch-lightning lightning hydra hydra-core omegaconf wandb mlflow tensorboard tensorboardx visdom gym gymnasium mujoco mujoco-py \
mujoco_py dm-control dm_control atari-py baselines stable-baselines stable-baselines3 ray rllib rllab d4rl pybullet lightgbm xgboost \
catboost gpytorch gpy gpflow botorch torchdiffeq torchsde dgl torch-geometric torch_geometric pyg ogb rdkit deepchem biopython numba \
cython cupy pycuda mpi4py horovod apex dask joblib sympy easydict pyyaml yaml absl-py absl gin-config ml-collections ml_collections \
dm-sonnet sonnet tensorflow-probability tensorflow_probability tfp tensorflow-datasets tfds tensor2tensor librosa soundfile \
pycocotools detectron2 mmcv mmdetection faiss pot plotly bokeh sacred pyspark surprise hyperopt optuna nevergrad cma jupyter \
ipython nibabel simpleitk open3d trimesh pytorch3d einops kornia albumentations sentencepiece sacrebleu nlg-eval causalml econml \
dowhy lifelines igraph tslearn sktime gluonts prophet hmmlearn pomegranate luatorch cudnn-python mlr3 caret tidyverse ggplot2 rcpp \
glmnet flux zygote julia-flux jump jld jld2 distributions glog gflags eigen libtorch boost armadillo psychopy habitat habitat-sim ai2thor \
carla airsim smac pysc2 pygame box2d box2d-py nvdiffrast cudatoolkit dlib bert-score evaluate rouge-score textattack \
foolbox cleverhans art advertorch robustness torchattacks opacus captum shap lime tensorpack tflearn slim prettytensor nmslib annoy \
hnswlib ninja pybind11 fire click graphviz pydot pygraphviz requests flask gradio streamlit termcolor tabulate colorama six future loguru ";

/// Modules that come along with packages that build on them.
const COME_WITH: &[(&str, &[&str])] = &[
    (
        "numpy",
        &[
            "scipy",
            "pandas",
            "scikit-learn",
            "sklearn",
            "matplotlib",
            "tensorflow",
            "tensorflow-gpu",
            "torchvision",
            "h5py",
            "opencv-python",
            "scikit-image",
            "gym",
            "gymnasium",
            "jax",
            "seaborn",
            "statsmodels",
            "numba",
            "xarray",
            "transformers",
            "mxnet",
            "theano",
            "keras",
            "librosa",
        ],
    ),
    ("pil", &["torchvision", "matplotlib", "scikit-image", "imageio", "timm"]),
    ("scipy", &["scikit-learn", "sklearn", "scikit-image", "statsmodels", "librosa", "theano", "gpy", "jax"]),
    ("matplotlib", &["seaborn"]),
    ("pandas", &["seaborn", "statsmodels", "datasets"]),
    ("yaml", &["transformers", "pytorch-lightning", "omegaconf", "hydra-core", "huggingface-hub", "wandb"]),
    ("omegaconf", &["hydra-core", "fairseq"]),
    (
        "torch",
        &[
            "torchvision",
            "torchaudio",
            "pytorch-lightning",
            "lightning",
            "accelerate",
            "timm",
            "torchtext",
            "gpytorch",
        ],
    ),
    ("huggingface_hub", &["transformers", "datasets", "diffusers", "accelerate", "timm"]),
    ("tqdm", &["transformers", "nltk", "openai", "pytorch-lightning", "datasets"]),
    ("six", &["tensorflow", "tensorflow-gpu"]),
    ("absl", &["tensorflow", "tensorflow-gpu", "ml-collections", "dm-haiku"]),
    ("google", &["tensorflow", "tensorflow-gpu", "tensorboard"]),
    ("tensorflow_estimator", &["tensorflow", "tensorflow-gpu"]),
    ("jaxlib", &["jax"]),
];

/// The packages (normalized) whose installation installs the module as well.
pub fn that_come_with(module: &str) -> &'static [&'static str] {
    let lower = module.to_ascii_lowercase();
    COME_WITH.iter().find(|(name, _)| *name == lower).map_or(&[], |(_, packages)| packages)
}

/// Whether a word (in lower case) is a package that documents of the field name.
pub fn is_well_known(word: &str) -> bool {
    static PACKAGES: LazyLock<HashSet<&str>> = LazyLock::new(|| WELL_KNOWN.split_whitespace().collect());
    PACKAGES.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_and_packages_find_each_other() {
        assert!(
            is_standard("os") && is_standard("cPickle") && is_standard("urllib2") && !is_standard("torch")
        );
        assert_eq!(package_of("PIL"), "pillow");
        assert_eq!(package_of("torch_scatter"), "torch-scatter");
        assert!(brings("opencv-python-headless", "cv2") && brings("torch-scatter", "torch_scatter"));
        assert!(!brings("torchvision", "torch"));
        assert!(is_well_known("pytorch") && !is_well_known("python"));
    }
}
