//! A folder with a small workspace and data, and the program run in it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

fn finished(mut command: Command) -> Done {
    let output = command.output().expect("the program");
    let done = Done {
        // Ended by a signal, as an abort is: never what a test expects.
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    };
    assert!(!done.err.contains("panicked"), "{}", done.err);
    done
}

/// Runs the program anywhere.
pub(crate) fn mittari(args: &[&str]) -> Done {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mittari"));
    command.args(args);
    finished(command)
}

/// A folder with `metrics` and `data`, gone with the value.
#[derive(Debug)]
pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    /// One sound card over one table of four rows.
    pub(crate) fn new() -> Self {
        let bench = Self { folder: tempfile::tempdir().expect("a folder") };
        bench.write("workspace.yaml", "time_zone: Europe/Helsinki\nlanguages: [en]\n");
        bench.write("vocabulary.yaml", VOCABULARY);
        bench.write("sources/log.yaml", SOURCE);
        bench.card("case", SOUND);
        bench.data("calls.csv", CALLS);
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the workspace.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        self.put(&format!("metrics/{name}"), text.as_ref());
    }

    /// Writes a file of the data.
    pub(crate) fn data(&self, name: &str, bytes: impl AsRef<[u8]>) {
        self.put(&format!("data/{name}"), bytes.as_ref());
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    /// Writes a card with this formula.
    pub(crate) fn card(&self, name: &str, formula: &str) {
        self.write(&format!("sla/{name}.yaml"), self.card_text(name, formula));
    }

    #[expect(clippy::unused_self, reason = "reads as what it makes")]
    pub(crate) fn card_text(&self, name: &str, formula: &str) -> String {
        CARD.replace("NAME", name) + "formula: " + formula + "\n"
    }

    /// The program, to be run in the folder.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mittari"));
        command.args(args).current_dir(self.folder.path()).env_remove("NO_COLOR");
        command
    }

    /// Runs the program in the folder.
    pub(crate) fn run(&self, args: &[&str]) -> Done {
        finished(self.command(args))
    }
}

/// A formula that needs every column; of the four rows it is true for two.
const SOUND: &str = "share(waited <= 20 s and channel in [\"phone\", \"chat\"])";

const CARD: &str = "\
metric: NAME
title: A case
class: internal
measures: outcome
owner: Tester
period: month
unit: percent
direction: none
population:
  from: contacts
  dated: arrived_at
";

const VOCABULARY: &str = "\
tables:
  contacts:
    key: contact_id
    fields:
      contact_id: text
      channel: {values: [phone, chat]}
      arrived_at: {type: instant, required: true}
      waited: {type: duration, unit: s}
";

const SOURCE: &str = "\
source: log
tables:
  contacts:
    file: calls.*
    time_zone: Europe/Helsinki
    format: \"%Y-%m-%d %H:%M:%S\"
    missing: [\"\"]
    fields:
      contact_id: id
      channel: channel
      arrived_at: arrived
      waited: {from: waited, unit: s}
";

/// Three calls and a chat in January.
pub(crate) const CALLS: &str = "\
id,channel,arrived,waited
1,phone,2026-01-05 09:00:00,12
2,phone,2026-01-06 09:00:00,20
3,chat,2026-01-07 09:00:00,
4,phone,2026-01-31 23:59:59,31
";
