//! The command line as data: each case in `tests/cmd` names arguments, exit code and what is printed.

#[test]
fn commands_print_and_exit_as_written() {
    trycmd::TestCases::new().case("tests/cmd/*.toml");
}
