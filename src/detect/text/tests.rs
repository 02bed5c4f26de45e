//! Numbers in running text and the labels that govern them.

use super::*;

fn found(text: &str) -> Vec<(ElementType, String, i32)> {
    let mut out = Vec::new();
    scan(text, 0..text.len(), &(0..text.len()), &mut out, &mut Rejects::default());
    out.into_iter().map(|c| (c.kind, c.value, c.score.value())).collect()
}

#[test]
fn labels_make_the_number() {
    use ElementType::{BankAccount, DriversLicense, PaymentCard, Ssn, StateId};
    for (text, kind, value, score) in [
        ("social security number is 024-61-3387.", Ssn, "024613387", 90),
        ("SSN 024613387", Ssn, "024613387", 50),
        ("Soc. Sec. # 024-61-3387", Ssn, "024613387", 90),
        ("MA Driver License S61940275 exp 2029-03-11", DriversLicense, "S61940275", 75),
        ("Driver's License: SA4829173", DriversLicense, "SA4829173", 80),
        ("Lic. No. 024613387 (MA)", DriversLicense, "024613387", 60),
        ("License (New Hampshire) 07LTM64031", DriversLicense, "07LTM64031", 95),
        ("Mass ID card number S48102937", StateId, "S48102937", 75),
        ("MasterCard 2426178309455265", PaymentCard, "2426178309455265", 60),
        ("Amex 3745-198230-67142", PaymentCard, "374519823067142", 85),
        ("checking acct 4829176503", BankAccount, "4829176503", 45),
        ("Routing number: 011307187 Account number: 4829176503", BankAccount, "4829176503", 70),
    ] {
        assert_eq!(found(text), [(kind, value.to_owned(), score)], "{text}");
    }
}

#[test]
fn fifteen_digits_of_the_air_travel_network_need_a_label_or_groups() {
    let air = ElementType::PaymentCard;
    for text in [
        "UATP card number 100012345678902",
        "Card number\n100012345678902",
        "Travel card 1000 12345 678902",
        "Tobias Hargrove 100012345678902 exp 12/27",
        "UATP 100012345678902",
        "100012345678902 (credit card)",
    ] {
        assert!(found(text).iter().any(|c| c.0 == air && c.2 >= 25), "{text}: {:?}", found(text));
    }
    for text in ["trace=100012345678902 took 4 ms", "1000 12345 678902"] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn what_looks_like_a_number_stays_below_medium() {
    for text in [
        "Part number 412-88-1047",
        "order #512483367",
        "passport 512483367",
        "ratio 0.304262935 and 52.5702100309281",
        "our bank routing number is 011307187",
        "IMEI 356938035643809",
        "commit 4929137520864174a1f0b2c3d4e5f60718293a4b",
        "RN license RN2297418; CPA license 48812",
        "request 47223179-9330-4259-b66c-f2db26efb20c",
        "CUSIP 037833100",
        "License: BSD (see license.txt for Maryland), (c) 2000-2025, Inc.",
    ] {
        assert!(found(text).iter().all(|c| c.2 < 50), "{text}");
    }
}

#[test]
fn what_is_rejected_is_explained_where_somebody_asks() {
    let why = |text: &str| -> Vec<String> {
        let mut rejects = Rejects::new(true);
        scan(text, 0..text.len(), &(0..text.len()), &mut Vec::new(), &mut rejects);
        rejects.into_kept().into_iter().map(|r| r.why.into_owned()).collect()
    };
    for (text, word) in [
        ("EIN 04-3871926", "employer identification"),
        ("ratio 0.024613387", "decimal"),
        ("x024613387", "touches a letter"),
        ("024613387% of it", "percentage"),
        ("SSN 666-12-1234", "area 666"),
        ("our bank routing number is 011307188", "below low"),
        ("at 47112345", "8 digits without a label"),
        ("ticket 47112345", "8 digits under the label \"ticket\""),
    ] {
        assert!(why(text).iter().any(|w| w.contains(word)), "{text}: {:?}", why(text));
        assert_eq!(why(text).len(), 1, "{text}: {:?}", why(text));
    }
    assert!(why("SSN 024-61-3387").is_empty());
}
