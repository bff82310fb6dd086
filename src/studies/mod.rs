//! Studies: comparisons of courses on common luck, designs over factors, and what drives an answer.

pub mod compare;
pub mod design;
