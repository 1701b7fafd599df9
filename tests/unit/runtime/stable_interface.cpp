// Models and services of the runtime's tests.
#include "runtime/stable_interface.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compile/image/build.h"
#include "orm/interfaces.h"

namespace cloesce::runtime::testing {
namespace {

using cidl::Builtin;
using cidl::MethodScope;
using cidl::Parameter;
using cidl::Type;
using cidl::TypeKind;
using cidl::Verb;
using orm::testing::column;
using orm::testing::foreign_key;
using orm::testing::key;
using orm::testing::many_to_many;
using orm::testing::nullable;
using orm::testing::to_many;
using orm::testing::to_one;
using orm::testing::type_of;

Type named(TypeKind kind, std::string_view name) {
  Type type = type_of(kind);
  type.name = name;
  return type;
}

Type around(TypeKind kind, Type inner) {
  Type type = type_of(kind);
  type.inner.push_back(std::move(inner));
  return type;
}

Type array_of(Type inner) { return around(TypeKind::kArray, std::move(inner)); }
Type result_of(Type inner) { return around(TypeKind::kHttpResult, std::move(inner)); }

cidl::Method method(std::string_view name, Verb verb, MethodScope scope,
                    std::vector<Parameter> parameters, Type returns) {
  cidl::Method made;
  made.name = name;
  made.verb = verb;
  made.scope = scope;
  made.parameters = std::move(parameters);
  made.returns = std::move(returns);
  return made;
}

cidl::Method builtin(Builtin kind, std::string_view model, std::vector<Parameter> keys) {
  const Type object = named(TypeKind::kObject, model);
  cidl::Method made;
  switch (kind) {
    case Builtin::kSave:
      made = method("save", Verb::kPost, MethodScope::kStatic,
                    {{"model", named(TypeKind::kPartial, model)}}, result_of(object));
      break;
    case Builtin::kGet:
      made = method("get", Verb::kGet, MethodScope::kStatic, std::move(keys), result_of(object));
      break;
    case Builtin::kList:
      made = method("list", Verb::kGet, MethodScope::kStatic, {}, result_of(array_of(object)));
      break;
    default:
      made = method("delete", Verb::kDelete, MethodScope::kInstance, {},
                    result_of(type_of(TypeKind::kVoid)));
      break;
  }
  made.builtin = kind;
  return made;
}

std::vector<cidl::Method> crud(std::string_view model, const std::vector<Parameter>& keys) {
  return {builtin(Builtin::kSave, model, keys), builtin(Builtin::kGet, model, keys),
          builtin(Builtin::kList, model, keys), builtin(Builtin::kDelete, model, keys)};
}

cidl::Model horse() {
  cidl::Model model = orm::testing::model(
      "Horse",
      {key("id", TypeKind::kInteger), column("name", TypeKind::kText),
       column("born", nullable(TypeKind::kDateIso)), column("weight", nullable(TypeKind::kReal)),
       column("tame", nullable(TypeKind::kBoolean)),
       foreign_key("breedId", nullable(TypeKind::kInteger), "Breed", "id")},
      {to_one("breed", "Breed", {"breedId"}), to_many("likes", "Like", {"horseId"}),
       many_to_many("tags", "Tag", "HorseTag")});
  model.data_sources = {
      {"default", {{{"breed", {}}}}},
      {"full", {{{"breed", {}}, {"likes", {{{"other", {}}}}}, {"tags", {}}}}},
  };
  model.writes = {{{"likes", {}}, {"tags", {}}}};
  model.methods = crud("Horse", {{"id", type_of(TypeKind::kInteger)}});
  model.methods.push_back(method("greet", Verb::kPost, MethodScope::kInstance,
                                 {{"who", type_of(TypeKind::kText)},
                                  {"times", nullable(TypeKind::kInteger)},
                                  {"db", named(TypeKind::kInject, "D1Database")}},
                                 type_of(TypeKind::kText)));
  model.methods.push_back(method("age", Verb::kGet, MethodScope::kInstance,
                                 {{"at", type_of(TypeKind::kDateIso)}}, type_of(TypeKind::kReal)));
  model.methods.push_back(method("find", Verb::kGet, MethodScope::kStatic,
                                 {{"names", array_of(type_of(TypeKind::kText))},
                                  {"source", named(TypeKind::kDataSource, "Horse")},
                                  {"ledger", named(TypeKind::kInject, "Ledger")}},
                                 array_of(named(TypeKind::kObject, "Horse"))));
  model.methods.push_back(method("photo", Verb::kPost, MethodScope::kStatic,
                                 {{"bytes", type_of(TypeKind::kBlob)}}, type_of(TypeKind::kVoid)));
  model.methods.back().parameters_media = cidl::MediaType::kOctet;
  return model;
}

std::vector<cidl::Model> models() {
  cidl::Column breed_name = column("name", TypeKind::kText);
  breed_name.uniqueness = cidl::Uniqueness::kUnique;
  std::vector<cidl::Model> models = {
      orm::testing::model("Breed", {key("id", TypeKind::kInteger), breed_name}, {}),
      horse(),
      orm::testing::model("Like",
                          {key("id", TypeKind::kInteger),
                           foreign_key("horseId", type_of(TypeKind::kInteger), "Horse", "id"),
                           foreign_key("otherId", type_of(TypeKind::kInteger), "Horse", "id")},
                          {to_one("other", "Horse", {"otherId"})}),
      orm::testing::model("Tag", {key("name", TypeKind::kText)},
                          {many_to_many("horses", "Horse", "HorseTag")}),
      orm::testing::model("Seat",
                          {key("row", TypeKind::kText), key("number", TypeKind::kInteger),
                           column("label", nullable(TypeKind::kText))},
                          {}),
  };
  models[0].methods = crud("Breed", {{"id", type_of(TypeKind::kInteger)}});
  models[4].methods =
      crud("Seat", {{"row", type_of(TypeKind::kText)}, {"number", type_of(TypeKind::kInteger)}});
  models[4].methods.push_back(
      method("take", Verb::kPost, MethodScope::kInstance, {}, type_of(TypeKind::kVoid)));
  return models;
}

std::vector<cidl::PlainObject> plain_objects() {
  cidl::PlainObject filter;
  filter.name = "Filter";
  filter.fields = {{"since", nullable(TypeKind::kDateIso)}, {"limit", type_of(TypeKind::kInteger)}};
  cidl::PlainObject branch;
  branch.name = "Branch";
  branch.fields = {{"at", type_of(TypeKind::kDateIso)},
                   {"label", type_of(TypeKind::kText)},
                   {"below", array_of(named(TypeKind::kObject, "Branch"))}};
  return {filter, branch};
}

cidl::Service service(std::string_view name) {
  cidl::Service made;
  made.name = name;
  return made;
}

std::vector<cidl::Service> services() {
  cidl::Service clock = service("Clock");
  clock.initializer.emplace();
  cidl::Service ledger = service("Ledger");
  ledger.attributes = {{"clock", "Clock"}, {"env", "Env"}, {"archive", "D1Database"}};
  ledger.initializer = std::vector<Parameter>{{"db", named(TypeKind::kInject, "D1Database")}};
  cidl::Service desk = service("Desk");
  desk.attributes = {{"ledger", "Ledger"}};
  desk.methods = {
      method("open", Verb::kPost, MethodScope::kInstance, {}, type_of(TypeKind::kVoid))};
  cidl::Service report = service("Report");
  report.methods = {
      method("count", Verb::kGet, MethodScope::kInstance, {{"from", type_of(TypeKind::kInteger)}},
             type_of(TypeKind::kInteger)),
      method("grow", Verb::kPut, MethodScope::kInstance,
             {{"root", named(TypeKind::kObject, "Branch")},
              {"filter", around(TypeKind::kNullable, named(TypeKind::kObject, "Filter"))},
              {"request", named(TypeKind::kInject, "Request")}},
             named(TypeKind::kObject, "Branch")),
      method("clear", Verb::kDelete, MethodScope::kInstance, {}, type_of(TypeKind::kVoid))};
  return {clock, ledger, desk, report};
}

}  // namespace

cidl::Interface stable_interface() {
  cidl::Interface interface;
  interface.name = "stable";
  interface.workers_url = "http://localhost/api";
  interface.route_prefix = "api";
  interface.models = models();
  interface.plain_objects = plain_objects();
  interface.services = services();
  cidl::Junction tags;
  tags.name = "HorseTag";
  tags.binding = "db";
  tags.left = {"Horse", {"Horse_id"}};
  tags.right = {"Tag", {"Tag_name"}};
  interface.junctions = {tags};
  cidl::Environment environment;
  environment.name = "Env";
  environment.bindings = {{"cache", cidl::BindingKind::kKv},
                          {"archive", cidl::BindingKind::kD1},
                          {"db", cidl::BindingKind::kD1}};
  interface.environment = environment;
  return interface;
}

std::string open_text(const cidl::Interface& interface, const std::string& settings) {
  auto image = image::build_image_text(interface);
  return (image.ok() ? *image : "") + "\n" + settings;
}

}  // namespace cloesce::runtime::testing
