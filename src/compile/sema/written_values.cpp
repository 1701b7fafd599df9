// One look at each form of expression.
#include "compile/sema/written_values.h"

#include <algorithm>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "json/writer.h"

namespace cloesce::sema {
namespace {

using pre::ValueForm;

bool is_whole(std::string_view number) {
  return number.find_first_of(".eE") == std::string_view::npos;
}

// False for what is not written out.
bool write(const pre::ValueNode& value, json::Writer& out) {
  switch (value.form) {
    case ValueForm::kString:
      out.string(value.text);
      return true;
    case ValueForm::kNumber:
    case ValueForm::kBoolean:
      out.raw(value.text);
      return true;
    case ValueForm::kNull:
      out.null();
      return true;
    case ValueForm::kArray:
      out.begin_array();
      for (const pre::ValueNode& item : value.items) {
        if (!write(item, out)) return false;
      }
      out.end_array();
      return true;
    case ValueForm::kObject:
      out.begin_object();
      for (const pre::ObjectEntry& entry : value.entries) {
        out.key(entry.key);
        if (!write(entry.value, out)) return false;
      }
      out.end_object();
      return true;
    case ValueForm::kName:
    case ValueForm::kArrow:
    case ValueForm::kOther:
      break;
  }
  return false;
}

Fit given(bool fits) { return fits ? Fit::kFits : Fit::kMisfit; }

}  // namespace

Fit fit_of(const pre::ValueNode& value, const cidl::Type& type) {
  switch (value.form) {
    case ValueForm::kName:
    case ValueForm::kOther:
      return Fit::kUnknown;
    case ValueForm::kArrow:
      return Fit::kMisfit;
    default:
      break;
  }
  switch (type.kind) {
    case cidl::TypeKind::kNullable:
      return value.form == ValueForm::kNull ? Fit::kFits : fit_of(value, type.inner.front());
    case cidl::TypeKind::kInteger:
      return given(value.form == ValueForm::kNumber && is_whole(value.text));
    case cidl::TypeKind::kReal:
      return given(value.form == ValueForm::kNumber);
    case cidl::TypeKind::kText:
      return given(value.form == ValueForm::kString);
    case cidl::TypeKind::kBoolean:
      return given(value.form == ValueForm::kBoolean);
    case cidl::TypeKind::kJsonValue:
      return Fit::kFits;
    case cidl::TypeKind::kDateIso:
    case cidl::TypeKind::kBlob:
      return Fit::kMisfit;
    case cidl::TypeKind::kArray: {
      if (value.form != ValueForm::kArray) return Fit::kMisfit;
      Fit all = Fit::kFits;
      for (const pre::ValueNode& item : value.items) {
        const Fit one = fit_of(item, type.inner.front());
        if (one != Fit::kFits) all = one;
        if (one == Fit::kMisfit) break;
      }
      return all;
    }
    default:
      return Fit::kUnknown;
  }
}

std::optional<std::string> json_of(const pre::ValueNode& value) {
  Arena arena;
  ByteBuffer buffer(arena, 256);
  json::Writer out(buffer);
  if (!write(value, out)) return std::nullopt;
  return std::string(buffer.view());
}

std::string_view suggested_type(const std::optional<pre::ValueNode>& value) {
  if (!value) return "string";
  switch (value->form) {
    case ValueForm::kNumber:
      return is_whole(value->text) ? "Integer" : "number";
    case ValueForm::kBoolean:
      return "boolean";
    case ValueForm::kNull:
      return "string | null";
    case ValueForm::kArray:
      return value->items.empty()                              ? "string[]"
             : value->items.front().form == ValueForm::kNumber ? "Integer[]"
                                                               : "string[]";
    case ValueForm::kObject:
      return "Json";
    case ValueForm::kOther:
      return value->text.starts_with("new Date(") ? "Date" : "string";
    default:
      return "string";
  }
}

}  // namespace cloesce::sema
