//! Results from totals made by hand.

mod compared;
mod fixture;
mod judged;
mod numbers;
mod spans;
