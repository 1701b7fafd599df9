// Any text as the rows of a select plan, as flat rows, as a save, as an include tree and as a key:
// nothing crashes, and what is answered can be read again. The first byte chooses what the rest is.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/arena.h"
#include "base/assert.h"
#include "compile/image/built.h"
#include "json/reader.h"
#include "orm/include_tree.h"
#include "orm/key.h"
#include "orm/map_flat.h"
#include "orm/map_rows.h"
#include "orm/plan_cache.h"
#include "orm/schema.h"
#include "orm/upsert_plan.h"

namespace {

using cloesce::Arena;
namespace cidl = cloesce::cidl;
namespace json = cloesce::json;
namespace image = cloesce::image;
namespace orm = cloesce::orm;

cidl::Column make_column(std::string_view name, cidl::TypeKind kind, bool nullable) {
  cidl::Column column;
  column.name = name;
  column.type.kind = kind;
  if (nullable) {
    cidl::Type inner = std::move(column.type);
    column.type = {};
    column.type.kind = cidl::TypeKind::kNullable;
    column.type.inner.push_back(std::move(inner));
  }
  return column;
}

// Horses with a rider, foals and friends: every kind of relation on few columns.
cidl::Interface make_interface() {
  cidl::Model horse;
  horse.name = "Horse";
  horse.table = "Horse";
  horse.columns = {make_column("id", cidl::TypeKind::kInteger, false),
                   make_column("name", cidl::TypeKind::kText, false),
                   make_column("weight", cidl::TypeKind::kReal, true),
                   make_column("photo", cidl::TypeKind::kBlob, true),
                   make_column("tame", cidl::TypeKind::kBoolean, true),
                   make_column("damId", cidl::TypeKind::kInteger, true)};
  horse.columns[0].key = cidl::KeyRole::kPrimaryKey;
  horse.columns[5].references = cidl::Reference{"Horse", "id"};
  cidl::Navigation dam;
  dam.name = "dam";
  dam.model = "Horse";
  dam.columns = {"damId"};
  cidl::Navigation foals = dam;
  foals.name = "foals";
  foals.kind = cidl::NavigationKind::kOneToMany;
  foals.key_owner = cidl::KeyOwner::kTarget;
  cidl::Navigation friends;
  friends.name = "friends";
  friends.kind = cidl::NavigationKind::kManyToMany;
  friends.model = "Horse";
  friends.junction = "Friendship";
  horse.navigations = {dam, foals, friends};
  cidl::Interface interface;
  interface.models = {horse};
  interface.junctions = {{"Friendship", "db", {"Horse", {"left_id"}}, {"Horse", {"right_id"}}}};
  return interface;
}

struct Context {
  Context() : schema(image::testing::built_schema(make_interface())) {
    cidl::IncludeTree source;
    source.nodes = {{"dam", {}}, {"foals", {{{"friends", {}}}}}, {"friends", {}}};
    declared = image::testing::built_data_source(source);
    tree = *orm::resolve_include_tree(schema->models.front(), *declared, reader, lasting);
    plan = *orm::plan_select(tree, {});
  }

  image::testing::Built<orm::Schema> schema;
  image::testing::Built<orm::DataSource> declared = image::testing::built_data_source({});
  Arena lasting;
  orm::IncludeTree tree;
  orm::SelectPlan plan;
  orm::PlanCache cache;
  json::Reader reader;
};

void check_readable(Context& context, Arena& arena, std::string_view text) {
  // Only the form: the database's own tokens are copied as they are.
  CLOESCE_ASSERT(context.reader.open(json::pad(arena, text)).ok());
}

void run(Context& context, std::uint8_t choice, std::string_view text) {
  Arena arena;
  const simdjson::padded_string_view padded = json::pad(arena, text);
  if (choice == 0) {
    auto mapped =
        orm::map_rows(context.plan, orm::Cardinality::kMany, {padded, 0}, context.reader, arena);
    if (mapped.ok()) check_readable(context, arena, *mapped);
    return;
  }
  auto document = context.reader.open(padded);
  if (!document.ok()) return;
  // As in the descriptions of ORM calls, the value is inside another one.
  json::Array list;
  json::Value root;
  if ((*document)->get_array(list) || !list.next(root)) return;
  const orm::ModelSchema& model = context.schema->models.front();
  switch (choice) {
    case 1: {
      auto mapped = orm::map_flat(context.tree, root, arena);
      if (mapped.ok()) check_readable(context, arena, *mapped);
      return;
    }
    case 2: {
      auto plan = orm::plan_upsert(*context.schema, context.tree, root, orm::SaveAnswer::kObject,
                                   "model", context.cache, arena);
      if (!plan.ok()) return;
      for (const orm::Statement& statement : plan->statements) {
        check_readable(context, arena, statement.parameters);
      }
      return;
    }
    case 3: {
      auto tree = orm::parse_include_tree(model, root, context.reader, arena);
      if (!tree.ok()) return;
      const orm::Narrowing narrowing = orm::narrowing({}, 0, tree->values);
      CLOESCE_ASSERT(context.cache.select(*tree, {.narrowing = narrowing}).ok());
      return;
    }
    default: {
      auto parameters = orm::key_parameters(model, root, arena);
      if (parameters.ok()) check_readable(context, arena, *parameters);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Context context;
  if (size == 0) return 0;
  run(context, data[0] % 5, {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
