// Blocks of namespaces, lines of routes.
#include "compile/emit/access.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "cidl/builtin_rules.h"
#include "cidl/find.h"
#include "cidl/list_path.h"
#include "cidl/store_rules.h"
#include "compile/emit/code_writer.h"
#include "compile/emit/routes.h"

namespace cloesce::emit {
namespace {

using Names = std::vector<std::string>;

std::string or_nothing(const Names& names) { return names.empty() ? "-" : join(names, ", "); }

// `artist, tracks {genre}`.
std::string tree_text(const cidl::IncludeTree& tree) {
  Names names;
  for (const cidl::IncludeNode& node : tree.nodes) {
    std::string& name = names.emplace_back(node.name);
    if (!node.children.nodes.empty()) {
      name.append(" {").append(tree_text(node.children)).append("}");
    }
  }
  return join(names, ", ");
}

class AccessTable {
 public:
  AccessTable(const cidl::Interface& interface, const std::vector<Guard>& guards)
      : interface_(interface), names_(interface), guards_(guards) {}

  std::string render() {
    write_head();
    for (const cidl::Model& model : interface_.models) write_model(model);
    for (const cidl::Service& service : interface_.services) {
      if (service.methods.empty()) continue;
      out_.append("\n").append(service.name).append(", a service\n");
      write_routes(nullptr, service.name, service.methods);
    }
    return std::move(out_);
  }

 private:
  struct Line {
    std::string verb;
    std::string path;
    std::string guards;
    std::string work;
  };

  void write_head() {
    std::size_t requests = 0;
    std::size_t unknown = 0;
    for (const Guard& guard : guards_) {
      if (guard.kind == GuardKind::kRequest) {
        ++requests;
      } else if (is_unknown(guard)) {
        ++unknown;
      }
    }
    out_.append("every request meets ").append(count(requests, "onRequest hook")).append("\n");
    if (unknown > 0) {
      out_.append(count(unknown, "hook"))
          .append(" more, for what is not written out and so not in this table\n");
    }
  }

  static std::string count(std::size_t number, std::string_view noun) {
    std::string text = number == 0 ? "no" : std::to_string(number);
    text.append(" ").append(noun);
    if (number != 1) text.push_back('s');
    return text;
  }

  // A name may also be that of a variable.
  [[nodiscard]] bool is_unknown(const Guard& guard) const {
    const auto is_called = [&](const auto& one) { return one.name == guard.name_space; };
    const bool known =
        std::any_of(interface_.models.begin(), interface_.models.end(), is_called) ||
        std::any_of(interface_.services.begin(), interface_.services.end(), is_called);
    return !known || (guard.kind == GuardKind::kMethod && guard.method.empty());
  }

  void write_model(const cidl::Model& model) {
    if (model.methods.empty()) return;
    out_.append("\n").append(model.name).append(", ").append(cidl::store_of(model).items);
    if (!model.binding.empty()) out_.append(" ").append(model.binding);
    out_.append("\n");
    write_members(model);
    write_routes(&model, model.name, model.methods);
  }

  // What an answer may hold: a fact of the model, whatever the route.
  void write_members(const cidl::Model& model) {
    Names read;
    Names hidden;
    for (const cidl::Column& column : model.columns) {
      (column.access == cidl::Access::kHidden ? hidden : read).push_back(column.name);
    }
    fact("columns", read);
    fact("hidden", hidden);
    Names sources;
    for (const cidl::DataSource& source : model.data_sources) {
      sources.push_back(source.name + " {" + tree_text(source.tree) + "}");
    }
    fact("data sources", sources);
    const auto is_scope = [&](const Guard& guard) {
      return guard.kind == GuardKind::kScope && guard.name_space == model.name;
    };
    const auto scopes = std::count_if(guards_.begin(), guards_.end(), is_scope);
    if (scopes == 0) return;
    fact("rows", {"those within " + count(static_cast<std::size_t>(scopes), "scope") +
                  ", whichever way they are reached"});
  }

  void fact(std::string_view name, const Names& values) {
    if (values.empty()) return;
    out_.append("  ").append(name).append(": ").append(join(values, ", ")).append("\n");
  }

  void write_routes(const cidl::Model* model, std::string_view name,
                    const std::vector<cidl::Method>& methods) {
    std::vector<Line> lines;
    for (const cidl::Method& method : methods) {
      lines.push_back({std::string(verb_text(method.verb)), path_of(model, name, method),
                       or_nothing(guards_of(model, name, method)), work_of(model, method)});
    }
    std::array<std::size_t, 3> widths{};
    for (const Line& line : lines) {
      widths = {std::max(widths[0], line.verb.size()), std::max(widths[1], line.path.size()),
                std::max(widths[2], line.guards.size())};
    }
    for (const Line& line : lines) {
      out_.append("  ");
      cell(line.verb, widths[0]);
      cell(line.path, widths[1]);
      cell(line.guards, widths[2]);
      out_.append(line.work).append("\n");
    }
  }

  void cell(std::string_view text, std::size_t width) {
    out_.append(text).append(width - text.size() + 2, ' ');
  }

  [[nodiscard]] std::string path_of(const cidl::Model* model, std::string_view name,
                                    const cidl::Method& method) const {
    std::string path = "/";
    if (!interface_.route_prefix.empty()) path.append(interface_.route_prefix).append("/");
    path.append(name);
    if (addresses_instance(model, method)) {
      for (const KeySegment& segment : key_segments(*model)) {
        path.append("/{").append(segment.name).append("}");
      }
    }
    return path.append("/").append(method.name);
  }

  [[nodiscard]] Names guards_of(const cidl::Model* model, std::string_view name,
                                const cidl::Method& method) const {
    static constexpr std::array<std::string_view, 4> kNames = {"onRequest", "onNamespace",
                                                               "onMethod", "onInstance"};
    std::array<std::size_t, 4> counts{};
    for (const Guard& guard : guards_) {
      if (is_unknown(guard) || guard.name_space != name) continue;
      if (guard.kind == GuardKind::kScope) continue;
      if (guard.kind == GuardKind::kMethod && guard.method != method.name) continue;
      if (guard.kind == GuardKind::kInstance && !reads_instance(model, method)) continue;
      ++counts[static_cast<std::size_t>(guard.kind)];
    }
    Names names;
    for (std::size_t kind = 1; kind < counts.size(); ++kind) {
      if (counts[kind] == 0) continue;
      std::string& text = names.emplace_back(kNames[kind]);
      if (counts[kind] > 1) text.append(" x").append(std::to_string(counts[kind]));
    }
    return names;
  }

  static bool reads_instance(const cidl::Model* model, const cidl::Method& method) {
    switch (method.builtin) {
      case cidl::Builtin::kNone:
        return addresses_instance(model, method);
      case cidl::Builtin::kGet:
      case cidl::Builtin::kHead:
      case cidl::Builtin::kDelete:
        return true;
      default:
        return false;
    }
  }

  [[nodiscard]] std::string work_of(const cidl::Model* model, const cidl::Method& method) const {
    if (model == nullptr) return "own code";
    const std::string item(cidl::store_of(*model).item);
    switch (method.builtin) {
      case cidl::Builtin::kNone:
        return addresses_instance(model, method) ? "own code, on the " + item : "own code";
      case cidl::Builtin::kGet:
        return "reads one " + item;
      case cidl::Builtin::kHead:
        return "reads the head of one " + item;
      case cidl::Builtin::kList:
        return cidl::has_rows(*model) ? list_work_of(*model) : "reads by prefix";
      case cidl::Builtin::kDelete:
        return "deletes one " + item;
      case cidl::Builtin::kPut:
        return "writes one " + item;
      case cidl::Builtin::kSave:
        break;
    }
    if (!cidl::has_rows(*model)) return "writes one " + item;
    Names written;
    for (const cidl::Column& column : model->columns) {
      if (column.access == cidl::Access::kOpen) written.push_back(column.name);
    }
    std::string work = "writes " + or_nothing(written);
    return work.append(nested_writes_of(*model));
  }

  // How many rows a LIST answers, and by which columns callers may choose them.
  static std::string list_work_of(const cidl::Model& model) {
    const cidl::ListRules rules =
        model.list.value_or(cidl::ListRules{{}, {}, cidl::kListRows, cidl::kListRows});
    std::string work = rules.limit == 0
                           ? "reads all rows"
                           : "reads up to " + std::to_string(rules.maximum) + " rows a page";
    if (!rules.where.empty()) work.append("; filtered by ").append(join(rules.where, ", "));
    if (!rules.order_by.empty()) work.append("; ordered by ").append(join(rules.order_by, ", "));
    return work;
  }

  // What a SAVE may write besides its own row.
  [[nodiscard]] std::string nested_writes_of(const cidl::Model& model) const {
    if (model.navigations.empty()) return {};
    if (interface_.nested_writes != cidl::NestedWrites::kGranted) {
      return "; relations as far as its data source reaches";
    }
    Names direct;
    for (const cidl::Navigation& navigation : model.navigations) {
      const cidl::Model* target = names_.model(navigation.model);
      if (navigation.access != cidl::Access::kOpen || target == nullptr || !has_save(*target)) {
        continue;
      }
      direct.push_back(navigation.name + " (as " + target->name + "/save)");
    }
    std::string text;
    if (!model.writes.nodes.empty()) text = "; granted " + tree_text(model.writes);
    if (!direct.empty()) text.append("; ").append(join(direct, ", "));
    return text.append("; other relations by key alone");
  }

  static bool has_save(const cidl::Model& model) {
    return std::any_of(model.methods.begin(), model.methods.end(),
                       [](const cidl::Method& method) { return cidl::rules_of(method).saves; });
  }

  const cidl::Interface& interface_;
  cidl::NameIndex names_;
  const std::vector<Guard>& guards_;
  std::string out_;
};

}  // namespace

std::string access_table(const cidl::Interface& interface, const std::vector<Guard>& guards) {
  return AccessTable(interface, guards).render();
}

}  // namespace cloesce::emit
