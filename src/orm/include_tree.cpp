// Both forms of a tree, JSON and declared, go through one builder that checks names and limits.
#include "orm/include_tree.h"

#include <utility>

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "base/engine.h"
#include "base/string.h"
#include "orm/detail/column_value.h"

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
};

class TreeBuilder {
 public:
  TreeBuilder(View view, Arena& arena) : arena_(arena), view_(view) {}

  Result<Level> level(const ModelSchema& model, const json::Value& json, const Place* place) {
    if (json.token() == "null") return Level{};
    json::Object members;
    if (json.get_object(members)) {
      return fail(filled("expected an object of relations, got %", {json::describe(json)}), place);
    }
    Slots slots = make_slots(model);
    for (json::Field field; members.next(field);) {
      std::string_view name;
      if (const auto code = field.unescaped_key(name); code) return broken(code, place);
      const Place here{place, arena_.copy(name)};
      Result<Slot> slot = claim(model, slots, &here);
      if (!slot.ok()) return std::move(slot).failure();
      if (field.value().token() == "null") {
        forget(*slot);
      } else if (is_stored(*slot)) {
        auto options = read_options(field.value(), &here);
        if (!options.ok()) return std::move(options).failure();
        slot->stored->options = *options;
      } else {
        CLOESCE_TRY(fill(*slot, level(*slot->relation->navigation->target, field.value(), &here)));
      }
    }
    if (members.error()) return broken(members.error(), place);
    return compact(slots);
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

void append_level(ByteBuffer& out, const ModelSchema& model,
                  std::span<const IncludeEntry> entries) {
  for (const IncludeEntry& entry : entries) {
    out.append(decimal(static_cast<std::size_t>(entry.navigation - model.navigations.data())));
    out.push('(');
    append_level(out, *entry.navigation->target, entry.children());
    out.push(')');
  }
}

Result<IncludeTree> finish(const ModelSchema& model, Result<Level> level, bool has_stored,
                           View view, Arena& arena) {
  if (!level.ok()) return std::move(level).failure();
  ByteBuffer key(arena, 32);
  if (view == View::kOpen) key.push('o');
  key.append(decimal(model.index));
  key.push(':');
  append_level(key, model, level->entries);
  return IncludeTree{&model, level->entries, key.view(), level->stored, has_stored, view};
}

}  // namespace

Result<IncludeTree> parse_include_tree(const ModelSchema& model, const json::Value& json,
                                       Arena& arena) {
  TreeBuilder builder(View::kWhole, arena);
  auto level = builder.level(model, json, nullptr);
  return finish(model, std::move(level), builder.has_stored(), View::kWhole, arena);
}

Result<IncludeTree> resolve_include_tree(const ModelSchema& model, const DataSource& source,
                                         Arena& arena, View view) {
  TreeBuilder builder(view, arena);
  auto level = builder.level(model, source.nodes, nullptr);
  return finish(model, std::move(level), builder.has_stored(), view, arena);
}

IncludeTree empty_include_tree(const ModelSchema& model, Arena& arena, View view) {
  return *finish(model, Level{}, false, view, arena);
}

}  // namespace cloesce::orm
