#pragma once
#include <stddef.h>
#include <stdint.h>
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
