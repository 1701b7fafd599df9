// Values come from SQLite's column functions and become JSON here.
#include "orm/reference_objects.h"

#include <gtest/gtest.h>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "json/writer.h"
#include "sql/quote.h"
#include "text/base64.h"

namespace cloesce::orm::testing {
namespace {

using sql::quote_identifier;

std::vector<std::string> key_names(const cidl::Model& model) {
  std::vector<std::string> names;
  for (const cidl::Column& column : model.columns) {
    if (column.key == cidl::KeyRole::kPrimaryKey) names.push_back(column.name);
  }
  return names;
}

std::string_view text_of(sqlite3_stmt* statement, int column) {
  return {reinterpret_cast<const char*>(sqlite3_column_text(statement, column)),
          static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

// The value as JSON, and as an SQL literal to look other rows up with.
std::string json_of(sqlite3_stmt* statement, int column, const cidl::Type& type) {
  if (sqlite3_column_type(statement, column) == SQLITE_NULL) return "null";
  const cidl::TypeKind kind =
      type.kind == cidl::TypeKind::kNullable ? type.inner[0].kind : type.kind;
  Arena arena;
  ByteBuffer out(arena);
  switch (kind) {
    case cidl::TypeKind::kInteger:
      return std::to_string(sqlite3_column_int64(statement, column));
    case cidl::TypeKind::kBoolean:
      return sqlite3_column_int64(statement, column) != 0 ? "true" : "false";
    case cidl::TypeKind::kReal:
      json::append_double(out, sqlite3_column_double(statement, column));
      break;
    case cidl::TypeKind::kBlob:
      out.push('"');
      text::append_base64(out, {static_cast<const char*>(sqlite3_column_blob(statement, column)),
                                static_cast<std::size_t>(sqlite3_column_bytes(statement, column))});
      out.push('"');
      break;
    default:
      json::append_string(out, text_of(statement, column));
  }
  return std::string(out.view());
}

std::string literal_of(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return "null";
    case SQLITE_TEXT:
      return sql::quote_literal(text_of(statement, column));
    case SQLITE_BLOB: {
      std::string out = "x'";
      const auto* bytes = static_cast<const unsigned char*>(sqlite3_column_blob(statement, column));
      for (int index = 0; index < sqlite3_column_bytes(statement, column); ++index) {
        out += "0123456789abcdef"[bytes[index] >> 4];
        out += "0123456789abcdef"[bytes[index] & 15];
      }
      return out + "'";
    }
    case SQLITE_FLOAT: {
      Arena arena;
      ByteBuffer out(arena);
      json::append_double(out, sqlite3_column_double(statement, column));
      return std::string(out.view());
    }
    default:
      return std::string(text_of(statement, column));
  }
}

std::string join(const std::vector<std::string>& texts, std::string_view separator) {
  std::string out;
  for (const std::string& text : texts) {
    if (!out.empty()) out += separator;
    out += text;
  }
  return out;
}

const cidl::IncludeNode* find(const cidl::IncludeTree& tree, const std::string& name) {
  for (const cidl::IncludeNode& node : tree.nodes) {
    if (node.name == name) return &node;
  }
  return nullptr;
}

void parse_level(const std::string& text, std::size_t& at, cidl::IncludeTree& tree) {
  while (at < text.size() && text[at] != ')') {
    if (text[at] == ' ') {
      ++at;
    } else if (text[at] == '(') {
      ++at;
      parse_level(text, at, tree.nodes.back().children);
      ++at;
    } else {
      const std::size_t end = text.find_first_of(" ()", at);
      tree.nodes.push_back({text.substr(at, end - at), {}});
      at = end == std::string::npos ? text.size() : end;
    }
  }
}

}  // namespace

cidl::IncludeTree tree_of(const std::string& text) {
  cidl::IncludeTree tree;
  std::size_t at = 0;
  parse_level(text, at, tree);
  return tree;
}

std::string ReferenceObjects::list(const std::string& name, const cidl::IncludeTree& tree,
                                   const std::string& condition) {
  return "[" + join(objects(model(name), tree, condition), ",") + "]";
}

const cidl::Model& ReferenceObjects::model(const std::string& name) const {
  for (const cidl::Model& model : interface_.models) {
    if (model.name == name) return model;
  }
  ADD_FAILURE() << "no model " << name;
  return interface_.models.front();
}

std::vector<std::string> ReferenceObjects::objects(const cidl::Model& model,
                                                   const cidl::IncludeTree& tree,
                                                   const std::string& condition) {
  std::string sql = "select ";
  for (const cidl::Column& column : model.columns) {
    if (&column != model.columns.data()) sql += ", ";
    sql += quote_identifier(column.name);
  }
  sql += " from " + quote_identifier(model.table) + " where " + condition + " order by ";
  std::vector<std::string> order;
  for (const std::string& name : key_names(model)) order.push_back(quote_identifier(name));
  sql += join(order, ", ");

  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(database_.handle(), sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
      << sqlite3_errmsg(database_.handle()) << "\n"
      << sql;
  std::vector<std::string> all;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    Row literals;
    std::vector<std::string> members;
    for (std::size_t index = 0; index < model.columns.size(); ++index) {
      const int number = static_cast<int>(index);
      Arena arena;
      ByteBuffer label(arena);
      json::append_string(label, model.columns[index].name);
      members.push_back(std::string(label.view()) + ":" +
                        json_of(statement, number, model.columns[index].type));
      literals.push_back(literal_of(statement, number));
    }
    for (const cidl::Navigation& navigation : model.navigations) {
      const cidl::IncludeNode* node = find(tree, navigation.name);
      const bool many = navigation.kind != cidl::NavigationKind::kOneToOne;
      std::string value = many ? "[]" : "";
      if (node != nullptr) value = relation(model, navigation, node->children, literals);
      if (value.empty()) continue;
      Arena arena;
      ByteBuffer label(arena);
      json::append_string(label, navigation.name);
      members.push_back(std::string(label.view()) + ":" + value);
    }
    all.push_back("{" + join(members, ",") + "}");
  }
  sqlite3_finalize(statement);
  return all;
}

std::string ReferenceObjects::relation(const cidl::Model& source,
                                       const cidl::Navigation& navigation,
                                       const cidl::IncludeTree& tree, const Row& literals) {
  const cidl::Model& target = model(navigation.model);
  const auto literal = [&](const std::string& name) {
    for (std::size_t index = 0; index < source.columns.size(); ++index) {
      if (source.columns[index].name == name) return literals[index];
    }
    return std::string("null");
  };
  const std::vector<std::string> source_key = key_names(source);
  const std::vector<std::string> target_key = key_names(target);
  std::vector<std::string> conditions;
  if (navigation.kind == cidl::NavigationKind::kManyToMany) {
    for (const cidl::Junction& junction : interface_.junctions) {
      if (junction.name != navigation.junction) continue;
      const bool forwards = junction.left.model == source.name;
      const auto& own = forwards ? junction.left : junction.right;
      const auto& other = forwards ? junction.right : junction.left;
      std::vector<std::string> match;
      for (std::size_t index = 0; index < source_key.size(); ++index) {
        match.push_back("x." + quote_identifier(own.columns[index]) + " = " +
                        literal(source_key[index]));
      }
      for (std::size_t index = 0; index < target_key.size(); ++index) {
        match.push_back("x." + quote_identifier(other.columns[index]) + " = " +
                        quote_identifier(target.table) + "." + quote_identifier(target_key[index]));
      }
      conditions.push_back("exists (select 1 from " + quote_identifier(junction.name) +
                           " x where " + join(match, " and ") + ")");
    }
  } else {
    const bool self = navigation.key_owner == cidl::KeyOwner::kSelf &&
                      navigation.kind == cidl::NavigationKind::kOneToOne;
    for (std::size_t index = 0; index < navigation.columns.size(); ++index) {
      const std::string name = self ? target_key[index] : navigation.columns[index];
      const std::string value = literal(self ? navigation.columns[index] : source_key[index]);
      conditions.push_back(quote_identifier(name) + " = " + value);
    }
  }
  const std::vector<std::string> found = objects(target, tree, join(conditions, " and "));
  if (navigation.kind != cidl::NavigationKind::kOneToOne) return "[" + join(found, ",") + "]";
  return found.empty() ? "" : found.front();
}

}  // namespace cloesce::orm::testing
