#include "storage/history_calls.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "json/writer.h"
#include "storage/history_keys.h"
#include "storage/input.h"
#include "text/utf8.h"

namespace cloesce::storage {
namespace {

constexpr int kBadName = 1;
constexpr int kBadHistory = 2;

Answer no_answer() { return {false, 0, "null"}; }

/// Names what is refused; it is cut, for it may be anything.
Answer refused(std::string_view what, const Refusal& refusal, int code) {
  constexpr std::size_t kShown = 64;
  std::string shown(what.substr(0, kShown));
  while (!text::is_valid_utf8(shown) && !shown.empty()) shown.pop_back();
  if (what.size() > kShown) shown += "…";
  return {true, code, "\"" + shown + "\" " + refusal.message};
}

std::vector<KeyCodec> codecs_of(const Input& input) {
  std::vector<KeyCodec> codecs;
  for (const Input& name : input.items())
    if (const auto codec = key_codec(name.text())) codecs.push_back(*codec);
  return codecs;
}

std::optional<std::string> decoded(const std::vector<KeyCodec>& codecs, std::string_view encoded) {
  std::string key(encoded);
  for (auto codec = codecs.rbegin(); codec != codecs.rend(); ++codec) {
    auto next = decode_key(*codec, key);
    if (!next.has_value()) return std::nullopt;
    key = std::move(*next);
  }
  if (!text::is_valid_utf8(key)) return std::nullopt;
  return key;
}

}  // namespace

Answer history_bucket(std::string_view input) {
  const Input given = Input::parse(input).value_or(Input());
  if (!is_bucket_name(given.at(0).text())) {
    return refused(given.at(0).text(),
                   {400, "is no name of a bucket: 1 to 200 of A-Z a-z 0-9 _ and -"}, kBadName);
  }
  if (const auto history = given.at(1).maybe_number()) {
    const bool whole = std::floor(*history) == *history;
    if (!whole || *history < 1 || *history > kMostHistory)
      return {true, kBadHistory, "a bucket keeps 1 to 64 values of a key"};
  }
  return no_answer();
}

Answer history_names(std::string_view input) {
  const Input given = Input::parse(input).value_or(Input());
  if (const auto stream = given.at(0).maybe_text(); stream.has_value() && !is_stream_name(*stream))
    return refused(*stream, {400, "is no name of a stream: no spaces, dots, slashes, * or >"},
                   kBadName);
  if (const auto subject = given.at(1).maybe_text(); subject.has_value() && !is_subject(*subject))
    return refused(*subject, {400, "is no subject: parts between dots without spaces, * or >"},
                   kBadName);
  return no_answer();
}

Answer history_encode(std::string_view input) {
  const Input given = Input::parse(input).value_or(Input());
  const std::vector<KeyCodec> codecs = codecs_of(given.at(0));
  const KeyUse use = given.at(2).flag() ? KeyUse::kFilter : KeyUse::kKey;
  const bool last = given.at(3).flag();
  Arena arena;
  ByteBuffer buffer(arena);
  json::Writer out(buffer);
  out.begin_array();
  for (const Input& key : given.at(1).items()) {
    std::string encoded(key.text());
    for (const KeyCodec codec : codecs) {
      auto next = encode_key(codec, encoded, use);
      if (!next.ok()) return refused(key.text(), next.refusal(), kBadName);
      encoded = next.value();
    }
    if (last) {
      const auto refusal = check_history_key(encoded, use);
      if (refusal.has_value()) return refused(key.text(), *refusal, kBadName);
    }
    out.string(encoded);
  }
  out.end_array();
  return {false, 0, std::string(buffer.view())};
}

Answer history_decode(std::string_view input) {
  const Input given = Input::parse(input).value_or(Input());
  const std::vector<KeyCodec> codecs = codecs_of(given.at(0));
  Arena arena;
  ByteBuffer buffer(arena);
  json::Writer out(buffer);
  out.begin_array();
  for (const Input& encoded : given.at(1).items()) {
    const auto key =
        is_reserved_key(encoded.text()) ? std::nullopt : decoded(codecs, encoded.text());
    if (key.has_value())
      out.string(*key);
    else
      out.null();
  }
  out.end_array();
  return {false, 0, std::string(buffer.view())};
}

Answer history_match(std::string_view input) {
  const Input given = Input::parse(input).value_or(Input());
  Arena arena;
  ByteBuffer buffer(arena);
  json::Writer out(buffer);
  out.begin_array();
  for (const Input& key : given.at(1).items())
    out.boolean(filter_matches(given.at(0).text(), key.text()));
  out.end_array();
  return {false, 0, std::string(buffer.view())};
}

}  // namespace cloesce::storage
