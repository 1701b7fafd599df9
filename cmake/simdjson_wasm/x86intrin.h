// The x86 intrinsics that simdjson's SSE kernel needs and Emscripten's SSE headers lack.
// Only for simdjson: the carry-less multiply is right for a multiplier of all ones, the only one it uses.
#pragma once

#include <nmmintrin.h>  // everything up to SSE4.2

#include <stdint.h>  // uint64_t

static __inline__ long long _popcnt64(long long value) {
  return __builtin_popcountll((unsigned long long)value);
}

// Multiplying by all ones without carries is a prefix xor: bit i of the result is the parity of bits 0 to i.
static __inline__ __m128i _mm_clmulepi64_si128(__m128i value, __m128i all_ones, int selector) {
  (void)all_ones;
  (void)selector;
  uint64_t bits = (uint64_t)_mm_cvtsi128_si64(value);
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  bits ^= bits << 32;
  return _mm_set_epi64x(0, (long long)bits);
}
