// The interface that the tests of this room check values against, and short ways to do so.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compile/image/built.h"
#include "validate/validator.h"

namespace cloesce::validate {

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

inline cidl::Type integer() { return type_of(cidl::TypeKind::kInteger); }
inline cidl::Type real() { return type_of(cidl::TypeKind::kReal); }
inline cidl::Type text() { return type_of(cidl::TypeKind::kText); }
inline cidl::Type boolean() { return type_of(cidl::TypeKind::kBoolean); }
inline cidl::Type date() { return type_of(cidl::TypeKind::kDateIso); }
inline cidl::Type blob() { return type_of(cidl::TypeKind::kBlob); }
inline cidl::Type any() { return type_of(cidl::TypeKind::kJsonValue); }
inline cidl::Type array(cidl::Type inner) { return wrap(cidl::TypeKind::kArray, std::move(inner)); }
inline cidl::Type nullable(cidl::Type inner) {
  return wrap(cidl::TypeKind::kNullable, std::move(inner));
}
inline cidl::Type object(std::string name) {
  return type_of(cidl::TypeKind::kObject, std::move(name));
}
inline cidl::Type partial(std::string name) {
  return type_of(cidl::TypeKind::kPartial, std::move(name));
}
inline cidl::Type data_source(std::string name) {
  return type_of(cidl::TypeKind::kDataSource, std::move(name));
}

inline cidl::Column column(std::string name, cidl::Type type,
                           cidl::KeyRole key = cidl::KeyRole::kNone) {
  cidl::Column made;
  made.name = std::move(name);
  made.type = std::move(type);
  made.key = key;
  return made;
}

inline cidl::Navigation navigation(std::string name, cidl::NavigationKind kind, std::string model) {
  cidl::Navigation made;
  made.name = std::move(name);
  made.kind = kind;
  made.model = std::move(model);
  return made;
}

/// Horse { id, name, bio?, likes[] of Like, rider of Rider }, Like { id, horse }, Rider { name,
/// weight }, Options { limit, label?, tags[], inner? }, and a service `Stable` whose one method
/// takes `parameters`.
inline cidl::Interface horse_interface(std::vector<cidl::Parameter> parameters) {
  cidl::Interface interface;

  cidl::Model rider;
  rider.name = "Rider";
  rider.columns = {column("name", text(), cidl::KeyRole::kPrimaryKey), column("weight", real())};

  cidl::Model like;
  like.name = "Like";
  like.columns = {column("id", integer(), cidl::KeyRole::kPrimaryKey)};
  like.navigations = {navigation("horse", cidl::NavigationKind::kOneToOne, "Horse")};

  cidl::Model horse;
  horse.name = "Horse";
  horse.columns = {column("id", integer(), cidl::KeyRole::kPrimaryKey), column("name", text()),
                   column("bio", nullable(text()))};
  horse.navigations = {navigation("likes", cidl::NavigationKind::kOneToMany, "Like"),
                       navigation("rider", cidl::NavigationKind::kOneToOne, "Rider")};
  cidl::DataSource with_likes;
  with_likes.name = "withLikes";
  horse.data_sources = {with_likes};

  cidl::Model file;
  file.name = "File";
  file.storage = cidl::StorageKind::kR2;

  interface.models = {rider, like, horse, file};

  cidl::PlainObject options;
  options.name = "Options";
  options.fields = {{"limit", integer()},
                    {"label", nullable(text())},
                    {"tags", array(text())},
                    {"inner", nullable(object("Options"))}};
  interface.plain_objects = {options};

  cidl::Service stable;
  stable.name = "Stable";
  cidl::Method method;
  method.name = "visit";
  method.parameters = std::move(parameters);
  stable.methods = {method};
  interface.services = {stable};
  return interface;
}

/// A validator over the interface above, with its reader and memory.
class Rig {
 public:
  explicit Rig(std::vector<cidl::Parameter> parameters, const Limits& limits = {})
      : interface_(horse_interface(std::move(parameters))),
        types_(image::testing::built_types(interface_)),
        validator_(*types_, limits) {}

  /// One parameter called `v`.
  explicit Rig(cidl::Type type, const Limits& limits = {})
      : Rig(std::vector<cidl::Parameter>{{"v", std::move(type)}}, limits) {}

  [[nodiscard]] Checked body(std::string_view json, BlobSource blobs = {}) {
    return validator_.check_body(parameters(), reader_, json::pad(arena_, json), blobs, arena_);
  }
  /// With strings of 300 characters taken out; 413 as for a limit of `limit` bytes.
  [[nodiscard]] Checked shortened_body(std::string_view json, std::size_t limit = 1 << 20) {
    // The copy's padding is zero, and the copy may be written to.
    const std::string_view copy = json::pad(arena_, json);
    const auto body =
        json::shorten({const_cast<char*>(copy.data()), copy.size()}, limit, arena_, 300);
    Checked none;
    none.failures.push_back(make_error(ErrorCode::kBodyTooLarge, "document"));
    if (!body) return none;
    return validator_.check_body(parameters(), reader_, *body, {}, arena_);
  }
  [[nodiscard]] CheckedQuery query(std::string_view query) {
    return validator_.check_query(parameters(), reader_, query, arena_);
  }

  /// The failures of `{"v": <value>}`, one a line.
  [[nodiscard]] std::string failures_of_value(std::string_view value) {
    return lines(body(std::string("{\"v\": ") + std::string(value) + "}").failures);
  }
  [[nodiscard]] std::string failures_of_body(std::string_view json) {
    return lines(body(json).failures);
  }

  [[nodiscard]] static std::string lines(const List<Error>& failures) {
    std::string text;
    for (const Error& failure : failures) {
      if (!text.empty()) text += '\n';
      text += render(failure);
    }
    return text;
  }

  [[nodiscard]] ShapeId parameters() const {
    return image::testing::parameters_of_service(interface_, 0, 0);
  }
  [[nodiscard]] const Validator& validator() const { return validator_; }
  [[nodiscard]] const cidl::Interface& interface() const { return interface_; }
  [[nodiscard]] json::Reader& reader() { return reader_; }
  [[nodiscard]] Arena& arena() { return arena_; }

 private:
  cidl::Interface interface_;
  image::testing::Built<TypeTable> types_;
  Validator validator_;
  json::Reader reader_;
  Arena arena_;
};

}  // namespace cloesce::validate
