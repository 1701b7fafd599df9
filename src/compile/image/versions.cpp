// One statement for all rows of a save that must be at a revision, or must be new.
#include "compile/image/versions.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "cidl/find.h"
#include "sql/statement.h"

namespace cloesce::image {
namespace {

// The value at `index` of a row of the parameter: the revision, then the key.
sql::Statement& given(sql::Statement& out, std::size_t index) {
  return out.column("r", "value").text("->>").number(static_cast<std::uint32_t>(index));
}

// The message names the row by what its caller sent. Of a long key the beginning must do.
std::string guard_sql(const cidl::Model& model, const cidl::Column& version) {
  const auto key = cidl::primary_key(model);
  sql::Statement out;
  out.text("select json_extract('{}',iif(");
  given(out, 0).text(" is null,").literal("CLO1217:{" + version.name + " of ");
  out.text(",'CLO1216:{')||");
  std::string before = model.name + " with ";
  for (std::size_t index = 0; index < key.size(); ++index) {
    out.literal(before + key[index]->name + " ").text("||substr(");
    given(out, index + 1).text(",1,200)||");
    before = ", ";
  }
  out.text("'}') from json_each(").parameter(1).text(") ").identifier("r").text(" where (select ");
  out.column("s", version.name).text(" from ").identifier(model.table).text(" ").identifier("s");
  for (std::size_t index = 0; index < key.size(); ++index) {
    if (index == 0) {
      out.text(" where ");
    } else {
      out.text(" and ");
    }
    out.column("s", key[index]->name).text(" = ");
    given(out, index + 1);
  }
  out.text(") is not ");
  given(out, 0);
  return std::string(out.render().view());
}

}  // namespace

void write_version(Writer& writer, Place<orm::ModelSchema> place, const cidl::Model& model) {
  writer[place].version = orm::ModelSchema::kNone;
  for (std::size_t index = 0; index < model.columns.size(); ++index) {
    if (model.columns[index].versioning != cidl::Versioning::kVersion) continue;
    writer[place].version = static_cast<std::uint32_t>(index);
    writer.text(writer[place].version_guard, guard_sql(model, model.columns[index]));
  }
}

}  // namespace cloesce::image
