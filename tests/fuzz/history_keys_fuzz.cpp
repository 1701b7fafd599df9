// Codecs give back what they were given, keep to the grammar, and never make a reserved key of a
// text; filters match what they are.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "storage/history_calls.h"
#include "storage/history_keys.h"
#include "text/utf8.h"

namespace {

namespace storage = cloesce::storage;
using storage::KeyCodec;
using storage::KeyUse;

constexpr std::size_t kSurelyShort = 500;

void check_one_to_one(KeyCodec codec, std::string_view text) {
  const auto encoded = storage::encode_key(codec, text, KeyUse::kKey);
  if (encoded.ok()) {
    CLOESCE_ASSERT(storage::decode_key(codec, encoded.value()) == std::string(text));
    CLOESCE_ASSERT(text.size() > kSurelyShort || storage::is_history_key(encoded.value()));
    CLOESCE_ASSERT(!cloesce::text::is_valid_utf8(text) ||
                   !storage::is_reserved_key(encoded.value()));
  }
  // And the other way: what decodes has no other text.
  if (const auto key = storage::decode_key(codec, text)) {
    const auto again = storage::encode_key(codec, *key, KeyUse::kKey);
    CLOESCE_ASSERT(again.ok() && again.value() == text);
  }
}

void check_grammar(std::string_view text) {
  if (storage::is_history_key(text)) {
    CLOESCE_ASSERT(storage::is_key_filter(text) && storage::filter_matches(text, text));
    CLOESCE_ASSERT(storage::filter_matches(">", text));
    CLOESCE_ASSERT(text.find("..") == std::string_view::npos);
  }
  if (storage::is_bucket_name(text)) {
    CLOESCE_ASSERT(storage::is_stream_name(text) && storage::is_subject(text));
  }
  const auto filter = storage::encode_key(KeyCodec::kBase64Url, text, KeyUse::kFilter);
  if (filter.ok() && storage::is_key_filter(text)) {
    CLOESCE_ASSERT(text.size() > kSurelyShort || storage::is_key_filter(filter.value()));
  }
  (void)storage::filter_matches(text.substr(0, text.size() / 2), text.substr(text.size() / 2));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_one_to_one(KeyCodec::kBase64Url, text);
  check_one_to_one(KeyCodec::kEscape, text);
  check_grammar(text);
  if (const auto path = storage::encode_key(KeyCodec::kPath, text, KeyUse::kKey); path.ok())
    (void)storage::decode_key(KeyCodec::kPath, path.value());
  for (const storage::Call call :
       {storage::history_bucket, storage::history_names, storage::history_encode,
        storage::history_decode, storage::history_match})
    (void)call(text);
  return 0;
}
