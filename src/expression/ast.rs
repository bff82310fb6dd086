//! Expressions and effects as written.

use crate::diagnostic::Span;

/// An expression with its place in the string it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub kind: Kind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A number, and whether it was written as an integer.
    Number(f64, bool),
    Bool(bool),
    /// A name, perhaps dotted: `rok.policy`.
    Name(String),
    Call(String, Vec<Expr>),
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    Negate,
    Not,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    Or,
    And,
    Compare(Comparison),
    Arithmetic(Arithmetic),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    /// Floored: the result has the sign of the divisor.
    Remainder,
    Power,
}

/// `target op value`: what a `then` entry does.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// A name, or a call of what the scope can assign to.
    pub target: Expr,
    pub op: Assign,
    pub value: Expr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Assign {
    Set,
    Add,
    Subtract,
    Multiply,
}

impl Assign {
    /// What a number is afterwards.
    #[inline(always)]
    pub fn apply(self, before: f64, value: f64) -> f64 {
        match self {
            Assign::Set => value,
            Assign::Add => before + value,
            Assign::Subtract => before - value,
            Assign::Multiply => before * value,
        }
    }
}

impl Kind {
    /// The sign of a binary operation; nothing for what is none.
    pub fn operator(&self) -> &'static str {
        match self {
            Kind::Binary(op, ..) => op.symbol(),
            _ => "",
        }
    }
}

impl Expr {
    /// Calls `visit` on this expression and all its parts, outermost first.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        visit(self);
        match &self.kind {
            Kind::Number(..) | Kind::Bool(_) | Kind::Name(_) => {}
            Kind::Call(_, parts) => parts.iter().for_each(|part| part.walk(visit)),
            Kind::Unary(_, part) => part.walk(visit),
            Kind::Binary(_, left, right) => {
                left.walk(visit);
                right.walk(visit);
            }
            Kind::If(condition, yes, no) => {
                condition.walk(visit);
                yes.walk(visit);
                no.walk(visit);
            }
        }
    }
}

impl Comparison {
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterEqual => ">=",
        }
    }

    /// Whether only the order of numbers decides it.
    pub fn is_order(self) -> bool {
        !matches!(self, Comparison::Equal | Comparison::NotEqual)
    }

    /// The comparison that says the same with its sides exchanged.
    pub fn flipped(self) -> Self {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessEqual => Comparison::GreaterEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterEqual => Comparison::LessEqual,
            same => same,
        }
    }

    /// The comparison that holds where this one does not.
    pub fn negated(self) -> Self {
        match self {
            Comparison::Equal => Comparison::NotEqual,
            Comparison::NotEqual => Comparison::Equal,
            Comparison::Less => Comparison::GreaterEqual,
            Comparison::LessEqual => Comparison::Greater,
            Comparison::Greater => Comparison::LessEqual,
            Comparison::GreaterEqual => Comparison::Less,
        }
    }
}

impl Arithmetic {
    pub fn symbol(self) -> &'static str {
        match self {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
            Arithmetic::Remainder => "%",
            Arithmetic::Power => "^",
        }
    }
}

impl Assign {
    pub fn symbol(self) -> &'static str {
        match self {
            Assign::Set => "=",
            Assign::Add => "+=",
            Assign::Subtract => "-=",
            Assign::Multiply => "*=",
        }
    }
}

/// The expression in one canonical form: brackets around every operation, single spaces, shortest numbers.
impl std::fmt::Display for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.kind {
            Kind::Number(value, _) => write!(f, "{value}"),
            Kind::Bool(value) => write!(f, "{value}"),
            Kind::Name(name) => write!(f, "{name}"),
            Kind::Call(name, arguments) => {
                write!(f, "{name}(")?;
                for (index, argument) in arguments.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{argument}")?;
                }
                write!(f, ")")
            }
            Kind::Unary(UnaryOp::Negate, inner) => write!(f, "(-{inner})"),
            Kind::Unary(UnaryOp::Not, inner) => write!(f, "(not {inner})"),
            Kind::Binary(op, left, right) => write!(f, "({left} {} {right})", op.symbol()),
            Kind::If(condition, yes, no) => write!(f, "(if {condition} then {yes} else {no})"),
        }
    }
}

impl std::fmt::Display for Effect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.target, self.op.symbol(), self.value)
    }
}

impl BinaryOp {
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Or => "or",
            BinaryOp::And => "and",
            BinaryOp::Compare(comparison) => comparison.symbol(),
            BinaryOp::Arithmetic(operation) => operation.symbol(),
        }
    }
}
