// Stages are longest paths over what rows refer to: rows of the same save by link, or by a key that
// is given.
#include "orm/detail/save_order.h"

#include <algorithm>
#include <string>

#include "base/hash.h"
#include "base/list.h"

namespace cloesce::orm::detail {
namespace {

constexpr std::uint32_t kUnknownStage = 0;
constexpr std::uint32_t kOpenStage = UINT32_MAX;  // on the path that is being followed
constexpr std::uint32_t kMaximumStage = 64;

// Which references keep their order and which are patched.
enum class Deferral : std::uint8_t {
  kGivenKeys,    // nullable references by a given key
  kAllNullable,  // every nullable reference
};

class Orderer {
 public:
  Orderer(const SaveGraph& graph, Arena& arena) : graph_(graph), arena_(arena) {}

  Result<SaveOrder> run() {
    if (!assign_stages(Deferral::kGivenKeys) && !assign_stages(Deferral::kAllNullable)) {
      return Failure{ErrorCode::kOrmInputInvalid,
                     "the rows refer to each other in a circle without a nullable column",
                     render_place(graph_.root->place)};
    }
    GroupList groups;
    GroupList patches;
    for (SaveRow* row = graph_.first; row != nullptr; row = row->next) {
      if (row->action == SaveAction::kNothing) continue;
      if (!add(groups, written_group(*row), *row)) return too_many();
      for (std::size_t position = 0; row->deferred.any() && position < row->cells.size();
           ++position) {
        if (!row->deferred.test(position)) continue;
        if (!add(patches, patch_group(*row, position), *row)) return too_many();
      }
    }
    const SaveOrder order{groups.used(), patches.used()};
    sort(order.groups);
    return order;
  }

 private:
  // By stage, then by model, else in the order given. They are few and mostly sorted already.
  static void sort(std::span<SaveGroup> groups) {
    for (std::size_t end = 1; end < groups.size(); ++end) {
      const SaveGroup group = groups[end];
      std::size_t place = end;
      for (; place > 0 && is_before(group, groups[place - 1]); --place) {
        groups[place] = groups[place - 1];
      }
      groups[place] = group;
    }
  }

  static bool is_before(const SaveGroup& left, const SaveGroup& right) {
    if (left.stage != right.stage) return left.stage < right.stage;
    return left.model->index < right.model->index;
  }

  bool assign_stages(Deferral deferral) {
    deferral_ = deferral;
    for (SaveRow* row = graph_.first; row != nullptr; row = row->next) {
      row->stage = kUnknownStage;
      row->deferred.reset();
    }
    for (SaveRow* row = graph_.first; row != nullptr; row = row->next) {
      if (!visit(*row, 0)) return false;
    }
    return true;
  }

  // False at a circle, or when a chain is longer than any order of tables asks for.
  bool visit(SaveRow& row, std::uint32_t depth) {
    if (row.stage == kOpenStage || depth > kMaximumStage) return false;
    if (row.stage != kUnknownStage) return true;
    row.stage = kOpenStage;
    std::uint32_t stage = 1;
    for (std::size_t position = 0; position < row.cells.size(); ++position) {
      if (!row.given.test(position)) continue;
      const ColumnSchema& column = row.model->columns[position];
      const SaveCell& cell = row.cells[position];
      const bool nullable =
          column.nullability == Nullability::kNullable && !row.model->key_columns.test(position);
      // The graph is ours to mark; cells see their sources as constant only to keep values apart.
      auto* source = const_cast<SaveRow*>(cell.source);
      bool defer = nullable && deferral_ == Deferral::kAllNullable;
      if (source == nullptr) {
        source = row_by_key(column, cell);
        defer = nullable;
        // Rows of one table may refer to each other within a statement.
        if (source == nullptr || source == &row || (!defer && source->model == row.model)) continue;
      }
      if (source->action == SaveAction::kNothing) continue;
      if (defer) {
        row.deferred.set(position);
        continue;
      }
      if (!visit(*source, depth + 1)) return false;
      stage = std::max(stage, source->stage + 1);
    }
    row.stage = stage;
    return true;
  }

  // The row of this save that a foreign key with a given value refers to.
  SaveRow* row_by_key(const ColumnSchema& column, const SaveCell& cell) {
    const ModelSchema* const target = column.references;
    if (target == nullptr || target->primary_key.size() != 1 ||
        graph_.models[target->index].keyed == 0) {
      return nullptr;
    }
    if (by_key_.empty()) {
      std::size_t places = 16;
      while (places < graph_.rows * 2) places *= 2;
      by_key_.resize(places);
      for (SaveRow* row = graph_.first; row != nullptr; row = row->next) {
        if (row->ordinal > 0 || row->model->primary_key.size() != 1) continue;
        const SaveCell& key = resolve(row->cells[row->model->primary_key.front()]);
        if (key.source == nullptr) place_of(*row->model, key.token) = row;
      }
    }
    return place_of(*target, cell.token);
  }

  // Where the row with that key is in the table, or a free place.
  SaveRow*& place_of(const ModelSchema& model, std::string_view token) {
    const std::size_t mask = by_key_.size() - 1;
    std::size_t place = static_cast<std::size_t>(hash_text(token, model.index)) & mask;
    while (by_key_[place] != nullptr) {
      const SaveRow& row = *by_key_[place];
      if (row.model == &model && resolve(row.cells[model.primary_key.front()]).token == token)
        break;
      place = (place + 1) & mask;
    }
    return by_key_[place];
  }

  static Failure too_many() {
    return Failure{ErrorCode::kLimitExceeded,
                   "the objects give too many different sets of columns for one save"};
  }

  static SaveGroup written_group(const SaveRow& row) {
    SaveGroup group;
    group.model = row.model;
    group.action = row.action;
    group.stage = row.stage;
    group.columns = row.given;
    if (row.action == SaveAction::kInsert) {
      // A new row has null wherever nothing is given, so that all new rows share a statement.
      for (std::size_t position = 0; position < row.cells.size(); ++position) {
        group.columns.set(position);
      }
    }
    mark_generated(group, row, group.columns - row.deferred);
    return group;
  }

  static SaveGroup patch_group(const SaveRow& row, std::size_t deferred) {
    SaveGroup group;
    group.model = row.model;
    group.action = SaveAction::kChange;
    group.columns = row.model->key_columns;
    group.columns.set(deferred);
    mark_generated(group, row, group.columns);
    return group;
  }

  static void mark_generated(SaveGroup& group, const SaveRow& row, const ColumnSet& candidates) {
    for (std::size_t position = 0; position < row.cells.size(); ++position) {
      if (candidates.test(position) && generated_by(row, position) != nullptr) {
        group.generated.set(position);
      }
    }
  }

  struct GroupList {
    std::span<SaveGroup> room;
    std::size_t count = 0;
    [[nodiscard]] std::span<SaveGroup> used() const { return room.first(count); }
  };

  // False when there are too many groups.
  bool add(GroupList& list, const SaveGroup& wanted, SaveRow& row) {
    SaveEntry* const entry = arena_.make<SaveEntry>(&row);
    // Neighbours are mostly alike, so the latest group is tried first.
    for (std::size_t index = list.count; index > 0; --index) {
      SaveGroup& group = list.room[index - 1];
      if (group.model != wanted.model || group.action != wanted.action ||
          group.stage != wanted.stage || group.columns != wanted.columns ||
          group.generated != wanted.generated) {
        continue;
      }
      group.last->next = entry;
      group.last = entry;
      return true;
    }
    if (list.count == kMaximumSaveStatements) return false;
    if (list.count == list.room.size()) {
      const std::span<SaveGroup> grown =
          arena_.make_span<SaveGroup>(list.room.empty() ? 4 : list.room.size() * 2);
      std::copy(list.room.begin(), list.room.end(), grown.begin());
      list.room = grown;
    }
    SaveGroup& group = list.room[list.count++];
    group = wanted;
    group.first = entry;
    group.last = entry;
    return true;
  }

  const SaveGraph& graph_;
  Arena& arena_;
  Deferral deferral_ = Deferral::kGivenKeys;
  List<SaveRow*> by_key_;  // a hash table of rows with a given key, half empty
};

}  // namespace

Result<SaveOrder> order_save(const SaveGraph& graph, Arena& arena) {
  return Orderer(graph, arena).run();
}

}  // namespace cloesce::orm::detail
