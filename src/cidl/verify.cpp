// The rules between the parts of an interface; see detail/verify.h.
#include "cidl/detail/verify.h"

#include <algorithm>
#include <string_view>

#include "base/concat.h"
#include "base/name_table.h"
#include "cidl/find.h"
#include "cidl/list_path.h"
#include "cidl/save.h"
#include "cidl/scalar_rules.h"
#include "cidl/store_rules.h"
#include "keys/template.h"

namespace cloesce::cidl::detail {
namespace {

using Names = NameTable;

// Where a message points: `Horse`, `Horse.owner`.
struct Place {
  std::string_view owner;
  std::string_view member = {};

  [[nodiscard]] String text() const {
    return member.empty() ? String(owner) : filled("%.%", {owner, member});
  }
};

Failure failure(const Place& place, std::string_view detail) {
  return Failure{ErrorCode::kCidlInvalid, detail, place.text()};
}

// `named` may not be empty, not reach a prototype when it becomes a property, and not be taken.
Result<void> claim(Names& taken, std::string_view name, const Place& place) {
  if (name.empty()) return failure(place, "a name is empty");
  if (name == "__proto__") return failure(place, "__proto__ cannot be a name");
  if (!taken.insert(name, 0)) return failure(place, "the name is used twice");
  return {};
}

template <class Item>
Result<void> claim_all(Names& taken, const std::vector<Item>& items, std::string_view owner) {
  for (const Item& item : items) CLOESCE_TRY(claim(taken, item.name, {owner, item.name}));
  return {};
}

template <class Item>
Result<void> claim_classes(Names& taken, const std::vector<Item>& items) {
  for (const Item& item : items) CLOESCE_TRY(claim(taken, item.name, {item.name}));
  return {};
}

// Whether a placeholder of a key template can name it.
bool can_fill(const Model& model, std::string_view name) {
  for (const std::string& parameter : model.key_parameters) {
    if (parameter == name) return true;
  }
  const Column* column = find_column(model, name);
  return column != nullptr && can_be_in_a_key(column->type);
}

// The names of all columns of `columns` that `model` does not have, one message at a time.
Result<void> need_columns(const Model& model, const std::vector<std::string>& columns,
                          const Place& place) {
  for (const std::string& column : columns) {
    if (find_column(model, column) == nullptr) {
      return failure(place, filled("% has no column %", {model.name, column}));
    }
  }
  return {};
}

Result<void> need_key_count(std::size_t columns, const Model& model, const Place& place) {
  const std::size_t keys = primary_key(model).size();
  if (columns == keys) return {};
  return failure(place, filled("% columns for the % key columns of %",
                               {decimal(columns), decimal(keys), model.name}));
}

class Verifier {
 public:
  explicit Verifier(const Interface& interface) : interface_(interface), names_(interface) {}

  Result<void> run() const {
    // Models, services and plain objects share the namespace of types and routes.
    Names classes;
    CLOESCE_TRY(claim_classes(classes, interface_.models));
    CLOESCE_TRY(claim_classes(classes, interface_.services));
    CLOESCE_TRY(claim_classes(classes, interface_.plain_objects));
    Names junctions;
    CLOESCE_TRY(claim_classes(junctions, interface_.junctions));

    if (interface_.environment.has_value()) {
      Names members;
      CLOESCE_TRY(
          claim_all(members, interface_.environment->bindings, interface_.environment->name));
      CLOESCE_TRY(
          claim_all(members, interface_.environment->variables, interface_.environment->name));
    }
    for (const Junction& item : interface_.junctions) CLOESCE_TRY(junction(item));
    for (const Model& item : interface_.models) CLOESCE_TRY(model(item));
    for (const Service& item : interface_.services) CLOESCE_TRY(service(item));
    for (const PlainObject& item : interface_.plain_objects) CLOESCE_TRY(plain_object(item));
    return {};
  }

 private:
  Result<void> model(const Model& model) const {
    const Place place{model.name};
    Names properties;
    CLOESCE_TRY(claim_all(properties, model.columns, model.name));
    CLOESCE_TRY(claim_all(properties, model.navigations, model.name));
    CLOESCE_TRY(claim_all(properties, model.stored, model.name));
    for (const std::string& name : model.key_parameters) {
      CLOESCE_TRY(claim(properties, name, {model.name, name}));
    }
    Names sources;
    CLOESCE_TRY(claim_all(sources, model.data_sources, model.name));

    if (has_rows(model)) {
      if (model.binding.empty()) return failure(place, "the model has no binding");
      if (model.table.empty()) return failure(place, "the model has no table");
      if (primary_key(model).empty()) return failure(place, "the model has no primary key");
    } else if (!model.columns.empty() || !model.navigations.empty()) {
      return failure(place, "only a D1 model has columns and navigations");
    }
    CLOESCE_TRY(storage(model, place));
    for (const Column& item : model.columns) CLOESCE_TRY(column(model, item));
    for (const Navigation& item : model.navigations) CLOESCE_TRY(navigation(model, item));
    for (const StoredField& item : model.stored) CLOESCE_TRY(stored(model, item));
    for (const DataSource& item : model.data_sources) {
      CLOESCE_TRY(tree(model, item.tree, {model.name, item.name}, Naming::kRelationsAndStored));
    }
    CLOESCE_TRY(tree(model, model.writes, {model.name, "writes"}, Naming::kRelations));
    if (model.list.has_value()) CLOESCE_TRY(list(model, *model.list));
    for (const Index& index : model.indexes) {
      if (index.columns.empty()) return failure(place, "an index has no columns");
      CLOESCE_TRY(need_columns(model, index.columns, place));
    }
    return methods(model.name, model.methods);
  }

  Result<void> list(const Model& model, const ListRules& rules) const {
    const Place place{model.name, "list"};
    if (rules.maximum == 0 || rules.limit > rules.maximum) {
      return failure(place, "the limit of a list is beyond its maximum");
    }
    for (const std::vector<std::string>* const paths : {&rules.where, &rules.order_by}) {
      for (const std::string& path : *paths) {
        const auto find = [&](std::string_view name) { return names_.model(name); };
        const PathTarget target = follow_path(model, path, find);
        if (target.column == nullptr || target.column->access == Access::kHidden) {
          return failure(place, filled("callers cannot ask by %", {path}));
        }
        for (const Navigation* const navigation : target.through) {
          if (navigation->access == Access::kHidden) {
            return failure(place, filled("callers cannot ask by %", {path}));
          }
        }
      }
    }
    return {};
  }

  Result<void> storage(const Model& model, const Place& place) const {
    const StoreRules& store = store_of(model);
    if (store.values != (model.value.kind != TypeKind::kVoid)) {
      return failure(
          place, store.values ? "the model has no type of values" : "only a KV model has values");
    }
    if (store.keyed) {
      if (model.binding.empty()) return failure(place, "the model has no binding");
      if (!model.stored.empty() || !model.key_parameters.empty()) {
        return failure(place,
                       "only D1 models and those of keys have stored fields and key "
                       "parameters");
      }
    }
    return type(model.value, place);
  }

  Result<void> stored(const Model& model, const StoredField& field) const {
    const Place place{model.name, field.name};
    if (field.binding.empty()) return failure(place, "the field has no binding");
    if ((filled_with(field.kind) == TypeKind::kKvValue) != (field.value.kind != TypeKind::kVoid)) {
      return failure(place, "a field has a type of values when it is of KV");
    }
    if (field.key_template.empty() == field.key_column.empty()) {
      return failure(place, "the key comes from a template or from a column");
    }
    if (!field.key_column.empty()) {
      if (field.form != StoredForm::kOne) return failure(place, "a column is the key of one value");
      CLOESCE_TRY(need_columns(model, {field.key_column}, place));
      if (without_nullable(find_column(model, field.key_column)->type).kind != TypeKind::kText) {
        return failure(place, "the column of a key is text");
      }
    }
    if (!field.key_template.empty()) CLOESCE_TRY(key_template(model, field.key_template, place));
    return type(field.value, place);
  }

  static Result<void> key_template(const Model& model, std::string_view text, const Place& place) {
    const keys::Template parsed = keys::parse(text);
    if (!parsed.ok()) return failure(place, "the braces of the key template do not match");
    for (const keys::Part& part : parsed.parts) {
      if (part.kind == keys::PartKind::kPlaceholder && !can_fill(model, part.text)) {
        return failure(place, filled("% has nothing called % that can be part of a key",
                                     {model.name, part.text}));
      }
    }
    return {};
  }

  Result<void> column(const Model& model, const Column& column) const {
    const Place place{model.name, column.name};
    if (!is_scalar(without_nullable(column.type))) {
      return failure(place, filled("% is not the type of a column", {type_to_text(column.type)}));
    }
    if (column.key == KeyRole::kPrimaryKey && is_nullable(column.type)) {
      return failure(place, "a primary key cannot be null");
    }
    if (column.versioning == Versioning::kVersion) CLOESCE_TRY(version(model, column));
    if (!column.references.has_value()) return {};
    const Model* target = names_.model(column.references->model);
    if (target == nullptr) return unknown("model", column.references->model, place);
    CLOESCE_TRY(need_columns(*target, {column.references->column}, place));
    for (const Reference& reference : column.further_references) {
      const Model* further = names_.model(reference.model);
      if (further == nullptr) return unknown("model", reference.model, place);
      CLOESCE_TRY(need_columns(*further, {reference.column}, place));
    }
    return {};
  }

  static Result<void> version(const Model& model, const Column& column) {
    const Place place{model.name, column.name};
    if (column.type.kind != TypeKind::kInteger || column.key == KeyRole::kPrimaryKey ||
        column.references.has_value() || column.access != Access::kOpen) {
      return failure(place, "a version is an Integer that callers see and send, and no key");
    }
    for (const Column& other : model.columns) {
      if (other.versioning == Versioning::kVersion && &other != &column) {
        return failure(place, "a model has one version");
      }
    }
    return {};
  }

  Result<void> navigation(const Model& model, const Navigation& navigation) const {
    const Place place{model.name, navigation.name};
    const Model* target = names_.model(navigation.model);
    if (target == nullptr) return unknown("model", navigation.model, place);
    if (!has_rows(*target)) {
      return failure(place, "a navigation leads to a D1 model");
    }
    if (navigation.kind == NavigationKind::kManyToMany) {
      const Junction* junction = names_.junction(navigation.junction);
      if (junction == nullptr) return unknown("junction", navigation.junction, place);
      const bool forward =
          junction->left.model == model.name && junction->right.model == target->name;
      const bool backward =
          junction->right.model == model.name && junction->left.model == target->name;
      if (!forward && !backward) return failure(place, "the junction links other models");
      return {};
    }
    if (navigation.kind == NavigationKind::kOneToMany && navigation.key_owner == KeyOwner::kSelf) {
      return failure(place, "the columns of a one-to-many navigation belong to the target");
    }
    const bool own = navigation.key_owner == KeyOwner::kSelf;
    CLOESCE_TRY(need_columns(own ? model : *target, navigation.columns, place));
    return need_key_count(navigation.columns.size(), own ? *target : model, place);
  }

  Result<void> junction(const Junction& junction) const {
    const Place place{junction.name};
    Names columns;
    for (const JunctionSide* side : {&junction.left, &junction.right}) {
      const Model* linked = names_.model(side->model);
      if (linked == nullptr) return unknown("model", side->model, place);
      for (const std::string& column : side->columns) {
        CLOESCE_TRY(claim(columns, column, {junction.name, column}));
      }
      CLOESCE_TRY(need_key_count(side->columns.size(), *linked, place));
    }
    return {};
  }

  // Which rows of a relation are included.
  static bool is_query(const IncludeNode& node) {
    return std::all_of(node.options.begin(), node.options.end(), [](const IncludeOption& option) {
      return option.name == "where" || option.name == "orderBy" || option.name == "limit";
    });
  }

  // What a tree may name.
  enum class Naming : std::uint8_t { kRelations, kRelationsAndStored };

  Result<void> tree(const Model& model, const IncludeTree& tree, const Place& place,
                    Naming naming) const {
    Names included;
    for (const IncludeNode& node : tree.nodes) {
      CLOESCE_TRY(claim(included, node.name, place));
      if (naming == Naming::kRelationsAndStored && find_stored(model, node.name) != nullptr) {
        CLOESCE_TRY(stored_node(node, place));
        continue;
      }
      const Navigation* navigation = find_navigation(model, node.name);
      if (navigation == nullptr) {
        return failure(place, filled("% has no navigation % to include", {model.name, node.name}));
      }
      const bool asked =
          navigation->kind != NavigationKind::kOneToOne && naming == Naming::kRelationsAndStored;
      if (!node.options.empty() && !(asked && is_query(node))) {
        return failure(place, "only stored fields and relations to many rows have options");
      }
      const Model* target = names_.model(navigation->model);
      if (target == nullptr) return unknown("model", navigation->model, place);
      CLOESCE_TRY(this->tree(*target, node.children, place, naming));
    }
    return {};
  }

  static Result<void> stored_node(const IncludeNode& node, const Place& place) {
    if (!node.children.nodes.empty()) {
      return failure(place, filled("there is nothing to include below %", {node.name}));
    }
    Names options;
    return claim_all(options, node.options, node.name);
  }

  Result<void> service(const Service& service) const {
    Names attributes;
    CLOESCE_TRY(claim_all(attributes, service.attributes, service.name));
    if (service.initializer.has_value()) {
      CLOESCE_TRY(parameters(*service.initializer, {service.name, "init"}));
    }
    return methods(service.name, service.methods);
  }

  Result<void> plain_object(const PlainObject& object) const {
    Names fields;
    CLOESCE_TRY(claim_all(fields, object.fields, object.name));
    for (const Field& field : object.fields) {
      CLOESCE_TRY(type(field.type, {object.name, field.name}));
    }
    return {};
  }

  Result<void> methods(std::string_view owner, const std::vector<Method>& methods) const {
    Names names;
    CLOESCE_TRY(claim_all(names, methods, owner));
    for (const Method& method : methods) {
      const Place place{owner, method.name};
      CLOESCE_TRY(parameters(method.parameters, place));
      const bool result = method.returns.kind == TypeKind::kHttpResult;
      CLOESCE_TRY(type(result ? method.returns.inner.front() : method.returns, place));
    }
    return {};
  }

  Result<void> parameters(const std::vector<Parameter>& parameters, const Place& place) const {
    Names names;
    for (const Parameter& parameter : parameters) {
      CLOESCE_TRY(claim(names, parameter.name, place));
      CLOESCE_TRY(type(parameter.type, place));
    }
    return {};
  }

  // Loaded types are built right and not deep; what is left to check is what they name.
  Result<void> type(const Type& type, const Place& place) const {
    switch (type.kind) {
      case TypeKind::kObject:
      case TypeKind::kPartial:
        if (names_.object(type.name).kind == ObjectReference::Kind::kNone) {
          return unknown("class", type.name, place);
        }
        return {};
      case TypeKind::kDataSource:
        if (names_.model(type.name) == nullptr) return unknown("model", type.name, place);
        return {};
      case TypeKind::kHttpResult:
        return failure(place, "HttpResult stands only around what a method returns");
      default:
        if (!type.inner.empty()) return this->type(type.inner.front(), place);
        return {};
    }
  }

  static Failure unknown(std::string_view what, std::string_view name, const Place& place) {
    return failure(place, filled("there is no % called %", {what, name}));
  }

  const Interface& interface_;
  NameIndex names_;
};

}  // namespace

Result<void> verify(const Interface& interface) { return Verifier(interface).run(); }

}  // namespace cloesce::cidl::detail
