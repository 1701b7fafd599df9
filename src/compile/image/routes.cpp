// Routes with the same path share a place, whose number a hash table leads to.
#include "compile/image/routes.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "cidl/builtin_rules.h"
#include "cidl/store_rules.h"
#include "compile/image/types.h"

namespace cloesce::image {
namespace {

using route::kNoRoute;
using route::kVerbs;

struct DraftPlace {
  std::string_view namespace_name;
  std::string_view method_name;
  std::uint32_t key_count = 0;
  std::array<std::uint32_t, kVerbs> route_by_verb{};
};

std::uint32_t key_count_of(const RouteSource& source) {
  const bool instance = source.method->scope == cidl::MethodScope::kInstance;
  if (source.model == nullptr || !instance) return 0;
  return static_cast<std::uint32_t>(url_keys(*source.model).size());
}

/// Whether the method is a ready-made one of a KV or R2 model with its key in the query string: the
/// key may stand in the path as well.
bool takes_key_in_path(const RouteSource& source) {
  const cidl::Method& method = *source.method;
  const auto by_verb = {cidl::Verb::kGet, cidl::Verb::kHead, cidl::Verb::kPut};
  return source.model != nullptr && cidl::store_of(*source.model).keyed &&
         method.scope == cidl::MethodScope::kStatic && !cidl::is_own(method.builtin) &&
         !cidl::rules_of(method).lists &&
         std::find(by_verb.begin(), by_verb.end(), method.verb) != by_verb.end();
}

std::vector<DraftPlace> places_of(const std::vector<RouteSource>& routes) {
  std::vector<DraftPlace> places;
  const auto add = [&](std::uint32_t id, std::uint32_t key_count) {
    const RouteSource& source = routes[id];
    DraftPlace wanted{source.namespace_name(), source.method->name, key_count, {}};
    wanted.route_by_verb.fill(kNoRoute);
    auto place = std::find_if(places.begin(), places.end(), [&](const DraftPlace& known) {
      return known.key_count == wanted.key_count && known.method_name == wanted.method_name &&
             known.namespace_name == wanted.namespace_name;
    });
    if (place == places.end()) place = places.insert(place, wanted);
    std::uint32_t& slot = place->route_by_verb[static_cast<std::size_t>(source.method->verb)];
    if (slot == kNoRoute) slot = id;
  };
  for (std::uint32_t id = 0; id < routes.size(); ++id) add(id, key_count_of(routes[id]));
  for (std::uint32_t id = 0; id < routes.size(); ++id) {
    if (takes_key_in_path(routes[id])) add(id, 1);
  }
  return places;
}

std::string allow_of(const DraftPlace& place) {
  std::string allow;
  for (std::size_t verb = 0; verb < kVerbs; ++verb) {
    if (place.route_by_verb[verb] == kNoRoute) continue;
    if (!allow.empty()) allow += ", ";
    allow += route::verb_name(static_cast<cidl::Verb>(verb));
  }
  return allow;
}

void write_place(Writer& writer, Place<route::Place> place, const DraftPlace& draft) {
  writer[place].key_count = draft.key_count;
  std::copy(draft.route_by_verb.begin(), draft.route_by_verb.end(), writer[place].route_by_verb);
  writer.text(writer[place].namespace_name, draft.namespace_name);
  writer.text(writer[place].method_name, draft.method_name);
  writer.text(writer[place].allow, allow_of(draft));
}

std::vector<route::PlaceSlot> slots_of(const std::vector<DraftPlace>& places) {
  std::size_t capacity = 16;
  while (capacity < places.size() * 2) capacity *= 2;
  std::vector<route::PlaceSlot> slots(capacity, {0, kNoRoute});
  for (std::uint32_t index = 0; index < places.size(); ++index) {
    const DraftPlace& place = places[index];
    const std::uint64_t hash =
        route::place_hash(place.namespace_name, place.method_name, place.key_count);
    std::size_t at = hash & (capacity - 1);
    while (slots[at].place != kNoRoute) at = (at + 1) & (capacity - 1);
    slots[at] = {static_cast<std::uint32_t>(hash >> 32U), index};
  }
  return slots;
}

}  // namespace

std::vector<RouteSource> routes_of(const cidl::Interface& interface) {
  std::vector<RouteSource> routes;
  const auto add = [&](RouteSource source, const std::vector<cidl::Method>& methods) {
    for (const cidl::Method& method : methods) {
      source.method = &method;
      source.method_index = static_cast<std::uint32_t>(&method - methods.data());
      routes.push_back(source);
    }
  };
  for (std::uint32_t index = 0; index < interface.models.size(); ++index) {
    add({.model = &interface.models[index], .owner = index}, interface.models[index].methods);
  }
  for (std::uint32_t index = 0; index < interface.services.size(); ++index) {
    add({.service = &interface.services[index], .owner = index}, interface.services[index].methods);
  }
  return routes;
}

void write_routes(Writer& writer, Place<route::RouteTable> table,
                  const std::vector<RouteSource>& routes) {
  const Place<route::Route> first = writer.array(writer[table].routes, routes.size());
  for (std::size_t index = 0; index < routes.size(); ++index) {
    const RouteSource& source = routes[index];
    const Place<route::Route> place = first + index;
    writer[place].key_count = key_count_of(source);
    writer.text(writer[place].namespace_name, source.namespace_name());
    writer.text(writer[place].method_name, source.method->name);
  }
  const std::vector<DraftPlace> drafts = places_of(routes);
  const Place<route::Place> places = writer.array(writer[table].places, drafts.size());
  for (std::size_t index = 0; index < drafts.size(); ++index) {
    write_place(writer, places + index, drafts[index]);
  }
  const std::vector<route::PlaceSlot> slots = slots_of(drafts);
  writer.copy(writer[table].slots, std::span<const route::PlaceSlot>(slots));
}

}  // namespace cloesce::image
