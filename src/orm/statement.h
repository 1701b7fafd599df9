// What the ORM asks of a database: statements with their parameters, for one batch.
#pragma once

#include <span>
#include <string_view>

namespace cloesce::orm {

/// One statement of a batch. `parameters` is a JSON array of strings and nulls. A statement that
/// answers rows answers one text column `j` per row, each a JSON text.
struct Statement {
  std::string_view sql;
  std::string_view parameters;
};

using Batch = std::span<const Statement>;

}  // namespace cloesce::orm
