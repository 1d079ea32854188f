/** `2026-11-21T08:42:11.123Z` -> milliseconds since the epoch, NaN when it is not spelled so or does not exist. */

const NO_DIGIT: i32 = 1_000_000;
const DAY_MS: f64 = 86_400_000;

export function momentAt(at: i32): f64 {
  const isShaped =
    load<u8>(at + 4) === 0x2d &&
    load<u8>(at + 7) === 0x2d &&
    load<u8>(at + 10) === 0x54 &&
    load<u8>(at + 13) === 0x3a &&
    load<u8>(at + 16) === 0x3a &&
    load<u8>(at + 19) === 0x2e &&
    load<u8>(at + 23) === 0x5a;
  if (!isShaped) return NaN;
  const year = two(at) * 100 + two(at + 2);
  const month = two(at + 5);
  const day = two(at + 8);
  const hour = two(at + 11);
  const minute = two(at + 14);
  const second = two(at + 17);
  const ms = two(at + 20) * 10 + digit(at + 22);
  // A byte that is no digit adds so much that it shows in the sum, wherever it stands.
  if (year + month + day + hour + minute + second + ms >= NO_DIGIT) return NaN;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return NaN;
  // As in JSON Schema's date-time: second 60 counts as the next minute's first.
  if (hour > 23 || minute > 59 || second > 60) return NaN;
  return <f64>daysBefore(year, month, day) * DAY_MS + <f64>(((hour * 60 + minute) * 60 + second) * 1000 + ms);
}

function two(at: i32): i32 {
  return digit(at) * 10 + digit(at + 1);
}

function digit(at: i32): i32 {
  const value = <i32>load<u8>(at) - 0x30;
  return <u32>value <= 9 ? value : NO_DIGIT;
}

function daysIn(year: i32, month: i32): i32 {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01. Years counted from March, so that the day of a leap year is the last. */
function daysBefore(year: i32, month: i32, day: i32): i32 {
  const shifted = month > 2 ? year + 400 : year + 399;
  const months = month > 2 ? month - 3 : month + 9;
  const leaps = shifted / 4 - shifted / 100 + shifted / 400;
  // 719,468 days lie between 0000-03-01 and 1970-01-01, 146,097 in the 400 years by which all years are moved.
  return shifted * 365 + leaps + (153 * months + 2) / 5 + day - 1 - 719_468 - 146_097;
}
