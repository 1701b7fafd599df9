// The interface as JSON that reads well: classes and methods indented, small things on a line of
// their own.
#include "cidl/save.h"

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "base/concat.h"
#include "cidl/detail/words.h"
#include "cidl/load.h"
#include "json/writer.h"

namespace cloesce::cidl {
namespace {

using detail::word;
using json::Layout;
using json::Writer;

void write_type(Writer& out, const Type& type) {
  switch (detail::form_of(type.kind)) {
    case detail::TypeForm::kPlain:
      if (!type.name.empty()) break;  // a Blob that is not declared as Uint8Array
      out.string(word(type.kind));
      return;
    case detail::TypeForm::kNamed:
      break;
    case detail::TypeForm::kWrapping:
      out.begin_object().key(word(type.kind));
      if (type.inner.empty()) {
        out.null();
      } else {
        write_type(out, type.inner.front());
      }
      out.end_object();
      return;
  }
  out.begin_object().key(word(type.kind)).string(type.name).end_object();
}

void write_optional(Writer& out, std::string_view key, std::string_view text) {
  if (!text.empty()) out.key(key).string(text);
}

void write_value(Writer& out, const Type& value) {
  if (value.kind == TypeKind::kVoid) return;
  out.key("value");
  write_type(out, value);
}

void write_list(Writer& out, const std::vector<std::string>& names) {
  out.begin_array();
  for (const std::string& name : names) out.string(name);
  out.end_array();
}

void write_names(Writer& out, std::string_view key, const std::vector<std::string>& names) {
  if (names.empty()) return;
  out.key(key);
  write_list(out, names);
}

void write_access(Writer& out, Access access) {
  if (access != Access::kOpen) out.key("access").string(word(access));
}

void write(Writer& out, const Parameter& parameter) {
  out.begin_object().key("name").string(parameter.name).key("type");
  write_type(out, parameter.type);
  if (parameter.presence == Presence::kOptional) out.key("optional").boolean(true);
  write_optional(out, "default", parameter.fallback);
  out.end_object();
}

void write(Writer& out, const Field& field) {
  out.begin_object().key("name").string(field.name).key("type");
  write_type(out, field.type);
  write_access(out, field.access);
  out.end_object();
}

void write(Writer& out, const Reference& reference) {
  out.begin_object();
  out.key("model").string(reference.model);
  out.key("column").string(reference.column);
  out.end_object();
}

void write(Writer& out, const Column& column) {
  out.begin_object().key("name").string(column.name).key("type");
  write_type(out, column.type);
  if (column.key == KeyRole::kPrimaryKey) out.key("primaryKey").boolean(true);
  if (column.uniqueness == Uniqueness::kUnique) out.key("unique").boolean(true);
  if (column.indexing == Indexing::kIndexed) out.key("indexed").boolean(true);
  if (column.references.has_value()) {
    out.key("references");
    write(out, *column.references);
  }
  if (!column.further_references.empty()) {
    out.key("furtherReferences").begin_array();
    for (const Reference& reference : column.further_references) write(out, reference);
    out.end_array();
  }
  write_access(out, column.access);
  if (column.versioning == Versioning::kVersion) out.key("version").boolean(true);
  out.end_object();
}

void write(Writer& out, const Index& index) {
  out.begin_object();
  write_names(out, "columns", index.columns);
  if (index.uniqueness == Uniqueness::kUnique) out.key("unique").boolean(true);
  out.end_object();
}

void write(Writer& out, const Navigation& navigation) {
  out.begin_object().key("name").string(navigation.name);
  out.key("kind").string(word(navigation.kind));
  out.key("model").string(navigation.model);
  // For many-to-many the junction says it all.
  if (navigation.kind != NavigationKind::kManyToMany) {
    out.key("keyOwner").string(word(navigation.key_owner));
  }
  write_names(out, "columns", navigation.columns);
  write_optional(out, "junction", navigation.junction);
  write_access(out, navigation.access);
  out.end_object();
}

// What the loader makes of a number that fits in 32 bits.
bool is_number(std::string_view text) {
  if (text.empty() || text.size() > 9 || (text.front() == '0' && text.size() > 1)) return false;
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

void write_options(Writer& out, const std::vector<IncludeOption>& options) {
  for (const IncludeOption& option : options) {
    out.key(option.name);
    if (is_number(option.value)) {
      out.raw(option.value);
    } else {
      out.string(option.value);
    }
  }
}

void write_tree(Writer& out, const IncludeTree& tree, const std::vector<IncludeOption>& options) {
  out.begin_object();
  write_options(out, options);
  for (const IncludeNode& node : tree.nodes) {
    out.key(node.name);
    write_tree(out, node.children, node.options);
  }
  out.end_object();
}

void write(Writer& out, const StoredField& field) {
  out.begin_object().key("name").string(field.name);
  out.key("kind").string(word(field.kind));
  out.key("binding").string(field.binding);
  write_optional(out, "keyTemplate", field.key_template);
  write_optional(out, "keyColumn", field.key_column);
  if (field.form != StoredForm::kOne) out.key("form").string(word(field.form));
  write_value(out, field.value);
  write_access(out, field.access);
  out.end_object();
}

void write_kv_options(Writer& out, const KvOptions& options) {
  out.begin_object();
  if (options.expiration_ttl != 0) out.key("expirationTtl").integer(options.expiration_ttl);
  if (options.cache_ttl != 0) out.key("cacheTtl").integer(options.cache_ttl);
  if (options.history != 0) out.key("history").integer(options.history);
  out.end_object();
}

void write_list_rules(Writer& out, const ListRules& rules) {
  out.begin_object();
  write_names(out, "where", rules.where);
  write_names(out, "orderBy", rules.order_by);
  out.key("limit").integer(rules.limit).key("maximum").integer(rules.maximum).end_object();
}

void write(Writer& out, const DataSource& source) {
  out.begin_object().key("name").string(source.name).key("tree");
  write_tree(out, source.tree, {});
  if (!source.where.empty()) out.key("where").string(source.where);
  if (!source.order_by.empty()) out.key("orderBy").string(source.order_by);
  if (source.limit != 0) out.key("limit").integer(source.limit);
  out.end_object();
}

void write_side(Writer& out, std::string_view key, const JunctionSide& side) {
  out.key(key).begin_object().key("model").string(side.model);
  write_names(out, "columns", side.columns);
  out.end_object();
}

void write(Writer& out, const Junction& junction) {
  out.begin_object().key("name").string(junction.name).key("binding").string(junction.binding);
  write_side(out, "left", junction.left);
  write_side(out, "right", junction.right);
  out.end_object();
}

void write(Writer& out, const Attribute& attribute) {
  out.begin_object().key("name").string(attribute.name);
  out.key("inject").string(attribute.inject).end_object();
}

void write(Writer& out, const Binding& binding) {
  out.begin_object().key("name").string(binding.name);
  out.key("kind").string(word(binding.kind));
  write_optional(out, "bucket", binding.bucket);
  out.end_object();
}

void write(Writer& out, const Variable& variable) {
  out.begin_object().key("name").string(variable.name);
  out.key("kind").string(word(variable.kind)).end_object();
}

void write(Writer& out, const ExportName& name) {
  out.begin_object().key("class").string(name.class_name);
  out.key("export").string(name.export_name).end_object();
}

void write(Writer& out, const InjectedClass& injected) {
  out.begin_object().key("class").string(injected.name);
  out.key("file").string(injected.file);
  out.key("export").string(injected.export_name).end_object();
}

// The indented part of the file. `line_` is where the small things are written before they go in as
// one line.
class Saver {
 public:
  std::string save(const Interface& interface) {
    out_.begin_object().key("version").integer(kFormatVersion);
    out_.key("name").string(interface.name);
    out_.key("workersUrl").string(interface.workers_url);
    write_optional(out_, "clientUrl", interface.client_url);
    write_optional(out_, "routePrefix", interface.route_prefix);
    if (interface.nested_writes != NestedWrites::kGranted) {
      out_.key("nestedWrites").string(word(interface.nested_writes));
    }
    if (interface.application.has_value()) {
      out_.key("application").raw(in_line([&](Writer& line) {
        line.begin_object().key("file").string(interface.application->file);
        line.key("export").string(interface.application->export_name);
        if (interface.application->cross_origin == CrossOrigin::kPossible) {
          line.key("crossOrigin").boolean(true);
        }
        if (interface.application->idempotency_keys == IdempotencyKeys::kTaken) {
          line.key("idempotencyKeys").boolean(true);
        }
        if (interface.application->scoping == Scoping::kPossible) line.key("scopes").boolean(true);
        line.end_object();
      }));
    }
    if (interface.environment.has_value()) environment(*interface.environment);
    blocks("models", interface.models);
    lines("junctions", interface.junctions);
    blocks("services", interface.services);
    blocks("plainObjects", interface.plain_objects);
    lines("exports", interface.exports);
    lines("injected", interface.injected);
    out_.end_object();
    text_.push('\n');
    return std::string(text_.view());
  }

 private:
  template <class Write>
  std::string_view in_line(Write write_it) {
    line_.truncate(0);
    Writer writer(line_, Layout::kLine);
    write_it(writer);
    return line_.view();
  }

  // A list with one line per item; nothing when it is empty.
  template <class Item>
  void lines(std::string_view key, const std::vector<Item>& items) {
    if (items.empty()) return;
    out_.key(key).begin_array();
    for (const Item& item : items) {
      out_.raw(in_line([&](Writer& line) { write(line, item); }));
    }
    out_.end_array();
  }

  // A list with a block per item; nothing when it is empty.
  template <class Item>
  void blocks(std::string_view key, const std::vector<Item>& items) {
    if (items.empty()) return;
    out_.key(key).begin_array();
    for (const Item& item : items) {
      out_.begin_object();
      block(item);
      out_.end_object();
    }
    out_.end_array();
  }

  void environment(const Environment& environment) {
    out_.key("environment").begin_object().key("name").string(environment.name);
    out_.key("file").string(environment.file);
    lines("bindings", environment.bindings);
    lines("variables", environment.variables);
    out_.end_object();
  }

  void block(const Model& model) {
    out_.key("name").string(model.name).key("file").string(model.file);
    out_.key("storage").string(word(model.storage));
    write_optional(out_, "binding", model.binding);
    write_optional(out_, "table", model.table);
    lines("columns", model.columns);
    lines("navigations", model.navigations);
    if (model.value.kind != TypeKind::kVoid) {
      out_.key("value").raw(in_line([&](Writer& line) { write_type(line, model.value); }));
    }
    if (!(model.kv == KvOptions{})) {
      out_.key("kv").raw(in_line([&](Writer& line) { write_kv_options(line, model.kv); }));
    }
    if (!model.key_parameters.empty()) {
      out_.key("keyParameters").raw(in_line([&](Writer& line) {
        write_list(line, model.key_parameters);
      }));
    }
    lines("stored", model.stored);
    lines("dataSources", model.data_sources);
    if (!model.writes.nodes.empty()) {
      out_.key("writes").raw(in_line([&](Writer& line) { write_tree(line, model.writes, {}); }));
    }
    if (model.list.has_value()) {
      out_.key("list").raw(in_line([&](Writer& line) { write_list_rules(line, *model.list); }));
    }
    lines("indexes", model.indexes);
    blocks("methods", model.methods);
    write_optional(out_, "documentation", model.documentation);
  }

  void block(const Service& service) {
    out_.key("name").string(service.name).key("file").string(service.file);
    lines("attributes", service.attributes);
    if (service.initializer.has_value()) {
      if (service.initializer->empty()) out_.key("initializer").begin_array().end_array();
      lines("initializer", *service.initializer);
    }
    blocks("methods", service.methods);
    write_optional(out_, "documentation", service.documentation);
  }

  void block(const PlainObject& object) {
    out_.key("name").string(object.name).key("file").string(object.file);
    lines("fields", object.fields);
    write_optional(out_, "documentation", object.documentation);
  }

  void block(const Method& method) {
    out_.key("name").string(method.name).key("verb").string(word(method.verb));
    out_.key("static").boolean(method.scope == MethodScope::kStatic);
    if (!is_own(method.builtin)) out_.key("builtin").string(word(method.builtin));
    lines("parameters", method.parameters);
    out_.key("returns").raw(in_line([&](Writer& line) { write_type(line, method.returns); }));
    out_.key("parametersMedia").string(word(method.parameters_media));
    out_.key("returnsMedia").string(word(method.returns_media));
    write_optional(out_, "documentation", method.documentation);
  }

  // An arena each, so that the line does not keep the text from growing in place.
  Arena text_arena_;
  Arena line_arena_;
  ByteBuffer text_{text_arena_};
  ByteBuffer line_{line_arena_};
  Writer out_{text_, Layout::kIndented};
};

}  // namespace

std::string save(const Interface& interface) { return Saver().save(interface); }

std::string type_to_json(const Type& type) {
  Arena arena;
  ByteBuffer text(arena);
  Writer writer(text);
  write_type(writer, type);
  return std::string(text.view());
}

std::string type_to_text(const Type& type) {
  const auto inner = [&type] {
    return type.inner.empty() ? std::string("?") : type_to_text(type.inner.front());
  };
  switch (type.kind) {
    case TypeKind::kObject:
    case TypeKind::kInject:
      return type.name;
    case TypeKind::kPartial:
      return std::string(filled("DeepPartial<%>", {type.name}));
    case TypeKind::kDataSource:
      return std::string(filled("DataSourceOf<%>", {type.name}));
    case TypeKind::kArray:
      if (!type.inner.empty() && type.inner.front().kind == TypeKind::kNullable) {
        return std::string(filled("(%)[]", {inner()}));
      }
      return std::string(filled("%[]", {inner()}));
    case TypeKind::kNullable:
      return std::string(filled("% | null", {inner()}));
    case TypeKind::kKvValue:
      return std::string(filled("KValue<%>", {inner()}));
    case TypeKind::kPage:
      return std::string(filled("Page<%>", {inner()}));
    case TypeKind::kHttpResult:
      return std::string(filled("HttpResult<%>", {inner()}));
    default:
      return std::string(word(type.kind));
  }
}

}  // namespace cloesce::cidl
