//! Results from totals made by hand.

mod fixture;
mod judged;
mod numbers;
mod spans;
