// Properties as columns.
#include "compile/sema/columns.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "cidl/find.h"
#include "cidl/save.h"
#include "cidl/store_rules.h"
#include "compile/sema/environment.h"
#include "compile/sema/marks.h"
#include "compile/sema/names.h"
#include "compile/sema/spelling.h"
#include "compile/sema/storage_models.h"
#include "compile/sema/stored_fields.h"
#include "compile/sema/written_values.h"

namespace cloesce::sema {
namespace {

constexpr std::array kRelations = {Mark::kOneToOne, Mark::kOneToMany, Mark::kManyToMany};
constexpr std::array kColumnMarks = {Mark::kPrimaryKey, Mark::kUnique, Mark::kIndex, Mark::kVersion,
                                     Mark::kForeignKey};
constexpr std::array kAccessMarks = {Mark::kHidden, Mark::kReadOnly, Mark::kWritable};
constexpr std::array kStoredElsewhere = {Mark::kKv, Mark::kR2};

template <class Marks>
const pre::DecoratorNode* find_any(const pre::PropertyNode& property, const Marks& marks) {
  for (const Mark mark : marks) {
    if (const pre::DecoratorNode* found = find_mark(property.decorators, mark)) return found;
  }
  return nullptr;
}

class ModelDeclarer {
 public:
  ModelDeclarer(const Context& context, ModelDraft& draft) : context_(context), draft_(draft) {}

  void run() {
    const pre::ClassNode& node = draft_.node();
    std::unordered_map<std::string, const pre::PropertyNode*> names;
    for (const pre::PropertyNode& property : node.properties) {
      if (property.placement == pre::Placement::kStatic) {
        check_static(property);
        continue;
      }
      if (!check_member_name(context_.reporter, node.name, property.name, property.span) ||
          !claim(names, property)) {
        draft_.broken.push_back(property.name);
        continue;
      }
      add_property(property);
    }
    check_methods(names);
    if (cidl::has_rows(draft_.model)) check_keys();
    if (draft_.model.columns.size() > kMaximumColumns) {
      report(Code::kTooManyColumns, node.span,
             fmt::format(FMT_COMPILE("`{}` has {} columns, D1 allows {}"), node.name,
                         draft_.model.columns.size(), kMaximumColumns),
             "move some to a second model that shares the key");
    }
  }

 private:
  void report(Code code, Span span, std::string message, std::string hint,
              std::vector<DiagnosticNote> notes = {}) const {
    context_.reporter.report(code, span, std::move(message), std::move(hint), std::move(notes));
  }

  [[nodiscard]] std::string text(std::string_view member) const {
    return member_text(draft_.model.name, member);
  }

  // SQLite does not tell upper case from lower case in the names of columns.
  bool claim(std::unordered_map<std::string, const pre::PropertyNode*>& names,
             const pre::PropertyNode& property) const {
    const auto [place, is_new] = names.emplace(lower(property.name), &property);
    if (is_new) return true;
    const bool same = place->second->name == property.name;
    report(Code::kNameRepeated, property.span,
           same ? fmt::format(FMT_COMPILE("`{}` is declared twice"), text(property.name))
                : fmt::format(FMT_COMPILE("`{}` and `{}` differ only in case"), text(property.name),
                              text(place->second->name)),
           same ? "remove one" : "rename one: SQLite takes them for the same column",
           {{"the other one is here", place->second->span}});
    return false;
  }

  void check_static(const pre::PropertyNode& property) const {
    const pre::DecoratorNode* found = find_any(property, kRelations);
    if (found == nullptr) found = find_any(property, kColumnMarks);
    if (found == nullptr) found = find_any(property, kAccessMarks);
    if (found == nullptr) return;
    report(Code::kDecoratorMisplaced, found->span,
           fmt::format(FMT_COMPILE("@{} means nothing on the static property `{}`"), found->name,
                       text(property.name)),
           "remove `static`");
  }

  void add_property(const pre::PropertyNode& property) {
    if (has_mark(property.decorators, Mark::kDataSource)) {
      draft_.broken.push_back(property.name);
      report(Code::kDataSourceForm, property.span,
             fmt::format(FMT_COMPILE("the data source `{}` is not static"), text(property.name)),
             fmt::format(FMT_COMPILE("write `static readonly {}: IncludeTree<{}> = {{ … }}`"),
                         property.name, draft_.model.name));
      return;
    }
    const pre::DecoratorNode* stored = find_any(property, kStoredElsewhere);
    const pre::DecoratorNode* key = find_mark(property.decorators, Mark::kKeyParameter);
    if (stored != nullptr || key != nullptr) {
      check_stored(property, stored, key);
      return;
    }
    const pre::DecoratorNode* relation = find_any(property, kRelations);
    if (relation != nullptr) {
      draft_.relation_nodes.push_back(&property);
      if (const pre::DecoratorNode* column = find_any(property, kColumnMarks)) {
        report(Code::kDecoratorMisplaced, column->span,
               fmt::format(FMT_COMPILE("`{}` is a relation, so it cannot have @{}"),
                           text(property.name), column->name),
               "put it on the column that holds the key");
      }
      return;
    }
    if (!add_column(property)) draft_.broken.push_back(property.name);
  }

  // A stored field is read when all columns are known (stored_fields.h).
  void check_stored(const pre::PropertyNode& property, const pre::DecoratorNode* stored,
                    const pre::DecoratorNode* key) {
    const pre::DecoratorNode* other = find_any(property, kColumnMarks);
    if (other == nullptr) other = find_any(property, kRelations);
    if (other == nullptr && stored != nullptr) other = key;
    if (other != nullptr) {
      draft_.broken.push_back(property.name);
      report(Code::kDecoratorMisplaced, other->span,
             fmt::format(FMT_COMPILE("`{}` has both @{} and @{}"), text(property.name),
                         (stored != nullptr ? stored : key)->name, other->name),
             "keep the one that is meant: such a property is not in the table");
      return;
    }
    if (key != nullptr && !add_key_parameter(property)) draft_.broken.push_back(property.name);
  }

  bool add_key_parameter(const pre::PropertyNode& property) {
    const std::string subject = text(property.name);
    const auto type = property.type
                          ? context_.types.resolve(*property.type, {Position::kField, subject})
                          : cidl::Type{};
    if (!type) return false;
    if (type->kind != cidl::TypeKind::kText || property.optional) {
      report(Code::kKeyParameterType, property.type ? property.type->span : property.span,
             fmt::format(FMT_COMPILE("the key parameter `{}` is not a string"), subject),
             fmt::format(FMT_COMPILE("write `@KeyParam {}: string`: it is a segment of the URL"),
                         property.name));
      return false;
    }
    draft_.model.key_parameters.push_back(property.name);
    return true;
  }

  bool add_column(const pre::PropertyNode& property) {
    const std::string subject = text(property.name);
    if (property.initializer) {
      report(Code::kColumnInitialiser, property.initializer->span,
             fmt::format(FMT_COMPILE("the column `{}` has an initialiser, which is not stored when "
                                     "a caller leaves the column out"),
                         subject),
             property.type ? "remove it, and give the value where rows are made; a column that may "
                             "stay empty is `T | null`"
                           : "remove it");
    }
    if (!property.type) {
      report(Code::kTypeMissing, property.span,
             fmt::format(FMT_COMPILE("the column `{}` has no type"), subject),
             fmt::format(FMT_COMPILE("write its type: `{}: {}`"), property.name,
                         suggested_type(property.initializer)));
      return false;
    }
    if (const auto use = context_.types.class_of(*property.type);
        use.entry != nullptr && use.entry->kind == ClassKind::kD1) {
      report(Code::kRelationUnmarked, property.span,
             fmt::format(FMT_COMPILE("`{}` leads to the model `{}` without saying how"), subject,
                         use.name),
             use.array ? "put @OneToMany(\"foreignKey\") or @ManyToMany(\"Junction\") in front"
                       : "put @OneToOne(\"foreignKey\") in front");
      return false;
    }
    auto type = context_.types.resolve(*property.type, {Position::kColumn, subject});
    if (!type) return false;
    if (property.optional && !cidl::is_nullable(*type)) {
      cidl::Type inner = std::move(*type);
      type = cidl::Type{cidl::TypeKind::kNullable, {}, {}};
      type->inner.push_back(std::move(inner));
    }
    cidl::Column column;
    column.name = property.name;
    column.type = std::move(*type);
    if (has_mark(property.decorators, Mark::kPrimaryKey)) {
      column.key = cidl::KeyRole::kPrimaryKey;
      check_key_type(property, column);
    }
    if (has_mark(property.decorators, Mark::kUnique)) {
      column.uniqueness = cidl::Uniqueness::kUnique;
    }
    if (has_mark(property.decorators, Mark::kIndex)) column.indexing = cidl::Indexing::kIndexed;
    if (property.accessibility != pre::Accessibility::kPublic &&
        !has_mark(property.decorators, Mark::kHidden)) {
      report(Code::kColumnNotPublic, property.span,
             fmt::format(FMT_COMPILE("the column `{}` is not public in the class, but callers of "
                                     "the API see it"),
                         subject),
             "put @Hidden in front of what callers must not see");
    }
    draft_.model.columns.push_back(std::move(column));
    draft_.column_nodes.push_back(&property);
    return true;
  }

  void check_key_type(const pre::PropertyNode& property, cidl::Column& column) const {
    if (cidl::is_nullable(column.type)) {
      report(Code::kPrimaryKeyNullable, property.type->span,
             fmt::format(FMT_COMPILE("the primary key `{}` can be null"), text(property.name)),
             "remove `null`: a row without its key cannot be found");
      // Later passes are told what was meant.
      cidl::Type inner = std::move(column.type.inner.front());
      column.type = std::move(inner);
    }
    if (column.type.kind != cidl::TypeKind::kBlob) return;
    report(Code::kPrimaryKeyType, property.type->span,
           fmt::format(FMT_COMPILE("the primary key `{}` is a Blob, which a URL cannot hold"),
                       text(property.name)),
           "use Integer or string");
  }

  // A method and a property of one name would hide each other.
  void check_methods(const std::unordered_map<std::string, const pre::PropertyNode*>& names) const {
    std::unordered_set<std::string_view> properties;
    for (const auto& [folded, property] : names) properties.insert(property->name);
    for (const pre::MethodNode& method : draft_.node().methods) {
      if (method.placement == pre::Placement::kStatic || !properties.contains(method.name)) {
        continue;
      }
      report(Code::kNameRepeated, method.span,
             fmt::format(FMT_COMPILE("`{}` is both a property and a method"), text(method.name)),
             "rename one", {{"the property is here", draft_.property(method.name)->span}});
    }
  }

  void check_keys() const {
    const auto is_key = [](const pre::PropertyNode& property) {
      return property.placement == pre::Placement::kInstance &&
             has_mark(property.decorators, Mark::kPrimaryKey);
    };
    const auto& properties = draft_.node().properties;
    if (std::any_of(properties.begin(), properties.end(), is_key)) return;
    const pre::PropertyNode* id = draft_.property("id");
    report(Code::kPrimaryKeyMissing, draft_.node().span,
           fmt::format(FMT_COMPILE("the model `{}` has no primary key"), draft_.model.name),
           id != nullptr
               ? "put @PrimaryKey in front of `id`"
               : "put @PrimaryKey in front of a property, as in `@PrimaryKey id: Integer`");
  }

  const Context& context_;
  ModelDraft& draft_;
};

}  // namespace

std::vector<ModelDraft> declare_models(const Context& context,
                                       const std::optional<cidl::Environment>& environment) {
  std::vector<ModelDraft> drafts;
  for (const ClassEntry& entry : context.classes.classes()) {
    if (!is_model(entry.kind)) continue;
    ModelDraft& draft = drafts.emplace_back();
    draft.entry = &entry;
    draft.model.name = entry.node->name;
    draft.model.file = context.file_of(*entry.node);
    draft.model.documentation = entry.node->documentation;
    if (entry.kind == ClassKind::kKv || entry.kind == ClassKind::kR2) {
      declare_storage_model(context, environment, draft);
      continue;
    }
    if (entry.kind == ClassKind::kKeys) {
      draft.model.storage = cidl::StorageKind::kKeys;
    } else {
      draft.model.table = entry.node->name;
      const auto& arguments = entry.mark->arguments;
      draft.model.binding = binding_of(
          context, environment,
          {cidl::BindingKind::kD1, fmt::format(FMT_COMPILE("the model `{}`"), entry.node->name),
           arguments.empty() ? nullptr : arguments.data(), entry.mark->span});
      check_table_name(context.reporter, entry.node->name, entry.node->span);
    }
    ModelDeclarer(context, draft).run();
    declare_stored_fields(context, environment, draft);
  }
  return drafts;
}

}  // namespace cloesce::sema
