// The interface that the fuzz targets of routing and validation run against: every type, nested in
// every way.
#pragma once

#include <string>
#include <utility>

#include "cidl/model.h"

namespace cloesce::fuzz {

inline cidl::Type type_of(cidl::TypeKind kind, std::string name = {}) {
  cidl::Type type;
  type.kind = kind;
  type.name = std::move(name);
  return type;
}

inline cidl::Type wrap(cidl::TypeKind kind, cidl::Type inner) {
  cidl::Type type;
  type.kind = kind;
  type.inner.push_back(std::move(inner));
  return type;
}

inline cidl::Column column(std::string name, cidl::Type type,
                           cidl::KeyRole key = cidl::KeyRole::kNone) {
  cidl::Column made;
  made.name = std::move(name);
  made.type = std::move(type);
  made.key = key;
  return made;
}

inline cidl::Navigation navigation(std::string name, cidl::NavigationKind kind) {
  cidl::Navigation made;
  made.name = std::move(name);
  made.kind = kind;
  made.model = "Horse";
  return made;
}

inline cidl::Method method(std::string name, cidl::Verb verb, cidl::MethodScope scope) {
  cidl::Method made;
  made.name = std::move(name);
  made.verb = verb;
  made.scope = scope;
  return made;
}

/// Horse with a composite key, a relation to itself either way, and one method that takes
/// everything, as the service Stable's does.
inline cidl::Interface horse_interface() {
  using Kind = cidl::TypeKind;
  cidl::Interface interface;
  interface.route_prefix = "api/v1";

  cidl::Model horse;
  horse.name = "Horse";
  horse.columns = {column("id", type_of(Kind::kInteger), cidl::KeyRole::kPrimaryKey),
                   column("name", type_of(Kind::kText), cidl::KeyRole::kPrimaryKey),
                   column("born", type_of(Kind::kDateIso)),
                   column("weight", wrap(Kind::kNullable, type_of(Kind::kReal))),
                   column("photo", wrap(Kind::kNullable, type_of(Kind::kBlob)))};
  horse.navigations = {navigation("foals", cidl::NavigationKind::kOneToMany),
                       navigation("dam", cidl::NavigationKind::kOneToOne)};
  cidl::DataSource source;
  source.name = "default";
  horse.data_sources = {source};
  horse.methods = {method("list", cidl::Verb::kGet, cidl::MethodScope::kStatic),
                   method("like", cidl::Verb::kPost, cidl::MethodScope::kInstance),
                   method("like", cidl::Verb::kDelete, cidl::MethodScope::kInstance)};
  interface.models = {horse};

  cidl::PlainObject options;
  options.name = "Options";
  options.fields = {{"limit", type_of(Kind::kInteger)},
                    {"inner", wrap(Kind::kNullable, type_of(Kind::kObject, "Options"))}};
  interface.plain_objects = {options};

  cidl::Service stable;
  stable.name = "Stable";
  stable.methods = {method("visit", cidl::Verb::kPost, cidl::MethodScope::kInstance)};
  stable.methods[0].parameters = {
      {"horse", wrap(Kind::kNullable, type_of(Kind::kObject, "Horse"))},
      {"part", wrap(Kind::kNullable, type_of(Kind::kPartial, "Horse"))},
      {"options", wrap(Kind::kNullable, type_of(Kind::kObject, "Options"))},
      {"flags", wrap(Kind::kNullable, wrap(Kind::kArray, type_of(Kind::kBoolean)))},
      {"count", wrap(Kind::kNullable, type_of(Kind::kInteger))},
      {"size", wrap(Kind::kNullable, type_of(Kind::kReal))},
      {"when", wrap(Kind::kNullable, type_of(Kind::kDateIso))},
      {"label", wrap(Kind::kNullable, type_of(Kind::kText))},
      {"bytes", wrap(Kind::kNullable, wrap(Kind::kArray, type_of(Kind::kBlob)))},
      {"free", wrap(Kind::kNullable, type_of(Kind::kJsonValue))},
      {"source", type_of(Kind::kDataSource, "Horse")},
      {"request", type_of(Kind::kInject, "Request")}};
  interface.services = {stable};
  return interface;
}

}  // namespace cloesce::fuzz
