// One walk over decorators, and one over types and values.
#include "compile/sema/resolve_names.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "compile/sema/builtin_types.h"
#include "compile/sema/marks.h"
#include "compile/sema/names.h"
#include "compile/sema/scope.h"

namespace cloesce::sema {
namespace {

using Decorators = std::vector<pre::DecoratorNode>;
using Declaration = std::pair<FileId, std::string_view>;

bool makes_a_class(const pre::DecoratorNode& decorator) {
  const std::optional<Mark> mark = mark_of(decorator.name);
  return mark && *mark != Mark::kCrud && may_stand_on(*mark, Place::kClass);
}

bool is_route(const pre::MethodNode& method) {
  return std::any_of(method.decorators.begin(), method.decorators.end(),
                     [](const pre::DecoratorNode& decorator) {
                       const std::optional<Mark> mark = mark_of(decorator.name);
                       return mark && verb_of(*mark);
                     });
}

std::string path_text(const std::vector<std::string>& qualifier, std::string_view name) {
  std::string text;
  for (const std::string& part : qualifier) text.append(part).append(".");
  return text.append(name);
}

std::string_view word_of(pre::NameKind kind) {
  switch (kind) {
    case pre::NameKind::kClass:
      return "class";
    case pre::NameKind::kAlias:
      return "type";
    case pre::NameKind::kInterface:
      return "interface";
    case pre::NameKind::kEnum:
      return "enum";
    case pre::NameKind::kFunction:
      return "function";
    case pre::NameKind::kVariable:
      return "constant";
    case pre::NameKind::kNamespace:
      return "namespace";
  }
  return {};
}

// `./horse.cloesce`, as a file imports another.
std::string relative_specifier(std::string_view importer, std::string_view target) {
  const auto folder_of = [](std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash + 1);
  };
  std::string_view from = folder_of(importer);
  while (!from.empty() && !target.starts_with(from))
    from = folder_of(from.substr(0, from.size() - 1));
  const std::string_view rest = folder_of(importer).substr(from.size());
  std::string text = rest.empty() ? "./" : "";
  for (const char character : rest) {
    if (character == '/') text.append("../");
  }
  text.append(target.substr(from.size()));
  if (text.ends_with(".ts")) text.resize(text.size() - 3);
  return text;
}

class Walker {
 public:
  Walker(pre::Project& project, const Reporter& reporter)
      : project_(project), reporter_(reporter), scopes_(project) {
    for (const pre::AliasNode& alias : project.aliases) {
      aliases_.emplace(Declaration{alias.span.file, alias.name}, &alias);
    }
  }

  void run() {
    for (pre::ClassNode& node : project_.classes) resolve_decorators(node);
    for (const pre::ClassNode& node : project_.classes) {
      if (!std::any_of(node.decorators.begin(), node.decorators.end(), makes_a_class)) continue;
      classes_.insert({node.span.file, node.name});
      by_name_.emplace(node.name, node.span.file);
    }
    for (const pre::AliasNode& alias : project_.aliases)
      by_name_.emplace(alias.name, alias.span.file);
    for (pre::ClassNode& node : project_.classes) resolve_types(node);
    for (pre::AliasNode& alias : project_.aliases) resolve(alias.type, &alias);
    for (pre::HistoryCall& call : project_.history_calls) {
      if (scopes_.knows(call.model.span.file)) settle(call.model);
    }
    if (!project_.app) return;
    for (pre::HookNode& hook : project_.app->hooks) {
      if (!hook.name_space || hook.name_space->form != pre::ValueForm::kName) continue;
      if (scopes_.knows(hook.name_space->span.file)) resolve(*hook.name_space);
    }
  }

 private:
  void resolve_decorators(pre::ClassNode& node) {
    if (!scopes_.knows(node.span.file)) return;
    resolve_all(node.decorators);
    for (pre::PropertyNode& property : node.properties) resolve_all(property.decorators);
    for (pre::UnreadNode& member : node.unread) resolve_all(member.decorators);
    for (pre::MethodNode& method : node.methods) {
      resolve_all(method.decorators);
      for (pre::ParameterNode& parameter : method.parameters) {
        resolve_all(parameter.decorators, is_route(method) ? &parameter : nullptr);
      }
    }
  }

  // What came of a decorator: Cloesce's; of nobody, so perhaps misspelled; another module's; or
  // wrong, which is told.
  enum class Whose : std::uint8_t { kCloesce, kNobody, kForeign, kWrong };

  // Takes out what is not Cloesce's. On a parameter that a caller would fill, that is an error:
  // whoever wrote it there meant something by it.
  void resolve_all(Decorators& decorators, const pre::ParameterNode* sent = nullptr) {
    std::vector<Whose> whose;
    bool injected = false;
    for (pre::DecoratorNode& decorator : decorators) {
      whose.push_back(resolve(decorator));
      injected =
          injected || (whose.back() == Whose::kCloesce && mark_of(decorator.name) == Mark::kInject);
    }
    Decorators kept;
    for (std::size_t index = 0; index < decorators.size(); ++index) {
      pre::DecoratorNode& decorator = decorators[index];
      const bool is_own = whose[index] == Whose::kCloesce;
      if (!is_own && whose[index] != Whose::kWrong && sent != nullptr && !injected) {
        reporter_.report(
            Code::kParameterDecoratorForeign, decorator.span,
            fmt::format(FMT_COMPILE("@{} on `{}` is not one of Cloesce's decorators, so a caller "
                                    "would fill the parameter"),
                        path_text(decorator.qualifier, decorator.name), sent->name),
            "for a parameter from the container write @Inject, imported from \"cloesce/backend\"; "
            "else remove the decorator");
      }
      if (is_own || whose[index] == Whose::kNobody) kept.push_back(std::move(decorator));
    }
    decorators = std::move(kept);
  }

  // Gives a decorator Cloesce's name for it.
  Whose resolve(pre::DecoratorNode& decorator) {
    const Found found =
        scopes_.find(decorator.span.file, decorator.qualifier, decorator.name, NameSpace::kValue);
    const std::string written = path_text(decorator.qualifier, decorator.name);
    switch (found.origin) {
      case Origin::kCloesce:
        decorator.name = found.name;
        decorator.qualifier.clear();
        return check_export(decorator, written);
      case Origin::kUnread:
        return Whose::kCloesce;
      case Origin::kNothing:
        if (!decorator.qualifier.empty()) return Whose::kForeign;
        if (!mark_of(decorator.name)) return Whose::kNobody;
        report_missing(decorator.span, decorator.name, "", "@");
        return Whose::kCloesce;
      case Origin::kProject:
      case Origin::kElsewhere:
        break;
    }
    const std::string_view meant = mark_of(found.name)       ? std::string_view(found.name)
                                   : mark_of(decorator.name) ? std::string_view(decorator.name)
                                                             : std::string_view();
    if (meant.empty()) return Whose::kForeign;
    reporter_.report(
        Code::kDecoratorForeign, decorator.span,
        found.origin == Origin::kElsewhere
            ? fmt::format(FMT_COMPILE("@{} comes from \"{}\", so it means nothing to Cloesce"),
                          written, found.from)
            : fmt::format(
                  FMT_COMPILE("@{} is a {} of this project, so it means nothing to Cloesce"),
                  written, word_of(found.kind)),
        fmt::format(FMT_COMPILE("if Cloesce's is meant, write `import {{ {} }} from "
                                "\"cloesce/backend\"`"),
                    exported_spelling(meant)));
    return Whose::kForeign;
  }

  // An import of a name that cloesce/backend does not export fails when the Worker is bundled.
  Whose check_export(const pre::DecoratorNode& decorator, const std::string& written) const {
    if (is_exported(decorator.name)) return Whose::kCloesce;
    const std::string_view nearest = nearest_spelling(decorator.name);
    reporter_.report(Code::kImportUnknown, decorator.span,
                     fmt::format(FMT_COMPILE("@{}: cloesce/backend has no decorator `{}`"), written,
                                 decorator.name),
                     nearest.empty() ? "docs/models.md and docs/services.md show them all"
                                     : fmt::format(FMT_COMPILE("did you mean @{}?"), nearest));
    // What is meant is clear where only the case is wrong: no follow-ups.
    return mark_of(decorator.name) ? Whose::kCloesce : Whose::kWrong;
  }

  // Each name that a file lacks is told once.
  void report_missing(Span span, std::string_view name, std::string_view type_word,
                      std::string_view prefix) {
    if (!told_.emplace(span.file, name).second) return;
    reporter_.report(Code::kImportMissing, span,
                     fmt::format(FMT_COMPILE("`{}{}` is not imported"), prefix, name),
                     fmt::format(FMT_COMPILE("write `import {}{{ {} }} from \"cloesce/backend\"`"),
                                 type_word, exported_spelling(name)));
  }

  void resolve_types(pre::ClassNode& node) {
    for (pre::DecoratorNode& decorator : node.decorators) resolve_arguments(decorator);
    if (node.extends) resolve(*node.extends);
    for (pre::PropertyNode& property : node.properties) {
      for (pre::DecoratorNode& decorator : property.decorators) resolve_arguments(decorator);
      if (property.type) resolve(*property.type);
    }
    for (pre::MethodNode& method : node.methods) {
      if (method.returns) resolve(*method.returns);
      for (pre::ParameterNode& parameter : method.parameters) {
        if (parameter.type) resolve(*parameter.type);
      }
    }
  }

  void resolve_arguments(pre::DecoratorNode& decorator) {
    if (!scopes_.knows(decorator.span.file)) return;
    for (pre::TypeNode& type : decorator.type_arguments) resolve(type);
    for (pre::ValueNode& value : decorator.arguments) {
      if (value.form == pre::ValueForm::kName) {
        resolve(value);
      } else if (value.form == pre::ValueForm::kString &&
                 mark_of(decorator.name) == Mark::kForeignKey) {
        const Found found = scopes_.find(decorator.span.file, {}, value.text, NameSpace::kValue);
        if (is_class(found)) value.text = found.name;
      }
    }
  }

  // A class as a value: `@ForeignKey(Owner)`.
  // In code a name may be anything. It counts where it means a class of the project.
  void settle(pre::ValueNode& value) const {
    const Found found =
        scopes_.find(value.span.file, value.qualifier, value.text, NameSpace::kValue);
    if (is_class(found)) {
      value.text = found.name;
    } else {
      value.form = pre::ValueForm::kOther;
    }
    value.qualifier.clear();
  }

  void resolve(pre::ValueNode& value) {
    const Found found =
        scopes_.find(value.span.file, value.qualifier, value.text, NameSpace::kValue);
    if (is_class(found)) {
      value.text = found.name;
      value.qualifier.clear();
      return;
    }
    if (found.origin == Origin::kUnread) return;
    // A class without decorator keeps its name, for whoever says that it is none of ours.
    if (found.origin == Origin::kProject && found.kind == pre::NameKind::kClass &&
        !by_name_.contains(found.name)) {
      value.text = found.name;
      value.qualifier.clear();
      return;
    }
    if (found.origin == Origin::kNothing && value.qualifier.empty()) {
      const auto declared = by_name_.find(value.text);
      if (declared == by_name_.end() || declared->second == value.span.file) return;
      report_class(Code::kClassImportMissing, value.span, value.text, declared->second);
      return;
    }
    value.text = path_text(value.qualifier, value.text);
    value.form = pre::ValueForm::kOther;
  }

  void report_class(Code code, Span span, std::string_view name, FileId file) {
    if (!told_.emplace(span.file, name).second) return;
    const auto& files = project_.files;
    reporter_.report(code, span, fmt::format(FMT_COMPILE("`{}` is not imported"), name),
                     fmt::format(FMT_COMPILE("write `import {}{{ {} }} from \"{}\"`"),
                                 code == Code::kClassImportMissing ? "" : "type ", name,
                                 relative_specifier(files[static_cast<std::size_t>(span.file)],
                                                    files[static_cast<std::size_t>(file)])));
  }

  [[nodiscard]] bool is_class(const Found& found) const {
    return found.origin == Origin::kProject && classes_.contains({found.file, found.name});
  }

  // `inside` is the alias whose type parameters are in scope.
  void resolve(pre::TypeNode& type, const pre::AliasNode* inside = nullptr) {
    for (pre::TypeNode& inner : type.inner) resolve(inner, inside);
    if (type.form != pre::TypeForm::kName || !scopes_.knows(type.span.file)) return;
    if (inside != nullptr && type.qualifier.empty() &&
        std::find(inside->type_parameters.begin(), inside->type_parameters.end(), type.text) !=
            inside->type_parameters.end()) {
      return;
    }
    const Found found = scopes_.find(type.span.file, type.qualifier, type.text, NameSpace::kType);
    switch (found.origin) {
      case Origin::kUnread:
        return;
      case Origin::kNothing:
        find_undeclared(type);
        return;
      case Origin::kCloesce:
        type.text = found.name;
        type.meaning = pre::Meaning::kOwn;
        break;
      case Origin::kElsewhere:
        type.text = found.name;
        // The names of the platform's own types, from whichever package declares them.
        type.meaning = is_platform_type(found.name) && !found.from.starts_with('.')
                           ? pre::Meaning::kOwn
                           : pre::Meaning::kOther;
        type.origin = fmt::format(FMT_COMPILE("\"{}\""), found.from);
        break;
      case Origin::kProject:
        set_declared(type, found);
        break;
    }
    type.qualifier.clear();
  }

  void set_declared(pre::TypeNode& type, const Found& found) {
    type.text = found.name;
    if (is_class(found)) {
      type.meaning = pre::Meaning::kClass;
      return;
    }
    // A stand-in for an editor: the name decides, whatever the project declares it as.
    const bool stands_in = found.kind == pre::NameKind::kAlias ||
                           found.kind == pre::NameKind::kClass ||
                           found.kind == pre::NameKind::kInterface;
    if (stands_in && builtin_type(found.name)) {
      type.meaning = pre::Meaning::kOwn;
      return;
    }
    const auto alias = aliases_.find({found.file, found.name});
    if (found.kind == pre::NameKind::kAlias && alias != aliases_.end()) {
      type.meaning = pre::Meaning::kAlias;
      type.alias = alias->second;
      return;
    }
    type.meaning = pre::Meaning::kOther;
    if (found.kind == pre::NameKind::kEnum) type.origin = "enum";
    if (found.kind != pre::NameKind::kClass) return;
    if (const std::string* exported = scopes_.exported_as(found.file, found.name)) {
      project_.plain_classes.try_emplace(found.name, pre::PlainClass{found.file, *exported});
    }
  }

  void find_undeclared(pre::TypeNode& type) {
    if (!type.qualifier.empty()) {
      type.meaning = pre::Meaning::kOther;
      type.origin = fmt::format(FMT_COMPILE("`{}`"), type.qualifier.front());
      return;
    }
    if (const auto declared = by_name_.find(type.text); declared != by_name_.end()) {
      if (declared->second != type.span.file) {
        report_class(Code::kTypeImportMissing, type.span, type.text, declared->second);
      }
      return;
    }
    if (builtin_type(type.text) && !is_platform_type(type.text)) {
      report_missing(type.span, type.text, "type ", "");
    }
  }

  pre::Project& project_;
  const Reporter& reporter_;
  Scopes scopes_;
  std::map<Declaration, const pre::AliasNode*> aliases_;
  std::set<std::pair<FileId, std::string>> classes_;  // decorated ones
  std::map<std::string, FileId, std::less<>> by_name_;
  std::set<std::pair<FileId, std::string>> told_;
};

}  // namespace

void resolve_names(pre::Project& project, const Reporter& reporter) {
  Walker(project, reporter).run();
}

}  // namespace cloesce::sema
