// The table of what callers can reach, for an interface with a model of each kind and a service.
#include "compile/emit/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compile/emit/sample_interfaces.h"

namespace cloesce::emit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

cidl::Column column(const char* name, cidl::TypeKind kind, cidl::KeyRole key) {
  cidl::Column made;
  made.name = name;
  made.type.kind = kind;
  made.key = key;
  return made;
}

cidl::Method method(const char* name, cidl::Verb verb, cidl::Builtin builtin,
                    cidl::MethodScope scope) {
  cidl::Method made;
  made.name = name;
  made.verb = verb;
  made.builtin = builtin;
  made.scope = scope;
  return made;
}

cidl::Interface shop() {
  using cidl::Builtin;
  using cidl::MethodScope;
  using cidl::Verb;
  cidl::Interface interface;
  interface.route_prefix = "api";
  cidl::Model order;
  order.name = order.table = "Order";
  order.binding = "db";
  order.columns = {column("id", cidl::TypeKind::kInteger, cidl::KeyRole::kPrimaryKey),
                   column("owner", cidl::TypeKind::kText, cidl::KeyRole::kNone)};
  order.data_sources = {{"default", {{{"lines", {{{"item", {}, {}}}}, {}}}}}};
  order.methods = {method("save", Verb::kPost, Builtin::kSave, MethodScope::kStatic),
                   method("list", Verb::kGet, Builtin::kList, MethodScope::kStatic),
                   method("delete", Verb::kDelete, Builtin::kDelete, MethodScope::kInstance),
                   method("pay", Verb::kPost, Builtin::kNone, MethodScope::kInstance)};
  interface.models = {order};
  cidl::Service door;
  door.name = "Door";
  door.methods = {method("open", Verb::kGet, Builtin::kNone, MethodScope::kInstance)};
  interface.services = {door};
  return interface;
}

TEST(AccessTable, SaysByWhatCallersMayChooseTheRowsOfAList) {
  cidl::Interface interface = shop();
  interface.models[0].list = cidl::ListRules{{"owner", "lines.id"}, {"owner"}, 20, 50};
  EXPECT_THAT(access_table(interface, {}),
              HasSubstr("reads up to 50 rows a page; filtered by owner, lines.id; ordered by "
                        "owner\n"));
  interface.models[0].list = cidl::ListRules{{}, {}, 0, 1000};
  EXPECT_THAT(access_table(interface, {}),
              HasSubstr("/api/Order/list         -  reads all rows\n"));
}

TEST(AccessTable, SaysOfEachRouteWhoStandsInFrontOfItAndWhatItDoes) {
  const std::string table = access_table(shop(), {{GuardKind::kRequest, "", ""},
                                                  {GuardKind::kNamespace, "Order", ""},
                                                  {GuardKind::kMethod, "Order", "save"},
                                                  {GuardKind::kMethod, "Order", "save"},
                                                  {GuardKind::kInstance, "Order", ""}});
  EXPECT_EQ(
      table,
      "every request meets 1 onRequest hook\n"
      "\n"
      "Order, rows of db\n"
      "  columns: id, owner\n"
      "  data sources: default {lines {item}}\n"
      "  POST    /api/Order/save         onNamespace, onMethod x2  writes id, owner\n"
      "  GET     /api/Order/list         onNamespace               reads up to 1000 rows a page\n"
      "  DELETE  /api/Order/{id}/delete  onNamespace, onInstance   deletes one row\n"
      "  POST    /api/Order/{id}/pay     onNamespace, onInstance   own code, on the row\n"
      "\n"
      "Door, a service\n"
      "  GET  /api/Door/open  -  own code\n");
}

TEST(AccessTable, LeavesOutWhatCallersNeitherSeeNorSet) {
  cidl::Interface interface = shop();
  std::vector<cidl::Column>& columns = interface.models[0].columns;
  columns.push_back(column("paid", cidl::TypeKind::kBoolean, cidl::KeyRole::kNone));
  columns.back().access = cidl::Access::kReadOnly;
  columns.push_back(column("token", cidl::TypeKind::kText, cidl::KeyRole::kNone));
  columns.back().access = cidl::Access::kHidden;
  const std::string table = access_table(interface, {});
  EXPECT_THAT(table, HasSubstr("  columns: id, owner, paid\n  hidden: token\n"));
  EXPECT_THAT(table, HasSubstr("writes id, owner\n"));
}

TEST(AccessTable, CountsHooksWhosePlaceIsNotWrittenOut) {
  const std::string table = access_table(shop(), {{GuardKind::kNamespace, "", ""},
                                                  {GuardKind::kNamespace, "one", ""},
                                                  {GuardKind::kMethod, "Order", ""}});
  EXPECT_THAT(table, HasSubstr("every request meets no onRequest hooks\n"
                               "3 hooks more, for what is not written out"));
  EXPECT_THAT(table, Not(HasSubstr("onNamespace")));
}

TEST(AccessTable, LeavesOutWhatHasNoRoutes) {
  cidl::Interface interface = shop();
  interface.models[0].methods.clear();
  EXPECT_THAT(access_table(interface, {}), Not(HasSubstr("Order")));
}

TEST(AccessTable, SaysWhatASaveWritesBesidesItsOwnRow) {
  cidl::Interface interface = shop();
  cidl::Model line;
  line.name = line.table = "Line";
  line.methods = {
      method("save", cidl::Verb::kPost, cidl::Builtin::kSave, cidl::MethodScope::kStatic)};
  cidl::Model tag;
  tag.name = tag.table = "Tag";
  const auto relation = [](const char* name, const char* model) {
    cidl::Navigation made;
    made.name = name;
    made.model = model;
    return made;
  };
  interface.models[0].navigations = {relation("lines", "Line"), relation("tags", "Tag")};
  interface.models[0].writes = {{{"tags", {{{"color", {}}}}}}};
  interface.models.push_back(line);
  interface.models.push_back(tag);
  EXPECT_THAT(access_table(interface, {}),
              HasSubstr("writes id, owner; granted tags {color}; lines (as Line/save); other "
                        "relations by key alone\n"));
  interface.models[0].writes = {};
  interface.models.erase(interface.models.begin() + 1);
  EXPECT_THAT(access_table(interface, {}),
              HasSubstr("writes id, owner; other relations by key alone\n"));
  interface.nested_writes = cidl::NestedWrites::kDataSource;
  EXPECT_THAT(access_table(interface, {}),
              HasSubstr("writes id, owner; relations as far as its data source reaches\n"));
}

}  // namespace
}  // namespace cloesce::emit
