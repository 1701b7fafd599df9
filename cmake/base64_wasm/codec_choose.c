// Takes the place of aklomp/base64's codec_choose.c in wasm, where there is no processor to ask and one codec is
// compiled. The plain codec is slower in both directions and brings 12 KB of tables.
#include <stddef.h>
#include <stdint.h>

#include "libbase64.h"

#include "codecs.h"

void base64_stream_encode_ssse3 BASE64_ENC_PARAMS;
int base64_stream_decode_ssse3 BASE64_DEC_PARAMS;

void codec_choose(struct codec* codec, int flags) {
  (void)flags;
  codec->enc = base64_stream_encode_ssse3;
  codec->dec = base64_stream_decode_ssse3;
}
