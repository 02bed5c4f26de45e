//! `revere`: finds records of Massachusetts personal information in file shares. See [`revere::cli`].

fn main() -> std::process::ExitCode {
    revere::cli::main()
}
