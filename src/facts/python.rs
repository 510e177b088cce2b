//! What Python code says, without running it: imports, definitions, calls, flags, entry points.
//!
//! The only file that names the parser. Its tree is walked once and dropped; Python 2 is parsed with recovery, so a
//! `print` statement loses a line and not the file.

use super::document::{LineIndex, Lines};
use foldhash::{HashMap, HashMapExt as _};
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};
use std::sync::{Arc, OnceLock};

/// What one module says.
#[derive(Debug, Clone, Default)]
pub struct PythonModule {
    /// Imports, wherever they stand.
    pub imports: Vec<Import>,
    /// Functions and classes, outer before inner.
    pub definitions: Vec<Definition>,
    /// Calls, in order of the text.
    pub calls: Vec<Call>,
    /// Assignments to names and attributes, and augmented ones.
    pub assignments: Vec<Assignment>,
    /// `for` loops, in order of the text; `while` loops have an empty iterable.
    pub loops: Vec<Loop>,
    /// Comparisons of two names or calls by `==` or `!=`, in order of the text.
    pub comparisons: Vec<Comparison>,
    /// Texts within the code, docstrings and single words left out.
    pub phrases: Vec<Phrase>,
    /// Where `if __name__ == "__main__":` stands.
    pub entry_point: Option<Lines>,
    /// Lines of the statements at the top that do something: calls, loops, prints.
    pub top_level_work: Vec<Lines>,
    /// Lines of the module's docstring.
    pub docstring: Option<Lines>,
    /// Number of places that did not parse.
    pub syntax_errors: usize,
    /// Why nothing was parsed, if so.
    pub unparsed: Option<String>,
    /// Number of lines.
    pub lines: u32,
    /// See [`PythonModule::calls_of`].
    calls_by_method: OnceLock<Vec<u32>>,
    /// See [`PythonModule::assignments_in`].
    assignments_by_target: OnceLock<Vec<u32>>,
    /// See [`PythonModule::definitions_called`].
    definitions_by_name: OnceLock<Vec<u32>>,
}

/// Those of `list` whose key is `wanted`, in order of the list; `sorted` holds their places by key, and is filled when it
/// is first asked for.
fn by_key<'list, T, K: Ord, F: Fn(&'list T) -> K>(
    list: &'list [T],
    sorted: &'list OnceLock<Vec<u32>>,
    key: F,
    wanted: &K,
) -> impl Iterator<Item = &'list T> + use<'list, T, K, F> {
    let of = |place: &u32| list.get(*place as usize).map(&key);
    let sorted = sorted.get_or_init(|| {
        let mut places: Vec<u32> = (0..).take(list.len()).collect();
        places.sort_by_key(of);
        places
    });
    let first = sorted.partition_point(|place| of(place).is_some_and(|key| key < *wanted));
    let sorted = sorted.get(first..).unwrap_or_default();
    let last = sorted.partition_point(|place| of(place).is_some_and(|key| key == *wanted));
    sorted.get(..last).unwrap_or_default().iter().filter_map(|place| list.get(*place as usize))
}

/// An imported name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// `torch.optim` of `from torch.optim import Adam`.
    pub module: String,
    /// `Adam` of `from torch.optim import Adam`.
    pub name: Option<String>,
    /// The name it is used by.
    pub alias: String,
    /// Number of leading dots.
    pub level: u32,
    /// Where it stands.
    pub line: u32,
    /// Whether failing to import it is handled (`try: … except ImportError`), or it is imported only where needed.
    pub optional: bool,
}

/// A function or a class.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Whether it is a class.
    pub is_class: bool,
    /// Its name.
    pub name: String,
    /// Where it stands, decorators left out.
    pub lines: Lines,
    /// Index of the definition around it.
    pub parent: Option<usize>,
    /// Base classes, resolved through the imports.
    pub bases: Vec<String>,
    /// Decorators' names, resolved through the imports.
    pub decorators: Vec<String>,
    /// Parameters with their defaults, in order; a dataclass's fields are among `assignments`.
    pub parameters: Vec<(String, Option<Value>)>,
    /// Whether it has a docstring.
    pub has_docstring: bool,
}

/// A call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// As written, with `()` for calls and `[]` for subscripts within: `self.model.fit`, `optim.Adam().step`.
    pub written: String,
    /// With the imports' names resolved: `torch.optim.Adam`.
    pub name: String,
    /// Where the last piece of `name` begins, in bytes.
    method_at: usize,
    /// Arguments in order.
    pub arguments: Vec<Argument>,
    /// Where it stands.
    pub lines: Lines,
    /// Index of the definition around it.
    pub scope: Option<usize>,
    /// How many loops stand around it within its definition, comprehensions among them.
    pub loops: u8,
    /// Names of the context managers around it within its definition, resolved: `torch.no_grad`.
    pub within: Vec<Arc<str>>,
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// Its keyword, if it has one.
    pub keyword: Option<String>,
    /// Its value.
    pub value: Value,
}

/// An expression, as far as it can be read.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text; of an f-string the literal pieces, with `{}` between.
    Text(String),
    /// A number as it is written.
    Number(String),
    /// True or False.
    Flag(bool),
    /// None.
    Nothing,
    /// A name, attribute, call or subscript, resolved through the imports: `args.lr`, `torch.nn.ReLU()`.
    Name(String),
    /// A list, tuple or set.
    List(Vec<Value>),
    /// A dictionary's entries whose key is a text.
    Map(Vec<(String, Value)>),
    /// Anything else, as it is written, shortened.
    Other(String),
}

/// A `for` or `while` loop.
#[derive(Debug, Clone, PartialEq)]
pub struct Loop {
    /// What it goes over, as it is written, shortened; the condition of a `while` loop.
    pub over: String,
    /// Whether it is a `while` loop.
    pub is_while: bool,
    /// Where it stands, its body included.
    pub lines: Lines,
    /// Index of the definition around it.
    pub scope: Option<usize>,
}

/// A comparison of two things that are no constants, by `==`, `!=` or `in`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The left side, as it is written, shortened.
    pub left: String,
    /// The right side.
    pub right: String,
    /// Where it stands.
    pub line: u32,
    /// Index of the definition around it.
    pub scope: Option<usize>,
}

/// A text within the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The text, shortened.
    pub text: String,
    /// Where it stands.
    pub line: u32,
    /// Index of the definition around it.
    pub scope: Option<usize>,
}

/// An assignment.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// `lr`, `self.optimizer`, `os.environ[]`.
    pub target: String,
    /// What is assigned.
    pub value: Value,
    /// The type that annotates it, as written.
    pub annotation: Option<String>,
    /// The name of the variable that tells which entry of `target` is meant, the last of several: `arm` of
    /// `counts[t, arm]`.
    pub index: Option<String>,
    /// Whether it adds to what was there (`+=`, `-=`, …).
    pub augmented: bool,
    /// Where it stands.
    pub line: u32,
    /// Index of the definition around it.
    pub scope: Option<usize>,
    /// How many loops stand around it within its definition.
    pub loops: u8,
}

impl Call {
    /// The last piece of its name: `step` of `optim.Adam().step`.
    pub fn method(&self) -> &str {
        self.name.get(self.method_at..).unwrap_or_default()
    }

    /// What it is called on, as written: `optim.Adam()` of `optim.Adam().step`; empty for a mere name.
    pub fn receiver(&self) -> &str {
        self.written.rsplit_once('.').map_or("", |(receiver, _)| receiver)
    }

    /// The value of a keyword.
    pub fn keyword(&self, name: &str) -> Option<&Value> {
        self.arguments
            .iter()
            .find(|argument| argument.keyword.as_deref() == Some(name))
            .map(|argument| &argument.value)
    }

    /// The values without keywords, in order.
    pub fn positional(&self) -> impl Iterator<Item = &Value> {
        self.arguments.iter().filter(|argument| argument.keyword.is_none()).map(|argument| &argument.value)
    }
}

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The name, if it is one.
    pub fn as_name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }
}

impl PythonModule {
    /// Calls of a method or function, by the last piece of its name, in order of the text.
    pub fn calls_of<'module>(&'module self, method: &'module str) -> impl Iterator<Item = &'module Call> {
        by_key(&self.calls, &self.calls_by_method, Call::method, &method)
    }

    /// Assignments to exactly this target within a definition, or at the top, in order of the text.
    pub fn assignments_in<'module>(
        &'module self,
        scope: Option<usize>,
        target: &'module str,
    ) -> impl Iterator<Item = &'module Assignment> {
        let key = |assignment: &'module Assignment| (assignment.target.as_str(), assignment.scope);
        by_key(&self.assignments, &self.assignments_by_target, key, &(target, scope))
    }

    /// Functions and classes of a name, in order of the text.
    pub fn definitions_called<'module>(
        &'module self,
        name: &'module str,
    ) -> impl Iterator<Item = &'module Definition> {
        by_key(&self.definitions, &self.definitions_by_name, |known| known.name.as_str(), &name)
    }

    /// Whether the module imports `package` or something of it.
    pub fn imports_package(&self, package: &str) -> bool {
        self.imports.iter().any(|import| {
            import.level == 0
                && (import.module == package
                    || import.module.strip_prefix(package).is_some_and(|rest| rest.starts_with('.')))
        })
    }
}

/// Lines longer than this, and brackets or blocks nested deeper, are not parsed: no person writes them, and the
/// syntax tree of a nesting bomb overflows the stack when it is walked.
const LONGEST_LINE: usize = 20_000;
const DEEPEST: usize = 200;
/// Nor are texts with a statement of more tokens than this between two commas: each may lie within the one before it.
const LONGEST_CHAIN: usize = 5_000;
/// What fits into so few bytes is not too deep for the stack, whatever it is.
const SAFE_BYTES: usize = 32 << 10;

/// Parses a module. Never fails: what does not parse is counted.
pub fn parse(text: &str) -> PythonModule {
    let index = LineIndex::new(text);
    let lines = index.count(text);
    if let Some(why) = refuse(text) {
        return PythonModule { unparsed: Some(why), lines, ..PythonModule::default() };
    }
    let parsed = ruff_python_parser::parse_unchecked_source(text, ast::PySourceType::Python);
    let module = parsed.syntax();
    let mut walk = Walk {
        text,
        index,
        module: PythonModule::default(),
        aliases: HashMap::new(),
        scope: None,
        loops: 0,
        within: Vec::new(),
        optional: false,
    };
    walk.module.lines = lines;
    walk.module.syntax_errors = parsed.errors().len();
    walk.module.docstring = docstring(&module.body).map(|range| walk.lines(range));
    collect_aliases(&module.body, &mut walk.aliases, 0);
    for statement in &module.body {
        if does_work(statement) {
            let lines = walk.lines(statement.range());
            walk.module.top_level_work.push(lines);
        }
        walk.visit_stmt(statement);
    }
    walk.module
}

/// The first `most` characters of a text, or all of it.
fn first_characters(text: &str, most: usize) -> &str {
    // No character is shorter than a byte.
    let end = if text.len() <= most { None } else { text.char_indices().nth(most) };
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// Why a text must not be handed to the parser.
fn refuse(text: &str) -> Option<String> {
    let (mut depth, mut deepest, mut run_of_prefixes) = (0usize, 0usize, 0usize);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
                run_of_prefixes = 0;
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                run_of_prefixes = 0;
            }
            b'-' | b'+' | b'~' | b'*' => {
                run_of_prefixes += 1;
                if run_of_prefixes > DEEPEST * 10 {
                    return Some("operators are repeated without end".to_owned());
                }
            }
            b' ' => {}
            _ => run_of_prefixes = 0,
        }
    }
    let (mut begin, mut indent) = (0, 0);
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = text.get(begin..end).unwrap_or_default();
        if line.len() > LONGEST_LINE {
            return Some(format!("a line is longer than {LONGEST_LINE} bytes"));
        }
        begin = end + 1;
        let printed = line.trim_start();
        if !printed.is_empty() {
            indent = indent.max(line.len() - printed.len());
        }
    }
    if deepest > DEEPEST {
        return Some(format!("brackets are nested deeper than {DEEPEST}"));
    }
    if indent > DEEPEST * 8 {
        return Some("blocks are nested too deep".to_owned());
    }
    if text.len() > SAFE_BYTES { refuse_chains(text) } else { None }
}

/// Why the tokens of a text, read as the parser reads them, say that it must not be handed to it.
fn refuse_chains(text: &str) -> Option<String> {
    let mut lexer = ruff_python_parser::lexer::lex(text, ruff_python_parser::Mode::Module);
    // For each bracket that is open: tokens since the last comma, and functions without a name, whose commas end nothing.
    let mut open = vec![(0_usize, 0_usize)];
    let mut sum = 0;
    loop {
        let kind = lexer.next_token();
        let last = open.last_mut()?;
        match kind {
            TokenKind::EndOfFile => return None,
            // The end of a statement; what only begins one ends another that was left open.
            TokenKind::Newline
            | TokenKind::Semi
            | TokenKind::Assert
            | TokenKind::Class
            | TokenKind::Def
            | TokenKind::Del
            | TokenKind::Import
            | TokenKind::Pass
            | TokenKind::Raise
            | TokenKind::Return
            | TokenKind::Try
            | TokenKind::While
            | TokenKind::With => {
                open.clear();
                open.push((0, 0));
                sum = 0;
            }
            TokenKind::Comma => {
                sum -= last.0;
                last.0 = 0;
            }
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                last.0 += 1;
                sum += 1;
                open.push((0, 0));
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                let (tokens, lambdas) = open.pop()?;
                sum -= tokens + lambdas;
                if open.is_empty() {
                    open.push((0, 0));
                }
            }
            TokenKind::Lambda => {
                last.1 += 1;
                sum += 1;
            }
            TokenKind::String
            | TokenKind::FStringMiddle
            | TokenKind::TStringMiddle
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline
            | TokenKind::Indent
            | TokenKind::Dedent => {}
            _ => {
                last.0 += 1;
                sum += 1;
            }
        }
        if open.len() > DEEPEST {
            return Some(format!("brackets are nested deeper than {DEEPEST}"));
        }
        if sum > LONGEST_CHAIN {
            return Some(format!("a statement has more than {LONGEST_CHAIN} tokens between two commas"));
        }
    }
}

fn docstring(body: &[Stmt]) -> Option<TextRange> {
    match body.first()? {
        Stmt::Expr(statement) if statement.value.is_string_literal_expr() => Some(statement.range()),
        _ => None,
    }
}

/// Imports are resolved wherever they stand: scripts import within functions and `try` blocks.
fn collect_aliases(body: &[Stmt], aliases: &mut HashMap<String, String>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    for statement in body {
        match statement {
            Stmt::Import(import) => {
                for name in &import.names {
                    match &name.asname {
                        Some(alias) => aliases.insert(alias.to_string(), name.name.to_string()),
                        None => name
                            .name
                            .split('.')
                            .next()
                            .and_then(|first| aliases.insert(first.to_owned(), first.to_owned())),
                    };
                }
            }
            Stmt::ImportFrom(import) if import.level == 0 => {
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                for name in &import.names {
                    let alias = name.asname.as_ref().unwrap_or(&name.name);
                    aliases.insert(alias.to_string(), format!("{module}.{}", name.name));
                }
            }
            Stmt::If(statement) => {
                collect_aliases(&statement.body, aliases, depth + 1);
                for clause in &statement.elif_else_clauses {
                    collect_aliases(&clause.body, aliases, depth + 1);
                }
            }
            Stmt::Try(statement) => {
                collect_aliases(&statement.body, aliases, depth + 1);
                for handler in &statement.handlers {
                    let ast::ExceptHandler::ExceptHandler(handler) = handler;
                    collect_aliases(&handler.body, aliases, depth + 1);
                }
                collect_aliases(&statement.orelse, aliases, depth + 1);
            }
            Stmt::FunctionDef(definition) => collect_aliases(&definition.body, aliases, depth + 1),
            Stmt::ClassDef(definition) => collect_aliases(&definition.body, aliases, depth + 1),
            Stmt::With(statement) => collect_aliases(&statement.body, aliases, depth + 1),
            _ => {}
        }
    }
}

fn does_work(statement: &Stmt) -> bool {
    match statement {
        Stmt::For(_) | Stmt::While(_) | Stmt::With(_) => true,
        Stmt::Expr(statement) => statement.value.is_call_expr(),
        _ => false,
    }
}

struct Walk<'text> {
    text: &'text str,
    index: LineIndex,
    module: PythonModule,
    aliases: HashMap<String, String>,
    scope: Option<usize>,
    loops: u8,
    within: Vec<Arc<str>>,
    optional: bool,
}

impl<'text> Walk<'text> {
    fn line(&self, range: TextRange) -> u32 {
        self.index.line(range.start().to_usize())
    }

    fn lines(&self, range: TextRange) -> Lines {
        Lines::new(
            self.line(range),
            self.index.line(range.end().to_usize().saturating_sub(1).max(range.start().to_usize())),
        )
    }

    fn source(&self, range: TextRange) -> &'text str {
        self.text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or_default()
    }

    fn shortened(&self, range: TextRange) -> String {
        const LONGEST: usize = 120;
        first_characters(self.source(range), LONGEST).to_owned()
    }

    /// The dotted name of an expression; `None` where it has none, or so many parts that it names nothing: each part
    /// of a chain asks for the name of all before it.
    fn dotted(&self, expression: &Expr, resolve: bool) -> Option<String> {
        const MOST_PARTS: usize = 100;
        // Most names fit, and few are much shorter.
        const USUAL: usize = 24;
        let mut name = String::with_capacity(expression.range().len().to_usize().min(USUAL));
        self.write_dotted(expression, resolve, MOST_PARTS, &mut name).then_some(name)
    }

    /// Whether `expression` is a name; if so, it is added to `name`.
    fn write_dotted(&self, expression: &Expr, resolve: bool, parts: usize, name: &mut String) -> bool {
        let Some(parts) = parts.checked_sub(1) else { return false };
        match expression {
            Expr::Name(base) => {
                let base = base.id.as_str();
                name.push_str(self.aliases.get(base).filter(|_| resolve).map_or(base, String::as_str));
            }
            Expr::Attribute(attribute) => {
                // What has no name may have named attributes.
                self.write_dotted(&attribute.value, resolve, parts, name);
                name.push('.');
                name.push_str(&attribute.attr);
            }
            Expr::Call(call) if self.write_dotted(&call.func, resolve, parts, name) => name.push_str("()"),
            Expr::Subscript(subscript) if self.write_dotted(&subscript.value, resolve, parts, name) => {
                name.push_str("[]");
            }
            Expr::Await(awaited) => return self.write_dotted(&awaited.value, resolve, parts, name),
            _ => return false,
        }
        true
    }

    /// A dotted name with the import resolved that it begins with.
    fn resolved(&self, written: &str) -> String {
        let (first, rest) = written.split_at(written.find(['.', '(', '[']).unwrap_or(written.len()));
        match self.aliases.get(first).filter(|_| !first.is_empty()) {
            Some(alias) => [alias, rest].concat(),
            None => written.to_owned(),
        }
    }

    fn value(&self, expression: &Expr) -> Value {
        const LONGEST: usize = 120;
        match expression {
            Expr::StringLiteral(literal) => Value::Text(literal.value.to_str().to_owned()),
            Expr::FString(literal) => {
                let mut text = String::new();
                for element in literal.value.elements() {
                    match element {
                        ast::InterpolatedStringElement::Literal(piece) => text.push_str(&piece.value),
                        ast::InterpolatedStringElement::Interpolation(_) => text.push_str("{}"),
                    }
                }
                Value::Text(text)
            }
            Expr::NumberLiteral(literal) => Value::Number(self.source(literal.range()).to_owned()),
            Expr::UnaryOp(operation) if operation.operand.is_number_literal_expr() => {
                Value::Number(self.source(operation.range()).to_owned())
            }
            Expr::BooleanLiteral(literal) => Value::Flag(literal.value),
            Expr::NoneLiteral(_) => Value::Nothing,
            Expr::List(list) => Value::List(list.elts.iter().map(|element| self.value(element)).collect()),
            Expr::Tuple(list) => Value::List(list.elts.iter().map(|element| self.value(element)).collect()),
            Expr::Set(list) => Value::List(list.elts.iter().map(|element| self.value(element)).collect()),
            Expr::Dict(map) => Value::Map(
                map.items
                    .iter()
                    .filter_map(|item| match item.key.as_ref()? {
                        Expr::StringLiteral(key) => {
                            Some((key.value.to_str().to_owned(), self.value(&item.value)))
                        }
                        _ => None,
                    })
                    .collect(),
            ),
            other => match self.dotted(other, true) {
                Some(name) => Value::Name(name),
                None => Value::Other(first_characters(self.source(other.range()), LONGEST).to_owned()),
            },
        }
    }

    fn assign(&mut self, target: &Expr, value: Option<&Expr>, annotation: Option<&Expr>, augmented: bool) {
        if let (
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }),
            Some(value),
        ) = (target, value)
        {
            let values = match value {
                Expr::Tuple(values) if values.elts.len() == elts.len() => Some(&values.elts),
                _ => None,
            };
            for (index, target) in elts.iter().enumerate() {
                self.assign(
                    target,
                    values.and_then(|values| values.get(index)).or(Some(value)),
                    None,
                    augmented,
                );
            }
            return;
        }
        let Some(name) = self.dotted(target, false) else { return };
        let assignment = Assignment {
            target: name,
            value: value.map_or(Value::Nothing, |value| self.value(value)),
            annotation: annotation.map(|annotation| self.source(annotation.range()).to_owned()),
            index: index_of(target),
            augmented,
            line: self.line(target.range()),
            scope: self.scope,
            loops: self.loops,
        };
        self.module.assignments.push(assignment);
    }

    fn import(&mut self, module: &str, name: Option<&str>, alias: &str, level: u32, range: TextRange) {
        let import = Import {
            module: module.to_owned(),
            name: name.map(str::to_owned),
            alias: alias.to_owned(),
            level,
            line: self.line(range),
            optional: self.optional,
        };
        self.module.imports.push(import);
    }
}

/// The variable by which a subscript is taken, the last of several.
fn index_of(target: &Expr) -> Option<String> {
    let Expr::Subscript(subscript) = target else { return None };
    let index = match &*subscript.slice {
        Expr::Tuple(indices) => indices.elts.last()?,
        index => index,
    };
    match index {
        Expr::Name(name) => Some(name.id.to_string()),
        _ => None,
    }
}

impl<'ast> Visitor<'ast> for Walk<'_> {
    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        match statement {
            Stmt::Import(import) => {
                for name in &import.names {
                    let alias = name.asname.as_ref().unwrap_or(&name.name);
                    self.import(&name.name, None, alias, 0, import.range());
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                for name in &import.names {
                    let alias = name.asname.as_ref().unwrap_or(&name.name);
                    self.import(module, Some(&name.name), alias, import.level, import.range());
                }
            }
            Stmt::FunctionDef(function) => {
                for decorator in &function.decorator_list {
                    self.visit_decorator(decorator);
                }
                self.visit_parameters(&function.parameters);
                let parameters = function
                    .parameters
                    .iter()
                    .map(|parameter| {
                        (parameter.name().to_string(), parameter.default().map(|default| self.value(default)))
                    })
                    .collect();
                let definition = Definition {
                    is_class: false,
                    name: function.name.to_string(),
                    lines: self.lines(TextRange::new(function.name.start(), function.end())),
                    parent: self.scope,
                    bases: Vec::new(),
                    decorators: self.decorators(&function.decorator_list),
                    parameters,
                    has_docstring: docstring(&function.body).is_some(),
                };
                self.enter(definition, &function.body);
            }
            Stmt::ClassDef(class) => {
                for decorator in &class.decorator_list {
                    self.visit_decorator(decorator);
                }
                let bases = class
                    .arguments
                    .iter()
                    .flat_map(|arguments| &arguments.args)
                    .filter_map(|base| self.dotted(base, true))
                    .collect();
                let definition = Definition {
                    is_class: true,
                    name: class.name.to_string(),
                    lines: self.lines(TextRange::new(class.name.start(), class.end())),
                    parent: self.scope,
                    bases,
                    decorators: self.decorators(&class.decorator_list),
                    parameters: Vec::new(),
                    has_docstring: docstring(&class.body).is_some(),
                };
                self.enter(definition, &class.body);
            }
            Stmt::For(_) | Stmt::While(_) => {
                let (over, is_while) = match statement {
                    Stmt::For(statement) => (self.shortened(statement.iter.range()), false),
                    Stmt::While(statement) => (self.shortened(statement.test.range()), true),
                    _ => (String::new(), false),
                };
                let lines = self.lines(statement.range());
                self.module.loops.push(Loop { over, is_while, lines, scope: self.scope });
                self.loops = self.loops.saturating_add(1);
                visitor::walk_stmt(self, statement);
                self.loops = self.loops.saturating_sub(1);
            }
            Stmt::With(with) => {
                for item in &with.items {
                    self.visit_with_item(item);
                }
                let before = self.within.len();
                let names: Vec<Arc<str>> = with
                    .items
                    .iter()
                    .filter_map(|item| self.dotted(&item.context_expr, true))
                    .map(|name| Arc::from(name.trim_end_matches("()")))
                    .collect();
                self.within.extend(names);
                for statement in &with.body {
                    self.visit_stmt(statement);
                }
                self.within.truncate(before);
            }
            Stmt::Try(_) => {
                let before = std::mem::replace(&mut self.optional, true);
                visitor::walk_stmt(self, statement);
                self.optional = before;
            }
            Stmt::If(branch) => {
                if self.scope.is_none() && is_main(&branch.test) {
                    self.module.entry_point = Some(self.lines(branch.range()));
                }
                visitor::walk_stmt(self, statement);
            }
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    self.assign(target, Some(&assign.value), None, false);
                }
                visitor::walk_stmt(self, statement);
            }
            Stmt::AnnAssign(assign) => {
                self.assign(&assign.target, assign.value.as_deref(), Some(&assign.annotation), false);
                visitor::walk_stmt(self, statement);
            }
            Stmt::AugAssign(assign) => {
                self.assign(&assign.target, Some(&assign.value), None, true);
                visitor::walk_stmt(self, statement);
            }
            _ => visitor::walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, expression: &'ast Expr) {
        if let Expr::Call(call) = expression
            && let Some(written) = self.dotted(&call.func, false)
        {
            let name = self.resolved(&written);
            let positional = call
                .arguments
                .args
                .iter()
                .map(|argument| Argument { keyword: None, value: self.value(argument) });
            let keywords = call.arguments.keywords.iter().map(|argument| Argument {
                keyword: Some(argument.arg.as_ref().map_or("**", |name| name.as_str()).to_owned()),
                value: self.value(&argument.value),
            });
            let call = Call {
                written,
                method_at: name.rfind('.').map_or(0, |dot| dot + 1),
                name,
                arguments: positional.chain(keywords).collect(),
                lines: self.lines(call.range()),
                scope: self.scope,
                loops: self.loops,
                within: self.within.clone(),
            };
            self.module.calls.push(call);
        }
        match expression {
            Expr::StringLiteral(literal) => self.phrase(literal.value.to_str(), literal.range()),
            Expr::FString(literal) => {
                if let Value::Text(text) = self.value(expression) {
                    self.phrase(&text, literal.range());
                }
            }
            Expr::Compare(compare) => self.comparison(compare),
            _ => {}
        }
        let goes_over = u8::from(matches!(
            expression,
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_)
        ));
        self.loops = self.loops.saturating_add(goes_over);
        visitor::walk_expr(self, expression);
        self.loops = self.loops.saturating_sub(goes_over);
    }
}

impl Walk<'_> {
    fn comparison(&mut self, compare: &ast::ExprCompare) {
        let ([ast::CmpOp::Eq | ast::CmpOp::NotEq | ast::CmpOp::In], [right]) =
            (&*compare.ops, &*compare.comparators)
        else {
            return;
        };
        let is_constant = |side: &Expr| side.is_literal_expr();
        if is_constant(&compare.left) || is_constant(right) {
            return;
        }
        let comparison = Comparison {
            left: self.shortened(compare.left.range()),
            right: self.shortened(right.range()),
            line: self.line(compare.range()),
            scope: self.scope,
        };
        self.module.comparisons.push(comparison);
    }

    fn phrase(&mut self, text: &str, range: TextRange) {
        const LONGEST: usize = 160;
        let trimmed = text.trim();
        // Single words are keys and names; long texts are documentation.
        let source = self.source(range).trim_start_matches(['r', 'u', 'f', 'b', 'R', 'U', 'F', 'B']);
        let is_documentation = source.starts_with("\"\"\"") || source.starts_with("'''");
        if trimmed.len() > 3 && !is_documentation && trimmed.contains([' ', ':', '=', '_']) {
            let text = first_characters(trimmed, LONGEST).to_owned();
            let line = self.line(range);
            self.module.phrases.push(Phrase { text, line, scope: self.scope });
        }
    }

    fn decorators(&self, decorators: &[ast::Decorator]) -> Vec<String> {
        decorators.iter().filter_map(|decorator| self.dotted(&decorator.expression, true)).collect()
    }

    fn enter(&mut self, definition: Definition, body: &[Stmt]) {
        let outer = (self.scope, self.loops, std::mem::take(&mut self.within));
        self.module.definitions.push(definition);
        self.scope = Some(self.module.definitions.len() - 1);
        self.loops = 0;
        for statement in body {
            self.visit_stmt(statement);
        }
        (self.scope, self.loops, self.within) = outer;
    }
}

fn is_main(test: &Expr) -> bool {
    let Expr::Compare(compare) = test else { return false };
    let operands = std::iter::once(compare.left.as_ref()).chain(compare.comparators.iter());
    operands.into_iter().any(|operand| operand.as_name_expr().is_some_and(|name| name.id == "__name__"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_resolve_through_imports_and_know_where_they_stand() {
        let module = parse(
            "import torch.optim as optim\nfrom torch import nn\ndef train(m, lr=0.1):\n    \"\"\"Trains.\"\"\"\n    o = optim.Adam(m.parameters(), lr=lr)\n    for x in d:\n        with torch.no_grad():\n            o.step()\nif __name__ == '__main__':\n    train(nn.Linear(1, 1))\n",
        );
        let adam = module
            .calls
            .iter()
            .find(|call| call.name == "torch.optim.Adam")
            .map(|call| (call.lines, call.scope, call.loops));
        assert_eq!(adam, Some((Lines::at(5), Some(0), 0)));
        let step = module
            .calls
            .iter()
            .find(|call| call.written == "o.step")
            .map(|call| (call.loops, call.within.iter().map(AsRef::as_ref).collect::<Vec<_>>()));
        assert_eq!(step, Some((1, vec!["torch.no_grad"])));
        assert_eq!(module.entry_point, Some(Lines::new(9, 10)));
        assert!(module.definitions[0].has_docstring);
        assert_eq!(
            module.definitions[0].parameters,
            [("m".to_owned(), None), ("lr".to_owned(), Some(Value::Number("0.1".to_owned())))]
        );
    }

    #[test]
    fn python_2_is_not_lost() {
        let module = parse(
            "import cPickle\nprint 'start', 1\ndef f(x):\n    print >>sys.stderr, x\n    model.fit(x)\nexec 'x'\n",
        );
        assert!(module.syntax_errors > 0);
        assert!(module.imports_package("cPickle"));
        assert!(
            module.calls.iter().any(|call| call.written == "model.fit" && call.scope == Some(0)),
            "{:?}",
            module.calls
        );
    }

    #[test]
    fn nesting_bombs_are_refused_and_said_so() {
        for bomb in ["(".repeat(100_000), "-".repeat(19_000), format!("x = {}1", "not ".repeat(6_000))] {
            let module = parse(&bomb);
            assert!(module.unparsed.is_some(), "{}", &bomb[..20]);
        }
    }

    /// Each piece lies within the one before it, on lines of their own; what is only long is read.
    #[test]
    fn chains_over_many_lines_are_refused_and_lists_are_not() {
        let of = |(first, piece, last): (&str, &str, &str), bytes: usize| {
            format!("import torch\n{first}{}{last}\n", piece.repeat(bytes / piece.len()))
        };
        for chain in [
            ("x = ", "a + \\\n", "1"),
            ("x = (", "-\n", "1)"),
            ("x = (", "not\n", "1)"),
            ("x = (", "await\n", "1)"),
            ("x = (", "*\n", "a)"),
            ("x = (", "lambda a, b:\n", "1)"),
            ("x = (", "a if b else\n", "1)"),
            ("x = (", "2**\n", "1)"),
            ("x = (a", ".b\n", ")"),
            ("x = (f", "()\n", ")"),
            ("x = (f", "[0]\n", ")"),
            ("", "f(')',\n", ""),
            ("f'''{", "a\n.b", "}'''"),
            ("f'''{", "f\"{')'}\" +\n", "1}'''"),
        ] {
            assert!(parse(&of(chain, 512 << 10)).unparsed.is_some(), "{chain:?}");
        }
        for list in [
            ("x = [", "1, -2,\n", "]"),
            ("x = (", "'a'\n", ")"),
            ("x = {", "'a': [b(c) + d, 'e'],\n", "}"),
            ("f(", "a=b.c[0],\n", ")"),
            ("\"\"\"", "word word\n", "\"\"\""),
            ("", "x = a + b * -c ; d()\n", ""),
            ("x = (\n", "def f():\n    return 1\n", ""),
        ] {
            let module = parse(&of(list, 64 << 10));
            assert_eq!(module.unparsed, None, "{list:?}");
            assert!(module.imports_package("torch"));
        }
    }
}
