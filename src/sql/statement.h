// An SQL text in the making: typed chunks that are quoted and joined when it is rendered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/list.h"
#include "base/string.h"

namespace cloesce::sql {

/// SQL text a statement may have on D1, in bytes.
inline constexpr std::size_t kMaximumStatementBytes = 100'000;

/// Collects syntax, names, literals and parameters without mixing them. Syntax can only come from
/// string literals of the source, so that no value and no name becomes SQL by accident.
class Statement {
 public:
  static constexpr bool kRelocatable = cloesce::kRelocatable<String>;

  /// Keywords and punctuation, spaces included.
  template <std::size_t Size>
  Statement& text(const char (&syntax)[Size]) {
    return add(Kind::kSyntax, {syntax, Size - 1});
  }

  /// A quoted name of a table, column or alias.
  Statement& identifier(std::string_view name) { return add(Kind::kIdentifier, name); }

  /// `"table"."name"`.
  Statement& column(std::string_view table, std::string_view name);

  /// A string literal; for texts of the interface, never for values of a request.
  Statement& literal(std::string_view text) { return add(Kind::kLiteral, text); }

  /// The parameter `?number`, counted from 1.
  Statement& parameter(std::uint32_t number);

  /// A number made by the core, such as an index into an array.
  Statement& number(std::uint32_t value);

  /// SQL that the app's developer wrote, such as the `from` of a list. It is put on lines of its
  /// own, so that a comment at its end hides nothing.
  Statement& foreign(std::string_view sql) { return add(Kind::kForeign, sql); }

  /// The chunks of another statement.
  Statement& append(const Statement& other);

  [[nodiscard]] bool empty() const { return chunks_.empty(); }

  /// The largest number of a parameter in it, those in foreign SQL aside; 0: there is none.
  [[nodiscard]] std::uint32_t largest_parameter() const { return largest_parameter_; }

  /// The text.
  [[nodiscard]] String render() const;

 private:
  enum class Kind : std::uint8_t { kSyntax, kIdentifier, kLiteral, kForeign };
  struct Chunk {
    Kind kind;
    std::uint32_t begin;  // in pool_
    std::uint32_t size;
  };

  Statement& add(Kind kind, std::string_view text);

  List<Chunk> chunks_;
  String pool_;
  std::uint32_t largest_parameter_ = 0;
};

}  // namespace cloesce::sql
