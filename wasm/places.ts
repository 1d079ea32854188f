/**
 * Where everything stands in the memory that the walk shares with its host (src/analyze/scan/quick-walk.ts), which asks
 * here and writes texts, kinds and blocks. Lengths in bytes; nothing here is checked: whoever calls keeps to the bounds.
 */

/** Texts of up to 32 bytes, each in a slot of its own, the rest of it zero; beside them a bit for each byte. */
export const SLOTS: i32 = 1024;
export const SLOT: i32 = 32;
export const SLOT_COUNT: i32 = 128;
export const SLOT_MASKS: i32 = SLOTS + SLOT_COUNT * SLOT;

/** Slot of a field's key is the field's number; behind the last field that of `auto_promoted`. */
export const MAX_FIELDS: i32 = 64;
export const BEGIN: i32 = 64;
export const BEFORE_TIME: i32 = 65;
export const AFTER_TIME: i32 = 66;
export const PROMOTED: i32 = 67;
export const NOT_PROMOTED: i32 = 68;
/** Slots from here on are free for the words of closed lists. */
export const WORDS: i32 = 69;

/** Of each field a byte: its shape, the slot of its list's first word, how many words. */
export const KINDS: i32 = SLOT_MASKS + SLOT_COUNT * 4;
export const FIRST_WORDS: i32 = KINDS + MAX_FIELDS;
export const WORD_COUNTS: i32 = FIRST_WORDS + MAX_FIELDS;

/** By field, as in the script's walk: see there. */
export const FOLLOWERS: i32 = WORD_COUNTS + MAX_FIELDS;
export const LAST_STARTS: i32 = FOLLOWERS + MAX_FIELDS * 4;
export const LAST_ENDS: i32 = LAST_STARTS + MAX_FIELDS * 4;

/** A row: `MAX_FIELDS` numbers of 32 bits in each of two tables, and one each in three more. */
export const ROWS: i32 = 512;
export const ROW_STARTS: i32 = 16384;
export const ROW_ENDS: i32 = ROW_STARTS + ROWS * MAX_FIELDS * 4;
export const ROW_TIMES: i32 = ROW_ENDS + ROWS * MAX_FIELDS * 4;
export const ROW_LINES: i32 = ROW_TIMES + ROWS * 8;
export const ROW_FLAGS: i32 = ROW_LINES + ROWS * 4;

/** Lines of a block: numbers of 32 bits, and bytes that are 0 or 1. A block of line ends only is all lines. */
export const LINES: i32 = 65540;
export const LINE_STARTS: i32 = ROW_FLAGS + ROWS;
export const LINE_ENDS: i32 = LINE_STARTS + LINES * 4;
export const LINE_ROWS: i32 = LINE_ENDS + LINES * 4;
export const LINE_SINGLE: i32 = LINE_ROWS + LINES * 4;
export const LINE_OUT: i32 = LINE_SINGLE + LINES;

/** What a line must say: for each field looked at its number and the count of texts, each a length and its bytes; -1. */
export const PROBES: i32 = LINE_OUT + LINES;
export const PROBE_BYTES: i32 = 4096;

/** Values of fields, each once: a number by where the search for it begins, where its bytes end, the bytes. */
export const VALUES: i32 = 8192;
export const VALUE_LONGEST: i32 = 256;
export const VALUE_ROOM: i32 = 524288;
export const VALUE_SLOTS: i32 = (PROBES + PROBE_BYTES + 63) & ~63;
export const VALUE_ENDS: i32 = VALUE_SLOTS + VALUES * 8;
export const VALUE_BYTES: i32 = VALUE_ENDS + VALUES * 4;
/** By field: where its value stood that was numbered last in this block, and its number. */
export const NUMBERED_AT: i32 = VALUE_BYTES + VALUE_ROOM + 64;
export const LAST_NUMBERS: i32 = NUMBERED_AT + MAX_FIELDS * 4;

/** Parts of lines: how many fields, how many rare ones, and which; then each met once, as its fields' numbers. */
export const PARTS_MAX: i32 = 8;
export const PART: i32 = 32;
export const PARTS: i32 = LAST_NUMBERS + MAX_FIELDS * 4;
export const PART_KEY: i32 = 64;
export const ASKED: i32 = PARTS + PARTS_MAX * PART;
export const MADE: i32 = 4096;
export const MADE_COUNTS: i32 = ASKED + PART_KEY;
export const MADE_SLOTS: i32 = MADE_COUNTS + PARTS_MAX * 4;
export const MADE_KEYS: i32 = MADE_SLOTS + PARTS_MAX * MADE * 8;

/** The block, up to the memory's end. INVARIANT: 64 bytes behind it are there to be read, whatever they hold. */
export const BLOCK: i32 = (MADE_KEYS + PARTS_MAX * MADE * PART_KEY + 63) & ~63;

/** Shapes of fields: the order of src/analyze/scan/head-fields.ts. */
export const TEXT: u8 = 0;
export const ONCE: u8 = 1;
export const WORD: u8 = 2;
export const NUMBER: u8 = 3;
export const FLAG: u8 = 4;
export const TEXTS: u8 = 5;
export const MAP: u8 = 6;
export const REST: u8 = 7;
