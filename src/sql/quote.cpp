// Doubling of quote characters.
#include "sql/quote.h"

namespace cloesce::sql {
namespace {

void append_quoted(std::string& out, std::string_view text, char quote) {
  out.push_back(quote);
  for (const char character : text) {
    if (character == quote) out.push_back(quote);
    out.push_back(character);
  }
  out.push_back(quote);
}

}  // namespace

void append_identifier(std::string& out, std::string_view name) { append_quoted(out, name, '"'); }

void append_literal(std::string& out, std::string_view text) { append_quoted(out, text, '\''); }

std::string quote_identifier(std::string_view name) {
  std::string out;
  out.reserve(name.size() + 2);
  append_identifier(out, name);
  return out;
}

std::string quote_literal(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  append_literal(out, text);
  return out;
}

}  // namespace cloesce::sql
