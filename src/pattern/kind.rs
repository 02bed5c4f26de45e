//! What a label can mean. Also compiled into the build script, which writes the label table with these numbers.

macro_rules! label_kinds {
    ($($(#[$doc:meta])* $name:ident $word:literal,)*) => {
        /// What a column header, key or inline label says about the value it stands at.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum LabelKind { $($(#[$doc])* $name,)* }

        impl LabelKind {
            /// All kinds, by number.
            pub const ALL: &'static [LabelKind] = &[$(LabelKind::$name,)*];

            /// The word of the reference tables for a kind.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(LabelKind::$name => $word,)* }
            }
        }
    };
}

label_kinds! {
    /// Social Security number.
    Ssn "ssn",
    /// Driver's licence number.
    DriversLicense "dl",
    /// State identification card number.
    StateId "state_id",
    /// Card number.
    CardNumber "card_number",
    /// Account number.
    AccountNumber "account_number",
    /// International bank account number.
    Iban "iban",
    /// Routing number: public, evidence for the account beside it.
    Routing "routing",
    /// Bank identifier code.
    Swift "swift",
    /// Whole name of a person.
    FullName "full_name",
    /// Given name.
    FirstName "first_name",
    /// Surname.
    LastName "last_name",
    /// Middle name.
    MiddleName "middle_name",
    /// Title or suffix of a name.
    NameAffix "name_affix",
    /// Date of birth.
    DateOfBirth "dob",
    /// Street address.
    Address "address",
    /// City or town.
    City "city",
    /// State.
    State "state",
    /// Issuing state of a licence.
    LicenseState "dl_state",
    /// ZIP code.
    Zip "zip",
    /// County.
    County "county",
    /// Whether somebody is a resident.
    ResidencyFlag "residency",
    /// Card expiry.
    CardExpiry "card_expiry",
    /// Card security code.
    Cvv "cvv",
    /// Personal identification number.
    Pin "pin",
    /// Password.
    Password "password",
    /// Login name.
    Username "username",
    /// Checking or savings.
    AccountType "account_type",
    /// Last digits, hash or mask of an SSN.
    SsnPart "ssn_part",
    /// Last digits, hash or mask of a card number.
    CardPart "card_part",
    /// Number of a person in somebody's system.
    InternalId "internal_id",
    /// Medical record or insurance number.
    HealthId "health_id",
    /// Passport number.
    Passport "passport",
    /// Alien registration number.
    AlienNumber "alien_number",
    /// Mail address.
    Email "email",
    /// A word that speaks for a bank (savings, deposit …).
    BankWord "bank_word",
    /// Speaks against one or more elements.
    Negative "negative",
}
