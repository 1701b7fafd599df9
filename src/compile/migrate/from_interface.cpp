// Models and junctions as tables: column types, keys, foreign keys with their actions, indexes.
#include "compile/migrate/from_interface.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <unordered_set>
#include <utility>

#include "cidl/find.h"
#include "cidl/store_rules.h"
#include "cidl/write_access.h"
#include "compile/migrate/findings.h"

namespace cloesce::migrate {
namespace {

constexpr std::size_t kMaximumNameBytes = 200;

struct Storage {
  StorageClass storage;
  std::string_view neutral_literal;
};

Storage storage_of(cidl::TypeKind kind) {
  switch (kind) {
    case cidl::TypeKind::kInteger:
    case cidl::TypeKind::kBoolean:
      return {StorageClass::kInteger, "0"};
    case cidl::TypeKind::kReal:
      return {StorageClass::kReal, "0.0"};
    case cidl::TypeKind::kDateIso:
      return {StorageClass::kText, "'1970-01-01T00:00:00.000Z'"};
    case cidl::TypeKind::kBlob:
      return {StorageClass::kBlob, "x''"};
    default:
      return {StorageClass::kText, "''"};
  }
}

Column column_of(std::string name, const cidl::Type& type) {
  const Storage storage = storage_of(cidl::without_nullable(type).kind);
  return Column{std::move(name),
                storage.storage,
                cidl::is_nullable(type) ? Nullability::kNullable : Nullability::kRequired,
                {},
                std::string(storage.neutral_literal)};
}

// A dot keeps index names apart from each other and from tables: no identifier of the source has
// one.
Index index_of(const std::string& table, IndexKind kind, std::vector<std::string> columns) {
  std::string name = fmt::format(FMT_COMPILE("{}.{}.{}"), table, fmt::join(columns, "."),
                                 kind == IndexKind::kUnique ? "unique" : "index");
  return Index{std::move(name), kind, std::move(columns)};
}

// Does an index over `available` find rows by `wanted`, in any order?
bool serves(const std::vector<std::string>& available, const std::vector<std::string>& wanted) {
  if (available.size() < wanted.size()) return false;
  return std::all_of(available.begin(),
                     available.begin() + static_cast<std::ptrdiff_t>(wanted.size()),
                     [&wanted](const std::string& name) { return contains_name(wanted, name); });
}

bool is_served(const Table& table, const std::vector<std::string>& columns) {
  if (serves(table.primary_key, columns)) return true;
  return std::any_of(table.indexes.begin(), table.indexes.end(),
                     [&columns](const Index& index) { return serves(index.columns, columns); });
}

// Longer foreign keys first: their index may serve a shorter one.
void add_foreign_key_indexes(Table& table) {
  std::vector<const ForeignKey*> keys;
  for (const ForeignKey& key : table.foreign_keys) keys.push_back(&key);
  std::stable_sort(keys.begin(), keys.end(), [](const ForeignKey* left, const ForeignKey* right) {
    return left->columns.size() > right->columns.size();
  });
  for (const ForeignKey* key : keys) {
    if (is_served(table, key->columns)) continue;
    table.indexes.push_back(index_of(table.name, IndexKind::kPlain, key->columns));
  }
}

class SchemaBuilder {
 public:
  SchemaBuilder(const cidl::Interface& interface, std::string_view binding, DiagnosticSink& sink)
      : interface_(interface), names_(interface), sink_(sink) {
    schema_.binding = binding;
  }

  Schema build() {
    for (const cidl::Model& model : interface_.models) {
      if (is_here(model)) add_table(table_of(model));
    }
    for (const cidl::Junction& junction : interface_.junctions) {
      if (junction.binding == schema_.binding) add_table(table_of(junction));
    }
    if (takes_keys()) schema_.tables.push_back(table_of_saves());
    std::sort(schema_.tables.begin(), schema_.tables.end(),
              [](const Table& left, const Table& right) { return left.name < right.name; });
    check_foreign_keys();
    return std::move(schema_);
  }

 private:
  [[nodiscard]] bool is_here(const cidl::Model& model) const {
    return cidl::has_rows(model) && model.binding == schema_.binding;
  }

  // Whether a save on this database may be sent again under a key.
  [[nodiscard]] bool takes_keys() const {
    return interface_.application &&
           interface_.application->idempotency_keys == cidl::IdempotencyKeys::kTaken &&
           std::any_of(
               interface_.models.begin(), interface_.models.end(),
               [this](const cidl::Model& model) { return is_here(model) && has_save(model); });
  }

  // The keys of a day with what was saved under them; js/saves writes and reads it.
  static Table table_of_saves() {
    const auto text = [](std::string name, cidl::TypeKind kind) {
      return column_of(std::move(name), {kind, {}, {}});
    };
    Table table;
    table.name = "_cloesce_saves";
    table.columns = {text("key", cidl::TypeKind::kText), text("body", cidl::TypeKind::kText),
                     text("answer", cidl::TypeKind::kText),
                     text("created", cidl::TypeKind::kInteger)};
    table.columns[2].nullability = Nullability::kNullable;
    table.primary_key = {"key"};
    table.indexes.push_back(index_of(table.name, IndexKind::kPlain, {"created"}));
    return table;
  }

  void add_table(Table table) {
    check_names(table);
    if (table.columns.size() > kMaximumColumns) {
      report(
          sink_, Finding::kTooLarge,
          fmt::format(FMT_COMPILE("table {} has {} columns"), table.name, table.columns.size()),
          fmt::format(FMT_COMPILE("D1 allows {}: move some to a second model that shares the key"),
                      kMaximumColumns));
    }
    if (table.primary_key.empty()) {
      report(sink_, Finding::kTableInvalid,
             fmt::format(FMT_COMPILE("table {} has no primary key"), table.name),
             "mark at least one property with @PrimaryKey");
    }
    if (!table_names_.insert(fold_name(table.name)).second) {
      report(sink_, Finding::kTableInvalid,
             fmt::format(FMT_COMPILE("two tables are called {}"), table.name),
             "rename one: SQLite does not tell upper case from lower case in names");
      return;
    }
    schema_.tables.push_back(std::move(table));
  }

  void check_names(const Table& table) {
    check_name(table.name, "table");
    std::unordered_set<std::string> seen;
    for (const Column& column : table.columns) {
      check_name(column.name, "column");
      if (!seen.insert(fold_name(column.name)).second) {
        report(
            sink_, Finding::kTableInvalid,
            fmt::format(FMT_COMPILE("table {} has two columns called {}"), table.name, column.name),
            "rename one: SQLite does not tell upper case from lower case in names");
      }
    }
    const std::string folded = fold_name(table.name);
    if (folded.starts_with("_cf_") || folded.starts_with("sqlite_") ||
        folded.starts_with("_cloesce_") || folded == "d1_migrations") {
      report(sink_, Finding::kNameReserved,
             fmt::format(FMT_COMPILE("the table name {} is reserved"), table.name),
             "names that begin with _cf_, sqlite_ or _cloesce_, and d1_migrations, belong to the "
             "platform: rename the model");
    }
  }

  void check_name(const std::string& name, std::string_view what) {
    const bool plain = std::none_of(name.begin(), name.end(), [](char character) {
      const auto byte = static_cast<unsigned char>(character);
      return byte < 0x20 || byte == 0x7F || character == '.';
    });
    if (plain && !name.empty() && name.size() <= kMaximumNameBytes) return;
    report(sink_, Finding::kNameReserved,
           fmt::format(FMT_COMPILE("a {} has a name that is empty, too long, or has a dot or a "
                                   "control character in it"),
                       what),
           "use a plain identifier");
  }

  Table table_of(const cidl::Model& model) {
    Table table;
    table.name = model.table;
    for (const cidl::Column& column : model.columns) {
      table.columns.push_back(column_of(column.name, column.type));
      // Rows that are there are as if they were new.
      if (column.versioning == cidl::Versioning::kVersion) {
        table.columns.back().neutral_literal = "1";
      }
      if (column.key == cidl::KeyRole::kPrimaryKey) {
        table.columns.back().nullability = Nullability::kRequired;
        table.primary_key.push_back(column.name);
      }
    }
    add_foreign_keys(model, table);
    // Before those over one column, which they may serve.
    for (const cidl::Index& index : model.indexes) {
      const bool unique = index.uniqueness == cidl::Uniqueness::kUnique;
      table.indexes.push_back(
          index_of(table.name, unique ? IndexKind::kUnique : IndexKind::kPlain, index.columns));
    }
    for (const cidl::Column& column : model.columns) {
      const std::vector<std::string> columns{column.name};
      if (column.uniqueness == cidl::Uniqueness::kUnique &&
          !(table.primary_key.size() == 1 && table.primary_key.front() == column.name)) {
        table.indexes.push_back(index_of(table.name, IndexKind::kUnique, columns));
      } else if (column.indexing == cidl::Indexing::kIndexed && !is_served(table, columns)) {
        table.indexes.push_back(index_of(table.name, IndexKind::kPlain, columns));
      }
    }
    add_foreign_key_indexes(table);
    return table;
  }

  Table table_of(const cidl::Junction& junction) {
    Table table;
    table.name = junction.name;
    for (const cidl::JunctionSide* side : {&junction.left, &junction.right}) {
      const cidl::Model* model = names_.model(side->model);
      std::vector<const cidl::Column*> key;
      if (model != nullptr && is_here(*model)) key = cidl::primary_key(*model);
      if (key.empty() || key.size() != side->columns.size()) {
        report(sink_, Finding::kForeignKeyInvalid,
               fmt::format(FMT_COMPILE("junction {} does not match the primary key of {}"),
                           junction.name, side->model),
               "both sides of a many-to-many relation must be models of one D1 database");
        continue;
      }
      ForeignKey reference{side->columns, model->table, {}, DeleteAction::kCascade};
      for (std::size_t index = 0; index < key.size(); ++index) {
        Column column = column_of(side->columns[index], cidl::without_nullable(key[index]->type));
        table.primary_key.push_back(column.name);
        table.columns.push_back(std::move(column));
        reference.references.push_back(key[index]->name);
      }
      table.foreign_keys.push_back(std::move(reference));
    }
    add_foreign_key_indexes(table);
    return table;
  }

  // A column as part of one foreign key: it may be part of several.
  struct Part {
    const cidl::Column* column;
    const cidl::Reference* reference;
  };

  static std::vector<Part> parts_of(const cidl::Column& column) {
    std::vector<Part> parts;
    if (column.references) parts.push_back({&column, &*column.references});
    for (const cidl::Reference& further : column.further_references) {
      parts.push_back({&column, &further});
    }
    return parts;
  }

  // A navigation says which columns are one foreign key; only composite keys need it. The rest go
  // by order: a column joins the first unfinished key to its model that lacks its target.
  void add_foreign_keys(const cidl::Model& model, Table& table) {
    std::unordered_set<const cidl::Reference*> grouped;
    const auto add_group = [&](const std::vector<std::string>& names, const std::string& target) {
      if (names.size() < 2) return;
      std::vector<Part> group;
      for (const std::string& name : names) {
        const cidl::Column* column = cidl::find_column(model, name);
        if (column == nullptr) return;
        const std::vector<Part> parts = parts_of(*column);
        const auto free = std::find_if(parts.begin(), parts.end(), [&](const Part& part) {
          return part.reference->model == target && !grouped.contains(part.reference);
        });
        // Both sides of a relation may name the key.
        if (free == parts.end()) return;
        group.push_back(*free);
      }
      for (const Part& part : group) grouped.insert(part.reference);
      add_foreign_key(std::move(group), table);
    };
    for (const cidl::Navigation& navigation : model.navigations) {
      if (navigation.kind == cidl::NavigationKind::kOneToOne &&
          navigation.key_owner == cidl::KeyOwner::kSelf) {
        add_group(navigation.columns, navigation.model);
      }
    }
    for (const cidl::Model& other : interface_.models) {
      for (const cidl::Navigation& navigation : other.navigations) {
        const bool points_here = navigation.model == model.name &&
                                 (navigation.kind == cidl::NavigationKind::kOneToMany ||
                                  (navigation.kind == cidl::NavigationKind::kOneToOne &&
                                   navigation.key_owner == cidl::KeyOwner::kTarget));
        if (points_here) add_group(navigation.columns, other.name);
      }
    }

    std::vector<std::vector<Part>> groups;
    for (const cidl::Column& column : model.columns) {
      for (const Part& part : parts_of(column)) {
        if (grouped.contains(part.reference)) continue;
        const auto unfinished = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
          return references_part_of_key(group.front()) &&
                 group.front().reference->model == part.reference->model &&
                 std::none_of(group.begin(), group.end(), [&part](const Part& member) {
                   return member.reference->column == part.reference->column;
                 });
        });
        if (references_part_of_key(part) && unfinished != groups.end()) {
          unfinished->push_back(part);
        } else {
          groups.push_back({part});
        }
      }
    }
    for (std::vector<Part>& group : groups) add_foreign_key(std::move(group), table);
  }

  [[nodiscard]] bool references_part_of_key(const Part& part) const {
    const cidl::Model* target = names_.model(part.reference->model);
    if (target == nullptr) return false;
    const std::vector<const cidl::Column*> key = cidl::primary_key(*target);
    return key.size() > 1 && std::any_of(key.begin(), key.end(), [&](const cidl::Column* member) {
             return member->name == part.reference->column;
           });
  }

  void add_foreign_key(std::vector<Part> parts, Table& table) {
    const cidl::Reference& first = *parts.front().reference;
    const cidl::Model* target = names_.model(first.model);
    if (target == nullptr || !is_here(*target)) {
      report(sink_, Finding::kForeignKeyInvalid,
             fmt::format(FMT_COMPILE("{}.{} references {}, which is no table of the database {}"),
                         table.name, parts.front().column->name, first.model, schema_.binding),
             "a foreign key must stay inside one D1 database");
      return;
    }
    const auto position = [target](const Part& part) {
      const cidl::Column* referenced = cidl::find_column(*target, part.reference->column);
      return referenced == nullptr ? std::ptrdiff_t{-1} : referenced - target->columns.data();
    };
    std::stable_sort(parts.begin(), parts.end(), [&position](const Part& left, const Part& right) {
      return position(left) < position(right);
    });
    ForeignKey key;
    key.table = target->table;
    bool nullable = true;
    for (const auto& [column, reference] : parts) {
      key.columns.push_back(column->name);
      key.references.push_back(reference->column);
      nullable = nullable && cidl::is_nullable(column->type) && column->key == cidl::KeyRole::kNone;
    }
    key.on_delete = nullable ? DeleteAction::kSetNull : DeleteAction::kRestrict;
    if (!has_foreign_key(table, key)) table.foreign_keys.push_back(std::move(key));
  }

  // SQLite takes a foreign key only to a whole primary key or to columns with a unique index.
  void check_foreign_keys() {
    for (const Table& table : schema_.tables) {
      for (const ForeignKey& key : table.foreign_keys) {
        const Table* parent = find_table(schema_, key.table);
        if (parent != nullptr && is_whole_key(*parent, key.references)) continue;
        report(sink_, Finding::kForeignKeyInvalid,
               fmt::format(FMT_COMPILE("the foreign key {} ({}) references {} ({}), which is not "
                                       "its whole primary key"),
                           table.name, fmt::join(key.columns, ", "), key.table,
                           fmt::join(key.references, ", ")),
               "reference every column of the primary key, or a column marked @Unique");
      }
    }
  }

  static bool is_whole_key(const Table& parent, const std::vector<std::string>& columns) {
    const auto is_same_set = [&columns](const std::vector<std::string>& key) {
      return key.size() == columns.size() && serves(key, columns);
    };
    return is_same_set(parent.primary_key) ||
           std::any_of(parent.indexes.begin(), parent.indexes.end(), [&](const Index& index) {
             return index.kind == IndexKind::kUnique && is_same_set(index.columns);
           });
  }

  const cidl::Interface& interface_;
  cidl::NameIndex names_;
  DiagnosticSink& sink_;
  Schema schema_;
  std::unordered_set<std::string> table_names_;
};

}  // namespace

std::vector<std::string> database_bindings(const cidl::Interface& interface) {
  std::vector<std::string> names;
  if (interface.environment) {
    for (const cidl::Binding& binding : interface.environment->bindings) {
      if (binding.kind == cidl::BindingKind::kD1) names.push_back(binding.name);
    }
  }
  for (const cidl::Model& model : interface.models) {
    if (cidl::has_rows(model)) names.push_back(model.binding);
  }
  for (const cidl::Junction& junction : interface.junctions) names.push_back(junction.binding);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Schema schema_of(const cidl::Interface& interface, std::string_view binding, DiagnosticSink& sink) {
  return SchemaBuilder(interface, binding, sink).build();
}

}  // namespace cloesce::migrate
