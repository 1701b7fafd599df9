// What a name means in the file that uses it: its declarations, its imports, and what those export.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "compile/sema/pre_model.h"

namespace cloesce::sema {

/// TypeScript keeps the names of types and those of values apart.
enum class NameSpace : std::uint8_t { kType, kValue };

enum class Origin : std::uint8_t {
  kNothing,    // the file neither declares nor imports it
  kCloesce,    // `name` of cloesce/backend
  kProject,    // `name`, which `file` declares
  kElsewhere,  // `name` of the module `from`, which is not read
  kUnread,     // of a file that could not be read
};

/// Where a name leads.
struct Found {
  Origin origin = Origin::kNothing;
  std::string name;
  std::string from;
  FileId file{};
  pre::NameKind kind = pre::NameKind::kVariable;  // of a kProject
};

/// The names of the files of a project, which it borrows.
class Scopes {
 public:
  explicit Scopes(const pre::Project& project);

  /// Whether the names of a file are known; those of other files are taken as they stand.
  [[nodiscard]] bool knows(FileId file) const { return modules_.contains(file); }

  /// What `qualifier.name` means in a file.
  [[nodiscard]] Found find(FileId file, std::span<const std::string> qualifier,
                           std::string_view name, NameSpace space) const;

  /// The name under which a file exports what it declares as `name`, nullptr when it does not.
  [[nodiscard]] const std::string* exported_as(FileId file, std::string_view name) const;

 private:
  using Path = std::span<const std::string>;

  // One look-up: what it has followed already, since files may export each other's names.
  struct Search {
    NameSpace space;
    unsigned depth = 0;
    std::set<std::pair<FileId, std::string>> followed;
  };
  [[nodiscard]] Found find(FileId file, Path path, Search& search) const;
  [[nodiscard]] Found find_inside(const std::string& from, std::optional<FileId> file, Path path,
                                  Search& search) const;

  std::map<FileId, const pre::ModuleNode*> modules_;
};

}  // namespace cloesce::sema
