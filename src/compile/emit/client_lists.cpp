// Paths become nested members: `album.title` is a member of the conditions on `album`.
#include "compile/emit/client_lists.h"

#include <map>
#include <string>
#include <string_view>

#include "cidl/find.h"
#include "cidl/list_path.h"
#include "compile/emit/typescript.h"

namespace cloesce::emit {
namespace {

struct Node {
  std::map<std::string, Node, std::less<>> members;
  const cidl::Column* column = nullptr;
  const cidl::Navigation* navigation = nullptr;
};

cidl::PathTarget follow(const ClientNames& names, const cidl::Model& model, std::string_view path) {
  return cidl::follow_path(model, path,
                           [&](std::string_view name) { return names.index().model(name); });
}

void add(Node& root, const cidl::PathTarget& target) {
  Node* at = &root;
  for (const cidl::Navigation* navigation : target.through) {
    at = &at->members[navigation->name];
    at->navigation = navigation;
  }
  at->members[target.column->name].column = target.column;
}

std::string members_text(const Node& node, ClientNames& names);

std::string member_text(const Node& node, ClientNames& names) {
  if (node.column != nullptr) {
    return std::string(names.import("ColumnCondition")) + "<" +
           type_text(node.column->type, Position::kField, names) + ">";
  }
  const bool one = node.navigation->kind == cidl::NavigationKind::kOneToOne;
  return std::string(names.import(one ? "RowCondition" : "RowsCondition")) + "<" +
         members_text(node, names) + ">";
}

std::string members_text(const Node& node, ClientNames& names) {
  std::string text = "{ ";
  for (const auto& [name, member] : node.members) {
    text += property_name(name) + ": " + member_text(member, names) + "; ";
  }
  return text + "}";
}

// `{ readonly album: { readonly title: Direction } }`.
std::string order_text(const cidl::PathTarget& target, ClientNames& names) {
  std::string text;
  for (const cidl::Navigation* navigation : target.through) {
    text += "{ readonly " + property_name(navigation->name) + ": ";
  }
  text += "{ readonly " + property_name(target.column->name) + ": ";
  text += names.import("Direction");
  for (std::size_t level = 0; level <= target.through.size(); ++level) text += " }";
  return text;
}

}  // namespace

void write_list_types(CodeWriter& writer, ClientNames& names, const cidl::Model& model) {
  if (!model.list.has_value()) return;
  if (!model.list->where.empty()) {
    Node root;
    for (const std::string& path : model.list->where) add(root, follow(names, model, path));
    writer.blank();
    writer.documentation("Which " + model.name + " a list may be asked for.");
    writer.line("export type ", names.where(model.name), " = ", names.import("Conditions"), "<",
                members_text(root, names), ">;");
  }
  if (model.list->order_by.empty()) return;
  std::vector<std::string> orders;
  for (const std::string& path : model.list->order_by) {
    orders.push_back(order_text(follow(names, model, path), names));
  }
  writer.blank();
  writer.documentation("By what a list of " + model.name + " may be ordered.");
  writer.line("export type ", names.order(model.name), " = ", join(orders, " | "), ";");
}

std::string list_settings(ClientNames& names, const cidl::Model& model) {
  std::string text(names.import("ListSettings"));
  if (!model.list.has_value()) return text;
  const bool where = !model.list->where.empty();
  const bool order = !model.list->order_by.empty();
  if (!where && !order) return text;
  text += "<";
  text += where ? names.where(model.name) : "never";
  if (order) text.append(", ").append(names.order(model.name));
  return text + ">";
}

}  // namespace cloesce::emit
