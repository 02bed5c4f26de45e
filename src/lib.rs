//! Finds records of Massachusetts personal information, as 201 CMR 17.02 and M.G.L. c. 93H s.1 define it: a
//! person's first name or initial and last name together with a Social Security number, a driver's licence or
//! state identification card number, or a financial account, credit or debit card number.
//!
//! `docs/ARCHITECTURE.md` is the map. Results hold no raw number and no name of a person.

pub mod associate;
pub mod baseline;
pub mod bits;
pub mod cli;
pub mod coverage;
pub mod detect;
pub mod document;
pub mod event;
pub mod examine;
pub mod extract;
pub mod finding;
pub mod flat;
pub mod identify;
pub mod inventory;
pub mod mask;
pub mod name;
pub mod pattern;
pub mod report;
pub mod residency;
pub mod resident;
pub mod result;
pub mod scan;
pub mod source;
pub mod sys;
pub mod text;
pub mod walk;
pub mod worker;
