// Rules of ready-made methods: what is known of each wherever it is looked at. One more is a row
// more, and its operation.
#pragma once

#include <string_view>

#include "cidl/kinds.h"
#include "cidl/model.h"

namespace cloesce::cidl {

/// A row of rules.
struct BuiltinRules {
  std::string_view kind;  // in the list of @CRUD
  std::string_view name;  // of the method
  Verb verb;
  MethodScope scope;
  bool saves;    // what callers send, checked by the grants of writes
  bool lists;    // many at a time, by the conditions of a page
  bool answers;  // what it answers holds members of the model
};

namespace builtins {

inline constexpr BuiltinRules kSave = {.kind = "SAVE",
                                       .name = "save",
                                       .verb = Verb::kPost,
                                       .scope = MethodScope::kStatic,
                                       .saves = true,
                                       .lists = false,
                                       .answers = true};
inline constexpr BuiltinRules kGet = {.kind = "GET",
                                      .name = "get",
                                      .verb = Verb::kGet,
                                      .scope = MethodScope::kStatic,
                                      .saves = false,
                                      .lists = false,
                                      .answers = true};
inline constexpr BuiltinRules kList = {.kind = "LIST",
                                       .name = "list",
                                       .verb = Verb::kGet,
                                       .scope = MethodScope::kStatic,
                                       .saves = false,
                                       .lists = true,
                                       .answers = true};
inline constexpr BuiltinRules kDelete = {.kind = "DELETE",
                                         .name = "delete",
                                         .verb = Verb::kDelete,
                                         .scope = MethodScope::kInstance,
                                         .saves = false,
                                         .lists = false,
                                         .answers = false};
inline constexpr BuiltinRules kHead = {.kind = "HEAD",
                                       .name = "head",
                                       .verb = Verb::kHead,
                                       .scope = MethodScope::kStatic,
                                       .saves = false,
                                       .lists = false,
                                       .answers = true};
inline constexpr BuiltinRules kPut = {.kind = "PUT",
                                      .name = "put",
                                      .verb = Verb::kPut,
                                      .scope = MethodScope::kStatic,
                                      .saves = false,
                                      .lists = false,
                                      .answers = true};
// A method of the app's own.
inline constexpr BuiltinRules kNone = {.kind = {},
                                       .name = {},
                                       .verb = Verb::kGet,
                                       .scope = MethodScope::kStatic,
                                       .saves = false,
                                       .lists = false,
                                       .answers = true};

}  // namespace builtins

constexpr const BuiltinRules& rules_of(Builtin builtin) {
  switch (builtin) {
    case Builtin::kNone:
      return builtins::kNone;
    case Builtin::kSave:
      return builtins::kSave;
    case Builtin::kGet:
      return builtins::kGet;
    case Builtin::kList:
      return builtins::kList;
    case Builtin::kDelete:
      return builtins::kDelete;
    case Builtin::kHead:
      return builtins::kHead;
    case Builtin::kPut:
      return builtins::kPut;
  }
  return builtins::kNone;
}

[[nodiscard]] inline const BuiltinRules& rules_of(const Method& method) {
  return rules_of(method.builtin);
}

}  // namespace cloesce::cidl
