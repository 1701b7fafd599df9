// Properties as fields.
#include "compile/sema/plain_objects.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cidl/find.h"
#include "compile/sema/access.h"
#include "compile/sema/names.h"
#include "compile/sema/written_values.h"

namespace cloesce::sema {
namespace {

std::optional<cidl::Field> analyse_field(const Context& context, const pre::ClassNode& node,
                                         const pre::PropertyNode& property) {
  const std::string subject = member_text(node.name, property.name);
  if (!property.type) {
    context.reporter.report(Code::kTypeMissing, property.span,
                            fmt::format(FMT_COMPILE("the field `{}` has no type"), subject),
                            fmt::format(FMT_COMPILE("write its type: `{}: {}`"), property.name,
                                        suggested_type(property.initializer)));
    return std::nullopt;
  }
  auto type = context.types.resolve(*property.type, {Position::kField, subject});
  if (!type) return std::nullopt;
  if (property.optional && !cidl::is_nullable(*type)) {
    cidl::Type inner = std::move(*type);
    type = cidl::Type{cidl::TypeKind::kNullable, {}, {}};
    type->inner.push_back(std::move(inner));
  }
  return cidl::Field{property.name, std::move(*type), declared_access(context, property, subject)};
}

}  // namespace

std::vector<cidl::PlainObject> analyse_plain_objects(const Context& context) {
  std::vector<cidl::PlainObject> objects;
  for (const ClassEntry& entry : context.classes.classes()) {
    if (entry.kind != ClassKind::kPlainObject) continue;
    const pre::ClassNode& node = *entry.node;
    cidl::PlainObject& object = objects.emplace_back();
    object.name = node.name;
    object.file = context.file_of(node);
    object.documentation = node.documentation;
    MemberNames names(context.reporter, node.name);
    for (const pre::PropertyNode& property : node.properties) {
      if (property.placement == pre::Placement::kStatic) continue;
      if (!names.add(property.name, property.span)) continue;
      if (auto field = analyse_field(context, node, property)) {
        object.fields.push_back(std::move(*field));
      }
    }
  }
  return objects;
}

}  // namespace cloesce::sema
