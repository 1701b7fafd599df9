// The first pass: what every class is, and whether its decorators stand where they mean something.
#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "compile/sema/builtin_types.h"
#include "compile/sema/class_table.h"
#include "compile/sema/names.h"
#include "compile/sema/unread_members.h"

namespace cloesce::sema {
namespace {

using Decorators = std::vector<pre::DecoratorNode>;

std::optional<ClassKind> kind_of(Mark mark) {
  switch (mark) {
    case Mark::kD1:
      return ClassKind::kD1;
    case Mark::kKv:
      return ClassKind::kKv;
    case Mark::kR2:
      return ClassKind::kR2;
    case Mark::kService:
      return ClassKind::kService;
    case Mark::kPlainObject:
      return ClassKind::kPlainObject;
    case Mark::kEnvironment:
      return ClassKind::kEnvironment;
    default:
      return std::nullopt;
  }
}

// What the mark of a member means in a class of that kind.
bool fits(ClassKind kind, Mark mark) {
  if (kind == ClassKind::kUndecorated) return true;  // reported once, for the class
  if (mark == Mark::kInject) return kind == ClassKind::kService;
  if (verb_of(mark)) {
    return kind != ClassKind::kPlainObject && kind != ClassKind::kEnvironment;
  }
  // What stands there is reported as an attribute.
  if (kind == ClassKind::kKv || kind == ClassKind::kR2) return mark != Mark::kDataSource;
  switch (mark) {
    case Mark::kKv:
    case Mark::kR2:
    case Mark::kKeyParameter:
    case Mark::kDataSource:
      return kind == ClassKind::kD1 || kind == ClassKind::kKeys;
    case Mark::kHidden:
    case Mark::kReadOnly:
      return kind == ClassKind::kD1 || kind == ClassKind::kKeys || kind == ClassKind::kPlainObject;
    default:
      return kind == ClassKind::kD1;
  }
}

bool is_index(Mark mark) { return mark == Mark::kUnique || mark == Mark::kIndex; }

// `@Model()` without a database, over properties that all come from the URL, from KV or from R2.
bool has_only_keys(const pre::ClassNode& node, const pre::DecoratorNode& mark) {
  if (!same_but_for_case(mark.name, "Model") || !mark.arguments.empty()) return false;
  bool found = false;
  for (const pre::PropertyNode& property : node.properties) {
    if (property.placement == pre::Placement::kStatic) continue;
    if (!has_mark(property.decorators, Mark::kKv) && !has_mark(property.decorators, Mark::kR2) &&
        !has_mark(property.decorators, Mark::kKeyParameter)) {
      return false;
    }
    found = true;
  }
  return found;
}

std::string_view place_text(Place place) {
  switch (place) {
    case Place::kClass:
      return "a class";
    case Place::kProperty:
      return "a property";
    case Place::kMethod:
      return "a method";
    case Place::kParameter:
      return "a parameter";
  }
  return {};
}

std::string places_of(Mark mark) {
  std::string text;
  for (const Place place : {Place::kClass, Place::kProperty, Place::kMethod, Place::kParameter}) {
    if (!may_stand_on(mark, place)) continue;
    if (!text.empty()) text.append(" or ");
    text.append(place_text(place));
  }
  return text;
}

class Collector {
 public:
  Collector(const pre::Project& project, const Reporter& reporter)
      : project_(project), reporter_(reporter), table_(project) {}

  ClassTable run() {
    for (const pre::ClassNode& node : project_.classes) {
      const ClassEntry entry = classify(node);
      check_decorators(entry);
      if (const ClassEntry* first = table_.add(entry)) {
        reporter_.report(Code::kClassRepeated, node.span,
                         fmt::format(FMT_COMPILE("the class `{}` is declared twice"), node.name),
                         "rename one: routes, tables and client classes are named after it",
                         {{"the other one is here", first->node->span}});
      }
      if (entry.kind == ClassKind::kUndecorated) {
        check_undecorated(node);
      } else {
        check_declaration(entry);
      }
    }
    if (std::none_of(table_.classes().begin(), table_.classes().end(), [](const ClassEntry& entry) {
          return entry.kind != ClassKind::kEnvironment && entry.kind != ClassKind::kPlainObject;
        })) {
      reporter_.report(Code::kNothingDeclared, std::nullopt, "there is no model and no service",
                       "decorate a class with @D1 or @Service to get a route");
    }
    return std::move(table_);
  }

 private:
  ClassEntry classify(const pre::ClassNode& node) {
    ClassEntry entry{&node, ClassKind::kUndecorated, nullptr};
    for (const pre::DecoratorNode& decorator : node.decorators) {
      const std::optional<Mark> mark = mark_of(decorator.name);
      const std::optional<ClassKind> kind = mark ? kind_of(*mark) : std::nullopt;
      if (!kind || kind == entry.kind) continue;
      if (entry.mark == nullptr) {
        entry.kind = *kind;
        entry.mark = &decorator;
        continue;
      }
      reporter_.report(
          Code::kClassKindConflict, decorator.span,
          fmt::format(FMT_COMPILE("`{}` is {} already, it cannot be {} too"), node.name,
                      describe(entry.kind), describe(*kind)),
          fmt::format(FMT_COMPILE("remove @{}, or make it a class of its own"), decorator.name));
    }
    if (entry.kind == ClassKind::kD1 && has_only_keys(node, *entry.mark)) {
      entry.kind = ClassKind::kKeys;
    }
    return entry;
  }

  void check_decorators(const ClassEntry& entry) {
    const pre::ClassNode& node = *entry.node;
    for (const pre::DecoratorNode& decorator : node.decorators) {
      const std::optional<Mark> mark = check_place(decorator, Place::kClass);
      const bool means_nothing = (mark == Mark::kCrud && !is_model(entry.kind)) ||
                                 (mark && is_index(*mark) && entry.kind != ClassKind::kD1);
      if (means_nothing && entry.kind != ClassKind::kUndecorated) {
        report_unfit(entry, decorator, node.name);
      }
    }
    check_repeated(node.decorators, node.name, Place::kClass);
    for (const pre::PropertyNode& property : node.properties) {
      check_member(entry, property.decorators, Place::kProperty, property.name);
    }
    if (entry.kind != ClassKind::kUndecorated) {
      for (const pre::UnreadNode& member : node.unread) check_unread(reporter_, entry, member);
    }
    for (const pre::MethodNode& method : node.methods) {
      check_member(entry, method.decorators, Place::kMethod, method.name);
      for (const pre::ParameterNode& parameter : method.parameters) {
        for (const pre::DecoratorNode& decorator : parameter.decorators) {
          (void)check_place(decorator, Place::kParameter);
        }
        check_repeated(
            parameter.decorators,
            fmt::format(FMT_COMPILE("{}({})"), member_text(node.name, method.name), parameter.name),
            Place::kParameter);
      }
    }
  }

  void check_member(const ClassEntry& entry, const Decorators& decorators, Place place,
                    const std::string& name) {
    check_repeated(decorators, member_text(entry.node->name, name), place);
    for (const pre::DecoratorNode& decorator : decorators) {
      const std::optional<Mark> mark = check_place(decorator, place);
      if (mark && !fits(entry.kind, *mark)) {
        report_unfit(entry, decorator, member_text(entry.node->name, name));
      }
    }
  }

  // A column may be part of several foreign keys; a second verb is told with the first. A class has
  // as many indexes as it needs (indexes.h).
  void check_repeated(const Decorators& decorators, const std::string& subject, Place place) const {
    for (auto at = decorators.begin(); at != decorators.end(); ++at) {
      const std::optional<Mark> mark = mark_of(at->name);
      if (!mark || *mark == Mark::kForeignKey || verb_of(*mark)) continue;
      if (place == Place::kClass && is_index(*mark)) continue;
      const auto first = std::find_if(decorators.begin(), at, [&](const pre::DecoratorNode& other) {
        return mark_of(other.name) == mark;
      });
      if (first == at) continue;
      reporter_.report(
          Code::kDecoratorRepeated, at->span,
          fmt::format(FMT_COMPILE("@{} is given twice for `{}`"), at->name, subject),
          *mark == Mark::kCrud ? "name all kinds in one: `@CRUD([\"GET\", \"LIST\"])`" : "keep one",
          {{"the other one is here", first->span}});
    }
  }

  // More than a decorator takes would do nothing. What verbs take is looked at with their methods.
  void check_arguments(const pre::DecoratorNode& decorator, Mark mark, Place place) const {
    const std::optional<std::size_t> most = most_arguments(mark, place);
    if (!most || decorator.arguments.size() <= *most) return;
    reporter_.report(Code::kDecoratorArgument, decorator.arguments[*most].span,
                     *most == 0 ? fmt::format(FMT_COMPILE("@{} takes no arguments"), decorator.name)
                                : fmt::format(FMT_COMPILE("@{} takes no more than {} argument{}"),
                                              decorator.name, *most, *most == 1 ? "" : "s"),
                     is_index(mark) ? "over several columns it stands in front of the class"
                                    : "remove what it does not take");
  }

  // Answers the mark when it may stand there.
  std::optional<Mark> check_place(const pre::DecoratorNode& decorator, Place place) {
    const std::optional<Mark> mark = mark_of(decorator.name);
    if (!mark) {
      const std::string_view nearest = nearest_spelling(decorator.name);
      if (!nearest.empty()) {
        reporter_.report(
            Code::kDecoratorUnknown, decorator.span,
            fmt::format(FMT_COMPILE("@{} is not one of Cloesce's decorators"), decorator.name),
            fmt::format(FMT_COMPILE("did you mean @{}?"), nearest));
      }
      return std::nullopt;
    }
    if (may_stand_on(*mark, place)) {
      check_arguments(decorator, *mark, place);
      return mark;
    }
    reporter_.report(
        Code::kDecoratorMisplaced, decorator.span,
        fmt::format(FMT_COMPILE("@{} does not belong on {}"), decorator.name, place_text(place)),
        fmt::format(FMT_COMPILE("it belongs on {}"), places_of(*mark)));
    return std::nullopt;
  }

  void report_unfit(const ClassEntry& entry, const pre::DecoratorNode& decorator,
                    std::string_view subject) {
    reporter_.report(Code::kDecoratorMisplaced, decorator.span,
                     fmt::format(FMT_COMPILE("@{} on `{}` means nothing in {}"), decorator.name,
                                 subject, describe(entry.kind)),
                     verb_of(*mark_of(decorator.name))
                         ? "routes belong to models (@D1) and services (@Service)"
                     : mark_of(decorator.name) == Mark::kInject
                         ? "properties are injected in services (@Service) only"
                     : fits(ClassKind::kPlainObject, *mark_of(decorator.name))
                         ? "it belongs in a model (@D1) or in a class with @PlainOldObject"
                         : "it belongs in a model (@D1)");
  }

  void check_undecorated(const pre::ClassNode& node) {
    std::string_view hint;
    const pre::DecoratorNode* first = nullptr;
    for (const pre::PropertyNode& property : node.properties) {
      for (const pre::DecoratorNode& decorator : property.decorators) {
        if (first != nullptr || !mark_of(decorator.name)) continue;
        first = &decorator;
        hint = "put @D1 in front of the class, or @Service when it has no table";
      }
    }
    for (const pre::MethodNode& method : node.methods) {
      for (const pre::DecoratorNode& decorator : method.decorators) {
        const std::optional<Mark> mark = mark_of(decorator.name);
        if (first != nullptr || !mark || !verb_of(*mark)) continue;
        first = &decorator;
        hint = "put @Service in front of the class, or @D1 when it has a table";
      }
    }
    for (const Mark mark : {Mark::kCrud, Mark::kUnique, Mark::kIndex}) {
      if (first != nullptr) break;
      first = find_mark(node.decorators, mark);
      hint = "put @D1 in front of the class";
    }
    if (first == nullptr) return;
    reporter_.report(
        Code::kClassUndecorated, node.span,
        fmt::format(FMT_COMPILE("`{}` has no decorator that says what it is"), node.name),
        std::string(hint),
        {{fmt::format(FMT_COMPILE("@{} here means nothing without it"), first->name),
          first->span}});
  }

  void check_declaration(const ClassEntry& entry) {
    const pre::ClassNode& node = *entry.node;
    const auto builtin = builtin_type(node.name);
    // A project's own Page is no rare thing; it stands before ours.
    if (builtin && *builtin != BuiltinType::kPage) {
      reporter_.report(
          Code::kClassNameReserved, node.span,
          fmt::format(FMT_COMPILE("`{}` is the name of a type that Cloesce knows"), node.name),
          "rename the class");
    } else if (is_reserved_member(node.name)) {
      reporter_.report(Code::kClassNameReserved, node.span,
                       fmt::format(FMT_COMPILE("`{}` cannot be the name of a class"), node.name),
                       "rename the class");
    }
    // The environment is a type only: the worker gets it from the platform.
    if (entry.kind == ClassKind::kEnvironment) return;
    if (!node.exported) {
      reporter_.report(
          Code::kClassNotExported, node.span,
          fmt::format(FMT_COMPILE("`{}` is not exported, so the worker cannot use it"), node.name),
          fmt::format(FMT_COMPILE("write `export class {}`"), node.name));
    }
    if (node.abstract) {
      reporter_.report(
          Code::kClassAbstract, node.span,
          fmt::format(FMT_COMPILE("`{}` is abstract, but its instances are made by the worker"),
                      node.name),
          "remove `abstract`");
    }
    if (node.extends && (entry.kind == ClassKind::kD1 || entry.kind == ClassKind::kKeys ||
                         entry.kind == ClassKind::kPlainObject)) {
      reporter_.report(
          Code::kClassExtends, node.extends->span,
          fmt::format(FMT_COMPILE("`{}` extends `{}`, whose properties would not be read"),
                      node.name, node.extends->text),
          "repeat the properties in this class and remove `extends`");
    }
  }

  const pre::Project& project_;
  const Reporter& reporter_;
  ClassTable table_;
};

}  // namespace

ClassTable collect_classes(const pre::Project& project, const Reporter& reporter) {
  return Collector(project, reporter).run();
}

}  // namespace cloesce::sema
