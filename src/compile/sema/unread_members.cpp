// Each form of member judged by what it would have been.
#include "compile/sema/unread_members.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "compile/sema/marks.h"
#include "compile/sema/names.h"

namespace cloesce::sema {
namespace {

using pre::UnreadForm;

std::string_view describe(UnreadForm form) {
  switch (form) {
    case UnreadForm::kParameterProperty:
    case UnreadForm::kConstructorParameter:
      return "a parameter of the constructor";
    case UnreadForm::kPrivate:
      return "a #private member";
    case UnreadForm::kIndexSignature:
      return "an index signature";
    case UnreadForm::kComputed:
      return "a property whose name is computed";
    case UnreadForm::kComputedMethod:
      return "a method whose name is computed";
    case UnreadForm::kAccessor:
      return "an accessor";
    case UnreadForm::kGetter:
      return "a getter";
    case UnreadForm::kSetter:
      return "a setter";
  }
  return {};
}

class Judge {
 public:
  Judge(const Reporter& reporter, const ClassEntry& entry, const pre::UnreadNode& member)
      : reporter_(reporter),
        entry_(entry),
        member_(member),
        subject_(member_text(entry.node->name, member.name)) {}

  void run() const {
    const auto marked =
        std::find_if(member_.decorators.begin(), member_.decorators.end(),
                     [](const pre::DecoratorNode& one) { return mark_of(one.name).has_value(); });
    if (marked != member_.decorators.end()) return report_mark(*marked);
    if (member_.placement == pre::Placement::kStatic) return;
    const bool service = entry_.kind == ClassKind::kService;
    const bool environment = entry_.kind == ClassKind::kEnvironment;
    switch (member_.form) {
      case UnreadForm::kParameterProperty:
        return unread("is declared in the constructor, which Cloesce calls without arguments",
                      service ? "declare it as a property of the class, where it is injected"
                              : "declare it as a property of the class");
      case UnreadForm::kConstructorParameter:
        // Other classes may be made by the project itself.
        if (!service) return;
        return unread("is a parameter of the constructor, which Cloesce calls without arguments",
                      "declare what it holds as a property of the class, where it is injected");
      case UnreadForm::kPrivate:
        // The state of a service is its own.
        if (service) return;
        return keep_back("make it `private` to have it read, or `static`");
      case UnreadForm::kIndexSignature:
        if (service || environment) return keep_back("declare each member by its name");
        return unread("stands for members that nobody knows",
                      "declare a member that holds them: `entries: Json`");
      case UnreadForm::kComputed:
        return keep_back("write its name out");
      case UnreadForm::kAccessor:
        return unread("is an accessor, which is no property of its instances", "remove `accessor`");
      case UnreadForm::kComputedMethod:
      case UnreadForm::kGetter:
      case UnreadForm::kSetter:
        return;  // the class' own
    }
  }

 private:
  void report_mark(const pre::DecoratorNode& decorator) const {
    const bool route = verb_of(*mark_of(decorator.name)).has_value();
    reporter_.report(Code::kMemberUnread, decorator.span,
                     fmt::format(FMT_COMPILE("@{} on `{}` means nothing: it is {}"), decorator.name,
                                 subject_, describe(member_.form)),
                     route ? "make it a method with a name that is written out, and public"
                           : "make it a property with a name that is written out");
  }

  void unread(std::string_view what, std::string_view hint) const {
    reporter_.report(Code::kMemberUnread, member_.span,
                     fmt::format(FMT_COMPILE("`{}` {}"), subject_, what), std::string(hint));
  }

  void keep_back(std::string_view hint) const {
    reporter_.report(Code::kMemberKeptBack, member_.span,
                     fmt::format(FMT_COMPILE("`{}` is {}, which is neither stored nor sent"),
                                 subject_, describe(member_.form)),
                     std::string(hint));
  }

  const Reporter& reporter_;
  const ClassEntry& entry_;
  const pre::UnreadNode& member_;
  std::string subject_;
};

}  // namespace

void check_unread(const Reporter& reporter, const ClassEntry& entry,
                  const pre::UnreadNode& member) {
  Judge(reporter, entry, member).run();
}

}  // namespace cloesce::sema
