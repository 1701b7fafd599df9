// Both forms of a tree, JSON and CIDL, go through one builder that checks names and limits.
#include "orm/include_tree.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "orm/detail/column_value.h"

namespace cloesce::orm {
namespace {

// Where in the tree the builder is, innermost first.
struct Place {
  const Place* above = nullptr;
  std::string_view name;
};

std::string path_of(const Place* place) {
  if (place == nullptr) return {};
  std::string path = path_of(place->above);
  if (!path.empty()) path.push_back('.');
  return path.append(place->name);
}

class TreeBuilder {
 public:
  explicit TreeBuilder(Arena& arena) : arena_(arena) {}

  Result<std::span<const IncludeEntry>> level(const ModelSchema& model, json::value json,
                                              const Place* place) {
    if (detail::token_of(json) == "null") return std::span<const IncludeEntry>{};
    json::object members;
    if (json.get_object().get(members)) {
      return fail("expected an object of relations, got " + json::describe(json), place);
    }
    Slots slots = make_slots(model);
    json::Members entries(members);
    for (json::field field; entries.next(field);) {
      std::string_view name;
      if (const auto code = field.unescaped_key(false).get(name); code) return broken(code, place);
      const Place here{place, arena_.copy(name)};
      Result<IncludeEntry*> slot = claim(model, slots, &here);
      if (!slot.ok()) return std::move(slot).failure();
      if (detail::token_of(field.value()) == "null") {
        *slot.value() = {};
        continue;
      }
      Result<std::span<const IncludeEntry>> children =
          level(*slot.value()->navigation->target, field.value(), &here);
      if (!children.ok()) return children;
      slot.value()->children = *children;
    }
    if (entries.error()) return broken(entries.error(), place);
    return compact(slots);
  }

  Result<std::span<const IncludeEntry>> level(const ModelSchema& model,
                                              const cidl::IncludeTree& tree, const Place* place) {
    Slots slots = make_slots(model);
    for (const cidl::IncludeNode& node : tree.nodes) {
      const Place here{place, node.name};
      Result<IncludeEntry*> slot = claim(model, slots, &here);
      if (!slot.ok()) return std::move(slot).failure();
      Result<std::span<const IncludeEntry>> children =
          level(*slot.value()->navigation->target, node.children, &here);
      if (!children.ok()) return children;
      slot.value()->children = *children;
    }
    return compact(slots);
  }

 private:
  // One place per navigation of the model, so that siblings come out in declaration order.
  using Slots = std::span<IncludeEntry>;

  Slots make_slots(const ModelSchema& model) {
    const Slots slots = arena_.make_span<IncludeEntry>(model.navigations.size());
    for (IncludeEntry& slot : slots) slot = IncludeEntry{};
    return slots;
  }

  Result<IncludeEntry*> claim(const ModelSchema& model, Slots slots, const Place* here) {
    const MemberReference member = model.member(here->name);
    if (member.kind != MemberReference::Kind::kNavigation) {
      return fail(concat({model.name, " has no relation of that name"}), here);
    }
    IncludeEntry& slot = slots[member.index];
    if (slot.navigation != nullptr) return fail("the relation is named twice", here);
    if (++nodes_ > kMaximumTreeNodes || depth(here) > kMaximumTreeDepth) {
      return Failure{ErrorCode::kLimitExceeded,
                     concat({"an include tree has at most ", decimal(kMaximumTreeNodes),
                             " relations on ", decimal(kMaximumTreeDepth), " levels"}),
                     path_of(here)};
    }
    slot.navigation = &model.navigations[member.index];
    return &slot;
  }

  static std::size_t depth(const Place* place) {
    std::size_t levels = 0;
    for (; place != nullptr; place = place->above) ++levels;
    return levels;
  }

  static std::span<const IncludeEntry> compact(Slots slots) {
    std::size_t count = 0;
    for (const IncludeEntry& slot : slots) {
      if (slot.navigation != nullptr) slots[count++] = slot;
    }
    return slots.first(count);
  }

  static Failure fail(std::string_view detail, const Place* place) {
    return Failure{ErrorCode::kIncludeTreeInvalid, std::string(detail), path_of(place)};
  }

  static Failure broken(simdjson::error_code code, const Place* place) {
    return Failure{json::malformed(code, path_of(place))};
  }

  Arena& arena_;
  std::size_t nodes_ = 0;
};

void append_number(ByteBuffer& out, std::size_t number) {
  const fmt::format_int digits(number);
  out.append({digits.data(), digits.size()});
}

void append_level(ByteBuffer& out, const ModelSchema& model,
                  std::span<const IncludeEntry> entries) {
  for (const IncludeEntry& entry : entries) {
    append_number(out, static_cast<std::size_t>(entry.navigation - model.navigations.data()));
    out.push('(');
    append_level(out, *entry.navigation->target, entry.children);
    out.push(')');
  }
}

IncludeTree finish(const ModelSchema& model, std::span<const IncludeEntry> entries, Arena& arena) {
  ByteBuffer key(arena, 32);
  append_number(key, model.index);
  key.push(':');
  append_level(key, model, entries);
  return {&model, entries, key.view()};
}

}  // namespace

Result<IncludeTree> parse_include_tree(const ModelSchema& model, json::value json, Arena& arena) {
  auto entries = TreeBuilder(arena).level(model, json, nullptr);
  if (!entries.ok()) return std::move(entries).failure();
  return finish(model, *entries, arena);
}

Result<IncludeTree> resolve_include_tree(const ModelSchema& model, const cidl::IncludeTree& tree,
                                         Arena& arena) {
  auto entries = TreeBuilder(arena).level(model, tree, nullptr);
  if (!entries.ok()) return std::move(entries).failure();
  return finish(model, *entries, arena);
}

IncludeTree empty_include_tree(const ModelSchema& model, Arena& arena) {
  return finish(model, {}, arena);
}

}  // namespace cloesce::orm
