// Lookup by name in a loaded interface.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/name_table.h"
#include "cidl/model.h"

namespace cloesce::cidl {

/// Distinct index types, so that a model is never looked up as a service.
enum class ModelId : std::uint32_t {};
enum class ServiceId : std::uint32_t {};
enum class PlainObjectId : std::uint32_t {};

/// What a type name stands for.
struct ObjectReference {
  enum class Kind : std::uint8_t { kNone, kModel, kPlainObject } kind = Kind::kNone;
  std::uint32_t index = 0;
};

/// Hash lookups over an interface. Borrows it: the interface must outlive the index and not change.
class NameIndex {
 public:
  explicit NameIndex(const Interface& interface);

  /// nullptr when there is none.
  [[nodiscard]] const Model* model(std::string_view name) const;
  [[nodiscard]] const Service* service(std::string_view name) const;
  [[nodiscard]] const PlainObject* plain_object(std::string_view name) const;
  [[nodiscard]] const Junction* junction(std::string_view name) const;
  [[nodiscard]] ObjectReference object(std::string_view name) const;

 private:
  const Interface* interface_;
  NameTable models_;
  NameTable plain_objects_;
  NameTable services_;
  NameTable junctions_;
};

/// Free lookups for one class; nullptr when there is none.
[[nodiscard]] const Column* find_column(const Model& model, std::string_view name);
[[nodiscard]] const Navigation* find_navigation(const Model& model, std::string_view name);
[[nodiscard]] const StoredField* find_stored(const Model& model, std::string_view name);

/// Primary key columns in declaration order.
[[nodiscard]] std::vector<const Column*> primary_key(const Model& model);

/// Whether the model takes an engine with the part for KV and R2: it is kept there, or it has
/// fields or keys that rows do not hold.
[[nodiscard]] bool needs_storage(const Model& model);

/// The type inside Nullable, or the type itself.
[[nodiscard]] const Type& without_nullable(const Type& type);
[[nodiscard]] bool is_nullable(const Type& type);

}  // namespace cloesce::cidl
