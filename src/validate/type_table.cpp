// Looking members up, and naming types in messages.
#include "validate/type_table.h"

#include "base/concat.h"
#include "base/hash.h"

namespace cloesce::validate {

using cidl::TypeKind;

std::uint32_t TypeTable::find(const Shape& shape, std::string_view name) const {
  const std::size_t mask = shape.slots.size() - 1;
  std::size_t slot = static_cast<std::size_t>(hash_text(name)) & mask;
  for (; shape.slots[slot] != kNoMember; slot = (slot + 1) & mask) {
    if (shape.members[shape.slots[slot]].name == name) return shape.slots[slot];
  }
  return kNoMember;
}

bool TypeTable::names_data_source(std::uint32_t model, std::string_view name) const {
  if (name == "none") return true;
  for (const image::Text& known : models[model].data_sources) {
    if (known == name) return true;
  }
  return false;
}

String TypeTable::describe(TypeId id) const {
  const CompiledType& compiled = type(id);
  const std::string_view null = compiled.null == Null::kAllowed ? " or null" : "";
  std::string_view name;
  switch (compiled.kind) {
    case TypeKind::kInteger:
      name = "Integer";
      break;
    case TypeKind::kReal:
      name = "Real";
      break;
    case TypeKind::kText:
      name = "Text";
      break;
    case TypeKind::kBoolean:
      name = "Boolean";
      break;
    case TypeKind::kDateIso:
      name = "an ISO-8601 date";
      break;
    case TypeKind::kBlob:
      name = "Blob";
      break;
    case TypeKind::kArray:
      name = "an array";
      break;
    case TypeKind::kJsonValue:
      name = "a JSON value";
      break;
    case TypeKind::kKvValue:
    case TypeKind::kPage:
    case TypeKind::kR2Object:
    case TypeKind::kR2Download:
      name = "an object";
      break;
    case TypeKind::kDataSource:
      return filled("a data source of %%", {shape(model_shape(compiled.target)).name, null});
    case TypeKind::kObject:
    case TypeKind::kPartial:
      return filled("% object%", {shape(ShapeId{compiled.target}).name, null});
    case TypeKind::kStream:
    case TypeKind::kVoid:
    case TypeKind::kNullable:
    case TypeKind::kHttpResult:
    case TypeKind::kInject:
      name = "nothing";
      break;
  }
  return concat({name, null});
}

}  // namespace cloesce::validate
