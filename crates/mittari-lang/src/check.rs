//! Written things to meant ones: names, types, grains.

pub mod calendar;
pub mod mapping;
mod nearest;
mod offers;
pub mod settings;
pub mod vocabulary;
mod zone;

#[cfg(test)]
mod shipped;
#[cfg(test)]
mod testing;
