//! Cases by hand, then random ones against a count that tries everything.

use proptest::prelude::*;

use super::*;
use crate::event::{Link, Location, PathRef, Person, Short};

/// A made-up record: numbers name people and values.
#[derive(Clone, Debug, Default)]
struct Made {
    person: u16,
    ssn: Option<u16>,
    licence: Option<(u16, Option<&'static str>)>,
    account: Option<u16>,
    dob: Option<u16>,
    residency: Option<Residency>,
}

fn id(what: &str, n: u16) -> Short {
    format!("{:032x}", u128::from(flat::hash(u64::from(n), what.as_bytes())) << 64).into()
}

/// People 0 and 1 share their initial, 2 and 3 theirs.
fn initial(person: u16) -> u16 {
    person / 2
}

fn element(kind: ElementType, id: Short, state: Option<&str>) -> Element {
    Element {
        kind,
        id,
        masked: Short::default(),
        confidence: Confidence::High,
        score: 80,
        why: Short::default(),
        location: Location::default(),
        variant: None,
        state: state.map(str::to_owned),
        class: ElementClass::Pi,
    }
}

fn record(made: &Made) -> Record {
    let ssn = made.ssn.map(|n| element(ElementType::Ssn, id("ssn", n), None));
    let licence = made.licence.map(|(n, s)| element(ElementType::DriversLicense, id("dl", n), s));
    let account = made.account.map(|n| element(ElementType::BankAccount, id("account", n), None));
    let dob = made.dob.map(|n| ("name-dob".to_owned(), Short::from(&id("dob", n * 16 + made.person)[..16])));
    Record {
        seq: 1,
        id: Short::default(),
        at: PathRef::default().into(),
        member: vec![],
        person: Person {
            masked: "T••• H•••".into(),
            id: id("person", made.person),
            initial_id: id("initial", initial(made.person)),
            confidence: Confidence::High,
            location: Location::default(),
        },
        elements: [ssn, licence, account].into_iter().flatten().collect(),
        link: Link::Row,
        confidence: Confidence::High,
        residency: made.residency.unwrap_or(Residency::Unknown),
        residency_rules: vec![],
        keys: dob.into_iter().map(|(word, id)| (word.into(), id)).collect(),
        credentials: vec![],
        shared: false,
        location: Location::default(),
    }
}

fn counter(all: &[Made]) -> ResidentCounter {
    let mut counter = ResidentCounter::new();
    for made in all {
        counter.add(&record(made));
    }
    counter
}

fn bounds(all: &[Made]) -> Residents {
    counter(all).bounds()
}

fn total(all: &[Made]) -> (u64, u64) {
    let total = bounds(all).total;
    (total.lower, total.upper)
}

#[test]
fn one_number_is_one_person_even_under_two_names() {
    let (a, b) =
        (Made { ssn: Some(1), ..Made::default() }, Made { ssn: Some(1), person: 2, ..Made::default() });
    assert_eq!(total(&[a.clone(), b, a]), (1, 1));
}

#[test]
fn one_name_with_two_numbers_is_two_people() {
    let person = |n| Made { ssn: Some(n), ..Made::default() };
    assert_eq!(total(&[person(1), person(2), person(1)]), (2, 2));
}

#[test]
fn one_name_without_a_common_key_is_one_or_two() {
    let account = |n| Made { account: Some(n), ..Made::default() };
    assert_eq!(total(&[account(1), account(2)]), (1, 2));
    assert_eq!(total(&[account(1), account(1)]), (1, 1));
    let other_initial = Made { person: 3, ..account(1) };
    assert_eq!(total(&[account(1), other_initial]), (2, 2));
}

#[test]
fn whoever_has_no_number_is_absorbed_by_one_namesake_only() {
    let ssn = |n| Made { ssn: Some(n), ..Made::default() };
    let card = Made { account: Some(7), person: 1, ..Made::default() };
    assert_eq!(total(&[ssn(1), ssn(2), card]), (2, 3));
}

#[test]
fn a_licence_joins_only_with_its_state_or_name() {
    let licence = |person, state| Made { person, licence: Some((1, state)), ..Made::default() };
    assert_eq!(total(&[licence(0, Some("MA")), licence(2, Some("MA"))]), (1, 1));
    assert_eq!(total(&[licence(0, Some("MA")), licence(2, Some("CT"))]), (2, 2));
    assert_eq!(total(&[licence(0, Some("MA")), licence(2, None)]), (2, 2));
    assert_eq!(total(&[licence(0, Some("MA")), licence(0, None)]), (1, 1));
}

#[test]
fn a_date_of_birth_joins_what_has_one_name() {
    let with = |ssn, account| Made { ssn, account, dob: Some(1), ..Made::default() };
    assert_eq!(total(&[with(Some(1), None), with(None, Some(2))]), (1, 1));
}

#[test]
fn people_are_counted_by_elements_under_their_best_grade() {
    let all = [
        Made { ssn: Some(1), residency: Some(Residency::Unknown), ..Made::default() },
        Made { ssn: Some(1), account: Some(2), residency: Some(Residency::Confirmed), ..Made::default() },
        Made {
            licence: Some((5, Some("CT"))),
            person: 2,
            residency: Some(Residency::Other),
            ..Made::default()
        },
    ];
    let residents = bounds(&all);
    let one = Bounds { lower: 1, upper: 1 };
    let confirmed = &residents.by_residency[&Residency::Confirmed];
    assert_eq!(confirmed.by_elements, BTreeMap::from([("ssn+financial".to_owned(), one)]));
    assert_eq!((confirmed.any["ssn"], confirmed.any["licence"]), (one, Bounds::default()));
    assert_eq!(residents.by_residency[&Residency::Other].any["licence"], one);
    assert_eq!(residents.by_residency[&Residency::Unknown].total, Bounds::default());
}

#[test]
fn low_records_low_elements_and_test_data_count_nobody() {
    let mut low = record(&Made { ssn: Some(1), ..Made::default() });
    low.confidence = Confidence::Low;
    let mut sample = record(&Made { ssn: Some(1), ..Made::default() });
    sample.elements[0].class = ElementClass::TestData;
    let mut weak = record(&Made { ssn: Some(1), account: Some(1), ..Made::default() });
    weak.elements[1].confidence = Confidence::Low;
    let mut counter = ResidentCounter::new();
    counter.add(&low);
    counter.add(&sample);
    assert!(counter.is_empty());
    assert_eq!(counter.bounds(), Residents::default());
    counter.add(&weak);
    assert_eq!(counter.bounds().by_residency[&Residency::Unknown].by_elements.len(), 1);
}

#[test]
fn without_a_social_security_number_only_sure_records_count_for_the_lower_bound() {
    let account = Made { account: Some(1), ..Made::default() };
    let mut medium = record(&account);
    medium.confidence = Confidence::Medium;
    let mut counter = ResidentCounter::new();
    counter.add(&medium);
    assert_eq!(counter.bounds().total, Bounds { lower: 0, upper: 1 });
    counter.add(&record(&Made { account: Some(2), ..account }));
    assert_eq!(counter.bounds().total, Bounds { lower: 1, upper: 2 });
    let mut other = record(&Made { ssn: Some(1), person: 2, ..Made::default() });
    other.confidence = Confidence::Medium;
    counter.add(&other);
    assert_eq!(counter.bounds().total, Bounds { lower: 2, upper: 3 });
}

#[test]
fn cut_records_give_the_greater_lower_and_the_sum_of_uppers() {
    let mut first = bounds(&[Made { ssn: Some(1), ..Made::default() }]);
    let two = [Made { ssn: Some(2), ..Made::default() }, Made { ssn: Some(3), ..Made::default() }];
    combine(&mut first, &bounds(&two));
    assert_eq!(first.total, Bounds { lower: 2, upper: 3 });
    assert_eq!(first.by_residency[&Residency::Unknown].by_elements["ssn"], Bounds { lower: 2, upper: 3 });
}

/// Shares a key by the rules of the module, said once more and naively.
fn is_one_person(a: &Made, b: &Made) -> bool {
    let named = a.person == b.person;
    let same = |a: Option<u16>, b: Option<u16>| a.is_some() && a == b;
    let licence =
        a.licence.zip(b.licence).is_some_and(|((n, s), (m, t))| n == m && (named || (s.is_some() && s == t)));
    same(a.ssn, b.ssn) || licence || (named && (same(a.dob, b.dob) || same(a.account, b.account)))
}

/// Splits `items` into groups by the transitive closure of `joined`.
fn closure<T>(items: Vec<T>, joined: impl Fn(&T, &T) -> bool) -> Vec<Vec<T>> {
    let mut groups: Vec<Vec<T>> = vec![];
    for item in items {
        let (touching, mut rest): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.iter().any(|other| joined(&item, other)));
        let mut group = vec![item];
        group.extend(touching.into_iter().flatten());
        rest.push(group);
        groups = rest;
    }
    groups
}

/// The least number of groups into which `people` can be put, each connected by names and with at most one that
/// has a Social Security number; tries every way.
fn fewest(people: &[Vec<Made>], groups: &mut Vec<Vec<usize>>, at: usize) -> usize {
    if at == people.len() {
        let valid = groups.iter().all(|group| {
            let ssns = group.iter().filter(|&&n| people[n].iter().any(|made| made.ssn.is_some())).count();
            let namesakes = |a: &usize, b: &usize| {
                let names = |n: usize| people[n].iter().map(|made| initial(made.person));
                names(*a).any(|name| names(*b).any(|other| name == other))
            };
            ssns <= 1 && closure(group.clone(), namesakes).len() == 1
        });
        return if valid { groups.len() } else { usize::MAX };
    }
    let mut best = usize::MAX;
    for n in 0..groups.len() {
        groups[n].push(at);
        best = best.min(fewest(people, groups, at + 1));
        groups[n].pop();
    }
    groups.push(vec![at]);
    best = best.min(fewest(people, groups, at + 1));
    groups.pop();
    best
}

fn made() -> impl Strategy<Value = Made> {
    let states = prop::sample::select(&[None, Some("MA"), Some("CT")][..]);
    let grades = prop::sample::select(&GRADES[..]);
    let few = || prop::option::of(0u16..3);
    (0u16..5, few(), prop::option::of((0u16..3, states)), few(), few(), grades).prop_map(
        |(person, ssn, licence, account, dob, residency)| {
            let account = if ssn.is_none() && licence.is_none() { account.or(Some(9)) } else { account };
            Made { person, ssn, licence, account, dob, residency: Some(residency) }
        },
    )
}

fn leaves(residents: &Residents) -> Vec<Bounds> {
    let grades = residents.by_residency.values();
    let leaf = |g: &ResidentGrade| {
        [g.total]
            .into_iter()
            .chain(g.by_elements.values().copied())
            .chain(g.any.values().copied())
            .collect::<Vec<_>>()
    };
    grades.flat_map(leaf).chain([residents.total]).collect()
}

#[test]
fn numbers_of_all_parts_are_counted_for_the_lower_bound() {
    let (mut first, mut second) =
        (ResidentCounter::in_parts_of(50, None), ResidentCounter::in_parts_of(50, None));
    for n in 0..1000 {
        let made = Made { ssn: Some(n), person: n, ..Made::default() };
        [&mut first, &mut second][usize::from(n >= 600)].add(&record(&made));
        second.add(&record(&Made { ssn: Some(7), person: 7, ..Made::default() }));
    }
    first.append(second);
    let people = first.bounds();
    assert!(people.parts.is_some_and(|parts| parts >= 20), "{:?}", people.parts);
    assert!((990..=1000).contains(&people.total.lower), "{:?}", people.total);
    assert!((1000..=1030).contains(&people.total.upper), "{:?}", people.total);
}

#[test]
fn bounds_do_not_depend_on_where_keys_are_kept() {
    // So many records that keys are put aside, fold, and are put aside again.
    let made = |n: u32| {
        let n = (n.wrapping_mul(2_654_435_761) >> 16) as u16;
        let odd = n.is_multiple_of(3);
        Made { person: n, ssn: odd.then_some(n / 2), account: (!odd).then_some(n % 999), ..Made::default() }
    };
    let count = |opener: Option<Opener>| {
        let mut counters = [0, 1].map(|_| ResidentCounter::in_parts_of(EXACT, opener));
        for n in 0..60_000 {
            counters[usize::from(n > 25_000)].add(&record(&made(n)));
        }
        let [mut first, second] = counters;
        first.append(second);
        let before = first.bounds();
        first.settle();
        assert_eq!(first.bounds(), before);
        before
    };
    let expected = count(None);
    assert!(expected.total.lower > 10_000 && expected.total.lower < expected.total.upper);
    for opener in [keys::tests::roomy as Opener, keys::tests::small, keys::tests::none] {
        assert_eq!(count(Some(opener)), expected);
    }
    let lost = count(Some(keys::tests::forgetful));
    assert!(lost.total.lower <= expected.total.lower && lost.total.upper >= expected.total.upper);
    assert!(lost.parts.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bounds_are_those_of_trying_everything(all in prop::collection::vec(made(), 1..7)) {
        let people = closure(all.clone(), is_one_person);
        let lower = fewest(&people, &mut vec![], 0);
        prop_assert_eq!(total(&all), (lower as u64, people.len() as u64));
    }

    #[test]
    fn leaves_are_in_order_and_add_up(all in prop::collection::vec(made(), 1..30)) {
        let residents = bounds(&all);
        prop_assert!(leaves(&residents).iter().all(|b| b.lower <= b.upper));
        let sum = |of: &dyn Fn(&ResidentGrade) -> u64| residents.by_residency.values().map(of).sum::<u64>();
        prop_assert_eq!(sum(&|g| g.total.upper), residents.total.upper);
        prop_assert!(sum(&|g| g.total.lower) >= residents.total.lower);
        for grade in residents.by_residency.values() {
            prop_assert_eq!(grade.by_elements.values().map(|b| b.upper).sum::<u64>(), grade.total.upper);
            prop_assert!(grade.by_elements.values().map(|b| b.lower).sum::<u64>() >= grade.total.lower);
        }
    }

    #[test]
    fn parts_widen_the_bounds_and_still_add_up(all in prop::collection::vec(made(), 1..30), most in 1usize..5) {
        let mut parted = ResidentCounter::in_parts_of(most, None);
        for made in &all {
            parted.add(&record(made));
        }
        let (exact, parted) = (bounds(&all), parted.bounds());
        prop_assert!(parted.total.upper >= exact.total.upper);
        prop_assert!(leaves(&parted).iter().all(|b| b.lower <= b.upper));
        let sum = |of: &dyn Fn(&ResidentGrade) -> u64| parted.by_residency.values().map(of).sum::<u64>();
        prop_assert_eq!(sum(&|g| g.total.upper), parted.total.upper);
        prop_assert!(sum(&|g| g.total.lower) >= parted.total.lower);
    }

    #[test]
    fn order_folding_and_parts_do_not_matter(
        all in prop::collection::vec(made(), 1..30),
        shuffled in Just(()).prop_perturb(|(), rng| rng),
        cut in 0usize..30,
    ) {
        let expected = bounds(&all);
        let mut order = all.clone();
        let mut rng = shuffled;
        for n in (1..order.len()).rev() {
            order.swap(n, rng.random_range(0..=n));
        }
        prop_assert_eq!(&bounds(&order), &expected);

        let (head, tail) = order.split_at(cut.min(order.len()));
        let mut first = counter(head);
        first.settle();
        first.append(counter(tail));
        prop_assert_eq!(&first.bounds(), &expected);
    }
}
