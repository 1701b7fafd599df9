// Takes the place of aklomp/base64's arch/ssse3/enc_reshuffle.c in wasm. Upstream moves the six bits of each character
// into their byte by multiplications with powers of two, which LLVM makes shifts of. Wasm shifts all lanes by the same
// number only, so those became a shift per lane: the encoder was three times as slow as with four shifts and masks.
static BASE64_FORCE_INLINE __m128i enc_reshuffle(__m128i in) {
  in = _mm_shuffle_epi8(in, _mm_set_epi8(10, 11, 9, 10, 7, 8, 6, 7, 4, 5, 3, 4, 1, 2, 0, 1));
  // A word, bytes from the highest: bbbbcccc ccdddddd aaaaaabb bbbbcccc
  const __m128i a = _mm_and_si128(_mm_srli_epi32(in, 10), _mm_set1_epi32(0x0000003F));
  const __m128i b = _mm_and_si128(_mm_slli_epi32(in, 4), _mm_set1_epi32(0x00003F00));
  const __m128i c = _mm_and_si128(_mm_srli_epi32(in, 6), _mm_set1_epi32(0x003F0000));
  const __m128i d = _mm_and_si128(_mm_slli_epi32(in, 8), _mm_set1_epi32(0x3F000000));
  return _mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d));
}
