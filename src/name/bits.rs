//! Layout of the value that the word table holds for a word. Compiled into the build script too, which writes it.

/// Lowest bit of the size of the given name: floor(log2(people)), 5 bits, 0 = not a given name.
pub const GIVEN: u32 = 0;
/// Lowest bit of the size of the surname, as [`GIVEN`].
pub const SURNAME: u32 = 5;
/// Lowest bit of the ambiguity weight, 2 bits: 0 a name, 3 an ordinary word.
pub const WEIGHT: u32 = 10;
/// Lowest bit of the rank among common words, 3 bits: 1 the commonest, 5 rare, 0 not a common word.
pub const COMMON: u32 = 12;
/// Mask of a size.
pub const SIZE_MASK: u32 = 31;
/// Stands in the table of names that are also something else.
pub const AMBIGUOUS: u32 = 1 << 15;
/// A city, town, county, state or country.
pub const PLACE: u32 = 1 << 16;
/// Legal form or kind of body: `llc`, `association`.
pub const ORG_SUFFIX: u32 = 1 << 17;
/// Word of a firm's name: `plumbing`.
pub const ORG_WORD: u32 = 1 << 18;
/// Word of a form, a paper, money or a time: `deposit`, `invoice`, `april`.
pub const FORM: u32 = 1 << 19;
/// Street word or its abbreviation.
pub const STREET: u32 = 1 << 20;
/// Building or public body.
pub const FACILITY: u32 = 1 << 21;
/// Role of a person: `tenant`, `manager`.
pub const ROLE: u32 = 1 << 22;
/// Compass point, `lake`, `suite` and the like before or in a place.
pub const DIRECTION: u32 = 1 << 23;
/// First word of a term of several words.
pub const PHRASE: u32 = 1 << 24;
/// Surname particle.
pub const PARTICLE: u32 = 1 << 25;
/// Title before a name.
pub const HONORIFIC: u32 = 1 << 26;
/// `Jr`, `III`.
pub const SUFFIX: u32 = 1 << 27;
/// Degree or licence after a name.
pub const CREDENTIAL: u32 = 1 << 28;
/// Postal code of a state.
pub const STATE: u32 = 1 << 29;
/// Last word of a name label that needs no colon.
pub const LABEL_END: u32 = 1 << 30;

/// Class of a term of several words: a place, or a body or thing.
pub const TERM_THING: u32 = 1;
/// Two words that read as a name but mostly mean something else (`Edward Jones`).
pub const TERM_PAIR: u32 = 2;
/// A name that stands for nobody (`John Doe`).
pub const TERM_PLACEHOLDER: u32 = 3;

/// Label that makes its value a name, given a separator.
pub const LABEL_STRONG: u32 = 1;
/// Label that does so without a separator (`issued to`).
pub const LABEL_OPENING: u32 = 2;
/// Label whose value is often something else (`Re:`).
pub const LABEL_WEAK: u32 = 4;
/// Noun that makes a name after it likelier (`Patient Tobias …`).
pub const LABEL_NOUN: u32 = 8;
/// Word that takes a following `name` away from people (`file name`).
pub const LABEL_NEGATIVE: u32 = 16;

/// Longest key in letters: the Census cuts its names there.
pub const KEY: usize = 15;
