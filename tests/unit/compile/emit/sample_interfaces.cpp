// The sample interfaces.
#include "compile/emit/sample_interfaces.h"

namespace cloesce::emit {
namespace {

using cidl::Builtin;
using cidl::MediaType;
using cidl::MethodScope;
using cidl::TypeKind;
using cidl::Verb;

cidl::Type integer() { return simple(TypeKind::kInteger); }
cidl::Type text() { return simple(TypeKind::kText); }
cidl::Type date() { return simple(TypeKind::kDateIso); }
cidl::Type blob() { return simple(TypeKind::kBlob); }
cidl::Type object(std::string name) { return named(TypeKind::kObject, std::move(name)); }
cidl::Type partial(std::string name) { return named(TypeKind::kPartial, std::move(name)); }
cidl::Type array(cidl::Type item) { return wrapped(TypeKind::kArray, std::move(item)); }
cidl::Type nullable(cidl::Type inner) { return wrapped(TypeKind::kNullable, std::move(inner)); }
cidl::Type result(cidl::Type inner) { return wrapped(TypeKind::kHttpResult, std::move(inner)); }

cidl::Column column(std::string name, cidl::Type type) {
  cidl::Column result_column;
  result_column.name = std::move(name);
  result_column.type = std::move(type);
  return result_column;
}

cidl::Column key(std::string name, cidl::Type type) {
  cidl::Column result_column = column(std::move(name), std::move(type));
  result_column.key = cidl::KeyRole::kPrimaryKey;
  return result_column;
}

cidl::Column foreign_key(cidl::Column from, std::string model, std::string to) {
  from.references = cidl::Reference{std::move(model), std::move(to)};
  return from;
}

cidl::Method method(std::string name, Verb verb, MethodScope scope,
                    std::vector<cidl::Parameter> parameters, cidl::Type returns) {
  cidl::Method made;
  made.name = std::move(name);
  made.verb = verb;
  made.scope = scope;
  made.parameters = std::move(parameters);
  made.returns = std::move(returns);
  return made;
}

cidl::Method builtin(Builtin kind, const std::string& model,
                     std::vector<cidl::Parameter> parameters) {
  switch (kind) {
    case Builtin::kSave: {
      cidl::Method made = method("save", Verb::kPost, MethodScope::kStatic,
                                 {{"model", partial(model)}}, result(object(model)));
      made.builtin = kind;
      return made;
    }
    case Builtin::kGet: {
      cidl::Method made = method("get", Verb::kGet, MethodScope::kStatic, std::move(parameters),
                                 result(object(model)));
      made.builtin = kind;
      return made;
    }
    case Builtin::kList: {
      cidl::Method made =
          method("list", Verb::kGet, MethodScope::kStatic, {}, result(array(object(model))));
      made.builtin = kind;
      return made;
    }
    default: {
      cidl::Method made = method("delete", Verb::kDelete, MethodScope::kInstance, {},
                                 result(simple(TypeKind::kVoid)));
      made.builtin = kind;
      return made;
    }
  }
}

cidl::Navigation navigation(std::string name, cidl::NavigationKind kind, std::string model) {
  cidl::Navigation made;
  made.name = std::move(name);
  made.kind = kind;
  made.model = std::move(model);
  return made;
}

cidl::Model person() {
  cidl::Model model = keyed_model("Person");
  model.file = "src/people.cloesce.ts";
  model.columns.push_back(column("name", text()));
  model.navigations = {navigation("horses", cidl::NavigationKind::kOneToMany, "Horse")};
  model.navigations[0].key_owner = cidl::KeyOwner::kTarget;
  model.navigations[0].columns = {"ownerId"};
  model.methods = {builtin(Builtin::kSave, "Person", {}), builtin(Builtin::kList, "Person", {})};
  return model;
}

cidl::Model horse() {
  cidl::Model model = keyed_model("Horse");
  model.file = "src/horses/horse.cloesce.ts";
  model.documentation = "A horse.\n\nIt is known by its number.";
  model.columns.push_back(column("name", text()));
  model.columns.push_back(column("born", date()));
  model.columns.push_back(column("weight", simple(TypeKind::kReal)));
  model.columns.push_back(column("trained", simple(TypeKind::kBoolean)));
  model.columns.push_back(column("portrait", nullable(blob())));
  model.columns.push_back(foreign_key(column("ownerId", nullable(integer())), "Person", "id"));
  model.navigations = {navigation("owner", cidl::NavigationKind::kOneToOne, "Person"),
                       navigation("likes", cidl::NavigationKind::kOneToMany, "Like"),
                       navigation("tags", cidl::NavigationKind::kManyToMany, "Tag")};
  model.navigations[0].columns = {"ownerId"};
  model.navigations[1].key_owner = cidl::KeyOwner::kTarget;
  model.navigations[1].columns = {"horseId"};
  model.navigations[2].junction = "HorsesTags";
  model.writes = {{{"likes", {}}}};
  model.data_sources = {{"default", {{{"owner", {}}}}},
                        {"withLikes", {{{"likes", {{{"fan", {}}}}}, {"tags", {}}}}}};
  cidl::Method save = builtin(Builtin::kSave, "Horse", {});
  save.parameters_media = MediaType::kFormData;
  cidl::Method like = method("like", Verb::kPost, MethodScope::kInstance,
                             {{"fan", object("Person")},
                              {"env", named(TypeKind::kInject, "Env")},
                              {"at", nullable(date())}},
                             result(simple(TypeKind::kVoid)));
  like.documentation = "Likes this horse. Ends no comment: */ alert(1)";
  model.methods = {
      save,
      builtin(Builtin::kGet, "Horse", {{"id", integer()}}),
      builtin(Builtin::kList, "Horse", {}),
      builtin(Builtin::kDelete, "Horse", {}),
      like,
      method("rename", Verb::kPatch, MethodScope::kInstance,
             {{"dataSource", text()}, {"fetchImpl", text()}}, object("Horse")),
      method("search", Verb::kGet, MethodScope::kStatic,
             {{"filter", simple(TypeKind::kJsonValue)},
              {"since", nullable(date())},
              {"names", nullable(array(nullable(text())))},
              {"source", named(TypeKind::kDataSource, "Horse")}},
             result(nullable(array(object("Horse"))))),
  };
  return model;
}

cidl::Model like() {
  cidl::Model model;
  model.name = "Like";
  model.file = "src/horses/horse.cloesce.ts";
  model.binding = "db";
  model.table = "Like";
  model.columns = {foreign_key(key("horseId", integer()), "Horse", "id"),
                   foreign_key(key("fanId", integer()), "Person", "id"), column("at", date())};
  model.navigations = {navigation("fan", cidl::NavigationKind::kOneToOne, "Person")};
  model.navigations[0].columns = {"fanId"};
  model.methods = {
      builtin(Builtin::kGet, "Like", {{"horseId", integer()}, {"fanId", integer()}}),
      method("undo", Verb::kDelete, MethodScope::kInstance, {}, simple(TypeKind::kVoid)),
  };
  return model;
}

cidl::Model tag() {
  cidl::Model model;
  model.name = "Tag";
  model.file = "src/horses/tag.cloesce.ts";
  model.binding = "db";
  model.table = "Tag";
  model.columns = {key("default", text()), column("display-name", text())};
  model.navigations = {navigation("horses", cidl::NavigationKind::kManyToMany, "Horse")};
  model.navigations[0].junction = "HorsesTags";
  model.methods = {
      builtin(Builtin::kGet, "Tag", {{"default", text()}}),
      method("use", Verb::kPost, MethodScope::kInstance, {}, integer()),
  };
  return model;
}

cidl::PlainObject pedigree() {
  return {"Pedigree",
          "src/horses/pedigree.cloesce.ts",
          {{"title", text()},
           {"issued", nullable(date())},
           {"seal", blob()},
           {"lines", array(text())},
           {"parents", array(object("Pedigree"))},
           {"extra", simple(TypeKind::kJsonValue)}},
          "Where a horse comes from."};
}

cidl::Service stable_service() {
  cidl::Service service;
  service.name = "StableService";
  service.file = "src/stable.cloesce.ts";
  service.attributes = {{"env", "Env"}};
  service.documentation = "Papers and pictures.";
  cidl::Method upload =
      method("upload", Verb::kPut, MethodScope::kInstance, {{"picture", blob()}}, integer());
  upload.parameters_media = MediaType::kOctet;
  cidl::Method stream = method("stream", Verb::kPost, MethodScope::kInstance,
                               {{"video", simple(TypeKind::kStream)}}, simple(TypeKind::kStream));
  stream.parameters_media = MediaType::kOctet;
  stream.returns_media = MediaType::kOctet;
  cidl::Method file =
      method("file", Verb::kPost, MethodScope::kInstance,
             {{"pedigree", object("Pedigree")}, {"pictures", array(blob())}}, object("Pedigree"));
  file.parameters_media = MediaType::kFormData;
  cidl::Method picture =
      method("picture", Verb::kGet, MethodScope::kInstance, {{"horse", integer()}}, result(blob()));
  picture.returns_media = MediaType::kOctet;
  service.methods = {
      upload,
      stream,
      file,
      picture,
      method("draft", Verb::kPost, MethodScope::kInstance, {{"default", text()}},
             result(nullable(partial("Horse")))),
      method("ping", Verb::kHead, MethodScope::kInstance, {}, simple(TypeKind::kVoid)),
      method("cached", Verb::kGet, MethodScope::kInstance, {}, wrapped(TypeKind::kKvValue, date())),
      method("object", Verb::kGet, MethodScope::kInstance, {}, simple(TypeKind::kR2Object)),
  };
  return service;
}

}  // namespace

cidl::Method get_method(std::string name, std::vector<cidl::Parameter> parameters,
                        cidl::Type returns) {
  return method(std::move(name), Verb::kGet, MethodScope::kInstance, std::move(parameters),
                std::move(returns));
}

cidl::Model keyed_model(std::string name) {
  cidl::Model model;
  model.name = name;
  model.file = "src/" + name + ".cloesce.ts";
  model.binding = "db";
  model.table = std::move(name);
  model.columns = {key("id", integer())};
  return model;
}

cidl::Interface small_interface() {
  cidl::Interface interface;
  interface.name = "greeter";
  interface.workers_url = "http://localhost:8787/api";
  interface.route_prefix = "api";
  cidl::Service service;
  service.name = "Greeter";
  service.file = "greeter.cloesce.ts";
  service.methods = {get_method("hello", {{"name", text()}}, text())};
  interface.services = {service};
  return interface;
}

cidl::Interface wide_interface() {
  cidl::Interface interface;
  interface.name = "@farm/Horse App";
  interface.workers_url = "https://horses.example/ignored";
  interface.client_url = "https://horses.example";
  interface.route_prefix = "v1/api";
  interface.application = cidl::Application{"src/app.cloesce.ts", "default"};
  interface.environment = cidl::Environment{
      "Env",
      "src/env.cloesce.ts",
      {{"db", cidl::BindingKind::kD1},
       {"cache", cidl::BindingKind::kKv},
       {"FILES", cidl::BindingKind::kR2}},
      {{"greeting", cidl::VariableKind::kText}, {"key", cidl::VariableKind::kR2SecretAccessKey}}};
  interface.models = {person(), horse(), like(), tag()};
  interface.junctions = {{"HorsesTags", "db", {"Horse", {"Horse_id"}}, {"Tag", {"Tag_default"}}}};
  interface.services = {stable_service()};
  interface.plain_objects = {pedigree()};
  interface.exports = {{"Person", "default"}, {"Like", "HorseLike"}};
  return interface;
}

}  // namespace cloesce::emit
