// Hash lookups over an interface, and the linear ones within a class.
#include "cidl/find.h"

namespace cloesce::cidl {
namespace {

template <class Item>
const Item* find_named(const std::vector<Item>& items, std::string_view name) {
  for (const Item& item : items) {
    if (item.name == name) return &item;
  }
  return nullptr;
}

template <class Item>
const Item* look_up(const std::unordered_map<std::string_view, std::uint32_t>& index,
                    const std::vector<Item>& items, std::string_view name) {
  const auto found = index.find(name);
  return found == index.end() ? nullptr : &items[found->second];
}

}  // namespace

NameIndex::NameIndex(const Interface& interface) : interface_(&interface) {
  objects_.reserve(interface.models.size() + interface.plain_objects.size());
  services_.reserve(interface.services.size());
  junctions_.reserve(interface.junctions.size());
  std::uint32_t index = 0;
  for (const Model& model : interface.models) {
    objects_.emplace(model.name, ObjectReference{ObjectReference::Kind::kModel, index++});
  }
  index = 0;
  for (const PlainObject& object : interface.plain_objects) {
    objects_.emplace(object.name, ObjectReference{ObjectReference::Kind::kPlainObject, index++});
  }
  index = 0;
  for (const Service& service : interface.services) services_.emplace(service.name, index++);
  index = 0;
  for (const Junction& junction : interface.junctions) junctions_.emplace(junction.name, index++);
}

const Model* NameIndex::model(std::string_view name) const {
  const ObjectReference found = object(name);
  return found.kind == ObjectReference::Kind::kModel ? &interface_->models[found.index] : nullptr;
}

const Service* NameIndex::service(std::string_view name) const {
  return look_up(services_, interface_->services, name);
}

const PlainObject* NameIndex::plain_object(std::string_view name) const {
  const ObjectReference found = object(name);
  return found.kind == ObjectReference::Kind::kPlainObject ? &interface_->plain_objects[found.index]
                                                           : nullptr;
}

const Junction* NameIndex::junction(std::string_view name) const {
  return look_up(junctions_, interface_->junctions, name);
}

ObjectReference NameIndex::object(std::string_view name) const {
  const auto found = objects_.find(name);
  return found == objects_.end() ? ObjectReference{} : found->second;
}

const Column* find_column(const Model& model, std::string_view name) {
  return find_named(model.columns, name);
}

const Navigation* find_navigation(const Model& model, std::string_view name) {
  return find_named(model.navigations, name);
}

const DataSource* find_data_source(const Model& model, std::string_view name) {
  return find_named(model.data_sources, name);
}

std::vector<const Column*> primary_key(const Model& model) {
  std::vector<const Column*> columns;
  for (const Column& column : model.columns) {
    if (column.key == KeyRole::kPrimaryKey) columns.push_back(&column);
  }
  return columns;
}

const Type& without_nullable(const Type& type) {
  return is_nullable(type) ? type.inner.front() : type;
}

bool is_nullable(const Type& type) {
  return type.kind == TypeKind::kNullable && !type.inner.empty();
}

}  // namespace cloesce::cidl
