// An interface that uses every part of the model, for the tests of this room.
#pragma once

#include "cidl/model.h"

namespace cloesce::cidl {

inline Type plain(TypeKind kind) { return {kind, {}, {}}; }
inline Type named(TypeKind kind, std::string name) { return {kind, std::move(name), {}}; }
inline Type wrap(TypeKind kind, Type inner) { return {kind, {}, {std::move(inner)}}; }

inline Column key_column(std::string name, TypeKind kind = TypeKind::kInteger) {
  Column column;
  column.name = std::move(name);
  column.type = plain(kind);
  column.key = KeyRole::kPrimaryKey;
  return column;
}

inline Model d1_model(std::string name) {
  Model model;
  model.name = name;
  model.file = "src/" + name + ".cloesce.ts";
  model.binding = "db";
  model.table = std::move(name);
  return model;
}

inline Model person_model() {
  Model person = d1_model("Person");
  Column email;
  email.name = "email";
  email.type = plain(TypeKind::kText);
  email.uniqueness = Uniqueness::kUnique;
  Column mentor;
  mentor.name = "mentorId";
  mentor.type = wrap(TypeKind::kNullable, plain(TypeKind::kInteger));
  mentor.indexing = Indexing::kIndexed;
  mentor.references = Reference{"Person", "id"};
  person.columns = {key_column("id"), email, mentor};
  person.navigations = {
      {"mentor", NavigationKind::kOneToOne, "Person", KeyOwner::kSelf, {"mentorId"}, {}},
      {"horses", NavigationKind::kOneToMany, "Horse", KeyOwner::kTarget, {"ownerId"}, {}},
  };
  return person;
}

inline Model horse_model() {
  Model horse = d1_model("Horse");
  Column owner;
  owner.name = "ownerId";
  owner.type = plain(TypeKind::kInteger);
  owner.references = Reference{"Person", "id"};
  Column born;
  born.name = "born";
  born.type = wrap(TypeKind::kNullable, plain(TypeKind::kDateIso));
  Column revision;
  revision.name = "revision";
  revision.type = plain(TypeKind::kInteger);
  revision.versioning = Versioning::kVersion;
  horse.columns = {key_column("stable", TypeKind::kText), key_column("number"), owner, born,
                   revision};
  horse.navigations = {
      {"owner", NavigationKind::kOneToOne, "Person", KeyOwner::kSelf, {"ownerId"}, {}},
      {"races", NavigationKind::kManyToMany, "Race", KeyOwner::kSelf, {}, "HorseRace"},
  };
  IncludeTree tree;
  tree.nodes = {{"owner", {{{"horses", {}}}}}, {"races", {}}};
  horse.indexes = {{{"ownerId", "born"}, Uniqueness::kUnique}, {{"born", "stable"}}};
  horse.key_parameters = {"stall"};
  horse.stored = {
      {"feed",
       StoredKind::kKv,
       "cache",
       "feeds/{stall}/{stable}",
       {},
       StoredForm::kOne,
       plain(TypeKind::kJsonValue)},
      {"notes",
       StoredKind::kKv,
       "cache",
       "notes/{stable}/",
       {},
       StoredForm::kPage,
       plain(TypeKind::kText)},
      {"portrait", StoredKind::kR2Download, "pictures", {}, "stable", StoredForm::kOne, {}},
  };
  IncludeTree stored;
  stored.nodes = {{"notes", {}, {{"limit", "50"}, {"cursor", "007"}}},
                  {"portrait", {}, {{"expiresIn", "600"}, {"ResponseContentType", "image/png"}}}};
  horse.data_sources = {{"default", tree}, {"stored", stored}};

  Method save;
  save.name = "save";
  save.verb = Verb::kPost;
  save.builtin = Builtin::kSave;
  save.parameters = {{"horse", named(TypeKind::kPartial, "Horse")},
                     {"source", named(TypeKind::kDataSource, "Horse")}};
  save.returns = wrap(TypeKind::kHttpResult, named(TypeKind::kObject, "Horse"));
  Method photo;
  photo.name = "photo";
  photo.verb = Verb::kPut;
  photo.scope = MethodScope::kInstance;
  photo.parameters = {{"data", plain(TypeKind::kStream)}, {"env", named(TypeKind::kInject, "Env")}};
  photo.returns = plain(TypeKind::kVoid);
  photo.parameters_media = MediaType::kOctet;
  photo.documentation = "Stores a picture.\nSays \"ok\".";
  horse.methods = {save, photo};
  horse.documentation = "A horse.";
  return horse;
}

inline Interface sample_interface() {
  Interface interface;
  interface.name = "stable";
  interface.workers_url = "http://localhost:8787/api/v1";
  interface.client_url = "http://localhost:5173";
  interface.route_prefix = "api/v1";
  interface.application = Application{"src/app.cloesce.ts", "app"};
  interface.environment = Environment{
      "Env",
      "src/env.cloesce.ts",
      {{"db", BindingKind::kD1},
       {"cache", BindingKind::kKv},
       {"pictures", BindingKind::kR2, "stable-pictures"}},
      {{"greeting", VariableKind::kText},
       {"endpoint", VariableKind::kR2Endpoint},
       {"accessKey", VariableKind::kR2AccessKeyId},
       {"secretKey", VariableKind::kR2SecretAccessKey}},
  };
  Model race = d1_model("Race");
  race.columns = {key_column("id")};
  Model session;
  session.name = "Session";
  session.file = "src/session.cloesce.ts";
  session.storage = StorageKind::kKv;
  session.binding = "cache";
  session.value = wrap(TypeKind::kArray, plain(TypeKind::kText));
  session.kv = {3600, 60, 5};
  Model picture;
  picture.name = "Picture";
  picture.file = "src/picture.cloesce.ts";
  picture.storage = StorageKind::kR2;
  picture.binding = "pictures";
  Method list;
  list.name = "list";
  list.builtin = Builtin::kList;
  list.returns = wrap(TypeKind::kPage, plain(TypeKind::kR2Object));
  picture.methods = {list};
  Model stall;
  stall.name = "Stall";
  stall.file = "src/stall.cloesce.ts";
  stall.storage = StorageKind::kKeys;
  stall.key_parameters = {"id"};
  stall.stored = {
      {"views", StoredKind::kR2, "pictures", "stalls/{id}/", {}, StoredForm::kList, {}}};
  interface.models = {person_model(), race, horse_model(), session, picture, stall};
  interface.junctions = {
      {"HorseRace", "db", {"Horse", {"Horse_stable", "Horse_number"}}, {"Race", {"Race_id"}}}};

  Service clock;
  clock.name = "Clock";
  clock.file = "src/clock.cloesce.ts";
  clock.initializer.emplace();
  Service office;
  office.name = "Office";
  office.file = "src/office.cloesce.ts";
  office.attributes = {{"clock", "Clock"}, {"env", "Env"}};
  office.initializer = {{"env", named(TypeKind::kInject, "Env")}};
  Method report;
  report.name = "report";
  report.scope = MethodScope::kInstance;
  report.parameters = {{"since", wrap(TypeKind::kNullable, plain(TypeKind::kDateIso))}};
  report.returns = wrap(TypeKind::kArray, named(TypeKind::kObject, "Summary"));
  office.methods = {report};
  interface.services = {clock, office};

  interface.plain_objects = {{"Summary",
                              "src/summary.cloesce.ts",
                              {{"best", named(TypeKind::kObject, "Horse")},
                               {"pictures", wrap(TypeKind::kArray, plain(TypeKind::kBlob))},
                               {"setting", wrap(TypeKind::kKvValue, plain(TypeKind::kJsonValue))},
                               {"head", plain(TypeKind::kR2Object)},
                               {"portrait", plain(TypeKind::kR2Download)},
                               {"score", plain(TypeKind::kReal)},
                               {"final", plain(TypeKind::kBoolean)}},
                              "What the office reports."}};
  interface.exports = {{"Horse", "Pony"}};
  return interface;
}

}  // namespace cloesce::cidl
