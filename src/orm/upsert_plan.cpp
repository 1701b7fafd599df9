// Puts the rows of each group into one parameter, with the statement that its columns ask for.
#include "orm/upsert_plan.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "base/byte_buffer.h"
#include "base/concat.h"
#include "json/writer.h"
#include "orm/detail/save_graph.h"
#include "orm/detail/save_order.h"
#include "orm/detail/save_sql.h"
#include "orm/detail/scope_guard_sql.h"
#include "orm/detail/scope_sql.h"
#include "orm/map_rows.h"

namespace cloesce::orm {
namespace {

using detail::SaveAction;
using detail::SaveCell;
using detail::SaveEntry;
using detail::SaveGraph;
using detail::SaveGroup;
using detail::SaveLink;
using detail::SaveModel;
using detail::SaveRole;
using detail::SaveRow;
using detail::SaveValue;

// A parameter may have 2 MB on D1; rows beyond this go into another statement of the same text.
constexpr std::size_t kMaximumRowsBytes = 1'000'000;

// From here on the room of a parameter is counted: growing takes memory that nobody asked for.
constexpr std::size_t kLargeRows = 64 * 1024;

// Of a row that is not there, in a message.
constexpr std::size_t kLongestKeyText = 200;

// Of the places of guarded rows.
constexpr std::size_t kGuardedBytes = 1024;

using TextMaker = String (*)(std::string_view table, detail::SaveValues values);

enum class Patching : std::uint8_t { kNo, kYes };

// Links that go into one statement.
struct LinkGroup {
  static constexpr bool kRelocatable = true;

  const SaveLink* first;
  List<SaveValue> values;
  List<const SaveLink*> links;
};

// What the rows take as a parameter. They are JSON, so of what is escaped only two are in them.
std::size_t bytes_as_parameter(std::string_view rows) {
  if (rows.size() < kLargeRows) return rows.size() + rows.size() / 4;
  const auto escaped = [](char character) { return character == '"' || character == '\\'; };
  return rows.size() + static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), escaped));
}

class BatchWriter {
 public:
  BatchWriter(SaveGraph& graph, PlanCache& cache, Arena& arena, UpsertPlan& plan,
              const Scopes& scopes)
      : graph_(graph),
        cache_(cache),
        arena_(arena),
        plan_(plan),
        rows_(arena, 512),
        scopes_(scopes),
        narrowing_{scopes.code, detail::kScopesParameter} {}

  void write_group(const SaveGroup& group, Patching patching) {
    const ModelSchema& model = *group.model;
    write_reference_guards(group, patching);
    // A second new row, or a second revision.
    if (group.action == SaveAction::kInsert || model.version != ModelSchema::kNone) {
      plan_.repeatable = false;
    }
    values_.clear();
    positions_.clear();
    for (std::size_t position = 0; position < model.columns.size(); ++position) {
      if (!group.columns.test(position)) continue;
      positions_.push_back(position);
      add_value(*group.first->row, position, model.columns[position].name,
                group.generated.test(position),
                model.key_columns.test(position) ? SaveRole::kKey
                : position == model.version      ? SaveRole::kVersion
                                                 : SaveRole::kValue);
    }
    switch (group.action) {
      case SaveAction::kInsert:
        texts_ = {text('i', model.table, detail::insert_sql), {}};
        break;
      case SaveAction::kWrite:
        texts_ = {text('w', model.table, detail::write_sql), {}};
        break;
      case SaveAction::kChange:
      case SaveAction::kRevise:
        texts_ = {text('c', model.table, detail::change_sql), {}};
        if (patching == Patching::kYes || group.action == SaveAction::kRevise) break;
        texts_[1] = text('g', model.table, detail::guard_sql);
        note_changed(model, group);
        break;
      case SaveAction::kNothing:
        return;
    }
    for (const SaveEntry* entry = group.first; entry != nullptr; entry = entry->next) {
      const SaveRow& row = *entry->row;
      begin_row();
      if (group.action == SaveAction::kInsert) note_inserted(row);
      for (std::size_t index = 0; index < positions_.size(); ++index) {
        const std::size_t position = positions_[index];
        const bool left_out = !row.given.test(position) && row.ordinal == 0;
        const bool later = patching == Patching::kNo && row.deferred.test(position);
        if (left_out || later) {
          append_value(index, {});
        } else {
          append_cell(index, row, position);
        }
      }
      end_row();
    }
    flush();
  }

  // A statement that fails when a row that is only named is not there.
  void write_presence(const SaveRow& row) {
    values_.clear();
    for (const std::size_t position : row.model->primary_key) {
      add_value(row, position, row.model->columns[position].name, false, SaveRole::kKey);
    }
    texts_ = {text('g', row.model->table, detail::guard_sql), {}};
    plan_.changed.push_back({row.model, key_text(row)});
    begin_row();
    for (std::size_t index = 0; index < values_.size(); ++index) {
      append_cell(index, row, row.model->primary_key[index]);
    }
    end_row();
    flush();
  }

  // Statements that fail where a row is not as it must be, one for each guard: before anything is
  // written. First which rows there are, then whose they are, then at which revision.
  void write_guards() {
    write_scope_guards();
    write_guards(Guard::kOwner);
    write_guards(Guard::kRevision);
  }

  // Statements that fail where a row that was written is outside of its model's scope.
  void write_scope_guards(const SaveGroup& group) {
    if (scopes_.empty()) return;
    const ModelSchema& model = *group.model;
    if (group.action == SaveAction::kNothing || !detail::narrows(narrowing_, model)) return;
    values_.clear();
    for (const std::size_t position : model.primary_key) {
      add_value(*group.first->row, position, model.columns[position].name,
                group.generated.test(position), SaveRole::kKey);
    }
    begin_scope_guard(detail::written_guard_sql(model, narrowing_, values_));
    for (const SaveEntry* entry = group.first; entry != nullptr; entry = entry->next) {
      begin_row();
      for (std::size_t index = 0; index < values_.size(); ++index) {
        append_cell(index, *entry->row, model.primary_key[index]);
      }
      append_guard(values_.size(), *entry->row);
      end_row();
    }
    end_scope_guard();
  }

  void write_links() {
    List<LinkGroup> groups;
    for (const SaveLink* link = graph_.first_link; link != nullptr; link = link->next) {
      link_values(*link);
      LinkGroup* home = nullptr;
      for (LinkGroup& group : groups) {
        if (group.first->navigation == link->navigation && same_generators(group.values)) {
          home = &group;
        }
      }
      if (home == nullptr) home = &groups.emplace_back(LinkGroup{link, values_, {}});
      home->links.push_back(link);
    }
    for (const LinkGroup& group : groups) {
      values_ = group.values;
      texts_ = {text('l', group.first->navigation->junction, detail::link_sql), {}};
      for (const SaveLink* link : group.links) {
        begin_row();
        std::size_t index = 0;
        for (const SaveRow* row : {link->source, link->target}) {
          for (const std::size_t position : row->model->primary_key) {
            append_cell(index++, *row, position);
          }
        }
        end_row();
      }
      flush();
    }
  }

  // The parameters of Selection::kKey for a row of the save, and which of them are generated.
  std::string_view key_parameters(const SaveRow& row, std::uint16_t& generated) {
    ByteBuffer out(arena_, 64);
    generated = 0;
    for (std::size_t index = 0; index < row.model->primary_key.size(); ++index) {
      const std::size_t position = row.model->primary_key[index];
      out.push(index == 0 ? '[' : ',');
      if (const SaveRow* const generator = detail::generated_by(row, position)) {
        generated = static_cast<std::uint16_t>(generated | 1U << index);
        append_floor(out, *generator->model);
        out.append(",\"");
        json::append_integer(out, offset(*generator));
        out.push('"');
        continue;
      }
      const std::string_view token = detail::resolve(row.cells[position]).token;
      const bool quoted = !token.empty() && token.front() == '"';
      if (!quoted) out.push('"');
      out.append(token);
      if (!quoted) out.push('"');
    }
    out.push(']');
    return out.view();
  }

 private:
  enum class Guard : std::uint8_t { kOwner, kRevision };

  // Null where there is nothing to find out.
  static const image::Text* guard_of(const SaveRow& row, Guard guard) {
    if (guard == Guard::kOwner) return detail::needs_guard(row) ? &row.relation->guard : nullptr;
    return row.revision.empty() ? nullptr : &row.model->version_guard;
  }

  // Of rows that are given by their key: whether each is there for the caller. What would be added
  // if it were not there is refused only where it is there for others.
  void write_scope_guards() {
    if (scopes_.empty()) return;
    values_.clear();
    List<const ModelSchema*> written;
    for (const SaveRow* row = graph_.first; row != nullptr; row = row->next) {
      const ModelSchema& model = *row->model;
      if (row->action == SaveAction::kInsert || !detail::narrows(narrowing_, model)) continue;
      if (std::find(written.begin(), written.end(), &model) != written.end()) continue;
      written.push_back(&model);
      begin_scope_guard(detail::present_guard_sql(model, narrowing_));
      for (const SaveRow* other = row; other != nullptr; other = other->next) {
        if (other->model != &model || other->action == SaveAction::kInsert) continue;
        begin_row();
        append_guard(0, *other);
        append_value(1, other->action == SaveAction::kWrite ? "0" : "1");
        append_key(*other);
        end_row();
      }
      end_scope_guard();
    }
  }

  // Of foreign keys that are given: whether the row that each refers to is there for the caller.
  // What is nested is looked at itself.
  void write_reference_guards(const SaveGroup& group, Patching patching) {
    if (scopes_.empty()) return;
    const ModelSchema& model = *group.model;
    ColumnSet known;
    for (const NavigationSchema& navigation : model.navigations) {
      if (navigation.kind != cidl::NavigationKind::kOneToOne ||
          navigation.key_owner != cidl::KeyOwner::kSelf) {
        continue;
      }
      for (const std::size_t column : navigation.columns) known.set(column);
      write_reference_guard(group, patching, *navigation.target, navigation.columns);
    }
    for (std::uint32_t position = 0; position < model.columns.size(); ++position) {
      const ModelSchema* const target = model.columns[position].references.get();
      if (target == nullptr || target->primary_key.size() > 1 || known.test(position)) continue;
      write_reference_guard(group, patching, *target, std::span(&position, 1));
    }
  }

  template <class Positions>
  void write_reference_guard(const SaveGroup& group, Patching patching, const ModelSchema& target,
                             const Positions& positions) {
    if (!detail::narrows(narrowing_, target)) return;
    values_.clear();
    begin_scope_guard(detail::present_guard_sql(target, narrowing_));
    for (const SaveEntry* entry = group.first; entry != nullptr; entry = entry->next) {
      const SaveRow& row = *entry->row;
      bool whole = true;
      bool changed = false;
      bool none = false;  // it leads nowhere, or to what is nested
      for (const std::size_t position : positions) {
        const SaveCell& cell = row.cells[position];
        const bool later = patching == Patching::kNo && row.deferred.test(position);
        const bool given = group.columns.test(position) && row.given.test(position) && !later;
        whole = whole && given;
        changed = changed || (given && !row.model->key_columns.test(position));
        none = none || (given && (cell.source != nullptr || cell.token == "null"));
      }
      // Of a part of a key nobody knows where it leads together with what is stored: refused.
      const bool part = changed && !whole && group.action != SaveAction::kInsert;
      if (none || !(whole || part)) continue;
      begin_row();
      append_guard(0, row, row.model->columns[positions[0]].name);
      append_value(1, "1");
      for (const std::size_t position : positions) {
        append_value(2, whole ? row.cells[position].token : std::string_view{});
      }
      end_row();
    }
    end_scope_guard();
  }

  void begin_scope_guard(const String& sql) {
    texts_ = {arena_.copy(sql), {}};
    scoped_ = true;
  }

  void end_scope_guard() {
    flush();
    scoped_ = false;
  }

  // The number of a guard of `row`, or of a column of it.
  void append_guard(std::size_t index, const SaveRow& row, std::string_view column = {}) {
    if (index > 0) rows_.push(',');
    json::append_integer(rows_, static_cast<std::int64_t>(plan_.guards));
    note_guarded(row, column);
  }

  void write_guards(Guard guard) {
    values_.clear();
    List<const image::Text*> written;
    for (const SaveRow* row = graph_.first; row != nullptr; row = row->next) {
      const image::Text* const text = guard_of(*row, guard);
      if (text == nullptr) continue;
      if (std::find(written.begin(), written.end(), text) != written.end()) continue;
      written.push_back(text);
      texts_ = {*text, {}};
      for (const SaveRow* other = row; other != nullptr; other = other->next) {
        if (guard_of(*other, guard) != text) continue;
        begin_row();
        if (guard == Guard::kOwner) {
          append_guard(0, *other);
          append_key(*other);
          append_key(*other->above);
        } else {
          rows_.append(other->revision);
          append_key(*other);
        }
        end_row();
      }
      flush();
    }
  }

  // No row has the key that a new one will get.
  void append_key(const SaveRow& row) {
    for (const std::size_t position : row.model->primary_key) {
      const bool fresh = detail::generated_by(row, position) != nullptr;
      append_value(1, fresh ? "0.5" : detail::resolve(row.cells[position]).token);
    }
  }

  void add_value(const SaveRow& row, std::size_t position, std::string_view name, bool generated,
                 SaveRole role) {
    const ModelSchema* generator = nullptr;
    if (generated) generator = detail::generated_by(row, position)->model;
    values_.push_back({name, row.model->columns[position].kind, role, generator});
  }

  void note_changed(const ModelSchema& model, const SaveGroup& group) {
    for (ChangedRows& rows : plan_.changed) {
      if (rows.model != &model) continue;
      rows.key = {};
      return;
    }
    std::string_view key;
    if (group.first == group.last) key = key_text(*group.first->row);
    // What is kept while the batch runs is small, whatever keys there are.
    plan_.changed.push_back({&model, key.size() > kLongestKeyText ? std::string_view{} : key});
  }

  // What is kept while the batch runs is small, however many there are.
  void note_guarded(const SaveRow& row, std::string_view column) {
    ++plan_.guards;
    if (guarded_bytes_ > kGuardedBytes) return;
    const String at = detail::render_place(row.place);
    const std::string_view place = arena_.copy(concat({at, column.empty() ? "" : ".", column}));
    guarded_bytes_ += place.size();
    plan_.guarded.push_back(place);
  }

  // `id 7`, `id 7, name "x"`.
  std::string_view key_text(const SaveRow& row) {
    ByteBuffer out(arena_, 64);
    for (const std::size_t position : row.model->primary_key) {
      const std::string_view token = detail::resolve(row.cells[position]).token;
      if (token.empty()) return {};
      if (!out.empty()) out.append(", ");
      out.append(row.model->columns[position].name);
      out.push(' ');
      out.append(token);
    }
    return out.view();
  }

  void link_values(const SaveLink& link) {
    values_.clear();
    const auto add_side = [this](const SaveRow& row, const image::Array<image::Text>& names) {
      for (std::size_t index = 0; index < names.size(); ++index) {
        const std::size_t position = row.model->primary_key[index];
        add_value(row, position, names[index], detail::generated_by(row, position) != nullptr,
                  SaveRole::kKey);
      }
    };
    add_side(*link.source, link.navigation->source_columns);
    add_side(*link.target, link.navigation->target_columns);
  }

  [[nodiscard]] bool same_generators(const List<SaveValue>& values) const {
    for (std::size_t index = 0; index < values.size(); ++index) {
      if (values[index].generator != values_[index].generator) return false;
    }
    return true;
  }

  // A statement's text, made once per shape and copied into the arena.
  std::string_view text(char kind, std::string_view table, TextMaker make) {
    ByteBuffer key(arena_, 256);
    key.push(kind);
    key.append(table);
    for (const SaveValue& value : values_) {
      key.push('\0');
      key.append(value.column);
      if (value.generator == nullptr) continue;
      key.push('\1');
      json::append_integer(key, static_cast<std::int64_t>(value.generator->index));
    }
    return cache_.text(key.view(), arena_, [&] { return make(table, values_); });
  }

  void begin_row() {
    rows_.push(rows_.empty() ? '[' : ',');
    rows_.push('[');
  }

  void end_row() {
    rows_.push(']');
    if (rows_.size() > kMaximumRowsBytes) flush();
  }

  // Rows of an earlier stage may have later ordinals.
  void note_inserted(const SaveRow& row) {
    if (inserted_ == nullptr || inserted_->ordinal < row.ordinal) inserted_ = &row;
  }

  void append_cell(std::size_t index, const SaveRow& row, std::size_t position) {
    if (values_[index].generator == nullptr) {
      append_value(index, detail::resolve(row.cells[position]).token);
      return;
    }
    if (index > 0) rows_.push(',');
    json::append_integer(rows_, offset(*detail::generated_by(row, position)));
  }

  void append_value(std::size_t index, std::string_view token) {
    if (index > 0) rows_.push(',');
    rows_.append(token.empty() ? "null" : token);
  }

  // Where a generated key lies above its model's base plus what was inserted so far.
  [[nodiscard]] std::int64_t offset(const SaveRow& generator) const {
    return generator.ordinal - graph_.models[generator.model->index].written;
  }

  void append_floor(ByteBuffer& out, const ModelSchema& generator) const {
    const SaveModel& model = graph_.models[generator.index];
    out.push('"');
    json::append_integer(out, model.largest_given + model.written);
    out.push('"');
  }

  // Ends the statement that the rows so far go into.
  void flush() {
    if (rows_.empty()) return;
    rows_.push(']');
    ByteBuffer parameters(arena_, bytes_as_parameter(rows_.view()) + 32);
    parameters.push('[');
    json::append_string(parameters, rows_.view());
    if (scoped_) {
      parameters.push(',');
      const std::string_view values = scoped_parameters("[]", scopes_, arena_);
      parameters.append(values.substr(1, values.size() - 2));
    }
    std::uint32_t next = 2;
    for (std::size_t index = 0; index < values_.size(); ++index) {
      const ModelSchema* const generator = values_[index].generator;
      if (generator == nullptr || detail::floor_parameter(values_, index) != next) continue;
      parameters.push(',');
      append_floor(parameters, *generator);
      ++next;
    }
    parameters.push(']');
    for (const std::string_view sql : texts_) {
      if (!sql.empty()) plan_.statements.push_back({sql, parameters.view()});
    }
    rows_.truncate(0);
    if (inserted_ != nullptr) {
      std::int64_t& written = graph_.models[inserted_->model->index].written;
      written = std::max(written, inserted_->ordinal);
    }
    inserted_ = nullptr;
  }

  SaveGraph& graph_;
  PlanCache& cache_;
  Arena& arena_;
  UpsertPlan& plan_;
  ByteBuffer rows_;
  List<SaveValue> values_;       // of a row, in order
  List<std::size_t> positions_;  // of the columns they belong to
  std::array<std::string_view, 2> texts_;
  const Scopes& scopes_;
  Narrowing narrowing_;                // of guards
  bool scoped_ = false;                // whether the texts take the values of the scopes
  std::size_t guarded_bytes_ = 0;      // of the places that the plan notes
  const SaveRow* inserted_ = nullptr;  // with the largest ordinal in the statement being filled
};

// The columns of foreign keys tell which model generates a key; a save must agree with that.
bool reads_back(const SaveRow& root) {
  for (const std::size_t position : root.model->primary_key) {
    const SaveRow* const generator = detail::generated_by(root, position);
    if (generator == nullptr) continue;
    const ModelSchema* const referenced = root.model->columns[position].references;
    if (generator->model != (referenced == nullptr ? root.model : referenced)) return false;
  }
  return true;
}

// The statements that read the answer go behind those that write.
Result<void> add_answer(UpsertPlan& plan, const IncludeTree& tree, PlanCache& cache,
                        std::string_view parameters) {
  Result<Counted<SelectPlan>> select = cache.select(tree, plan.selection);
  if (!select.ok()) return std::move(select).failure();
  plan.answer = *std::move(select);
  plan.statements.resize(plan.writes);
  for (std::size_t index = 0; index < plan.answer->batch_size(); ++index) {
    plan.statements.push_back({plan.answer->batch_sql(index), parameters});
  }
  return {};
}

}  // namespace

Result<UpsertPlan> plan_upsert(const Schema& schema, const IncludeTree& tree,
                               const json::Value& value, SaveAnswer answer, std::string_view path,
                               PlanCache& cache, Arena& arena, RowForm rows, const Saver& saver) {
  Result<SaveGraph> graph =
      detail::parse_save(schema, tree, saver.limits, saver.revisions, value, path, arena);
  if (!graph.ok()) return std::move(graph).failure();
  Result<detail::SaveOrder> order = detail::order_save(*graph, arena);
  if (!order.ok()) return std::move(order).failure();
  if (!reads_back(*graph->root)) {
    return Failure{ErrorCode::kOrmInputInvalid, "the key of the object must be given", path};
  }

  UpsertPlan plan;
  plan.kind = answer;
  BatchWriter writer(*graph, cache, arena, plan, saver.scopes);
  plan.rows = graph->first;
  plan.root = path;
  writer.write_guards();
  for (const SaveGroup& group : order->groups) writer.write_group(group, Patching::kNo);
  for (const SaveGroup& group : order->patches) writer.write_group(group, Patching::kYes);
  writer.write_links();
  for (const SaveGroup& group : order->groups) writer.write_scope_guards(group);
  // Nothing below a root that is not there may stay behind.
  if (graph->root->action == SaveAction::kNothing && !plan.statements.empty()) {
    writer.write_presence(*graph->root);
  }
  plan.writes = plan.statements.size();

  plan.selection.kind = Selection::kKey;
  plan.selection.projection = answer == SaveAnswer::kKey ? Projection::kKey : Projection::kObject;
  plan.selection.rows = rows;
  plan.key_parameters = writer.key_parameters(*graph->root, plan.selection.generated_keys);
  std::size_t parameters = tree.model->primary_key.size();
  for (std::size_t index = 0; index < tree.model->primary_key.size(); ++index) {
    parameters += plan.selection.generated_keys >> index & 1U;
  }
  const bool reads_tree = answer == SaveAnswer::kObject;
  const std::string_view values = reads_tree ? tree.values : std::string_view{};
  plan.selection.narrowing = narrowing(saver.scopes, parameters, values);
  CLOESCE_TRY(add_answer(plan, reads_tree ? tree : empty_include_tree(*tree.model, arena), cache,
                         scoped_parameters(plan.key_parameters, saver.scopes, arena, values)));
  return plan;
}

Result<void> separate_rows(UpsertPlan& plan, const IncludeTree& tree, PlanCache& cache) {
  // A key alone is one row already.
  if (plan.kind == SaveAnswer::kKey) return {};
  plan.selection.rows = RowForm::kSeparate;
  const bool there = plan.statements.size() > plan.writes;
  return add_answer(plan, tree, cache,
                    there ? plan.statements.back().parameters : std::string_view{});
}

void add_models(const UpsertPlan& plan, List<bool>& models) {
  for (const SaveRow* row = plan.rows; row != nullptr; row = row->next) {
    models[row->model->index] = true;
    for (std::size_t position = 0; position < row->model->columns.size(); ++position) {
      const ModelSchema* const target = row->model->columns[position].references.get();
      if (target != nullptr && row->given.test(position)) models[target->index] = true;
    }
  }
}

std::optional<Error> missing_row(const UpsertPlan& plan, std::string_view column) {
  const ChangedRows* only = nullptr;
  for (const ChangedRows& rows : plan.changed) {
    const std::string_view table = rows.model->table;
    if (column.starts_with(table) && column.substr(table.size(), 1) == ".") only = &rows;
  }
  if (only == nullptr) return std::nullopt;
  const bool one = !only->key.empty();
  const std::string_view name = column.substr(only->model->table.size() + 1);
  const MemberReference member = only->model->member(name);
  const bool open = member.kind == MemberReference::Kind::kColumn &&
                    only->model->columns[member.index].access == cidl::Access::kOpen;
  return make_error(ErrorCode::kNotFound,
                    filled("there is no % with %%%",
                           {only->model->name, one ? only->key : "one of the keys that were given",
                            open ? ", and a new one needs " : ", and callers cannot add one",
                            open ? name : std::string_view{}}));
}

std::optional<Error> refused_row(const UpsertPlan& plan, std::string_view message) {
  // Then a digit, a colon, and the number of a row or its name in braces.
  constexpr std::string_view kMark = "CLO121";
  std::size_t at = message.find(kMark);
  if (at == std::string_view::npos || message.size() <= at + kMark.size() + 2) return std::nullopt;
  const char kind = message[at + kMark.size()];
  at += kMark.size() + 2;
  if (const std::size_t end = message.rfind('}'); message[at] == '{' && end < message.size()) {
    const bool stale = kind == '6';
    return make_error(stale ? ErrorCode::kRevisionStale : ErrorCode::kRevisionMissing,
                      concat({message.substr(at + 1, end - at - 1),
                              stale ? " was changed or deleted since it was read"
                                    : " must be given: the row is there already"}),
                      plan.root);
  }
  std::size_t number = 0;
  for (; at < message.size() && is_digit(message[at]); ++at) {
    number = number * 10 + static_cast<std::size_t>(message[at] - '0');
    if (number >= plan.guards) return std::nullopt;
  }
  if (plan.guards == 0) return std::nullopt;
  const std::string_view place =
      number < plan.guarded.size() ? plan.guarded[number] : std::string_view(plan.root);
  switch (kind) {
    case '8':
      return make_error(ErrorCode::kOutsideScope, "no caller may save what it could not see",
                        place);
    case '9':
      return make_error(ErrorCode::kNotFound, "there is no row with the key that was given", place);
    default:
      return make_error(ErrorCode::kWriteNotGranted, "a caller may not write a row of another one",
                        place);
  }
}

Result<std::string_view> map_upsert(const UpsertPlan& plan, simdjson::padded_string_view answer,
                                    json::Reader& reader, Arena& arena, Pieces* pieces) {
  Result<std::string_view> object =
      map_rows(*plan.answer, Cardinality::kOne, {answer, plan.writes}, reader, arena, nullptr,
               plan.kind == SaveAnswer::kObject ? pieces : nullptr);
  if (!object.ok()) return object;
  if (*object == "null") {
    return Failure{ErrorCode::kNotFound, "there is no row with the key that was given",
                   plan.answer->model->name};
  }
  const List<MemberPlan>& members = plan.answer->objects.front().members;
  if (plan.kind == SaveAnswer::kObject || members.size() > 1) return object;
  // `{"id":5}`: the value alone.
  const std::size_t label = members.front().label.size();
  return object->substr(label, object->size() - label - 1);
}

}  // namespace cloesce::orm
