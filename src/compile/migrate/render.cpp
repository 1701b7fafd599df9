// The only place in this room that prints SQL.
#include "compile/migrate/render.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <variant>

#include "sql/quote.h"

namespace cloesce::migrate {
namespace {

using sql::quote_identifier;
using sql::quote_literal;

std::string quote_list(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    if (!list.empty()) list += ", ";
    list += quote_identifier(name);
  }
  return list;
}

std::string render_references(const ForeignKey& key) {
  return fmt::format(FMT_COMPILE("REFERENCES {} ({}) ON UPDATE CASCADE ON DELETE {}"),
                     quote_identifier(key.table), quote_list(key.references),
                     action_word(key.on_delete));
}

std::string render_column(const Table& table, const Column& column) {
  if (is_rowid_alias(table, column.name)) {
    return fmt::format(FMT_COMPILE("{} INTEGER PRIMARY KEY"), quote_identifier(column.name));
  }
  return fmt::format(FMT_COMPILE("{} {}{}"), quote_identifier(column.name),
                     storage_word(column.storage),
                     column.nullability == Nullability::kRequired ? " NOT NULL" : "");
}

std::string render_restored(const RestoredColumn& column) {
  if (column.source.empty()) return column.fallback;
  std::string value = quote_identifier(column.source);
  if (column.cast) {
    value = fmt::format(FMT_COMPILE("CAST({} AS {})"), value, storage_word(*column.cast));
  }
  if (column.fallback.empty()) return value;
  return fmt::format(FMT_COMPILE("coalesce({}, {})"), value, column.fallback);
}

// What a table has, one line each; the same lines are written from the snapshot and read from the
// database. Names are in lower case, since SQLite does not tell the cases apart.
std::string type_line(const Column& column, const CheckTable& step) {
  std::string line = "column " + fold_name(column.name);
  if (is_key_column(step.table, column.name)) return line + " key";
  if (step.origin == Origin::kThisRelease) line.append(" ").append(storage_word(column.storage));
  return column.nullability == Nullability::kRequired ? line + " required" : line;
}

void add_reference_lines(const std::string& begin, const std::string& other, const ForeignKey& key,
                         std::vector<std::string>& lines) {
  for (std::size_t index = 0; index < key.columns.size(); ++index) {
    lines.push_back(fmt::format(FMT_COMPILE("{} {} {} {} {}"), begin, other,
                                fold_name(key.columns[index]), fold_name(key.references[index]),
                                action_word(key.on_delete)));
  }
}

std::vector<std::string> expected_lines(const CheckTable& step) {
  std::vector<std::string> lines;
  for (const Column& column : step.table.columns) lines.push_back(type_line(column, step));
  for (const ForeignKey& key : step.table.foreign_keys) {
    add_reference_lines("references", fold_name(key.table), key, lines);
  }
  for (const Index& index : step.table.indexes) {
    for (std::size_t place = 0; place < index.columns.size(); ++place) {
      lines.push_back(fmt::format(FMT_COMPILE("index {} {} {} {}"), fold_name(index.name),
                                  index.kind == IndexKind::kUnique ? 1 : 0, place,
                                  fold_name(index.columns[place])));
    }
  }
  for (const ChildReference& child : step.children) {
    add_reference_lines("referenced by", fold_name(child.table), child.key, lines);
  }
  return lines;
}

// One overload per step: a step without one does not compile.
struct Renderer {
  std::string operator()(const DeferForeignKeys&) const {
    return "-- Foreign keys are checked when all statements are done.\n"
           "PRAGMA defer_foreign_keys = on;\n";
  }

  std::string operator()(const DropView& step) const {
    return fmt::format(FMT_COMPILE("DROP VIEW IF EXISTS {};\n"), quote_identifier(step.view));
  }

  std::string operator()(const RenameColumn& step) const {
    return fmt::format(FMT_COMPILE("ALTER TABLE {} RENAME COLUMN {} TO {};\n"),
                       quote_identifier(step.table), quote_identifier(step.from),
                       quote_identifier(step.to));
  }

  // D1 has no statement that fails on demand, but a constraint can. Names that begin with _cf_ must
  // not even be asked for there.
  std::string operator()(const CheckTable& step) const {
    const std::string rule = quote_identifier(fmt::format(
        FMT_COMPILE("{} and what references it are as the last snapshot says"), step.table.name));
    std::string expected;
    for (const std::string& line : expected_lines(step)) {
      if (!expected.empty()) expected += ",\n    ";
      expected += '(';
      expected += quote_literal(line);
      expected += ')';
    }
    return fmt::format(
        FMT_COMPILE(
            "-- Stop here, and change nothing, when {0} is not what this migration was made for.\n"
            "CREATE TABLE \"_cloesce_check\" (\"differences\" INTEGER, CONSTRAINT {1} CHECK "
            "(\"differences\" = 0));\n"
            "WITH \"expected\" (\"line\") AS (\n"
            "  VALUES {2}\n"
            "), \"found\" (\"line\") AS (\n"
            "  SELECT 'column ' || lower(name) || iif(pk, ' key', {3}iif(\"notnull\", ' required', "
            "'')) FROM pragma_table_xinfo({4})\n"
            "  UNION ALL\n"
            "  SELECT 'references ' || lower(\"table\") || ' ' || lower(\"from\") || ' ' || "
            "lower(coalesce(\"to\", '')) || ' ' || on_delete FROM pragma_foreign_key_list({4})\n"
            "  UNION ALL\n"
            "  SELECT 'index ' || lower(i.name) || ' ' || i.\"unique\" || ' ' || c.seqno || ' ' || "
            "lower(coalesce(c.name, '')) FROM pragma_index_list({4}) AS i, "
            "pragma_index_info(i.name) AS c WHERE i.origin = 'c'\n"
            "  UNION ALL\n"
            "  SELECT 'referenced by ' || lower(t.name) || ' ' || lower(k.\"from\") || ' ' || "
            "lower(coalesce(k.\"to\", '')) || ' ' || k.on_delete FROM sqlite_schema AS t, "
            "pragma_foreign_key_list(t.name) AS k WHERE t.type = 'table' AND substr(t.name, 1, 4) "
            "<> '_cf_' AND lower(t.name) <> {5} AND lower(k.\"table\") = {5}\n"
            ")\n"
            "INSERT INTO \"_cloesce_check\" SELECT\n"
            "  (SELECT count(*) FROM \"expected\" WHERE \"line\" NOT IN (SELECT \"line\" FROM "
            "\"found\")) +\n"
            "  (SELECT count(*) FROM \"found\" WHERE \"line\" NOT IN (SELECT \"line\" FROM "
            "\"expected\"));\n"
            "DROP TABLE \"_cloesce_check\";\n"),
        step.table.name, rule, expected,
        step.origin == Origin::kThisRelease ? "' ' || upper(type) || " : "",
        quote_literal(step.table.name), quote_literal(fold_name(step.table.name)));
  }

  std::string operator()(const SaveRows& step) const {
    return fmt::format(FMT_COMPILE("-- Keep the rows of {} while the table is rebuilt.\n"
                                   "CREATE TABLE {} AS SELECT * FROM {};\n"),
                       step.table, quote_identifier(step.saved), quote_identifier(step.table));
  }

  std::string operator()(const SaveReferences& step) const {
    std::vector<std::string> columns = step.key;
    columns.insert(columns.end(), step.columns.begin(), step.columns.end());
    std::string condition;
    for (const std::string& column : step.columns) {
      if (!condition.empty()) condition += " OR ";
      condition += quote_identifier(column);
      condition += " IS NOT NULL";
    }
    return fmt::format(
        FMT_COMPILE(
            "-- Keep the references of {}: dropping the tables they point to empties them.\n"
            "CREATE TABLE {} AS\nSELECT {}\nFROM {}\nWHERE {};\n"),
        step.table, quote_identifier(step.saved), quote_list(columns), quote_identifier(step.table),
        condition);
  }

  std::string operator()(const DropTable& step) const {
    std::string statement =
        fmt::format(FMT_COMPILE("DROP TABLE {};\n"), quote_identifier(step.table));
    if (step.reason != DropReason::kGone) return statement;
    return fmt::format(FMT_COMPILE("-- All rows of {} are lost.\n{}"), step.table, statement);
  }

  std::string operator()(const DropIndex& step) const {
    return fmt::format(FMT_COMPILE("DROP INDEX {};\n"), quote_identifier(step.index));
  }

  std::string operator()(const DropColumn& step) const {
    return fmt::format(
        FMT_COMPILE("-- All values of {}.{} are lost.\nALTER TABLE {} DROP COLUMN {};\n"),
        step.table, step.column, quote_identifier(step.table), quote_identifier(step.column));
  }

  std::string operator()(const AddColumn& step) const {
    std::string definition =
        fmt::format(FMT_COMPILE("ALTER TABLE {} ADD COLUMN {} {}"), quote_identifier(step.table),
                    quote_identifier(step.column.name), storage_word(step.column.storage));
    if (step.column.nullability == Nullability::kRequired) definition += " NOT NULL";
    if (!step.column.default_literal.empty()) {
      definition += " DEFAULT ";
      definition += step.column.default_literal;
    }
    if (step.foreign_key) {
      definition += ' ';
      definition += render_references(*step.foreign_key);
    }
    definition += ";\n";
    return definition;
  }

  std::string operator()(const CreateTable& step) const {
    const Table& table = step.table;
    std::string text;
    if (step.reason == CreateReason::kUntied) {
      text = "-- A stand-in without foreign keys, until all tables of the circle are dropped.\n";
    }
    text += fmt::format(FMT_COMPILE("CREATE TABLE {} ("), quote_identifier(table.name));
    std::string_view separator = "\n  ";
    for (const Column& column : table.columns) {
      text += separator;
      text += render_column(table, column);
      separator = ",\n  ";
    }
    if (table.primary_key.size() != 1 || !is_rowid_alias(table, table.primary_key.front())) {
      text += fmt::format(FMT_COMPILE(",\n  PRIMARY KEY ({})"), quote_list(table.primary_key));
    }
    for (const ForeignKey& key : table.foreign_keys) {
      text += fmt::format(FMT_COMPILE(",\n  FOREIGN KEY ({}) {}"), quote_list(key.columns),
                          render_references(key));
    }
    text += "\n);\n";
    return text;
  }

  std::string operator()(const CreateIndex& step) const {
    return fmt::format(FMT_COMPILE("CREATE {}INDEX {} ON {} ({});\n"),
                       step.index.kind == IndexKind::kUnique ? "UNIQUE " : "",
                       quote_identifier(step.index.name), quote_identifier(step.table),
                       quote_list(step.index.columns));
  }

  std::string operator()(const RestoreRows& step) const {
    std::vector<std::string> targets;
    std::string values;
    for (const RestoredColumn& column : step.columns) {
      targets.push_back(column.target);
      if (!values.empty()) values += ", ";
      values += render_restored(column);
    }
    // A table whose only column is filled in by SQLite: one row for each saved one.
    if (targets.empty()) {
      return fmt::format(FMT_COMPILE("-- Put the rows of {0} back.\n"
                                     "INSERT INTO {1}\nSELECT NULL\nFROM {2};\n"),
                         step.table, quote_identifier(step.table), quote_identifier(step.saved));
    }
    return fmt::format(
        FMT_COMPILE("-- Put the rows of {} back.\nINSERT INTO {} ({})\nSELECT {}\nFROM {};\n"),
        step.table, quote_identifier(step.table), quote_list(targets), values,
        quote_identifier(step.saved));
  }

  std::string operator()(const RestoreReferences& step) const {
    std::string assignments;
    for (const std::string& column : step.columns) {
      if (!assignments.empty()) assignments += ", ";
      assignments += quote_identifier(column);
      assignments += " = \"_saved\".";
      assignments += quote_identifier(column);
    }
    std::string condition;
    for (const std::string& column : step.key) {
      if (!condition.empty()) condition += " AND ";
      const std::string name = quote_identifier(column);
      condition += fmt::format(FMT_COMPILE("{}.{} = \"_saved\".{}"), quote_identifier(step.table),
                               name, name);
    }
    return fmt::format(FMT_COMPILE("-- Put the references of {} back.\n"
                                   "UPDATE {}\nSET {}\nFROM {} AS \"_saved\"\nWHERE {};\n"),
                       step.table, quote_identifier(step.table), assignments,
                       quote_identifier(step.saved), condition);
  }

  std::string operator()(const CheckForeignKeys& step) const {
    const std::string rule = quote_identifier(
        fmt::format(FMT_COMPILE("every foreign key of {} finds a row"), step.table));
    return fmt::format(
        FMT_COMPILE("-- Stop here, and change nothing, when a foreign key of {} finds no row.\n"
                    "CREATE TABLE \"_cloesce_check\" (\"broken\" INTEGER, CONSTRAINT {} CHECK "
                    "(\"broken\" = 0));\n"
                    "INSERT INTO \"_cloesce_check\" SELECT count(*) FROM "
                    "pragma_foreign_key_check({});\n"
                    "DROP TABLE \"_cloesce_check\";\n"),
        step.table, rule, quote_literal(step.table));
  }
};

}  // namespace

std::string render_step(const Step& step) { return std::visit(Renderer{}, step); }

std::string render_file(const std::vector<std::string>& header, const std::vector<Step>& steps) {
  std::string text;
  for (const std::string& line : header) {
    text += "-- ";
    text += line;
    text += '\n';
  }
  const Step* previous = nullptr;
  for (const Step& step : steps) {
    const std::string rendered = render_step(step);
    // Statements of one kind stay together, indexes stay with their table.
    const bool joins =
        previous != nullptr && !rendered.starts_with("--") &&
        !std::holds_alternative<CreateTable>(step) &&
        (previous->index() == step.index() || std::holds_alternative<CreateIndex>(step));
    if (!joins && !text.empty()) text += '\n';
    text += rendered;
    previous = &step;
  }
  return text;
}

}  // namespace cloesce::migrate
