// Both forms of a tree, JSON and declared, go through one builder that checks names and limits.
#include "orm/include_tree.h"

#include <utility>

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "base/engine.h"
#include "base/string.h"
#include "orm/detail/column_value.h"
#include "orm/query.h"

namespace cloesce::orm {
namespace {

// Where in the tree the builder is, innermost first.
struct Place {
  const Place* above = nullptr;
  std::string_view name;
};

String path_of(const Place* place) {
  if (place == nullptr) return {};
  String path = path_of(place->above);
  if (!path.empty()) path += '.';
  path += place->name;
  return path;
}

// What is included of one model.
struct Level {
  std::span<const IncludeEntry> entries;
  std::span<const StoredEntry> stored;
  const RowsInput* rows = nullptr;
};

class TreeBuilder {
 public:
  TreeBuilder(View view, Arena& arena) : arena_(arena), view_(view) {}

  // `many`: it is that of a relation to many rows.
  Result<Level> level(const ModelSchema& model, const json::Value& json, const Place* place,
                      bool many = false) {
    if (json.token() == "null") return Level{};
    json::Object members;
    if (json.get_object(members)) {
      return fail(filled("expected an object of relations, got %", {json::describe(json)}), place);
    }
    Slots slots = make_slots(model);
    RowsInput* rows = nullptr;
    for (json::Field field; members.next(field);) {
      std::string_view name;
      if (const auto code = field.unescaped_key(name); code) return broken(code, place);
      const Place here{place, arena_.copy(name)};
      if (many && is_of_rows(name) && model.member(name).kind == MemberReference::Kind::kNone) {
        if (rows == nullptr) rows = arena_.make<RowsInput>();
        CLOESCE_TRY(read_rows(*rows, field.value(), &here));
        continue;
      }
      Result<Slot> slot = claim(model, slots, &here);
      if (!slot.ok()) return std::move(slot).failure();
      if (field.value().token() == "null") {
        forget(*slot);
      } else if (is_stored(*slot)) {
        auto options = read_options(field.value(), &here);
        if (!options.ok()) return std::move(options).failure();
        slot->stored->options = *options;
      } else {
        const NavigationSchema& navigation = *slot->relation->navigation;
        CLOESCE_TRY(
            fill(*slot, level(*navigation.target, field.value(), &here, navigation.to_many())));
      }
    }
    if (members.error()) return broken(members.error(), place);
    Level made = compact(slots);
    made.rows = rows;
    return made;
  }

  Result<Level> level(const ModelSchema& model, const image::Array<SourceNode>& nodes,
                      const Place* place) {
    Slots slots = make_slots(model);
    for (const SourceNode& node : nodes) {
      const Place here{place, node.name};
      Result<Slot> slot = claim(model, slots, &here);
      if (!slot.ok()) return std::move(slot).failure();
      if (view_ == View::kOpen && access_of(*slot) == cidl::Access::kHidden) {
        forget(*slot);
      } else if (is_stored(*slot)) {
        const auto options = arena_.make_span<IncludeOption>(node.options.size());
        for (std::size_t index = 0; index < options.size(); ++index) {
          options[index] = {node.options[index].name, node.options[index].value};
        }
        slot->stored->options = options;
      } else {
        CLOESCE_TRY(fill(*slot, level(*slot->relation->navigation->target, node.children, &here)));
        slot->relation->input = rows_of(node);
      }
    }
    return compact(slots);
  }

  [[nodiscard]] bool has_stored() const { return has_stored_; }

 private:
  // One place per navigation and stored field of the model, so that siblings come out in
  // declaration order.
  struct Slots {
    std::span<IncludeEntry> relations;
    std::span<StoredEntry> stored;
  };
  // One of them: either is null.
  struct Slot {
    IncludeEntry* relation = nullptr;
    StoredEntry* stored = nullptr;
  };

  static bool is_stored(const Slot& slot) { return serves_storage() && slot.stored != nullptr; }

  static cidl::Access access_of(const Slot& slot) {
    return is_stored(slot) ? slot.stored->field->access : slot.relation->navigation->access;
  }

  Slots make_slots(const ModelSchema& model) {
    Slots slots{arena_.make_span<IncludeEntry>(model.navigations.size()), {}};
    for (IncludeEntry& slot : slots.relations) slot = IncludeEntry{};
    if (serves_storage()) {
      slots.stored = arena_.make_span<StoredEntry>(model.stored.size());
      for (StoredEntry& slot : slots.stored) slot = StoredEntry{};
    }
    return slots;
  }

  Result<Slot> claim(const ModelSchema& model, const Slots& slots, const Place* here) {
    const MemberReference member = model.member(here->name);
    const bool stored = serves_storage() && member.kind == MemberReference::Kind::kStored;
    if (!stored && member.kind != MemberReference::Kind::kNavigation) {
      return fail(filled("% has no relation of that name", {model.name}), here);
    }
    Slot slot;
    if (stored) {
      slot.stored = &slots.stored[member.index];
    } else {
      slot.relation = &slots.relations[member.index];
    }
    if (stored ? slot.stored->field != nullptr : slot.relation->navigation != nullptr) {
      return fail("the relation is named twice", here);
    }
    if (++nodes_ > kMaximumTreeNodes || depth(here) > kMaximumTreeDepth) {
      return Failure{ErrorCode::kLimitExceeded,
                     filled("an include tree has at most % relations on % levels",
                            {decimal(kMaximumTreeNodes), decimal(kMaximumTreeDepth)}),
                     path_of(here)};
    }
    if (stored) {
      slot.stored->field = &model.stored[member.index];
      has_stored_ = true;
    } else {
      slot.relation->navigation = &model.navigations[member.index];
    }
    return slot;
  }

  static void forget(const Slot& slot) {
    if (is_stored(slot)) {
      *slot.stored = {};
    } else {
      *slot.relation = {};
    }
  }

  static Result<void> fill(const Slot& slot, Result<Level> below) {
    if (!below.ok()) return std::move(below).failure();
    slot.relation->set_children(below->entries);
    slot.relation->stored = below->stored;
    slot.relation->input = below->rows;
    return {};
  }

  const RowsInput* rows_of(const SourceNode& node) {
    if (node.options.empty()) return nullptr;
    RowsInput* const rows = arena_.make<RowsInput>();
    for (const SourceOption& option : node.options) {
      if (option.name == "where") rows->where = option.value;
      if (option.name == "orderBy") rows->order = option.value;
      if (option.name != "limit") continue;
      for (const char digit : option.value.view()) {
        rows->limit = rows->limit * 10 + static_cast<std::size_t>(digit - '0');
      }
    }
    return rows;
  }

  static bool is_of_rows(std::string_view name) {
    return name == "where" || name == "orderBy" || name == "limit";
  }

  Result<void> read_rows(RowsInput& rows, const json::Value& value, const Place* here) {
    const std::string_view name = here->name;
    std::string_view text;
    if (name != "limit") {
      if (value.raw_json(text)) return fail("expected JSON", here);
      (name == "where" ? rows.where : rows.order) = text;
      return {};
    }
    std::uint64_t limit = 0;
    if (value.get_uint64(limit) || limit == 0 || limit > UINT32_MAX) {
      return fail("expected a whole number from 1 on", here);
    }
    rows.limit = static_cast<std::size_t>(limit);
    return {};
  }

  Result<std::span<const IncludeOption>> read_options(const json::Value& json, const Place* place) {
    constexpr std::size_t kMaximumOptions = 32;
    const auto options = arena_.make_span<IncludeOption>(kMaximumOptions);
    std::size_t count = 0;
    json::Object members;
    if (json.get_object(members)) return fail("expected an object of options", place);
    for (json::Field field; members.next(field);) {
      std::string_view name;
      if (const auto code = field.unescaped_key(name); code) return broken(code, place);
      const std::string_view token = field.value().token();
      if (token == "null") continue;
      name = arena_.copy(name);
      std::string_view text = token;
      if (count == kMaximumOptions || token.find_first_of("{[") == 0 ||
          (token.starts_with('"') && field.value().get_string(text))) {
        return fail(filled("expected a text or a number for %", {name}), place);
      }
      options[count++] = {name, arena_.copy(text)};
    }
    if (members.error()) return broken(members.error(), place);
    return std::span<const IncludeOption>(options.first(count));
  }

  static std::size_t depth(const Place* place) {
    std::size_t levels = 0;
    for (; place != nullptr; place = place->above) ++levels;
    return levels;
  }

  static Level compact(const Slots& slots) {
    std::size_t relations = 0;
    for (const IncludeEntry& slot : slots.relations) {
      if (slot.navigation != nullptr) slots.relations[relations++] = slot;
    }
    std::size_t stored = 0;
    for (const StoredEntry& slot : slots.stored) {
      if (slot.field != nullptr) slots.stored[stored++] = slot;
    }
    return {slots.relations.first(relations), slots.stored.first(stored)};
  }

  static Failure fail(std::string_view detail, const Place* place) {
    return Failure{ErrorCode::kIncludeTreeInvalid, detail, path_of(place)};
  }

  static Failure broken(simdjson::error_code code, const Place* place) {
    return json::malformed(code, path_of(place));
  }

  Arena& arena_;
  View view_;
  std::size_t nodes_ = 0;
  bool has_stored_ = false;
};

// Checks the queries of a tree that was read: each is a document of its own.
class QueryReader {
 public:
  QueryReader(json::Reader& reader, Arena& arena) : reader_(reader), arena_(arena) {}

  Result<void> read(std::span<const IncludeEntry> entries, const Place* place) {
    for (const IncludeEntry& entry : entries) {
      const Place here{place, entry.navigation->name};
      // They are the builder's own, in the arena.
      auto& mine = const_cast<IncludeEntry&>(entry);
      if (entry.input != nullptr) CLOESCE_TRY(read(mine, &here));
      CLOESCE_TRY(read(entry.children(), &here));
    }
    return {};
  }

  [[nodiscard]] std::string_view values() const { return values_; }

 private:
  Result<void> read(IncludeEntry& entry, const Place* place) {
    const RowsInput& input = *std::exchange(entry.input, nullptr);
    auto query = parse_query(*entry.navigation->target,
                             {.where = input.where, .order = input.order, .limit = input.limit},
                             nullptr, reader_, arena_);
    if (!query.ok()) {
      return Failure{query.error().code, query.error().detail,
                     concat({path_of(place), ".", query.error().path})};
    }
    entry.query = query->code;
    entry.first_value = count_;
    count_ += static_cast<std::uint32_t>(query->count);
    const std::string_view own = query->parameters.substr(1, query->parameters.size() - 2);
    values_ = arena_.copy(concat({values_, values_.empty() || own.empty() ? "" : ",", own}));
    return {};
  }

  json::Reader& reader_;
  Arena& arena_;
  std::string_view values_;
  std::uint32_t count_ = 0;
};

void append_level(ByteBuffer& out, const ModelSchema& model,
                  std::span<const IncludeEntry> entries) {
  for (const IncludeEntry& entry : entries) {
    out.append(decimal(static_cast<std::size_t>(entry.navigation - model.navigations.data())));
    if (!entry.query.empty()) {
      out.push('?');
      out.append(decimal(entry.query.size()));
      out.push(':');
      out.append(entry.query);
    }
    out.push('(');
    append_level(out, *entry.navigation->target, entry.children());
    out.push(')');
  }
}

IncludeTree tree_of(const ModelSchema& model, const Level& level, bool has_stored, View view,
                    Arena& arena) {
  ByteBuffer key(arena, 32);
  if (view == View::kOpen) key.push('o');
  key.append(decimal(model.index));
  key.push(':');
  append_level(key, model, level.entries);
  return IncludeTree{&model, level.entries, key.view(), level.stored, has_stored, view};
}

Result<IncludeTree> finish(const ModelSchema& model, Result<Level> level, bool has_stored,
                           View view, json::Reader& reader, Arena& arena) {
  if (!level.ok()) return std::move(level).failure();
  QueryReader queries(reader, arena);
  CLOESCE_TRY(queries.read(level->entries, nullptr));
  IncludeTree tree = tree_of(model, *level, has_stored, view, arena);
  tree.values = queries.values();
  return tree;
}

}  // namespace

Result<IncludeTree> parse_include_tree(const ModelSchema& model, const json::Value& json,
                                       json::Reader& reader, Arena& arena) {
  TreeBuilder builder(View::kWhole, arena);
  auto level = builder.level(model, json, nullptr);
  return finish(model, std::move(level), builder.has_stored(), View::kWhole, reader, arena);
}

Result<IncludeTree> resolve_include_tree(const ModelSchema& model, const DataSource& source,
                                         json::Reader& reader, Arena& arena, View view) {
  TreeBuilder builder(view, arena);
  auto level = builder.level(model, source.nodes, nullptr);
  return finish(model, std::move(level), builder.has_stored(), view, reader, arena);
}

IncludeTree empty_include_tree(const ModelSchema& model, Arena& arena, View view) {
  return tree_of(model, Level{}, false, view, arena);
}

}  // namespace cloesce::orm
