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
    let is_complete = arguments.filter.is_none() && arguments.skip.is_empty();
    if arguments.list {
        return ExitCode::SUCCESS;
    }
    let folder = root().join("target/grade");
    if is_complete {
        if let Err(error) = report::write(&graded, &folder) {
            eprintln!(
                "the reports cannot be written to {}: {error}",
                folder.display()
            );
            return ExitCode::FAILURE;
        }
        println!("Reports: target/grade/results.json, cases.csv and junit.xml");
    }
    if graded.earned() < graded.possible {
        println!("Cases of exercises that are not solved fail; `cargo x next` shows what to do.");
    }
    println!("{} of {} points", graded.earned(), graded.possible);
    graded.conclusion.exit_code()
}
