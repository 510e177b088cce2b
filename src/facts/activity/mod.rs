//! What code does, whatever its language: trains, evaluates, saves and loads weights.
//!
//! Each file is read by itself and leaves [`Sign`]s, most of them weak: a name, a call, a loop over test data. The
//! [`Survey`] of a project weighs them together, and asks which files are run, which are called from there, and which
//! merely wait for somebody to call them.

mod languages;
mod names;
mod python;
mod survey;

use super::document::Lines;
use super::python::PythonModule;
pub use survey::{Place, Survey, imported_from, is_vendored, reached, survey};

/// How far one sign by itself can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// A name or a word, which other things carry as well.
    Hint,
    /// What rarely means anything else.
    Likely,
    /// What the thing itself looks like.
    Sure,
}

/// One place that speaks for an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// A few words on what is there: `steps an optimizer`.
    pub what: &'static str,
    /// How far it can be trusted by itself.
    pub trust: Trust,
    /// Where it stands.
    pub lines: Lines,
    /// Names of the functions and classes around it, outer before inner.
    pub within: Vec<String>,
}

/// What one file does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// Signs that parameters are learned from data or experience.
    pub trains: Vec<Sign>,
    /// Signs that models are measured, or experiments run.
    pub evaluates: Vec<Sign>,
    /// Where weights are written.
    pub saves: Vec<Sign>,
    /// Where weights are read.
    pub loads: Vec<Sign>,
    /// Where running it starts: a `__main__` block, or statements at the top; `None` for what is only imported.
    pub entry: Option<Lines>,
    /// Whether it holds unit tests.
    pub is_unit_test: bool,
    /// Whether it writes pictures or films, as what a generative model makes.
    pub writes_pictures: bool,
}

impl Activity {
    /// Whether anything was found at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Reads what a file does; `None` where it is no code or does nothing of the kind.
pub fn read(path: &str, text: &str, python: Option<&PythonModule>) -> Option<Activity> {
    // What installs a package tests compilers and runs builds.
    if path == "setup.py" || path.ends_with("/setup.py") {
        return None;
    }
    let activity = match python.filter(|module| module.unparsed.is_none()) {
        Some(module) => python::read(path, module),
        None => languages::read(path, text)?,
    };
    (!activity.is_empty()).then_some(activity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::python;

    fn of(path: &str, text: &str) -> Activity {
        read(path, text, Some(&python::parse(text))).unwrap_or_default()
    }

    #[test]
    fn an_optimizer_that_is_stepped_trains_and_one_over_inputs_does_not() {
        let trains = of(
            "a.py",
            "opt = torch.optim.SGD(net.parameters(), lr=1)\nfor x in d:\n    f(x).backward()\n    opt.step()\n",
        );
        assert_eq!(trains.trains.first().map(|sign| (sign.trust, sign.lines.first)), Some((Trust::Sure, 4)));
        let attacks = of(
            "a.py",
            "opt = torch.optim.LBFGS([dummy_input])\nfor i in range(3):\n    opt.step(closure)\n    env.step(a)\n",
        );
        assert!(attacks.trains.iter().all(|sign| sign.trust < Trust::Sure));
        let own = of(
            "a.py",
            "class Slow(torch.optim.Optimizer):\n    def step(self):\n        self.optimizer.step()\n",
        );
        assert!(own.trains.is_empty());
    }

    #[test]
    fn preparing_data_is_no_training() {
        let found = of("a.py", "scaler = StandardScaler()\nscaler.fit(x)\nnet.train()\nnet.eval()\n");
        assert!(found.trains.iter().all(|sign| sign.trust == Trust::Hint), "{found:?}");
        assert!(found.evaluates.is_empty(), "{found:?}");
    }

    #[test]
    fn what_only_looks_like_training_is_told_apart() {
        let best = |text: &str| of("a.py", text).trains.first().map(|sign| sign.trust);
        assert_eq!(best("for c in l:\n    engine_config.update(c)\n    model.update({'a': 1})\n"), None);
        assert_eq!(
            best(
                "class Solver:\n    def run(self, x):\n        for t in s:\n            x, n = lower_update(x, t)\n"
            ),
            None
        );
        let attack = "opt = torch.optim.Adam([x_adv])\nloss.backward()\nopt.step()\n";
        assert!(best(attack) < Some(Trust::Likely));
        let unused = "class Net:\n    def learn_pattern(self, x):\n        self.layer.learn_pattern(x)\n";
        assert!(
            of("a.py", unused)
                .trains
                .iter()
                .all(|sign| sign.what != "defines the training" || sign.trust == Trust::Hint)
        );
    }

    #[test]
    fn learning_without_an_optimizer_is_seen() {
        let best = |text: &str| of("a.py", text).trains.first().map(|sign| sign.trust);
        assert_eq!(best("for i in r:\n    centroids = recompute(groups)\n"), Some(Trust::Likely));
        assert_eq!(best("print 'training the sparse model ...'\n"), Some(Trust::Likely));
        assert_eq!(best("print('training the model took 3 s, test error 1')\n"), None);
        assert_eq!(best("mean, cov = parameter_estimation(counts)\n"), Some(Trust::Likely));
        assert_eq!(
            best("from Discovery import Discovery\nfound = Discovery(data)\ngraph = found.run()\n"),
            Some(Trust::Likely)
        );
        assert_eq!(best("from Plotter import Plotter\nfound = Plotter(data)\nfound.run()\n"), None);
    }

    #[test]
    fn room_for_measures_is_no_measure_yet() {
        let best = |text: &str| of("a.py", text).evaluates.first().map(|sign| (sign.trust, sign.lines.first));
        let text = "test_error = np.zeros(9)\nbest_val_loss = np.inf\ntest_error = compare(net, shown)\n";
        assert_eq!(best(text), Some((Trust::Likely, 3)));
        assert_eq!(best("test_error = np.zeros(9)\n").map(|(trust, _)| trust), Some(Trust::Hint));
        let matlab = "acc = zeros(9, 1);\nacc(1) = mean(guess == label);\n";
        let found = read("a.m", matlab, None).unwrap_or_default();
        assert_eq!(found.evaluates.first().map(|sign| sign.lines.first), Some(2));
    }

    #[test]
    fn drawing_images_measures_nothing() {
        let draws = "def evaluate(config):\n    save_image(net(z), 'a.png')\n\nevaluate(config)\n";
        assert!(of("a.py", draws).evaluates.is_empty());
        let measures = "def evaluate(config):\n    save_image(net(z), 'a.png')\n    fid = compute_fid(x, y)\n\nevaluate(config)\n";
        assert!(!of("a.py", measures).evaluates.is_empty());
        let shows = "def visualize_pose(x):\n    plt.plot(x, y)\n\nvisualize_pose(a)\n";
        assert!(of("a.py", shows).evaluates.iter().all(|sign| sign.trust == Trust::Hint));
        let extension = "trainer.extend(extensions.Evaluator(test_iter, model))\n";
        assert_eq!(of("a.py", extension).evaluates.first().map(|sign| sign.trust), Some(Trust::Likely));
    }
}
