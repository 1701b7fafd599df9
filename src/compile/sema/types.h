// TypeScript types as CIDL types: names resolved, aliases followed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cidl/model.h"
#include "compile/sema/builtin_types.h"
#include "compile/sema/class_table.h"
#include "compile/sema/pre_model.h"
#include "compile/sema/reporter.h"

namespace cloesce::sema {

/// Where a type stands; decides what it may be.
enum class Position : std::uint8_t {
  kColumn,     // a scalar, or null
  kField,      // of a plain object
  kParameter,  // of a method
  kReturn,     // of a method: Promise and HttpResult may stand around it
  kValue,      // of a KV model or a KV field; alone it may be a Stream
};

/// A position with the declaration it belongs to, as messages name it (`Horse.like(other)`).
struct TypeUse {
  Position position = Position::kField;
  std::string subject;
};

/// Resolves types against the classes and aliases of a project, which it borrows.
class TypeResolver {
 public:
  TypeResolver(const ClassTable& classes, const Reporter& reporter)
      : classes_(&classes), reporter_(&reporter) {}

  /// The type of `node` in that position; nothing after reporting why there is none. Aliases are
  /// followed, `null` and `undefined` become Nullable, DeepPartial reaches through arrays. In a
  /// kReturn position Promise is dropped and HttpResult stays only outermost.
  [[nodiscard]] std::optional<cidl::Type> resolve(const pre::TypeNode& node,
                                                  const TypeUse& use) const;

  /// What a type is before it is judged: the class it names, alone, in an array, or with null.
  struct ClassUse {
    const ClassEntry* entry = nullptr;  // nullptr: it names no decorated class
    std::string_view name;              // empty: it is no single name
    bool array = false;
    bool nullable = false;
    bool foreign = false;  // the name is not what a class or a known type of that name means
  };
  [[nodiscard]] ClassUse class_of(const pre::TypeNode& node) const;

 private:
  struct Frame;

  [[nodiscard]] const ClassEntry* class_named(const pre::TypeNode& node) const;
  [[nodiscard]] const pre::AliasNode* alias_named(const pre::TypeNode& node) const;

  std::optional<cidl::Type> resolve(const pre::TypeNode& node, const TypeUse& use,
                                    const Frame* frame, std::size_t depth) const;
  std::optional<cidl::Type> resolve_name(const pre::TypeNode& node, const TypeUse& use,
                                         const Frame* frame, std::size_t depth) const;
  std::optional<cidl::Type> resolve_union(const pre::TypeNode& node, const TypeUse& use,
                                          const Frame* frame, std::size_t depth) const;
  std::optional<cidl::Type> resolve_builtin(BuiltinType type, const pre::TypeNode& node,
                                            const TypeUse& use, const Frame* frame,
                                            std::size_t depth) const;
  std::optional<cidl::Type> resolve_alias(const pre::AliasNode& alias, const pre::TypeNode& node,
                                          const TypeUse& use, const Frame* frame,
                                          std::size_t depth) const;
  std::optional<cidl::Type> resolve_data_source(const pre::TypeNode& argument, const TypeUse& use,
                                                const Frame* frame) const;
  [[nodiscard]] bool holds_stream(const ClassEntry& entry) const;
  std::optional<cidl::Type> fail_stream(const pre::TypeNode& node, const TypeUse& use) const;
  std::optional<cidl::Type> fail_unknown(const pre::TypeNode& node, const TypeUse& use) const;
  std::optional<cidl::Type> fail_union(const pre::TypeNode& node, const TypeUse& use) const;
  std::optional<cidl::Type> fail_other(const pre::TypeNode& node, const TypeUse& use) const;
  bool check(const cidl::Type& type, const pre::TypeNode& node, const TypeUse& use) const;

  const ClassTable* classes_;
  const Reporter* reporter_;
};

}  // namespace cloesce::sema
