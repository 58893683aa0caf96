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
