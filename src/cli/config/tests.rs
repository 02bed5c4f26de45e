//! The precedence of settings as data.

use super::*;

fn words(line: &str) -> Vec<OsString> {
    args::with_command(line.split(' ').map(OsString::from))
}

fn variables(given: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    given.iter().map(|(name, text)| (name.into(), text.into())).collect()
}

/// The command line with the settings of a file and the environment.
fn settled(line: &str, given: &[(&str, &str)], file: &str) -> Result<String, String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("revere.toml");
    std::fs::write(&path, file).unwrap();
    let line = line.replacen("revere", &format!("revere --config {}", path.display()), 1);
    let here = dir.path().display().to_string();
    let parsed = settle(words(&line), &variables(given)).and_then(|settled| {
        Cli::try_parse_from(&settled.words).map_err(|e| settled.refused(e)).map(|_| settled)
    });
    match parsed {
        Ok(settled) => {
            let words: Vec<_> = settled.words[3..].iter().map(|word| word.to_string_lossy()).collect();
            Ok(words.join(" ").replace(&here, "DIR"))
        }
        Err(Refusal::Failure(failure)) => Err(failure.error.to_string().replace(&here, "DIR")),
        Err(Refusal::Usage(error)) => Err(error.to_string()),
    }
}

#[test]
fn the_highest_place_wins_as_a_whole() {
    const JOBS: &[(&str, &str)] = &[("REVERE_SCAN_JOBS", "3")];
    for (line, given, file, expected) in [
        ("revere scan /a", &[][..], "", "scan /a"),
        ("revere scan /a", &[], "scan.jobs = 2", "scan --jobs=2 /a"),
        ("revere scan /a", JOBS, "", "scan --jobs=3 /a"),
        ("revere scan /a", JOBS, "scan.jobs = 2", "scan --jobs=3 /a"),
        ("revere scan /a -j 4", JOBS, "scan.jobs = 2", "scan /a -j 4"),
        ("revere scan /a", &[("REVERE_SCAN_JOBS", "")], "scan.jobs = 2", "scan --jobs=2 /a"),
        // Lists are replaced, not added up.
        ("revere scan /a --exclude x", &[], "scan.exclude = [\"y\", \"z\"]", "scan /a --exclude x"),
        (
            "revere scan /a",
            &[("REVERE_SCAN_EXCLUDE", "u\nv")],
            "scan.exclude = [\"y\"]",
            "scan --exclude=u --exclude=v /a",
        ),
        // What is switched on below can be switched off above.
        ("revere scan /a", &[("REVERE_SCAN_STRICT", "false")], "scan.strict = true", "scan /a"),
        ("revere scan /a", &[], "scan.strict = true", "scan --strict /a"),
        // Roots are replaced by paths or a list; what cannot stand together yields to the higher place.
        ("revere scan", &[], "scan.roots = [\"/b\", \"c\"]", "scan -- /b DIR/c"),
        ("revere scan /a", &[], "scan.roots = [\"/b\"]", "scan /a"),
        ("revere scan --files-from l", &[], "scan.roots = [\"/b\"]", "scan --files-from l"),
        ("revere scan /a --ephemeral-key", &[], "scan.key-file = \"k\"", "scan /a --ephemeral-key"),
        (
            "revere scan /a",
            &[("REVERE_SCAN_EPHEMERAL_KEY", "true")],
            "scan.key-file = \"k\"",
            "scan --ephemeral-key /a",
        ),
        (
            "revere scan /a",
            &[("REVERE_SCAN_EPHEMERAL_KEY", "false")],
            "scan.key-file = \"k\"",
            "scan --key-file=DIR/k /a",
        ),
        // A command takes its own settings.
        ("revere text f", JOBS, "scan.max-depth = 2\ncheck.fail-on = \"high\"", "text --max-depth=2 f"),
        ("revere text f", &[], "scan.nesting = 2", "text --max-depth=2 f"),
        ("revere check", &[], "check.fail-on = \"high\"\noutput.out = [\"a.csv\"]", "check --fail-on=high"),
        (
            "revere scan /a",
            &[],
            "check.out = [\"a.sarif\"]\noutput.out = [\"a.csv\"]",
            "scan --out=DIR/a.csv /a",
        ),
        ("revere baseline create f", &[], "detect.patterns = [\"p\"]", "baseline create --patterns=DIR/p f"),
        ("revere key new f", JOBS, "scan.jobs = 2", "key new f"),
    ] {
        assert_eq!(settled(line, given, file), Ok(expected.to_owned()), "{line} {given:?} {file}");
    }
}

#[test]
fn what_cannot_be_used_is_refused() {
    for (line, given, file, message) in [
        (
            "revere scan /a",
            &[("REVERE_SCAN_JBOS", "3")][..],
            "",
            "no setting for the variable REVERE_SCAN_JBOS",
        ),
        (
            "revere scan /a",
            &[("REVERE_SCAN_JOBS", "x")],
            "",
            "the variable REVERE_SCAN_JOBS: invalid value 'x'",
        ),
        ("revere scan /a", &[("REVERE_SCAN_STRICT", "on")], "", "REVERE_SCAN_STRICT: true or false"),
        ("revere scan /a", &[], "[scan]\njbos = 3", "DIR/revere.toml line 2: unknown key jbos"),
        (
            "revere scan",
            &[],
            "scan.jobs = 2",
            "not provided: <PATH>... (settings of DIR/revere.toml line 1 count too)",
        ),
        ("revere scan", &[], "scan.roots = [\".\"]", "lies in a folder that is scanned"),
        ("revere scan --nonsense", &[], "scan.jobs = 2", "unexpected argument '--nonsense'"),
    ] {
        let refused = settled(line, given, file).err().unwrap_or_else(|| panic!("{line} {file} is taken"));
        assert!(refused.contains(message), "{line}: {refused}");
    }
    // The key of a secret and whatever else begins with our name is none of our business.
    assert!(settled("revere scan /a", &[("REVERE_KEY", "5a"), ("REVERE_SCANS", "x")], "").is_ok());
}

#[test]
fn two_settings_that_cannot_stand_together_are_named() {
    let file = "[scan]\nkey-file = \"k\"\nephemeral-key = true\n";
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("revere.toml"), file).unwrap();
    let line = format!("revere --config {}/revere.toml scan /a", dir.path().display());
    let settled = settle(words(&line), &[]).ok().unwrap();
    let error = Cli::try_parse_from(&settled.words).err().unwrap();
    let Refusal::Failure(failure) = settled.refused(error) else { panic!("the user typed none of it") };
    let message = failure.error.to_string();
    assert!(!message.contains('\n'), "{message}");
    assert!(message.contains("cannot be used with") && message.contains("revere.toml line 2"), "{message}");
}

#[test]
fn no_file_counts_if_none_is_wanted() {
    let line = words("revere --no-config scan /a");
    let settled = settle(line, &variables(&[("REVERE_SCAN_JOBS", "3")])).ok().unwrap();
    assert!(settled.configuration.is_none());
    assert!(settled.words.contains(&"--jobs=3".into()));
}
