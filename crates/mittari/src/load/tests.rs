//! Whole files are read strictly, whatever their layout, and nothing is lost.

mod arrow;
mod desk;
mod faults;
mod hostile;
mod keys;
mod layouts;
mod pieces;
mod real;
mod values;
