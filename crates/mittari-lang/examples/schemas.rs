//! Writes the JSON Schemas of all kinds of files into `grammar/`.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../grammar");
    for name in mittari_lang::read::SCHEMAS {
        if let Some(schema) = mittari_lang::read::schema(name) {
            std::fs::write(folder.join(format!("{name}.schema.json")), schema)?;
        }
    }
    Ok(())
}
