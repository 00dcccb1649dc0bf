//! The walk's output, straight through.

#[test]
fn the_walk_prints_what_the_book_shows() {
    let output = walk::recording(env!("CARGO_BIN_EXE_ch07"));
    insta::assert_snapshot!(output.expect("the walk runs"));
}
