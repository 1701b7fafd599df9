// Grants are trees like those of data sources; what no grant covers is told where a source reads
// it.
#include "compile/sema/writes.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "cidl/find.h"
#include "cidl/write_access.h"
#include "compile/sema/data_sources.h"
#include "compile/sema/lists.h"
#include "compile/sema/marks.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

constexpr std::string_view kWrites = "writes";

// `lines: { product: {} }, tags: {}`.
std::string written_out(const cidl::IncludeTree& tree) {
  std::string text;
  for (const cidl::IncludeNode& node : tree.nodes) {
    if (!text.empty()) text.append(", ");
    text.append(node.name).append(": {");
    if (!node.children.nodes.empty())
      text.append(" ").append(written_out(node.children)).append(" ");
    text.append("}");
  }
  return text;
}

cidl::IncludeNode& child(cidl::IncludeTree& tree, std::string_view name) {
  for (cidl::IncludeNode& node : tree.nodes) {
    if (node.name == name) return node;
  }
  return tree.nodes.emplace_back(cidl::IncludeNode{std::string(name), {}});
}

class Grants {
 public:
  Grants(const Context& context, std::vector<ModelDraft>& drafts)
      : context_(context), drafts_(drafts) {}

  void run() {
    bool saved = false;
    for (ModelDraft& draft : drafts_) {
      const pre::DecoratorNode* crud = find_mark(draft.node().decorators, Mark::kCrud);
      if (crud == nullptr) continue;
      saved = saved || cidl::has_save(draft.model);
      bool decided = false;
      for (std::size_t index = 1; index < crud->arguments.size(); ++index) {
        const pre::ValueNode& argument = crud->arguments[index];
        if (argument.form == pre::ValueForm::kObject) decided = options(draft, argument) || decided;
      }
      if (!decided) undecided_.push_back({&draft, crud});
    }
    if (context_.project.nested_writes == cidl::NestedWrites::kDataSource) {
      if (saved) {
        context_.reporter.report(
            Code::kWritesFollowSources, std::nullopt,
            "callers may write every row that a data source of a model with SAVE reaches",
            "grant relations with the option `writes` of @CRUD, and remove \"nestedWrites\" from "
            "cloesce.config.json");
      }
      return;
    }
    for (const auto& [draft, crud] : undecided_) {
      if (cidl::has_save(draft->model)) check_sources(*draft, *crud);
    }
  }

 private:
  struct Undecided {
    ModelDraft* draft;
    const pre::DecoratorNode* crud;
  };

  // Whether they say something of writes.
  bool options(ModelDraft& draft, const pre::ValueNode& value) {
    bool decided = false;
    for (const pre::ObjectEntry& entry : value.entries) {
      if (entry.key == kListOption) continue;  // resolve_lists reads it
      if (entry.key != kWrites) {
        const std::string_view known[] = {kWrites, kListOption};
        context_.reporter.report(
            Code::kDecoratorArgument, entry.span,
            fmt::format(FMT_COMPILE("@CRUD of `{}` has no option `{}`"), draft.model.name,
                        entry.key),
            did_you_mean(known, entry.key, "the options are `writes` and `list`"));
        continue;
      }
      if (decided) {
        context_.reporter.report(
            Code::kNameRepeated, entry.span,
            fmt::format(FMT_COMPILE("@CRUD of `{}` says `writes` twice"), draft.model.name),
            "merge the two");
        continue;
      }
      decided = true;
      writes(draft, entry);
    }
    return decided;
  }

  void writes(ModelDraft& draft, const pre::ObjectEntry& entry) {
    if (entry.value.form != pre::ValueForm::kObject) {
      context_.reporter.report(
          Code::kIncludeValue, entry.value.span,
          fmt::format(FMT_COMPILE("`writes` of `{}` is not an object that is written out"),
                      draft.model.name),
          "name relations, as a data source does: `{ writes: { lines: {} } }`");
      return;
    }
    if (!cidl::has_save(draft.model)) {
      context_.reporter.report(
          Code::kWritesWithoutSave, entry.span,
          fmt::format(FMT_COMPILE("`{}` grants what a save may write, and has no SAVE"),
                      draft.model.name),
          "add \"SAVE\" to the kinds of @CRUD, or remove `writes`");
      return;
    }
    draft.model.writes = read_grants(context_, drafts_, draft, entry.value);
  }

  void check_sources(const ModelDraft& draft, const pre::DecoratorNode& crud) {
    std::vector<std::string> paths;
    cidl::IncludeTree missing;
    for (const cidl::DataSource& source : draft.model.data_sources) {
      collect(draft.model, source.tree, {}, paths, missing);
    }
    if (paths.empty()) return;
    std::string kinds;
    for (const cidl::Method& method : draft.model.methods) {
      if (cidl::is_own(method.builtin)) continue;
      std::string kind = method.name;
      std::transform(kind.begin(), kind.end(), kind.begin(),
                     [](char letter) { return static_cast<char>(letter - 'a' + 'A'); });
      kinds.append(kinds.empty() ? "\"" : ", \"").append(kind).append("\"");
    }
    context_.reporter.report(
        Code::kWritesNotGranted, crud.span,
        fmt::format(FMT_COMPILE("data sources of `{}` read `{}`, where its SAVE writes no rows"),
                    draft.model.name, fmt::join(paths, "`, `")),
        fmt::format(FMT_COMPILE("write `@CRUD([{}], {{ writes: {{ {} }} }})` to let callers write "
                                "them, or `writes: {{}}` where they may not"),
                    kinds, written_out(missing)));
  }

  // The relations below `model` that its callers cannot write, once each.
  void collect(const cidl::Model& model, const cidl::IncludeTree& tree, const std::string& above,
               std::vector<std::string>& paths, cidl::IncludeTree& missing) {
    for (const cidl::IncludeNode& node : tree.nodes) {
      const cidl::Navigation* navigation = cidl::find_navigation(model, node.name);
      if (navigation == nullptr) continue;
      const ModelDraft* target = find_draft(drafts_, navigation->model);
      if (target == nullptr) continue;
      const std::string path = above.empty() ? node.name : above + "." + node.name;
      // Both sides of a link are changed by it.
      const bool direct =
          cidl::has_save(target->model) &&
          (navigation->kind != cidl::NavigationKind::kManyToMany || cidl::has_save(model));
      if (!direct && std::find(paths.begin(), paths.end(), path) == paths.end()) {
        paths.push_back(path);
      }
      cidl::IncludeTree below;
      collect(target->model, node.children, path, paths, below);
      if (direct && below.nodes.empty()) continue;
      cidl::IncludeNode& known = child(missing, node.name);
      for (cidl::IncludeNode& inner : below.nodes) merge(known.children, inner);
    }
  }

  static void merge(cidl::IncludeTree& into, const cidl::IncludeNode& node) {
    cidl::IncludeNode& known = child(into, node.name);
    for (const cidl::IncludeNode& inner : node.children.nodes) merge(known.children, inner);
  }

  const Context& context_;
  std::vector<ModelDraft>& drafts_;
  std::vector<Undecided> undecided_;
};

}  // namespace

void resolve_writes(const Context& context, std::vector<ModelDraft>& drafts) {
  Grants(context, drafts).run();
}

}  // namespace cloesce::sema
