//! `cargo test -p exercises`: grades the exercises of this checkout.
//!
//! Exercises that are not solved fail, as they should. The last line is the total, and the
//! reports lie in `target/grade/`.

mod report;
mod trials;

use std::process::ExitCode;

use exercises::root;
use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let graded = match trials::grade(&arguments, |_| true) {
        Ok(graded) => graded,
        Err(error) => return trials::failed(error.as_ref()),
    };
    if arguments.list {
        return ExitCode::SUCCESS;
    }
    if graded.is_complete {
        let folder = root().join("target/grade");
        if let Err(error) = report::write(&graded, &folder) {
            let folder = folder.display();
            eprintln!("the reports cannot be written to {folder}: {error}");
            return ExitCode::FAILURE;
        }
        println!("Reports: target/grade/results.json, cases.csv and junit.xml");
    } else {
        println!("No reports: only some cases were judged.");
    }
    let (earned, possible) = (graded.earned(), graded.possible());
    if earned < possible {
        println!("Cases of exercises that are not solved fail; `cargo x next` shows what to do.");
    }
    println!("{earned} of {possible} points");
    graded.conclusion.exit_code()
}
