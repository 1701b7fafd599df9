#include "storage/blob_name.h"

#include <algorithm>

#include "base/ascii.h"

namespace cloesce::storage {
namespace {

constexpr std::size_t kCutStem = 128;
constexpr std::size_t kLongestExtension = 10;

bool is_lower(char character) { return character >= 'a' && character <= 'z'; }
bool is_upper(char character) { return character >= 'A' && character <= 'Z'; }
bool is_plain(char character) {
  return is_lower(character) || is_digit(character) || character == '-' || character == '_';
}
bool is_hex(char character) {
  return is_digit(character) || (character >= 'a' && character <= 'f');
}

bool is_hex_text(std::string_view text) {
  return text.size() == kHexDigits && std::all_of(text.begin(), text.end(), is_hex);
}

int hex_value(char digit) { return is_digit(digit) ? digit - '0' : digit - 'a' + 10; }

void append_escaped(std::string& out, char character) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (is_plain(character)) {
    out += character;
  } else if (is_upper(character)) {
    out += '+';
    out += to_lower(character);
  } else {
    const auto byte = static_cast<unsigned char>(character);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

/// `.` and the letters and digits behind the last dot of a key; empty when that is no extension.
std::string extension(std::string_view key) {
  const std::size_t dot = key.rfind('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view tail = key.substr(dot + 1);
  const auto fits = [](char character) { return is_letter(character) || is_digit(character); };
  if (tail.empty() || tail.size() > kLongestExtension) return {};
  if (!std::all_of(tail.begin(), tail.end(), fits)) return {};
  std::string lower = ".";
  for (const char character : tail) lower += to_lower(character);
  return lower;
}

/// The bytes that a whole stem stands for.
std::optional<std::string> decode(std::string_view text) {
  std::string key;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char character = text[at];
    if (is_plain(character)) {
      key += character;
    } else if (character == '+' && at + 1 < text.size() && is_lower(text[at + 1])) {
      at += 1;
      key += static_cast<char>(text[at] - 'a' + 'A');
    } else if (character == '%' && at + 2 < text.size() && is_hex(text[at + 1]) &&
               is_hex(text[at + 2])) {
      const char byte = static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
      if (is_plain(byte) || is_upper(byte)) return std::nullopt;  // has a shorter form
      key += byte;
      at += 2;
    } else {
      return std::nullopt;
    }
  }
  return key;
}

struct Pieces {
  std::string_view stem;
  bool whole = true;
  std::string_view extension;
};

std::optional<Pieces> take_apart(std::string_view id) {
  Pieces pieces;
  if (const std::size_t dot = id.find('.'); dot != std::string_view::npos) {
    pieces.extension = id.substr(dot);
    const std::string_view tail = pieces.extension.substr(1);
    const auto fits = [](char character) { return is_lower(character) || is_digit(character); };
    if (tail.empty() || tail.size() > kLongestExtension) return std::nullopt;
    if (!std::all_of(tail.begin(), tail.end(), fits)) return std::nullopt;
    id = id.substr(0, dot);
  }
  const std::size_t mark = id.rfind('~');
  if (mark == std::string_view::npos || !is_hex_text(id.substr(mark + 1))) return std::nullopt;
  pieces.stem = id.substr(0, mark);
  if (pieces.stem.size() > kLongestStem + 1) return std::nullopt;
  if (const std::size_t cut = pieces.stem.find('~'); cut != std::string_view::npos) {
    if (!is_hex_text(pieces.stem.substr(cut + 1))) return std::nullopt;
    pieces.stem = pieces.stem.substr(0, cut);
    pieces.whole = false;
  }
  return pieces;
}

}  // namespace

std::string stem(std::string_view key, std::string_view digest) {
  std::string text;
  std::size_t cut = 0;  // the longest beginning of whole characters within kCutStem
  for (const char character : key) {
    append_escaped(text, character);
    if (text.size() <= kCutStem) cut = text.size();
  }
  if (text.size() > kLongestStem) {
    text.resize(cut);
    text += '~';
    text += digest;
  }
  return text;
}

std::optional<std::string> blob_id(std::string_view key, std::string_view random,
                                   std::string_view digest) {
  if (!is_hex_text(random)) return std::nullopt;
  std::string id = stem(key, digest);
  if (id.find('~') != std::string::npos && !is_hex_text(digest)) return std::nullopt;
  id += '~';
  id += random;
  id += extension(key);
  return id;
}

bool is_blob_id(std::string_view text) {
  const std::optional<Pieces> pieces = take_apart(text);
  return pieces.has_value() && decode(pieces->stem).has_value();
}

std::optional<std::string> key_of(std::string_view id) {
  const std::optional<Pieces> pieces = take_apart(id);
  if (!pieces.has_value() || !pieces->whole) return std::nullopt;
  return decode(pieces->stem);
}

}  // namespace cloesce::storage
