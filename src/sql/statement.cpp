// Chunks share one pool of characters, so that a statement is two allocations however long it gets.
#include "sql/statement.h"

#include <algorithm>

#include "base/concat.h"
#include "sql/quote.h"

namespace cloesce::sql {

Statement& Statement::column(std::string_view table, std::string_view name) {
  return identifier(table).text(".").identifier(name);
}

Statement& Statement::parameter(std::uint32_t number) {
  largest_parameter_ = std::max(largest_parameter_, number);
  text("?");
  return this->number(number);
}

Statement& Statement::number(std::uint32_t value) { return add(Kind::kSyntax, decimal(value)); }

Statement& Statement::append(const Statement& other) {
  const auto shift = static_cast<std::uint32_t>(pool_.size());
  // A statement may be appended to itself, so its chunks are counted first.
  const std::size_t count = other.chunks_.size();
  chunks_.reserve(chunks_.size() + count);
  for (std::size_t index = 0; index < count; ++index) {
    Chunk chunk = other.chunks_[index];
    chunk.begin += shift;
    chunks_.push_back(chunk);
  }
  pool_.reserve(pool_.size() + other.pool_.size());
  pool_.append(other.pool_);
  largest_parameter_ = std::max(largest_parameter_, other.largest_parameter_);
  return *this;
}

String Statement::render() const {
  String out;
  out.reserve(pool_.size() + 2 * chunks_.size());
  for (const Chunk& chunk : chunks_) {
    const std::string_view text = std::string_view(pool_).substr(chunk.begin, chunk.size);
    switch (chunk.kind) {
      case Kind::kSyntax:
        out.append(text);
        break;
      case Kind::kIdentifier:
        append_identifier(out, text);
        break;
      case Kind::kLiteral:
        append_literal(out, text);
        break;
      case Kind::kForeign:
        out += '\n';
        out.append(text);
        out += '\n';
        break;
    }
  }
  return out;
}

Statement& Statement::add(Kind kind, std::string_view text) {
  const auto begin = static_cast<std::uint32_t>(pool_.size());
  pool_.append(text);
  // Neighbouring syntax is one chunk.
  if (kind == Kind::kSyntax && !chunks_.empty()) {
    Chunk& last = chunks_.back();
    if (last.kind == Kind::kSyntax && last.begin + last.size == begin) {
      last.size += static_cast<std::uint32_t>(text.size());
      return *this;
    }
  }
  chunks_.push_back({kind, begin, static_cast<std::uint32_t>(text.size())});
  return *this;
}

}  // namespace cloesce::sql
