#include "storage/history_keys.h"

#include <algorithm>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/byte_buffer.h"
#include "text/base64.h"

namespace cloesce::storage {
namespace {

constexpr std::string_view kRoot = "_root_";

bool is_word(char character) { return is_letter(character) || is_digit(character); }
bool is_key_character(char character) {
  return is_word(character) || character == '-' || character == '/' || character == '_' ||
         character == '=';
}
bool is_unescaped(char character) {
  return is_word(character) || character == '-' || character == '/';
}
bool is_printable(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte > 0x20 && byte != 0x7F;
}
bool is_wildcard(std::string_view token) { return token == "*" || token == ">"; }

/// Calls `use(token, last)` for the texts between dots until it answers false, which is the answer.
template <class Use>
bool each_token(std::string_view text, const Use& use) {
  for (;;) {
    const std::size_t dot = text.find('.');
    const bool last = dot == std::string_view::npos;
    if (!use(text.substr(0, dot), last)) return false;
    if (last) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_key_token(std::string_view token) {
  return !token.empty() && std::all_of(token.begin(), token.end(), is_key_character);
}

std::string base64url(std::string_view bytes) {
  Arena arena;
  ByteBuffer buffer(arena);
  text::append_base64(buffer, bytes);
  std::string out(buffer.view());
  while (!out.empty() && out.back() == '=') out.pop_back();
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::optional<std::string> from_base64url(std::string_view token) {
  // Else the standard alphabet would be read too, and a token had two texts.
  if (token.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string padded(token);
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  padded.append((4 - padded.size() % 4) % 4, '=');
  Arena arena;
  const auto bytes = text::base64_decode(arena, padded);
  if (!bytes.ok()) return std::nullopt;
  return std::string(bytes.value());
}

Ruled<std::string> encode_tokens(std::string_view text, KeyUse use) {
  std::string out;
  const bool whole = each_token(text, [&](std::string_view token, bool last) {
    if (token.empty()) return false;
    if (use == KeyUse::kFilter && is_wildcard(token))
      out += token;
    else
      out += base64url(token);
    if (!last) out += '.';
    return true;
  });
  if (!whole) return Refusal{400, "has an empty part between its dots"};
  return out;
}

std::optional<std::string> decode_tokens(std::string_view encoded) {
  std::string out;
  const bool whole = each_token(encoded, [&](std::string_view token, bool last) {
    const auto bytes = from_base64url(token);
    // A dot inside would make one token of two.
    if (!bytes.has_value() || bytes->empty() || bytes->find('.') != std::string::npos) return false;
    out += *bytes;
    if (!last) out += '.';
    return true;
  });
  if (!whole) return std::nullopt;
  return out;
}

std::string encode_path(std::string_view text) {
  const bool rooted = text.starts_with('/');
  if (rooted) text.remove_prefix(1);
  while (text.ends_with('/')) text.remove_suffix(1);
  std::string out(rooted ? kRoot : "");
  if (rooted && !text.empty()) out += '.';
  for (const char character : text) out += character == '/' ? '.' : character;
  return out;
}

std::string decode_path(std::string_view encoded) {
  if (encoded == kRoot) return "/";
  std::string out;
  if (encoded.starts_with("_root_.")) {
    out = "/";
    encoded.remove_prefix(kRoot.size() + 1);
  }
  for (const char character : encoded) out += character == '.' ? '/' : character;
  return out;
}

std::string escape(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char character : text) {
    if (is_unescaped(character)) {
      out += character;
      continue;
    }
    const auto byte = static_cast<unsigned char>(character);
    out += '_';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

int escape_digit(char digit) {
  if (is_digit(digit)) return digit - '0';
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

std::optional<std::string> unescape(std::string_view encoded) {
  if (encoded.empty()) return std::nullopt;
  std::string out;
  for (std::size_t at = 0; at < encoded.size(); ++at) {
    if (is_unescaped(encoded[at])) {
      out += encoded[at];
      continue;
    }
    if (encoded[at] != '_' || at + 2 >= encoded.size()) return std::nullopt;
    const int high = escape_digit(encoded[at + 1]);
    const int low = escape_digit(encoded[at + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    const char byte = static_cast<char>(high * 16 + low);
    if (is_unescaped(byte)) return std::nullopt;  // has a shorter form
    out += byte;
    at += 2;
  }
  return out;
}

}  // namespace

bool is_bucket_name(std::string_view name) {
  return !name.empty() && name.size() <= kBucketNameBytes &&
         std::all_of(name.begin(), name.end(), [](char character) {
           return is_word(character) || character == '_' || character == '-';
         });
}

bool is_history_key(std::string_view key) {
  return key.size() <= kHistoryKeyBytes &&
         each_token(key, [](std::string_view token, bool) { return is_key_token(token); });
}

bool is_key_filter(std::string_view filter) {
  return filter.size() <= kHistoryKeyBytes &&
         each_token(filter, [](std::string_view token, bool last) {
           return token == "*" || (token == ">" && last) || is_key_token(token);
         });
}

bool filter_matches(std::string_view filter, std::string_view key) {
  for (;;) {
    if (filter == ">") return true;
    const std::size_t filter_dot = filter.find('.');
    const std::size_t key_dot = key.find('.');
    const std::string_view wanted = filter.substr(0, filter_dot);
    if (wanted != "*" && wanted != key.substr(0, key_dot)) return false;
    const bool filter_ends = filter_dot == std::string_view::npos;
    const bool key_ends = key_dot == std::string_view::npos;
    if (filter_ends || key_ends) return filter_ends && key_ends;
    filter.remove_prefix(filter_dot + 1);
    key.remove_prefix(key_dot + 1);
  }
}

bool is_stream_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 &&
         std::all_of(name.begin(), name.end(), is_printable) &&
         name.find_first_of(".*>/\\") == std::string_view::npos;
}

bool is_subject(std::string_view subject) {
  return subject.size() <= 255 && each_token(subject, [](std::string_view token, bool) {
           return !token.empty() && std::all_of(token.begin(), token.end(), is_printable) &&
                  token.find_first_of("*>") == std::string_view::npos;
         });
}

std::optional<KeyCodec> key_codec(std::string_view name) {
  if (name == "none") return KeyCodec::kNone;
  if (name == "base64url") return KeyCodec::kBase64Url;
  if (name == "path") return KeyCodec::kPath;
  if (name == "escape") return KeyCodec::kEscape;
  return std::nullopt;
}

Ruled<std::string> encode_key(KeyCodec codec, std::string_view text, KeyUse use) {
  switch (codec) {
    case KeyCodec::kNone:
      return std::string(text);
    case KeyCodec::kBase64Url:
      return encode_tokens(text, use);
    case KeyCodec::kPath:
      return encode_path(text);
    case KeyCodec::kEscape:
      break;
  }
  if (text.empty()) return Refusal{400, "is empty"};
  if (use == KeyUse::kKey) return escape(text);
  if (text == ">") return std::string(text);
  if (text.find_first_of("*>") != std::string_view::npos)
    return Refusal{
        400,
        "has a wildcard, and this codec makes one token of a whole key: only > can be watched"};
  return escape(text);
}

std::optional<std::string> decode_key(KeyCodec codec, std::string_view encoded) {
  switch (codec) {
    case KeyCodec::kNone:
      return std::string(encoded);
    case KeyCodec::kBase64Url:
      return decode_tokens(encoded);
    case KeyCodec::kPath:
      return decode_path(encoded);
    case KeyCodec::kEscape:
      break;
  }
  return unescape(encoded);
}

std::optional<Refusal> check_history_key(std::string_view key, KeyUse use) {
  if (key.size() > kHistoryKeyBytes)
    return Refusal{400, "is longer than " + std::to_string(kHistoryKeyBytes) + " bytes"};
  const bool good = use == KeyUse::kKey ? is_history_key(key) : is_key_filter(key);
  if (!good) {
    return Refusal{
        400, use == KeyUse::kKey
                 ? "is not made of A-Z a-z 0-9 - / _ = with single dots between them"
                 : "is not made of A-Z a-z 0-9 - / _ =, * for one part and > for the rest, with "
                   "single dots between them"};
  }
  if (is_reserved_key(key)) return Refusal{400, "begins with _kv, which is reserved"};
  return std::nullopt;
}

}  // namespace cloesce::storage
