// CIDL types in the generated client: names of the module, TypeScript types, and descriptions for
// reviving.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cidl/find.h"
#include "cidl/model.h"
#include "cidl/write_access.h"
#include "compile/emit/read_only.h"
#include "compile/emit/typescript.h"

namespace cloesce::emit {

/// Where a type stands: parameters take more forms of bytes than results and fields hold.
enum class Position : std::uint8_t { kField, kParameter, kResult };

/// Of what a save may write at one level: its type, and the constant with what is sent of it.
struct SaveNames {
  std::string type;
  std::string rules;
};

/// The names that the generated module declares and imports. Classes keep their own; all else gives
/// way to them.
class ClientNames {
 public:
  /// Borrows `interface`.
  explicit ClientNames(const cidl::Interface& interface);

  /// The local name of something of `cloesce/client`, which is imported from then on.
  std::string_view import(std::string_view exported);

  /// What goes between the braces of the import statement: all that was asked for, sorted.
  [[nodiscard]] std::vector<std::string> import_specifiers() const;

  [[nodiscard]] std::string_view api() const { return api_; }
  [[nodiscard]] std::string_view configure() const { return configure_; }
  [[nodiscard]] std::string_view create_client() const { return create_client_; }
  /// The constant that describes class `name`, and the type of the data sources of model `name`.
  [[nodiscard]] std::string_view shape(std::string_view name) const;
  [[nodiscard]] std::string_view data_source(std::string_view name) const;
  /// The types of what a LIST of model `name` may be asked.
  [[nodiscard]] std::string_view where(std::string_view name) const;
  [[nodiscard]] std::string_view order(std::string_view name) const;

  [[nodiscard]] const cidl::WriteAccess& access() const { return access_; }
  /// By level of `access`.
  [[nodiscard]] const SaveNames& save(std::size_t level) const { return saves_[level]; }
  /// Those of the model's SAVE; nullptr where it takes any part of the model.
  [[nodiscard]] const SaveNames* save(const cidl::Model& model) const;

  /// A scope inside the module.
  [[nodiscard]] Scope inner_scope() const { return scope_; }
  [[nodiscard]] const cidl::NameIndex& index() const { return index_; }
  [[nodiscard]] const ReadOnlyMembers& read_only() const { return read_only_; }

 private:
  struct Import {
    std::string local_name;
    bool used = false;
  };

  cidl::NameIndex index_;
  ReadOnlyMembers read_only_;
  cidl::WriteAccess access_;
  std::vector<SaveNames> saves_;
  Scope scope_;
  std::map<std::string, Import, std::less<>> imports_;
  std::map<std::string, std::string, std::less<>> shapes_;
  std::map<std::string, std::string, std::less<>> data_sources_;
  std::map<std::string, std::string, std::less<>> wheres_;
  std::map<std::string, std::string, std::less<>> orders_;
  std::string api_;
  std::string configure_;
  std::string create_client_;
};

/// `type` as TypeScript. HttpResult is looked through: callers wrap what a method returns.
[[nodiscard]] std::string type_text(const cidl::Type& type, Position position, ClientNames& names);

/// What reviving has to know of `type`; empty when JSON says it all.
[[nodiscard]] std::string wire_text(const cidl::Type& type, const ClientNames& names);

}  // namespace cloesce::emit
