// Saving an object and the relations that a tree names, as one atomic batch.
//
// Which rows are written:
// - no primary key (a single Integer one): a new row. Its key is generated; an Integer key of 0 is
// a key like any other.
// - primary key and all required columns: inserted, or the given columns of the row that is there
// replaced.
// - primary key and some attributes: the given columns of the row that is there; when there is none
// the batch fails.
// - primary key alone: nothing is written, the row is only referred to; unless no other column is
// required, then the
//   row is inserted when it is missing.
// - of a model with a version, primary key and revision: the given columns of the row that is
// there, which must be at that revision, or the batch fails before anything is written. Each row
// that is written is one revision further; a new one begins with 1. Columns that are not given keep
// their values. Relations that the tree does not name are passed over. A to-many list adds and
// changes rows, and links; it never deletes.
//
// Generated keys. Every statement of the batch must know the keys that earlier ones generated, and
// there is no variable or temporary table to keep them in. Let E be the largest key given in this
// save for a model, and `written` the largest ordinal of a generated row inserted so far. Then at
// any time
//     base = max(max(key), E + written) - written
// is the same number, above every key in the table and every key given: the n-th generated row has
// key base + n. A statement gets E + written (the floor) as a parameter, and n - written (the
// offset) with each row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/arena.h"
#include "base/counted.h"
#include "base/list.h"
#include "base/pieces.h"
#include "base/result.h"
#include "json/reader.h"
#include "orm/include_tree.h"
#include "orm/plan_cache.h"
#include "orm/schema.h"
#include "orm/scopes.h"
#include "orm/select_plan.h"
#include "orm/statement.h"

namespace cloesce::orm {

namespace detail {
struct SaveRow;
}

/// What a save answers.
enum class SaveAnswer : std::uint8_t {
  kObject,  // the object as it now is, read through the tree
  kKey,     // its primary key
};

/// Who saves, as far as that says what may be saved.
struct Saver {
  /// Of a caller (ModelSchema::writes): they say which relations are written and the tree only
  /// which are read back, and kWriteNotGranted names all that is beyond them. None: the tree says
  /// both.
  const WriteLevel* limits = nullptr;
  Revisions revisions = Revisions::kWhereGiven;
  /// Rows outside are not there, what is saved may not be outside, and no foreign key that is given
  /// may lead there.
  Scopes scopes = {};
};

/// The rows of a model that a save changes in part: they must be there.
struct ChangedRows {
  const ModelSchema* model = nullptr;
  std::string_view key = {};  // `id 7`; empty when there are several rows, or it is long
};

/// A batch: statements that write, then those of `answer`. Texts and parameters live in the arena,
/// or in `answer`.
struct UpsertPlan {
  List<Statement> statements;
  std::size_t writes = 0;
  List<ChangedRows> changed;
  const detail::SaveRow* rows = nullptr;  // in the order of the input
  std::size_t guards = 0;                 // that look at a row, numbered from 0
  List<std::string_view> guarded = {};    // where the first of them stand in the input
  std::string_view root = {};             // where the others do
  bool repeatable = true;                 // whether it leaves the same when it is run twice
  SaveAnswer kind = SaveAnswer::kObject;
  Counted<SelectPlan> answer;
  RowSelection selection = {};           // of `answer`
  std::string_view key_parameters = {};  // of its statements: the key, or what generates it
};

/// Plans the save of `value`, an object of the tree's model. The document of `value` must live
/// until this returns. `path` is what messages call the object. Members that are neither columns
/// nor relations of the tree are passed over. kOrmInputInvalid: a key that must be given is
/// missing, or keys contradict each other. kConstraintFailed: a new row lacks a required column.
/// kTypeMismatch, kIntegerOutOfRange, kBase64Invalid: a value that does not fit its column.
[[nodiscard]] Result<UpsertPlan> plan_upsert(const Schema& schema, const IncludeTree& tree,
                                             const json::Value& value, SaveAnswer answer,
                                             std::string_view path, PlanCache& cache, Arena& arena,
                                             RowForm rows = RowForm::kSeparate,
                                             const Saver& saver = {});

/// The models whose rows a plan writes, names or refers to, added to `models`, by index.
void add_models(const UpsertPlan& plan, List<bool>& models);

/// Makes the answer of a plan come in separate rows, for running its batch again after
/// kResultTooLarge.
[[nodiscard]] Result<void> separate_rows(UpsertPlan& plan, const IncludeTree& tree,
                                         PlanCache& cache);

/// What a save lacks when the database refuses a row without a value in `column` (`Table.column`):
/// kNotFound when it changes rows of that table, because one of them is not there. Nothing
/// otherwise.
[[nodiscard]] std::optional<Error> missing_row(const UpsertPlan& plan, std::string_view column);

/// What a guard of the plan refused, be it for whose the row is or for its revision, if that is
/// what the database's message says.
[[nodiscard]] std::optional<Error> refused_row(const UpsertPlan& plan, std::string_view message);

/// The saved object, or its key: a JSON scalar, or an object by column name for a key of several
/// columns. An object may go to `pieces` as in orm/map_rows.h. kNotFound when a save named nothing
/// but the key of a row that does not exist.
[[nodiscard]] Result<std::string_view> map_upsert(const UpsertPlan& plan,
                                                  simdjson::padded_string_view answer,
                                                  json::Reader& reader, Arena& arena,
                                                  Pieces* pieces = nullptr);

}  // namespace cloesce::orm
