#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// Vectors whose comparisons become a number: Swift's SIMD types have no such operation.
typedef uint8_t logbook_bytes16 __attribute__((ext_vector_type(16)));
typedef _Bool logbook_bits16 __attribute__((ext_vector_type(16)));

/// Where 64 bytes can be read: `bytes`, or, when there are fewer, `padded` with zeros behind them.
static inline const uint8_t *logbook_64_bytes(
    const uint8_t *bytes, size_t count, uint8_t padded[64]) {
  if (count >= 64) return bytes;
  memset(padded, 0, 64);
  memcpy(padded, bytes, count);
  return padded;
}

/// Bit `n` says whether byte `n` is an ASCII letter, a digit, `_` or a byte from 0x80 on; 0 from `count` on.
static inline uint64_t logbook_word_bytes(const uint8_t *bytes, size_t count) {
  uint8_t padded[64];
  bytes = logbook_64_bytes(bytes, count, padded);
  uint64_t all = 0;
  for (int part = 0; part < 64; part += 16) {
    logbook_bytes16 byte;
    memcpy(&byte, bytes + part, 16);
    logbook_bytes16 letter = (byte | 0x20) - 'a', digit = byte - '0';
    logbook_bits16 held = __builtin_convertvector(
        (letter < 26) | (digit < 10) | (byte == '_') | (byte >= 0x80), logbook_bits16);
    uint16_t bits;
    memcpy(&bits, &held, 2);
    all |= (uint64_t)bits << part;
  }
  return all;
}

/// The index of the first byte that is NUL or not ASCII; `count` where there is none.
static inline size_t logbook_plain_ascii(const uint8_t *bytes, size_t count) {
  uint8_t padded[64];
  for (size_t index = 0; index < count; index += 64) {
    const uint8_t *text = logbook_64_bytes(bytes + index, count - index, padded);
    uint64_t plain = 0;
    for (int part = 0; part < 64; part += 16) {
      logbook_bytes16 byte;
      memcpy(&byte, text + part, 16);
      logbook_bits16 held = __builtin_convertvector((byte != 0) & (byte < 0x80), logbook_bits16);
      uint16_t bits;
      memcpy(&bits, &held, 2);
      plain |= (uint64_t)bits << part;
    }
    if (plain == UINT64_MAX) continue;
    size_t end = index + (size_t)__builtin_ctzll(~plain);
    return end < count ? end : count;
  }
  return count;
}

/// Bit `n` says whether byte `n` of 16 is one that a JSON string has to escape: `"`, `\` or below 0x20.
static inline unsigned logbook_escaped_of_16(const uint8_t *bytes) {
  logbook_bytes16 byte;
  memcpy(&byte, bytes, 16);
  logbook_bits16 held =
      __builtin_convertvector((byte < 0x20) | (byte == '"') | (byte == '\\'), logbook_bits16);
  uint16_t bits;
  memcpy(&bits, &held, 2);
  return bits;
}

/// Where the closing `quote` stands, from `index` on; `limit` or behind it for nowhere.
///
/// A backslash and the byte behind it are skipped. `escaped` says whether a byte before that place is
/// one that a JSON string has to escape.
static inline size_t logbook_quote_end(
    const uint8_t *bytes, size_t index, size_t limit, uint8_t quote, _Bool *escaped) {
  *escaped = 0;
  while (index < limit) {
    if (quote == '"' && limit - index >= 16) {
      unsigned hits = logbook_escaped_of_16(bytes + index);
      index += hits ? (size_t)__builtin_ctz(hits) : 16;
      if (!hits) continue;
    }
    uint8_t byte = bytes[index];
    if (byte == quote) return index;
    if (byte < 0x20 || byte == '"' || byte == '\\') *escaped = 1;
    index += byte == '\\' ? 2 : 1;
  }
  return index;
}

/// Reads up to 18 decimal digits from `index` on; the index behind them.
static inline size_t logbook_decimal(
    const uint8_t *bytes, size_t index, size_t count, int64_t *value) {
  size_t end = count - index < 18 ? count : index + 18;
  int64_t sum = 0;
  for (uint8_t digit; index < end && (digit = (uint8_t)(bytes[index] - '0')) <= 9; index++)
    sum = sum * 10 + digit;
  *value = sum;
  return index;
}

/// Bit `n` says whether byte `n` of 16 is `byte`.
static inline uint64_t logbook_equal_of_16(const uint8_t *bytes, uint8_t byte) {
  logbook_bytes16 all;
  memcpy(&all, bytes, 16);
  logbook_bits16 held = __builtin_convertvector(all == byte, logbook_bits16);
  uint16_t bits;
  memcpy(&bits, &held, 2);
  return bits;
}

static inline uint64_t logbook_equal_of_64(const uint8_t *bytes, uint8_t byte) {
  return logbook_equal_of_16(bytes, byte) | logbook_equal_of_16(bytes + 16, byte) << 16
      | logbook_equal_of_16(bytes + 32, byte) << 32 | logbook_equal_of_16(bytes + 48, byte) << 48;
}

/// Which of 64 bytes a backslash escapes; `carry` is 1 where the first one is, then where the next one
/// behind them is.
///
/// The carries of an addition find the ends of the runs of backslashes (simdjson: Geoff Langdale, Daniel
/// Lemire, "Parsing Gigabytes of JSON per Second", 2019).
static inline uint64_t logbook_escaped_of_64(uint64_t backslashes, uint64_t *carry) {
  if (!(backslashes | *carry)) return 0;
  const uint64_t even = 0x5555555555555555;
  backslashes &= ~*carry;
  uint64_t follows = backslashes << 1 | *carry;
  uint64_t sums;
  *carry = __builtin_add_overflow(backslashes & ~even & ~follows, backslashes, &sums);
  return (even ^ sums << 1) & follows;
}

/// Where the closing quote of a JSON string stands whose inside begins at `index`; `count` for nowhere.
static inline size_t logbook_json_string_end(const uint8_t *bytes, size_t index, size_t count) {
  while (index < count && count - index >= 16) {
    uint64_t quotes = logbook_equal_of_16(bytes + index, '"');
    uint64_t backslashes = logbook_equal_of_16(bytes + index, '\\');
    if (!(quotes | backslashes)) {
      index += 16;
      continue;
    }
    // A quote before any backslash.
    if (quotes & ~(quotes - 1) & (backslashes - 1)) return index + (size_t)__builtin_ctzll(quotes);
    break;
  }
  uint64_t carry = 0;
  for (; index < count && count - index >= 64; index += 64) {
    uint64_t escaped = logbook_escaped_of_64(logbook_equal_of_64(bytes + index, '\\'), &carry);
    uint64_t quotes = logbook_equal_of_64(bytes + index, '"') & ~escaped;
    if (quotes) return index + (size_t)__builtin_ctzll(quotes);
  }
  index += carry;
  while (index < count && bytes[index] != '"') index += bytes[index] == '\\' ? 2 : 1;
  return index < count ? index : count;
}

/// Writes the text of the inside of a JSON string, from `index` on, up to an escape that is not one of
/// two bytes; `output` has room for 16 bytes more than it takes.
///
/// Returns how many bytes were written; `index` is then the place of that escape, or `count`.
static inline size_t logbook_json_unescape(
    const uint8_t *bytes, size_t *index, size_t count, uint8_t *output) {
  const uint8_t *in = bytes + *index, *end = bytes + count;
  uint8_t *out = output;
  while (in < end) {
    if (end - in >= 16) {
      memcpy(out, in, 16);
      uint64_t backslashes = logbook_equal_of_16(in, '\\');
      size_t plain = backslashes ? (size_t)__builtin_ctzll(backslashes) : 16;
      in += plain;
      out += plain;
      if (!backslashes) continue;
    } else if (*in != '\\') {
      *out++ = *in++;
      continue;
    }
    if (end - in < 2) break;
    uint8_t byte = in[1];
    if (byte != '"' && byte != '\\' && byte != '/') {
      if (byte == 'n') byte = '\n';
      else if (byte == 't') byte = '\t';
      else if (byte == 'r') byte = '\r';
      else break;
    }
    *out++ = byte;
    in += 2;
  }
  *index = (size_t)(in - bytes);
  return (size_t)(out - output);
}

/// Where a string ends whose inside begins at `index`, in a JSON text that is itself the inside of a JSON
/// string: at the backslash before its closing quote; `limit` where the outer string ends before it.
///
/// `escaped` says whether a byte before that place is one that a JSON string has to escape.
static inline size_t logbook_nested_quote_end(
    const uint8_t *bytes, size_t index, size_t limit, _Bool *escaped) {
  *escaped = 0;
  while (index < limit) {
    if (limit - index >= 16) {
      unsigned hits = logbook_escaped_of_16(bytes + index);
      index += hits ? (size_t)__builtin_ctz(hits) : 16;
      if (!hits) continue;
    }
    if (bytes[index] == '"') return limit;
    if (bytes[index] != '\\') {
      if (bytes[index++] < 0x20) *escaped = 1;
      continue;
    }
    if (limit - index < 2) return limit;
    uint8_t next = bytes[index + 1];
    if (next == '"') return index;
    *escaped = 1;
    index += 2;
    // A backslash of the inner text, and what it escapes.
    if (next != '\\' || index >= limit) continue;
    if (bytes[index] == '"') return limit;
    index += bytes[index] == '\\' ? 2 : 1;
  }
  return limit;
}

/// Where an array of such a text ends whose inside begins at `index`: its closing bracket; `limit` for
/// nowhere.
static inline size_t logbook_nested_array_end(const uint8_t *bytes, size_t index, size_t limit) {
  size_t depth = 1;
  while (index < limit) {
    switch (bytes[index]) {
      case '"': return limit;
      case '[': depth++; break;
      case ']':
        if (--depth == 0) return index;
        break;
      case '\\':
        if (limit - index < 2) return limit;
        if (bytes[++index] == '"') {
          _Bool escaped;
          index = logbook_nested_quote_end(bytes, index + 1, limit, &escaped) + 1;
        }
    }
    index++;
  }
  return limit;
}

/// Writes bytes as the inside of a JSON string and returns how many that makes; `output` has room for
/// 6 * count + 16.
static inline size_t logbook_json_escape(const uint8_t *bytes, size_t count, uint8_t *output) {
  uint8_t *out = output;
  size_t index = 0;
  while (index < count) {
    if (count - index >= 16) {
      unsigned hits = logbook_escaped_of_16(bytes + index);
      memcpy(out, bytes + index, 16);
      size_t plain = hits ? (size_t)__builtin_ctz(hits) : 16;
      out += plain;
      index += plain;
      if (!hits) continue;
    }
    uint8_t byte = bytes[index++];
    if (byte >= 0x20 && byte != '"' && byte != '\\') {
      *out++ = byte;
      continue;
    }
    *out++ = '\\';
    switch (byte) {
      case '\n': *out++ = 'n'; break;
      case '\r': *out++ = 'r'; break;
      case '\t': *out++ = 't'; break;
      case '"':
      case '\\': *out++ = byte; break;
      default:
        memcpy(out, "u00", 3);
        out[3] = "0123456789abcdef"[byte >> 4];
        out[4] = "0123456789abcdef"[byte & 15];
        out += 5;
    }
  }
  return (size_t)(out - output);
}

/// Copies few bytes, as most parameters have, without a call.
static inline void logbook_copy_short(uint8_t *output, const uint8_t *bytes, size_t count) {
  if (count > 16) {
    memcpy(output, bytes, count);
  } else if (count >= 8) {
    uint64_t first, last;
    memcpy(&first, bytes, 8);
    memcpy(&last, bytes + count - 8, 8);
    memcpy(output, &first, 8);
    memcpy(output + count - 8, &last, 8);
  } else if (count >= 4) {
    uint32_t first, last;
    memcpy(&first, bytes, 4);
    memcpy(&last, bytes + count - 4, 4);
    memcpy(output, &first, 4);
    memcpy(output + count - 4, &last, 4);
  } else if (count > 0) {
    uint8_t middle = bytes[count / 2], last = bytes[count - 1];
    output[0] = bytes[0];
    output[count / 2] = middle;
    output[count - 1] = last;
  }
}

/// Writes a number with a point and 17 digits, which no two numbers share; at most 25 bytes.
static inline int logbook_print_real(char *output, size_t capacity, double number) {
  return snprintf(output, capacity, "%#.17g", number);
}
