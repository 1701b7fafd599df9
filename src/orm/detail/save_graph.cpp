// Reading is one pass over the document; keys and links are settled once everything is known.
#include "orm/detail/save_graph.h"

#include <utility>

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "base/string.h"
#include "json/number.h"
#include "orm/detail/binary.h"
#include "orm/detail/column_value.h"
#include "text/date_iso.h"

namespace cloesce::orm::detail {
namespace {

using cidl::KeyOwner;
using cidl::NavigationKind;
using cidl::WriteRight;

constexpr std::int64_t kLargestInteger = (std::int64_t{1} << 53) - 1;
constexpr std::size_t kMaximumRefusals = 16;

constexpr std::string_view kNotWritten = "a caller may not write this row";
constexpr std::string_view kOnlyNamed =
    "a caller may not write this row, only refer to it by its key";
constexpr std::string_view kOfAnother = "a caller may not write a row of another one";
constexpr std::string_view kNotInRow = "a save writes rows, not what KV or R2 hold beside them";
constexpr std::string_view kNoParameter = "key parameters are of the object that is saved alone";

// Whether the row above holds the key of the one that it leads to.
bool is_held(const NavigationSchema& navigation) {
  return !navigation.to_many() && navigation.key_owner == KeyOwner::kSelf;
}

bool is_owned(const SaveRow& row) {
  return row.relation != nullptr && row.relation->right == WriteRight::kOwned;
}

Failure fail(ErrorCode code, std::string_view detail, const SavePlace* place) {
  return Failure{code, detail, render_place(place)};
}

Failure fail_column(ErrorCode code, std::string_view detail, const SaveRow& row,
                    std::string_view column) {
  const SavePlace place{row.place, column};
  return fail(code, detail, &place);
}

// The token of a scalar as it will be stored.
class CellReader {
 public:
  CellReader(Arena& arena, const SavePlace& place) : arena_(arena), place_(place) {}

  Result<std::string_view> read(ColumnKind kind, const json::Value& value, std::string_view token) {
    switch (kind) {
      case ColumnKind::kInteger: {
        Result<std::string_view> integer = json::integer_token(value, {});
        if (!integer.ok()) return fail(integer.error().code, integer.error().detail, &place_);
        return integer;
      }
      case ColumnKind::kReal: {
        if (json::number_form(token) != json::NumberForm::kFinite)
          return mismatch("a number", value);
        return token;
      }
      case ColumnKind::kBoolean: {
        bool boolean = false;
        if (value.get_bool(boolean)) return mismatch("true or false", value);
        return std::string_view(boolean ? "1" : "0");
      }
      case ColumnKind::kDate: {
        std::string_view text;
        if (value.get_string(text)) return mismatch("a date as a string", value);
        char date[text::kDateBytes];
        if (!text::write_date(text, text::DateSource::kCaller, date)) {
          return fail(ErrorCode::kDateInvalid, "expected an ISO-8601 date", &place_);
        }
        return arena_.copy(filled("\"%\"", {{date, text::kDateBytes}}));
      }
      case ColumnKind::kText: {
        std::string_view text;
        // Reading it checks its escapes; the token is what is passed on.
        if (value.get_string(text)) return mismatch("a string", value);
        return token;
      }
      case ColumnKind::kBlob: {
        std::string_view text;
        if (value.get_string(text)) return mismatch("a base64 string", value);
        ByteBuffer hex(arena_, text.size() * 3 / 2 + 2);
        hex.push('"');
        if (!append_hex_of_base64(hex, text)) {
          return fail(ErrorCode::kBase64Invalid, "the text is not base64", &place_);
        }
        hex.push('"');
        return hex.view();
      }
    }
    return fail(ErrorCode::kInternal, "an unknown kind of column", &place_);
  }

 private:
  Failure mismatch(std::string_view expected, const json::Value& value) {
    return fail(ErrorCode::kTypeMismatch,
                filled("expected %, got %", {expected, json::describe(value)}), &place_);
  }

  Arena& arena_;
  const SavePlace& place_;
};

class GraphReader {
 public:
  GraphReader(const Schema& schema, Revisions revisions, Arena& arena)
      : arena_(arena), revisions_(revisions) {
    graph_.models = arena.make_span<SaveModel>(schema.models.size());
    for (SaveModel& model : graph_.models) model = SaveModel{};
  }

  Result<SaveGraph> run(const IncludeTree& tree, const WriteLevel* limits, const json::Value& value,
                        std::string_view path) {
    view_ = tree.view;
    const SavePlace* const place = arena_.make<SavePlace>(nullptr, path);
    limited_ = limits != nullptr;
    Result<SaveRow*> root = read_row(*tree.model, {tree.entries, limits, nullptr}, value, place);
    if (!root.ok()) return std::move(root).failure();
    for (SaveRow* row = graph_.first; row != nullptr; row = row->next) check_owner(*row);
    if (refusals_ > 0) return Failure{std::move(refusal_)};
    graph_.root = *root;
    for (SaveRow* row = graph_.first; row != nullptr; row = row->next) {
      CLOESCE_TRY(settle_key(*row));
    }
    for (SaveRow* row = graph_.first; row != nullptr; row = row->next) {
      CLOESCE_TRY(settle_action(*row));
    }
    return graph_;
  }

 private:
  // A to-one object whose key goes into its owner's column, until the owner is read.
  struct Pending {
    const NavigationSchema* navigation;
    SaveRow* target;
    Pending* next;
  };

  // How a row was come to, and which relations are read below it.
  struct Way {
    std::span<const IncludeEntry> entries;     // of a save without limits
    const WriteLevel* level = nullptr;         // of one with them; none: no relation is granted
    const RelationWrites* relation = nullptr;  // none for the root, and for what is not granted
    const SaveRow* above = nullptr;
    const NavigationSchema* navigation = nullptr;
  };

  Result<SaveRow*> read_row(const ModelSchema& model, const Way& way, const json::Value& value,
                            const SavePlace* place) {
    json::Object members;
    if (value.get_object(members)) {
      return fail(ErrorCode::kTypeMismatch,
                  filled("expected an object, got %", {json::describe(value)}), place);
    }
    if (arena_.exceeded()) return Failure{ErrorCode::kNoRoom, "the save has too many rows for now"};
    SaveRow* const row = make_row(model, place);
    row->above = way.above;
    row->navigation = way.navigation;
    row->relation = way.relation;
    const char* const begin = value.token().data();
    Pending* pending = nullptr;
    std::uint64_t relations_read = 0;  // a tree has fewer than 64 relations
    std::size_t expected = 0;          // members mostly come in the order of their declaration
    for (json::Field field; members.next(field);) {
      MemberReference reference;
      if (expected < model.columns.size() && field.escaped_key() == model.columns[expected].name) {
        reference = {MemberReference::Kind::kColumn, expected};
      } else {
        std::string_view name;
        if (const auto code = field.unescaped_key(name); code) {
          return malformed(code, place);
        }
        reference = model.member(name);
      }
      if (reference.kind == MemberReference::Kind::kColumn) {
        expected = reference.index + 1;
        if (only_named(*row) && !model.key_columns.test(reference.index)) {
          refuse({place, model.columns[reference.index].name}, kOnlyNamed);
          continue;
        }
        CLOESCE_TRY(read_column(*row, reference.index, field.value()));
      } else if (reference.kind == MemberReference::Kind::kNavigation) {
        const NavigationSchema& navigation = model.navigations[reference.index];
        if (limited_) {
          CLOESCE_TRY(
              read_limited(*row, navigation,
                           way.level == nullptr ? nullptr : &way.level->relations[reference.index],
                           field.value(), pending));
          continue;
        }
        const std::span<const IncludeEntry> entries = way.entries;
        for (std::size_t index = 0; index < entries.size(); ++index) {
          if (entries[index].navigation != &navigation) continue;
          if ((relations_read >> index & 1U) != 0) {
            return fail_column(ErrorCode::kOrmInputInvalid, "the member is given twice", *row,
                               navigation.name);
          }
          relations_read |= std::uint64_t{1} << index;
          CLOESCE_TRY(
              read_relation(*row, navigation, {entries[index].children()}, field.value(), pending));
        }
      } else if (serves_storage()) {
        check_not_stored(*row, reference, field);
      }
    }
    if (members.error()) return malformed(members.error(), place);
    if (limited_) row->json = {begin, static_cast<std::size_t>(value.read_to() - begin)};
    for (; pending != nullptr; pending = pending->next) {
      CLOESCE_TRY(link_forwards(*row, *pending));
    }
    return row;
  }

  SaveRow* make_row(const ModelSchema& model, const SavePlace* place) {
    SaveRow* const row = arena_.make<SaveRow>();
    row->model = &model;
    row->place = place;
    row->cells = arena_.make_span<SaveCell>(model.columns.size());
    for (SaveCell& cell : row->cells) cell = SaveCell{};
    *last_ = row;
    last_ = &row->next;
    ++graph_.rows;
    return row;
  }

  Result<void> read_column(SaveRow& row, std::size_t position, const json::Value& value) {
    const ColumnSchema& column = row.model->columns[position];
    if (row.given.test(position) || row.nulled.test(position)) {
      return fail_column(ErrorCode::kOrmInputInvalid, "the member is given twice", row,
                         column.name);
    }
    const std::string_view token = value.token();
    if (token == "null") {
      if (column.nullability == Nullability::kRequired) {
        row.nulled.set(position);
      } else {
        row.given.set(position);
        row.cells[position].token = token;
      }
      return {};
    }
    const SavePlace place{row.place, column.name};
    Result<std::string_view> stored = CellReader(arena_, place).read(column.kind, value, token);
    if (!stored.ok()) return std::move(stored).failure();
    row.given.set(position);
    row.cells[position].token = *stored;
    return {};
  }

  // Whether the row is named by its key, and nothing else may be said of it.
  [[nodiscard]] bool only_named(const SaveRow& row) const {
    return row.above != nullptr && row.relation == nullptr;
  }

  // What is no part of a row is told, unless it says that there is nothing.
  void check_not_stored(const SaveRow& row, const MemberReference& reference,
                        const json::Field& field) {
    std::string_view text;
    if (field.value().raw_json(text) || text == "null" || text == "[]") return;
    if (reference.kind == MemberReference::Kind::kStored) {
      refuse({row.place, row.model->stored[reference.index].name}, kNotInRow, ErrorCode::kReadOnly);
      return;
    }
    if (row.place->above == nullptr) return;
    for (const image::Text& name : row.model->key_parameters) {
      if (name == field.escaped_key()) refuse({row.place, name}, kNoParameter);
    }
  }

  // A relation of a row that a caller sent. What says nothing asks for nothing.
  Result<void> read_limited(SaveRow& row, const NavigationSchema& navigation,
                            const RelationWrites* relation, const json::Value& value,
                            Pending*& pending) {
    if (relation != nullptr && relation->right == WriteRight::kNone) relation = nullptr;
    if (relation == nullptr && (!is_held(navigation) || only_named(row))) {
      json::Array elements;
      if (value.token() == "null") return {};
      if (value.get_array(elements)) {
        refuse({row.place, navigation.name}, kNotWritten);
        return {};
      }
      std::int64_t index = 0;
      for (json::Value item; elements.next(item);) {
        refuse({row.place, navigation.name, index++}, kNotWritten);
      }
      if (elements.error()) return malformed(elements.error(), row.place);
      return {};
    }
    const WriteLevel* const below = relation == nullptr ? nullptr : relation->below.get();
    return read_relation(row, navigation, {{}, below, relation, &row, &navigation}, value, pending);
  }

  // A row that was granted as another's must not name a third as its own.
  void check_owner(SaveRow& row) {
    if (!is_owned(row) || row.navigation->kind == NavigationKind::kManyToMany ||
        is_held(*row.navigation)) {
      return;
    }
    for (std::size_t index = 0; index < row.navigation->columns.size(); ++index) {
      const std::size_t column = row.navigation->columns[index];
      const std::size_t key = row.above->model->primary_key[index];
      if (row.cells[column].source == row.above) continue;
      const std::string_view token = resolve(row.cells[column]).token;
      if (!token.empty() && token == resolve(row.above->cells[key]).token) {
        link(row, column, *row.above, key);
      } else {
        refuse({row.place, row.model->columns[column].name}, kOfAnother);
      }
    }
  }

  // All that is refused is told at once, up to a number.
  void refuse(const SavePlace& place, std::string_view detail,
              ErrorCode code = ErrorCode::kWriteNotGranted) {
    if (refusals_++ >= kMaximumRefusals) return;
    Error error = make_error(code, detail, render_place(&place));
    if (refusals_ == 1) {
      refusal_ = std::move(error);
    } else {
      refusal_.detail += '\n';
      refusal_.detail.append(render(error));
    }
  }

  Result<void> read_relation(SaveRow& row, const NavigationSchema& navigation, const Way& way,
                             const json::Value& value, Pending*& pending) {
    if (value.token() == "null") return {};
    if (!navigation.to_many()) {
      row.deep = row.deep || way.relation != nullptr;
      const auto* const place = arena_.make<SavePlace>(row.place, navigation.name);
      Result<SaveRow*> target = read_row(*navigation.target, way, value, place);
      if (!target.ok()) return std::move(target).failure();
      if (navigation.key_owner == KeyOwner::kSelf) {
        pending = arena_.make<Pending>(&navigation, *target, pending);
      } else {
        link_backwards(row, navigation, **target);
      }
      return {};
    }
    json::Array elements;
    if (value.get_array(elements)) {
      return fail_column(ErrorCode::kTypeMismatch,
                         filled("expected a list, got %", {json::describe(value)}), row,
                         navigation.name);
    }
    std::int64_t index = 0;
    for (json::Value item; elements.next(item);) {
      const auto* const place = arena_.make<SavePlace>(row.place, navigation.name, index++);
      Result<SaveRow*> target = read_row(*navigation.target, way, item, place);
      if (!target.ok()) return std::move(target).failure();
      row.deep = true;
      if (navigation.kind == NavigationKind::kManyToMany) {
        SaveLink* const link = arena_.make<SaveLink>(&navigation, &row, *target);
        *last_link_ = link;
        last_link_ = &link->next;
      } else {
        link_backwards(row, navigation, **target);
      }
    }
    if (elements.error()) return malformed(elements.error(), row.place);
    return {};
  }

  // The target's foreign key becomes this row's key, unless it names another row itself.
  static void link_backwards(const SaveRow& row, const NavigationSchema& navigation,
                             SaveRow& target) {
    for (std::size_t index = 0; index < navigation.columns.size(); ++index) {
      const std::size_t column = navigation.columns[index];
      const std::size_t key = row.model->primary_key[index];
      const bool same = has_value(target, column) && has_value(row, key) &&
                        resolve(target.cells[column]).token == resolve(row.cells[key]).token;
      if (same || !has_value(target, column)) link(target, column, row, key);
    }
  }

  // This row's foreign key becomes the target's key. A foreign key that is given is the key of a
  // target without one.
  Result<void> link_forwards(SaveRow& row, const Pending& pending) {
    const NavigationSchema& navigation = *pending.navigation;
    SaveRow& target = *pending.target;
    for (std::size_t index = 0; index < navigation.columns.size(); ++index) {
      const std::size_t column = navigation.columns[index];
      const std::size_t key = target.model->primary_key[index];
      if (has_value(row, column) && !has_value(target, key)) {
        target.given.set(key);
        target.nulled.reset(key);
        target.cells[key] = row.cells[column];
      }
      if (!has_value(row, column)) {
        link(row, column, target, key);
      } else if (resolve(target.cells[key]).token != resolve(row.cells[column]).token) {
        return fail_column(ErrorCode::kOrmInputInvalid,
                           filled("its key differs from the column % that refers to it",
                                  {row.model->columns[column].name}),
                           row, navigation.name);
      } else {
        link(row, column, target, key);
      }
    }
    if (only_named(target) && (target.model->key_columns - target.given).any()) {
      refuse(*target.place, kOnlyNamed);
    }
    return {};
  }

  static bool has_value(const SaveRow& row, std::size_t column) {
    return row.given.test(column) && row.cells[column].token != "null";
  }

  static void link(SaveRow& row, std::size_t column, const SaveRow& source,
                   std::size_t source_column) {
    row.given.set(column);
    row.nulled.reset(column);
    row.cells[column] = {{}, &source, source_column};
  }

  // Decides which rows get a generated key.
  Result<void> settle_key(SaveRow& row) {
    SaveModel& model = graph_.models[row.model->index];
    const ColumnSet missing = row.model->key_columns - row.given;
    if (missing.none()) {
      ++model.keyed;
      if (row.model->generated_key != ModelSchema::kNone) {
        note_key(model, row.cells[row.model->generated_key]);
      }
      return {};
    }
    if (row.model->generated_key == ModelSchema::kNone) {
      for (const std::size_t position : row.model->primary_key) {
        if (!missing.test(position)) continue;
        return fail_column(ErrorCode::kOrmInputInvalid,
                           "a primary key that is not a single Integer must be given", row,
                           row.model->columns[position].name);
      }
    }
    row.ordinal = ++model.generated;
    row.nulled.reset(row.model->generated_key);
    return {};
  }

  static void note_key(SaveModel& model, const SaveCell& cell) {
    std::int64_t key = 0;
    for (const char digit : cell.token) {
      if (digit == '-') return;  // below all generated keys
      key = key * 10 + (digit - '0');
    }
    if (key > model.largest_given) model.largest_given = key;
  }

  Result<void> settle_action(SaveRow& row) {
    const ModelSchema& model = *row.model;
    for (std::size_t position = 0; row.nulled.any() && position < model.columns.size();
         ++position) {
      if (row.nulled.test(position)) {
        return fail_column(ErrorCode::kConstraintFailed, "the column cannot be null", row,
                           model.columns[position].name);
      }
    }
    bool fresh = row.ordinal > 0;
    for (const std::size_t position : model.primary_key) {
      fresh = fresh || generated_by(row, position) != nullptr;
    }
    ColumnSet missing = model.required_columns - row.given - model.key_columns;
    const bool versioned = model.version != ModelSchema::kNone;
    const bool revised = versioned && row.given.test(model.version);
    if (versioned) missing.reset(model.version);
    if (fresh) {
      if (revised) {
        return fail_column(ErrorCode::kConstraintFailed,
                           "a new row begins with 1, and brings no revision", row,
                           model.columns[model.version].name);
      }
      for (std::size_t position = 0; missing.any() && position < model.columns.size(); ++position) {
        if (!missing.test(position)) continue;
        const ColumnSchema& column = model.columns[position];
        if (view_ == View::kOpen && column.access == cidl::Access::kHidden) {
          return fail(ErrorCode::kConstraintFailed, "callers cannot add a row", row.place);
        }
        return fail_column(ErrorCode::kConstraintFailed,
                           column.access == cidl::Access::kOpen
                               ? "a new row must have a value here"
                               : "a new row must have a value here, which callers cannot give",
                           row, column.name);
      }
    }
    if (row.ordinal > 0) {
      row.action = SaveAction::kInsert;
      const SaveModel& counts = graph_.models[model.index];
      if (counts.largest_given > kLargestInteger - counts.generated) {
        return fail(ErrorCode::kIntegerOutOfRange, "no key above the largest one is left",
                    row.place);
      }
    } else if (revised) {
      row.action = SaveAction::kRevise;
    } else if (missing.none()) {
      row.action = SaveAction::kWrite;
    } else {
      row.action = row.given == model.key_columns ? SaveAction::kNothing : SaveAction::kChange;
    }
    if (only_named(row)) row.action = SaveAction::kNothing;
    if (!versioned || row.action == SaveAction::kNothing) return {};
    SaveCell& version = row.cells[model.version];
    if (revised) {
      row.revision = version.token;
    } else if (revisions_ == Revisions::kNeeded && !fresh &&
               (row.given - model.key_columns).any()) {
      if (row.action == SaveAction::kChange) {
        return fail_column(ErrorCode::kRevisionMissing,
                           "a change must bring the revision that was read", row,
                           model.columns[model.version].name);
      }
      row.revision = "null";
    }
    row.given.set(model.version);
    version.token = "1";
    return {};
  }

  static Failure malformed(simdjson::error_code code, const SavePlace* place) {
    return json::malformed(code, render_place(place));
  }

  Arena& arena_;
  Revisions revisions_;
  View view_ = View::kWhole;
  SaveGraph graph_;
  bool limited_ = false;
  std::size_t refusals_ = 0;
  Error refusal_;
  SaveRow** last_ = &graph_.first;
  SaveLink** last_link_ = &graph_.first_link;
};

}  // namespace

Result<SaveGraph> parse_save(const Schema& schema, const IncludeTree& tree,
                             const WriteLevel* limits, Revisions revisions,
                             const json::Value& value, std::string_view path, Arena& arena) {
  return GraphReader(schema, revisions, arena).run(tree, limits, value, path);
}

bool needs_guard(const SaveRow& row) {
  if (!is_owned(row) || row.relation->guard.empty()) return false;
  for (const std::size_t position : row.model->primary_key) {
    if (generated_by(row, position) != nullptr) return false;
  }
  ColumnSet said = row.given - row.model->key_columns;
  // Of a row that is only named, what it gets when it is not there.
  if (row.model->version != ModelSchema::kNone && row.revision.empty()) {
    said.reset(row.model->version);
  }
  return row.deep || said.any();
}

String render_place(const SavePlace* place) {
  if (place == nullptr) return {};
  String path = render_place(place->above);
  if (!path.empty() && !place->name.empty()) path += '.';
  path.append(place->name);
  if (place->index >= 0)
    path.append(filled("[%]", {decimal(static_cast<std::size_t>(place->index))}));
  return path;
}

const SaveCell& resolve(const SaveCell& cell) {
  const SaveCell* end = &cell;
  while (end->source != nullptr && end->source->ordinal == 0) {
    end = &end->source->cells[end->source_column];
  }
  return *end;
}

const SaveRow* generated_by(const SaveRow& row, std::size_t column) {
  if (row.ordinal > 0 && row.model->generated_key == column) return &row;
  return resolve(row.cells[column]).source;
}

}  // namespace cloesce::orm::detail
