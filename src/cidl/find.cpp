// Hash lookups over an interface, and the linear ones within a class.
#include "cidl/find.h"

#include "cidl/store_rules.h"

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
NameTable numbered(const std::vector<Item>& items) {
  NameTable table;
  for (std::size_t index = 0; index < items.size(); ++index) table.insert(items[index].name, index);
  return table;
}

template <class Item>
const Item* look_up(const NameTable& table, const std::vector<Item>& items, std::string_view name) {
  const std::uint32_t number = table.find(name);
  return number == NameTable::kNone ? nullptr : &items[number];
}

}  // namespace

NameIndex::NameIndex(const Interface& interface)
    : interface_(&interface),
      models_(numbered(interface.models)),
      plain_objects_(numbered(interface.plain_objects)),
      services_(numbered(interface.services)),
      junctions_(numbered(interface.junctions)) {}

const Model* NameIndex::model(std::string_view name) const {
  return look_up(models_, interface_->models, name);
}

const Service* NameIndex::service(std::string_view name) const {
  return look_up(services_, interface_->services, name);
}

const PlainObject* NameIndex::plain_object(std::string_view name) const {
  return look_up(plain_objects_, interface_->plain_objects, name);
}

const Junction* NameIndex::junction(std::string_view name) const {
  return look_up(junctions_, interface_->junctions, name);
}

ObjectReference NameIndex::object(std::string_view name) const {
  const std::uint32_t model = models_.find(name);
  if (model != NameTable::kNone) return {ObjectReference::Kind::kModel, model};
  const std::uint32_t object = plain_objects_.find(name);
  if (object != NameTable::kNone) return {ObjectReference::Kind::kPlainObject, object};
  return {};
}

const Column* find_column(const Model& model, std::string_view name) {
  return find_named(model.columns, name);
}

const Navigation* find_navigation(const Model& model, std::string_view name) {
  return find_named(model.navigations, name);
}

const StoredField* find_stored(const Model& model, std::string_view name) {
  return find_named(model.stored, name);
}

std::vector<const Column*> primary_key(const Model& model) {
  std::vector<const Column*> columns;
  for (const Column& column : model.columns) {
    if (column.key == KeyRole::kPrimaryKey) columns.push_back(&column);
  }
  return columns;
}

bool needs_storage(const Model& model) {
  return !has_rows(model) || !model.stored.empty() || !model.key_parameters.empty();
}

const Type& without_nullable(const Type& type) {
  return is_nullable(type) ? type.inner.front() : type;
}

bool is_nullable(const Type& type) {
  return type.kind == TypeKind::kNullable && !type.inner.empty();
}

}  // namespace cloesce::cidl
