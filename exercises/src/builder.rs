//! Builds probes with cargo.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use serde::Deserialize;
use thiserror::Error;

/// Builds packages of one workspace in a target folder that belongs to this checkout.
///
/// Cargo compares time stamps to decide what is fresh. Two checkouts that share a target
/// folder (`CARGO_TARGET_DIR`) could therefore get each other's probes, so the folder's name
/// has a hash of the checkout's absolute path.
#[derive(Clone, Debug)]
pub struct Builder {
    manifest: PathBuf,
    target: PathBuf,
    colors: bool,
}

/// The outcome for each package: the path of its program, or the compiler's messages.
pub type Built = BTreeMap<String, Result<PathBuf, String>>;

/// Why cargo could not even try. No learner's file causes this.
#[derive(Debug, Error)]
pub enum BuildError {
    /// Cargo cannot be started.
    #[error("`{cargo}` cannot be started: {error}")]
    Start {
        /// The program.
        cargo: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// Cargo failed without a message of the compiler.
    #[error("cargo failed:\n{0}")]
    Cargo(String),
}

/// One line of `--message-format=json`, as far as it matters here.
#[derive(Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-message")]
    Diagnostic { target: Target, message: Diagnostic },
    #[serde(rename = "compiler-artifact")]
    Artifact {
        target: Target,
        executable: Option<PathBuf>,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
}

/// Shortens the paths of learners' files, which lie beside the folder `src` of their package.
pub(crate) fn direct_path(text: &str) -> String {
    text.replace("/src/parent/../../", "/")
        .replace("/src/../", "/")
}

/// Returns the root of the workspace that this program was started in by cargo, or `.`.
///
/// Looks at `CARGO_MANIFEST_DIR` at run time, not at compile time: another checkout may have
/// compiled this program into a target folder that both share.
pub fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let package = package.unwrap_or_else(|| PathBuf::from("."));
    let is_root = |folder: &&Path| folder.join("exercises/course.toml").exists();
    let root = package.ancestors().find(is_root);
    root.unwrap_or(Path::new(".")).to_owned()
}

/// Returns cargo's target folder, in which this program lies: cargo marks it with a file.
fn target(root: &Path) -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    let is_target = |folder: &&Path| folder.join("CACHEDIR.TAG").exists();
    let target = program.ancestors().find(is_target);
    target.map_or_else(|| root.join("target"), Path::to_owned)
}

impl Builder {
    /// Returns a builder for the workspace in this folder.
    pub fn new(root: &Path) -> Builder {
        let mut hasher = DefaultHasher::new();
        let checkout = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        checkout.hash(&mut hasher);
        let name = format!("course-{:016x}", hasher.finish());
        Builder {
            manifest: root.join("Cargo.toml"),
            target: target(root).join(name),
            colors: false,
        }
    }

    /// Returns this builder for another workspace. It has the same target folder.
    #[must_use]
    pub fn for_workspace(self, manifest: PathBuf) -> Builder {
        Builder { manifest, ..self }
    }

    /// Returns this builder with colors in the compiler's messages, or without.
    #[must_use]
    pub fn with_colors(self, colors: bool) -> Builder {
        Builder { colors, ..self }
    }

    /// Returns the target folder.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Marks a file as new if its text is not the one that was built last. Cargo compares
    /// times, and a file from an archive may be older than the program that was built from
    /// another text.
    pub fn renew(&self, file: &Path) -> io::Result<()> {
        let text = fs::read(file)?;
        let mut hasher = DefaultHasher::new();
        file.hash(&mut hasher);
        let built = self.target.join(format!("built-{:016x}", hasher.finish()));
        if fs::read(&built).is_ok_and(|built| built == text) {
            return Ok(());
        }
        fs::create_dir_all(&self.target)?;
        fs::write(&built, &text)?;
        // A file that belongs to someone else keeps its time; then cargo decides alone.
        let _ = File::options()
            .write(true)
            .open(file)
            .and_then(|file| file.set_modified(SystemTime::now()));
        Ok(())
    }

    /// Builds the program of each package. All are tried, even if one does not compile.
    ///
    /// # Errors
    /// [`BuildError`] if cargo itself fails.
    pub fn build(&self, packages: &[String]) -> Result<Built, BuildError> {
        let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let mut command = Command::new(&cargo);
        command.args(["build", "--quiet", "--keep-going", "--bins"]);
        command.arg(match self.colors {
            true => "--message-format=json-diagnostic-rendered-ansi",
            false => "--message-format=json",
        });
        command.arg("--manifest-path").arg(&self.manifest);
        command.arg("--target-dir").arg(&self.target);
        for package in packages {
            command.args(["--package", package]);
        }
        let output = command.stdin(Stdio::null()).output();
        let output = output.map_err(|error| BuildError::Start { cargo, error })?;

        let mut built = Built::new();
        let mut errors: BTreeMap<String, String> = BTreeMap::new();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            match serde_json::from_str(line) {
                Ok(Message::Artifact { target, executable }) => {
                    let program = executable.map(|program| (target.name, Ok(program)));
                    built.extend(program);
                }
                Ok(Message::Diagnostic { target, message }) => {
                    // A library's name has underscores in place of the package's hyphens.
                    let package = target.name.replace('_', "-");
                    let rendered = message.rendered.filter(|_| message.level == "error");
                    let rendered = direct_path(&rendered.unwrap_or_default());
                    errors.entry(package).or_default().push_str(&rendered);
                }
                Ok(Message::Other) | Err(_) => {}
            }
        }
        errors.retain(|_, messages| !messages.is_empty());
        for package in packages {
            if let Some(messages) = errors.remove(package) {
                built.insert(package.clone(), Err(messages));
            }
        }
        match packages.iter().all(|package| built.contains_key(package)) {
            true => Ok(built),
            false => {
                let mut messages = String::from_utf8_lossy(&output.stderr).into_owned();
                messages.extend(errors.into_values());
                Err(BuildError::Cargo(messages))
            }
        }
    }
}
