// Every declared name: classes by what their decorators make of them, aliases, interfaces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compile/sema/marks.h"
#include "compile/sema/pre_model.h"
#include "compile/sema/reporter.h"

namespace cloesce::sema {

enum class ClassKind : std::uint8_t {
  kUndecorated,
  kD1,
  kKv,
  kR2,
  kKeys,  // @Model() over nothing but key parameters and stored fields
  kService,
  kPlainObject,
  kEnvironment,
};

/// `mark` is the decorator that makes the class what it is, nullptr for undecorated ones.
struct ClassEntry {
  const pre::ClassNode* node = nullptr;
  ClassKind kind = ClassKind::kUndecorated;
  const pre::DecoratorNode* mark = nullptr;
};

/// The declared names of a project, which it borrows.
class ClassTable {
 public:
  explicit ClassTable(const pre::Project& project);

  /// Adds a class; answers the one of that name that is there already, nullptr when it is new.
  const ClassEntry* add(const ClassEntry& entry);

  /// Decorated classes, each name once, in source order.
  [[nodiscard]] const std::vector<ClassEntry>& classes() const { return classes_; }

  /// nullptr when no decorated class has that name. Valid until the next `add`.
  [[nodiscard]] const ClassEntry* find(std::string_view name) const;
  /// nullptr unless a class of that kind has that name.
  [[nodiscard]] const ClassEntry* find(std::string_view name, ClassKind kind) const;
  /// Names of the decorated classes of a kind, for suggestions.
  [[nodiscard]] std::vector<std::string_view> names(ClassKind kind) const;

  [[nodiscard]] const pre::ClassNode* undecorated(std::string_view name) const;
  [[nodiscard]] const pre::InterfaceNode* interface(std::string_view name) const;
  /// The alias of that name in `file`, else of any file; nullptr when there is none.
  [[nodiscard]] const pre::AliasNode* alias(std::string_view name, FileId file) const;
  /// Names of all aliases, for suggestions.
  [[nodiscard]] std::vector<std::string_view> alias_names() const;

 private:
  const pre::Project* project_;
  std::vector<ClassEntry> classes_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
  std::unordered_map<std::string_view, const pre::ClassNode*> undecorated_;
  std::unordered_map<std::string_view, const pre::InterfaceNode*> interfaces_;
  std::unordered_multimap<std::string_view, const pre::AliasNode*> aliases_;
};

/// Finds out what every class is, and reports what is wrong with its declaration: two classes of
/// one name, contradicting, misspelled or misplaced decorators, classes that are not exported.
[[nodiscard]] ClassTable collect_classes(const pre::Project& project, const Reporter& reporter);

/// Whether classes of that kind are models: what @CRUD, data sources and keys in URLs are for.
[[nodiscard]] bool is_model(ClassKind kind);

/// "a D1 model", "a service".
[[nodiscard]] std::string_view describe(ClassKind kind);

}  // namespace cloesce::sema
