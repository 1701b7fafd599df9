// What a hydrated object must look like, found the slow and simple way: one query per row and
// relation.
#pragma once

#include <string>
#include <vector>

#include "cidl/model.h"
#include "orm/sqlite_database.h"

namespace cloesce::orm::testing {

/// Reads objects row by row, without any code of the ORM.
class ReferenceObjects {
 public:
  ReferenceObjects(SqliteDatabase& database, const cidl::Interface& interface)
      : database_(database), interface_(interface) {}

  /// All rows of a model that meet `condition`, in order of their key, as a JSON array.
  [[nodiscard]] std::string list(const std::string& model, const cidl::IncludeTree& tree,
                                 const std::string& condition = "1");

 private:
  using Row = std::vector<std::string>;

  [[nodiscard]] const cidl::Model& model(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> objects(const cidl::Model& model,
                                                 const cidl::IncludeTree& tree,
                                                 const std::string& condition);
  [[nodiscard]] std::string relation(const cidl::Model& model, const cidl::Navigation& navigation,
                                     const cidl::IncludeTree& tree, const Row& literals);

  SqliteDatabase& database_;
  const cidl::Interface& interface_;
};

/// A tree from `{"likes":{"horse":{}}}`-like text with bare names: `likes(horse) friends`.
[[nodiscard]] cidl::IncludeTree tree_of(const std::string& text);

}  // namespace cloesce::orm::testing
