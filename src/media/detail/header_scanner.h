// Steps through a header by the grammar of RFC 9110: tokens, optional white space, quoted strings.
#pragma once

#include <cstddef>  // size_t
#include <string_view>

#include "base/ascii.h"

namespace cloesce::media::detail {

class HeaderScanner {
 public:
  explicit HeaderScanner(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }

  void skip_space() {
    while (peek() == ' ' || peek() == '\t') ++at_;
  }

  /// Takes `character` when it is next.
  bool take(char character) {
    if (at_end() || text_[at_] != character) return false;
    ++at_;
    return true;
  }

  /// One or more token characters; empty when there is none.
  std::string_view token() {
    const std::size_t begin = at_;
    while (!at_end() && is_token_character(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  /// A token, or a quoted string without escapes into `out`, which is then what stands between the
  /// quotes.
  bool token_or_quoted(std::string_view& out) {
    if (!take('"')) {
      out = token();
      return !out.empty();
    }
    const std::size_t begin = at_;
    while (!at_end() && text_[at_] != '"') {
      const auto code = static_cast<unsigned char>(text_[at_]);
      if (code == '\\' || code == 0x7F || (code < 0x20 && code != '\t')) return false;
      ++at_;
    }
    out = text_.substr(begin, at_ - begin);
    return take('"');
  }

  /// Moves to just behind the next `,` that is not in quotes, or to the end.
  void skip_element() {
    bool quoted = false;
    while (!at_end()) {
      const char character = text_[at_++];
      if (character == '"') quoted = !quoted;
      if (character == '\\' && quoted && !at_end()) ++at_;
      if (character == ',' && !quoted) return;
    }
  }

 private:
  static bool is_token_character(char character) {
    if (is_letter(character) || is_digit(character)) return true;
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return kMarks.find(character) != std::string_view::npos;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace cloesce::media::detail
