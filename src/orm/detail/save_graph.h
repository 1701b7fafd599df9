// The rows of a save, read from JSON: one node per object, with links where one row's column is
// another row's key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "json/reader.h"
#include "orm/include_tree.h"
#include "orm/schema.h"

namespace cloesce::orm::detail {

struct SaveRow;

/// The value of a column: a JSON token as it is stored (booleans as 0 and 1, bytes as a string of
/// hexadecimal digits), or the key column of another row of the same save.
struct SaveCell {
  std::string_view token;
  const SaveRow* source = nullptr;
  std::size_t source_column = 0;  // position in the source's model
};

/// Where an object stands in the input; for messages.
struct SavePlace {
  const SavePlace* above = nullptr;
  std::string_view name;
  std::int64_t index = -1;  // in a list
};

enum class SaveAction : std::uint8_t {
  kInsert,   // a new row, whose key the database does not have
  kWrite,    // insert, or replace the given columns of the row that is there
  kChange,   // change the given columns; a row that is not there fails the batch
  kRevise,   // change the given columns of a row whose revision was checked
  kNothing,  // only named by its key
};

struct SaveRow {
  const ModelSchema* model = nullptr;
  std::span<SaveCell> cells;  // by column
  ColumnSet given;
  ColumnSet nulled;    // required columns given as null
  ColumnSet deferred;  // written after all rows are there
  SaveAction action = SaveAction::kWrite;
  std::int64_t ordinal = 0;  // among the generated keys of its model, from 1; 0: not generated
  std::uint32_t stage = 0;   // rows of a lower stage are written before
  // Of a model with a version, what the row must be at: `null` where it must not be there, empty
  // where nothing is checked. The cell of the version holds what a new row gets.
  std::string_view revision = {};
  SaveRow* next = nullptr;  // in the order of the input
  const SavePlace* place = nullptr;
  // Of rows below the root of a save that is limited:
  const SaveRow* above = nullptr;
  const NavigationSchema* navigation = nullptr;  // that led here
  const RelationWrites* relation = nullptr;      // what it lets be done; none: only referred to
  std::string_view json;                         // as it was given
  bool deep = false;                             // there are rows below it that are written
};

/// Two rows joined by a junction.
struct SaveLink {
  const NavigationSchema* navigation = nullptr;
  const SaveRow* source = nullptr;
  const SaveRow* target = nullptr;
  SaveLink* next = nullptr;
};

/// What a save knows of one model.
struct SaveModel {
  std::int64_t generated = 0;      // rows whose key is generated
  std::int64_t largest_given = 0;  // key given for a model whose keys can be generated, at least 0
  std::int64_t written = 0;        // the largest ordinal inserted so far
  std::size_t keyed = 0;           // rows with a given key
};

struct SaveGraph {
  SaveRow* root = nullptr;
  SaveRow* first = nullptr;
  SaveLink* first_link = nullptr;
  std::size_t rows = 0;
  std::span<SaveModel> models;  // by index in the schema
};

/// Reads `value` along `tree`. Members that are neither columns nor relations in the tree are
/// passed over. With `limits` the tree has no say: relations are read as far as those go, and
/// kWriteNotGranted names all that is beyond. Failures name the place below `path`.
[[nodiscard]] Result<SaveGraph> parse_save(const Schema& schema, const IncludeTree& tree,
                                           const WriteLevel* limits, Revisions revisions,
                                           const json::Value& value, std::string_view path,
                                           Arena& arena);

/// Whether the row may be another's in the database, which a guard must find out.
[[nodiscard]] bool needs_guard(const SaveRow& row);

/// `model.books[2]`.
[[nodiscard]] String render_place(const SavePlace* place);

/// The cell that a chain of links ends in: it has a token, or its source's key is generated.
[[nodiscard]] const SaveCell& resolve(const SaveCell& cell);

/// The row whose generated key the cell holds; nullptr when it holds a token.
[[nodiscard]] const SaveRow* generated_by(const SaveRow& row, std::size_t column);

}  // namespace cloesce::orm::detail
