// Keys are bound as texts: D1 binds every JavaScript number as a real one. A column's affinity
// makes them what they are.
#include "orm/key.h"

#include <array>
#include <cstdint>

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "base/string.h"
#include "json/writer.h"
#include "orm/detail/bound_value.h"

namespace cloesce::orm {
namespace {

Failure invalid(const ModelSchema& model, std::string_view column, std::string_view expected) {
  return Failure{ErrorCode::kKeyInvalid, filled("expected %", {expected}),
                 filled("%.%", {model.name, column})};
}

// Appends the value as the JSON string that is bound.
Result<void> append_bound(ByteBuffer& out, const ModelSchema& model, const ColumnSchema& column,
                          std::string_view text) {
  if (detail::append_bound_value(out, column.kind, text)) return {};
  return invalid(model, column.name, detail::expected_value(column.kind));
}

// The text of a JSON scalar: a string's characters, or the token of anything else.
Result<std::string_view> scalar_text(const ModelSchema& model, const ColumnSchema& column,
                                     const json::Value& value) {
  const std::string_view token = value.token();
  const char first = token.empty() ? '\0' : token.front();
  const bool textual = column.kind == ColumnKind::kText || column.kind == ColumnKind::kDate ||
                       column.kind == ColumnKind::kBlob;
  // Keys of any type may come as strings, as they do in a URL.
  if (first == '"') {
    std::string_view text;
    if (const auto code = value.get_string(text); code) {
      return json::malformed(code, column.name);
    }
    return text;
  }
  if (textual || first == '{' || first == '[' || token == "null") {
    return invalid(model, column.name, textual ? "a text" : "a value");
  }
  return token;
}

Result<std::string_view> parameters_of(const ModelSchema& model,
                                       std::span<const std::string_view> texts, Arena& arena) {
  if (texts.size() != model.primary_key.size()) {
    return Failure{ErrorCode::kKeyInvalid,
                   filled("the key has % columns, got %",
                          {decimal(model.primary_key.size()), decimal(texts.size())}),
                   model.name};
  }
  ByteBuffer out(arena, 64);
  for (std::size_t index = 0; index < texts.size(); ++index) {
    out.push(index == 0 ? '[' : ',');
    CLOESCE_TRY(append_bound(out, model, model.key(index), texts[index]));
  }
  out.push(']');
  return out.view();
}

}  // namespace

Result<std::string_view> key_parameters(const ModelSchema& model,
                                        std::span<const std::string_view> texts, Arena& arena) {
  return parameters_of(model, texts, arena);
}

Result<std::string_view> key_parameters(const ModelSchema& model, const json::Value& key,
                                        Arena& arena) {
  std::array<std::string_view, kMaximumKeyColumns> texts;
  if (key.type() == json::Type::kInvalid) {
    return json::malformed(simdjson::TAPE_ERROR, model.name);
  }
  const std::size_t count = model.primary_key.size();
  if (key.type() != json::Type::kObject) {
    if (count > 1) return invalid(model, model.key(0).name, "an object with all key columns");
    Result<std::string_view> text = scalar_text(model, model.key(0), key);
    if (!text.ok()) return text;
    texts[0] = *text;
    return parameters_of(model, {texts.data(), 1}, arena);
  }
  json::Object members;
  if (const auto code = key.get_object(members); code) {
    return json::malformed(code, model.name);
  }
  std::array<bool, kMaximumKeyColumns> given{};
  for (json::Field field; members.next(field);) {
    std::string_view name;
    if (const auto code = field.unescaped_key(name); code) {
      return json::malformed(code, model.name);
    }
    for (std::size_t index = 0; index < count; ++index) {
      const ColumnSchema& column = model.key(index);
      if (column.name != name) continue;
      Result<std::string_view> text = scalar_text(model, column, field.value());
      if (!text.ok()) return text;
      texts[index] = *text;
      given[index] = true;
    }
  }
  if (members.error()) return json::malformed(members.error(), model.name);
  for (std::size_t index = 0; index < count; ++index) {
    if (!given[index]) return invalid(model, model.key(index).name, "a value, got none");
  }
  return parameters_of(model, {texts.data(), count}, arena);
}

}  // namespace cloesce::orm
