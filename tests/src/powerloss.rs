//! Running a program whose disk loses power: the shim of `powerloss/shim.c`, built by `cc` and preloaded.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// SIGKILL: how the shim ends a program.
const KILLED: i32 = 9;

/// The shim, built.
#[derive(Debug)]
pub struct Shim {
    library: PathBuf,
}

/// Which loss it is: `at` is the operation before which power is lost, from 1; `seed` chooses what is kept.
#[derive(Clone, Copy, Debug)]
pub struct Loss {
    /// Writes, cuts, syncs and changes of names, counted from 1; 0 for no loss.
    pub at: u32,
    /// Any number.
    pub seed: u32,
}

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    /// Whether power was lost; otherwise the program ended by itself.
    pub lost_power: bool,
    /// The lines that the program wrote before that.
    pub said: Vec<String>,
}

impl Shim {
    /// Builds the shim into `folder`.
    ///
    /// # Errors
    /// No C compiler, or it refuses.
    pub fn build(folder: &Path) -> io::Result<Self> {
        let library = folder.join("powerloss.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/powerloss/shim.c");
        let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        let built = Command::new(compiler)
            .args(["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-pthread", "-o"])
            .arg(&library)
            .arg(source)
            .status()?;
        if built.success() { Ok(Self { library }) } else { Err(io::Error::other("the shim does not build")) }
    }

    /// Runs `program`, with the files of `folder` on the disk that loses power.
    ///
    /// # Errors
    /// It can't be run, or ended in another way than by itself or by the loss.
    pub fn run(&self, program: &mut Command, folder: &Path, loss: Loss) -> io::Result<Run> {
        let output = program
            .env("LD_PRELOAD", &self.library)
            .env("POWERLOSS_DIR", folder.canonicalize()?)
            .env("POWERLOSS_AT", loss.at.to_string())
            .env("POWERLOSS_SEED", loss.seed.to_string())
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()?;
        let lost_power = output.status.signal() == Some(KILLED);
        if !lost_power && !output.status.success() {
            return Err(io::Error::other(format!("the program failed by itself: {}", output.status)));
        }
        let said = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
        Ok(Run { lost_power, said })
    }
}
