//! Whole files are read strictly, whatever their layout, and nothing is lost.

mod desk;
mod real;
