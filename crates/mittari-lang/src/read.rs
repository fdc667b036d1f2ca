//! YAML to cards: the only folder that knows YAML.

mod layout;
mod scalar;
mod yaml;
