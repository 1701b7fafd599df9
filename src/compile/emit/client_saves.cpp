// A type and a constant for each level at which rows are written.
#include "compile/emit/client_saves.h"

#include <string>
#include <string_view>
#include <vector>

#include "compile/emit/typescript.h"

namespace cloesce::emit {
namespace {

using cidl::WriteRight;

std::vector<std::string> quoted_key(const cidl::Model& model) {
  std::vector<std::string> names;
  for (const cidl::Column* column : cidl::primary_key(model)) names.push_back(quoted(column->name));
  return names;
}

// Whether the row above holds the key of the one below.
bool is_held(const cidl::Navigation& navigation) {
  return navigation.kind == cidl::NavigationKind::kOneToOne &&
         navigation.key_owner == cidl::KeyOwner::kSelf;
}

// The type of what may be given below a relation; empty where nothing may.
std::string type_below(const cidl::Navigation& navigation, const cidl::RelationAccess& access,
                       ClientNames& names) {
  const cidl::Model& target = *names.index().model(navigation.model);
  if (access.right == WriteRight::kNone) {
    if (!is_held(navigation)) return {};
    return "Pick<" + target.name + ", " + join(quoted_key(target), " | ") + ">";
  }
  std::string type =
      access.below == cidl::RelationAccess::kNoLevel
          ? type_text({cidl::TypeKind::kPartial, target.name, {}}, Position::kParameter, names)
          : names.save(access.below).type;
  return navigation.kind == cidl::NavigationKind::kOneToOne ? type : type.append("[]");
}

// What is sent of a relation; empty where that is all of it.
std::string rule_of(const cidl::Navigation& navigation, const cidl::RelationAccess& access,
                    const ClientNames& names) {
  const cidl::Model& target = *names.index().model(navigation.model);
  // A row of a link may be others' too, and is not changed by what was read.
  const bool linked =
      access.right == WriteRight::kOwned && navigation.kind == cidl::NavigationKind::kManyToMany;
  const bool written = access.right != WriteRight::kNone;
  std::vector<std::string> parts;
  if (linked || (!written && is_held(navigation))) {
    parts.push_back("key: [" + join(quoted_key(target), ", ") + "]");
  }
  if (written && access.below != cidl::RelationAccess::kNoLevel) {
    parts.push_back("rules: () => " + names.save(access.below).rules);
  }
  if (parts.empty()) return written ? "" : "{}";
  return "{ " + join(parts, ", ") + " }";
}

void write_level(CodeWriter& writer, ClientNames& names, std::size_t number) {
  const cidl::AccessLevel& level = names.access().levels[number];
  const cidl::Model& model = *level.model;
  if (!cidl::has_more_than_columns(model)) return;
  std::vector<std::string> relations;
  std::vector<std::string> rules;
  std::vector<std::string> lines;
  for (std::size_t index = 0; index < model.navigations.size(); ++index) {
    const cidl::Navigation& navigation = model.navigations[index];
    // Hidden ones are no members, read-only ones are left out below.
    if (navigation.access != cidl::Access::kOpen) continue;
    const std::string name = property_name(navigation.name);
    relations.push_back(quoted(navigation.name));
    const std::string type = type_below(navigation, level.relations[index], names);
    if (!type.empty()) lines.push_back(name + "?: " + type + " | undefined;");
    const std::string rule = rule_of(navigation, level.relations[index], names);
    if (!rule.empty()) rules.push_back(name + ": " + rule);
  }
  for (const cidl::StoredField& field : model.stored) {
    if (field.access != cidl::Access::kOpen) continue;
    relations.push_back(quoted(field.name));
    rules.push_back(property_name(field.name) + ": { stored: true }");
  }
  for (const std::string_view member : names.read_only().own(model.name)) {
    relations.push_back(quoted(member));
  }
  writer.blank();
  writer.documentation("What a caller may save of a " + model.name +
                       " here, and of the rows around it.");
  const std::string head = "export type " + names.save(number).type + " = " +
                           std::string(names.import("DeepPartial")) + "<";
  const std::string whole =
      relations.empty() ? model.name : "Omit<" + model.name + ", " + join(relations, " | ") + ">";
  if (head.size() + whole.size() <= CodeWriter::kLineWidth) {
    writer.line(head, whole, "> & {");
  } else {
    writer.open(head);
    writer.open("Omit<");
    writer.line(model.name, ",");
    for (const std::string& relation : relations) writer.line("| ", relation);
    writer.close(">");
    writer.close("> & {");
  }
  writer.indent();
  for (const std::string& line : lines) writer.line(line);
  writer.close("};");
  writer.blank();
  writer.open("const ", names.save(number).rules, ": ", names.import("SaveRules"), " = {");
  for (const std::string& rule : rules) writer.line(rule, ",");
  writer.close("};");
}

}  // namespace

void write_saves(CodeWriter& writer, ClientNames& names) {
  for (std::size_t number = 0; number < names.access().levels.size(); ++number) {
    write_level(writer, names, number);
  }
}

}  // namespace cloesce::emit
