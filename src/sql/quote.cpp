// Doubling of quote characters.
#include "sql/quote.h"

namespace cloesce::sql {
namespace {

void append_quoted(String& out, std::string_view text, char quote) {
  out += quote;
  std::size_t end = 0;
  while ((end = text.find(quote)) != std::string_view::npos) {
    out += text.substr(0, end + 1);
    out += quote;
    text.remove_prefix(end + 1);
  }
  out += text;
  out += quote;
}

}  // namespace

void append_identifier(String& out, std::string_view name) { append_quoted(out, name, '"'); }

void append_literal(String& out, std::string_view text) { append_quoted(out, text, '\''); }

std::string quote_identifier(std::string_view name) {
  String out;
  append_identifier(out, name);
  return out;
}

std::string quote_literal(std::string_view text) {
  String out;
  append_literal(out, text);
  return out;
}

}  // namespace cloesce::sql
