// Looking models and their members up by name.
#include "orm/schema.h"

namespace cloesce::orm {

MemberReference ModelSchema::member(std::string_view member_name) const {
  const std::uint32_t number = members.find(member_name);
  if (number == image::NameMap::kNone) return {};
  if (number < columns.size()) return {MemberReference::Kind::kColumn, number};
  const std::size_t behind = number - columns.size();
  if (behind < navigations.size()) return {MemberReference::Kind::kNavigation, behind};
  return {MemberReference::Kind::kStored, behind - navigations.size()};
}

const DataSource* ModelSchema::data_source(std::string_view source_name) const {
  for (const DataSource& source : data_sources) {
    if (source.name == source_name) return &source;
  }
  return nullptr;
}

const ModelSchema* Schema::model(std::string_view name) const {
  const std::uint32_t number = names.find(name);
  return number == image::NameMap::kNone ? nullptr : &models[number];
}

}  // namespace cloesce::orm
