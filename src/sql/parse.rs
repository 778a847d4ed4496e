//! One statement on PostgreSQL's grammar, as a flat tree: the only place that names the parser behind it.

use std::thread;

use squawk_syntax::SourceFile;
pub use squawk_syntax::SyntaxKind as Syntax;

use super::token::{self, Kind, Token};

/// A longer statement, or one that nests deeper, is read up to here: what it is about stands at its beginning, and the
/// parser takes the square of the time for what nests.
const TOKENS: usize = 10_000;
const DEPTH: usize = 100;
/// The grammar goes down one step for each sign, `not` or `case`.
const STACK: usize = 256 << 20;
/// The name of the thread that parses.
pub const WORKER: &str = "sql parser";

/// One statement as a tree, its nodes in the order of the text.
#[derive(Debug, Clone, Default)]
pub struct Statement {
    nodes: Vec<Part>,
    /// As written, without comments.
    pub text: String,
    /// Whether all of it is PostgreSQL, as far as the grammar knows it.
    pub understood: bool,
}

#[derive(Debug, Clone)]
struct Part {
    syntax: Syntax,
    /// The place behind its last descendant.
    end: usize,
    /// A token as written; nothing for a node.
    text: String,
}

/// A node of a statement, or a token.
#[derive(Debug, Clone, Copy)]
pub struct Node<'s> {
    statement: &'s Statement,
    at: usize,
}

/// The statements of a script, each parsed; none where a quote is never closed.
pub fn script(text: &str) -> Vec<Statement> {
    all(token::statements(text).unwrap_or_default())
}

/// One statement, or the first of several.
pub fn statement(text: &str) -> Statement {
    script(text).into_iter().next().unwrap_or_default()
}

/// On a stack of its own: how deep a text nests is up to whoever wrote it. What brings the parser down was not understood.
fn all(texts: Vec<String>) -> Vec<Statement> {
    if texts.is_empty() {
        return Vec::new();
    }
    let given = texts.clone();
    let worker = thread::Builder::new()
        .name(WORKER.to_owned())
        .stack_size(STACK)
        .spawn(move || given.into_iter().map(parsed).collect());
    let parsed: Option<Vec<Statement>> = worker.ok().and_then(|w| w.join().ok());
    let unread = |text| Statement { text, ..Statement::default() };
    parsed.unwrap_or_else(|| texts.into_iter().map(unread).collect())
}

fn parsed(text: String) -> Statement {
    let head = head(&token::tokens(&text).unwrap_or_default());
    let parse = SourceFile::parse(&text[..head]);
    let understood = head == text.len() && parse.errors().is_empty();
    let mut nodes: Vec<Part> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for event in parse.syntax_node().preorder_with_tokens() {
        match event {
            rowan::WalkEvent::Enter(element) => {
                let text = element.as_token().map(|t| t.text().to_owned()).unwrap_or_default();
                open.push(nodes.len());
                nodes.push(Part { syntax: element.kind(), end: 0, text });
            }
            rowan::WalkEvent::Leave(_) => {
                let end = nodes.len();
                if let Some(part) = open.pop().and_then(|at| nodes.get_mut(at)) {
                    part.end = end;
                }
            }
        }
    }
    Statement { nodes, text, understood }
}

/// How many bytes can be read.
fn head(tokens: &[Token]) -> usize {
    let mut depth = 0usize;
    let readable = tokens.iter().take(TOKENS).take_while(|t| {
        match t.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth <= DEPTH
    });
    readable.map(|t| t.text.len()).sum()
}

impl Statement {
    /// Whether a name of it is this one.
    pub fn names(&self, name: &str) -> bool {
        let tokens = token::tokens(&self.text).unwrap_or_default();
        tokens.iter().any(|t| t.identifier().is_some_and(|n| n == name))
    }

    /// What kind of statement it is; nothing where that is not PostgreSQL.
    pub fn node(&self) -> Option<Node<'_>> {
        let root = (!self.nodes.is_empty()).then_some(Node { statement: self, at: 0 })?;
        root.children().find(|n| n.is_node() && n.syntax() != Syntax::ERROR)
    }
}

impl<'s> Node<'s> {
    fn part(self) -> &'s Part {
        &self.statement.nodes[self.at]
    }

    /// A node, as opposed to a token.
    pub fn is_node(self) -> bool {
        self.part().text.is_empty()
    }

    pub fn syntax(self) -> Syntax {
        self.part().syntax
    }

    pub fn is(self, syntax: Syntax) -> bool {
        self.syntax() == syntax
    }

    /// Nodes and tokens right below this one.
    pub fn children(self) -> impl Iterator<Item = Node<'s>> {
        let (end, statement) = (self.part().end, self.statement);
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            let node = (at < end).then_some(Node { statement, at })?;
            at = node.part().end;
            Some(node)
        })
    }

    pub fn child(self, syntax: Syntax) -> Option<Node<'s>> {
        self.children().find(|n| n.is(syntax))
    }

    pub fn has(self, syntax: Syntax) -> bool {
        self.child(syntax).is_some()
    }

    /// This node and all below it.
    pub fn descendants(self) -> impl Iterator<Item = Node<'s>> {
        (self.at..self.part().end).map(move |at| Node { statement: self.statement, at })
    }

    /// The same without what lies below a node of one of these kinds.
    pub fn descendants_outside(self, closed: &'static [Syntax]) -> impl Iterator<Item = Node<'s>> {
        let (end, statement) = (self.part().end, self.statement);
        let mut at = self.at;
        std::iter::from_fn(move || {
            let node = (at < end).then_some(Node { statement, at })?;
            at = if closed.contains(&node.syntax()) { node.part().end } else { at + 1 };
            Some(node)
        })
    }

    pub fn find(self, syntax: Syntax) -> Option<Node<'s>> {
        self.descendants().find(|n| n.is(syntax))
    }

    pub fn contains(self, syntax: Syntax) -> bool {
        self.find(syntax).is_some()
    }

    /// As written.
    pub fn written(self) -> String {
        self.descendants().map(|n| n.part().text.as_str()).collect()
    }

    /// As written, without the blanks around it.
    pub fn text(self) -> String {
        self.written().trim().to_owned()
    }

    /// The tokens of it, without blanks.
    pub fn tokens(self) -> Vec<Token<'s>> {
        let texts = self.descendants().filter(|n| !n.is_node()).map(|n| n.part().text.as_str());
        let one = |text: &'s str| token::tokens(text).ok().and_then(|all| all.first().copied());
        texts.filter_map(one).filter(|t| !matches!(t.kind, Kind::Blank | Kind::Comment)).collect()
    }

    /// The names that it is made of, folded: `a.b.c` is three.
    pub fn names(self) -> Vec<String> {
        self.tokens().iter().filter_map(Token::identifier).collect()
    }

    /// Schema and name, folded, of a node that is a name.
    pub fn name(self) -> Option<(Option<String>, String)> {
        let mut names = self.names();
        let last = names.pop()?;
        Some((names.pop(), last))
    }

    /// The name without its schema.
    pub fn bare_name(self) -> Option<String> {
        self.name().map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_a_tree_and_what_is_no_sql_is_said() {
        let all = script("alter table only s.\"T\" add column c int; select 1 +; -- nothing\n drop tabel t");
        let told: Vec<(Option<Syntax>, bool)> =
            all.iter().map(|s| (s.node().map(Node::syntax), s.understood)).collect();
        assert_eq!(told[0], (Some(Syntax::ALTER_TABLE), true));
        assert_eq!(told[1], (Some(Syntax::SELECT), false));
        assert!(!told[2].1);
        let table = all[0].node().and_then(|n| n.find(Syntax::TABLE_NAME_REF)).and_then(Node::name);
        assert_eq!(table, Some((Some("s".to_owned()), "T".to_owned())));
    }

    #[test]
    fn a_text_that_nests_without_end_is_read_without_harm() {
        for (open, inner, close) in [("(", "1", ")"), ("not ", "a", "")] {
            let text = format!("select {}{inner}{}", open.repeat(8_000), close.repeat(8_000));
            let read = statement(&text);
            assert!(!read.understood && read.text == text, "{open}");
        }
        assert!(statement(&format!("select {}1", "1 + ".repeat(2_000))).understood);
    }
}
