// The routes of an interface, and which of them a request's method and path name. Made by
// compile/image/routes.h.
#pragma once

#include <cstddef>  // size_t
#include <cstdint>
#include <string_view>

#include "cidl/kinds.h"
#include "image/reference.h"

namespace cloesce::route {

/// Index into `RouteTable::routes`.
enum class RouteId : std::uint32_t {};

struct Route {
  image::Text namespace_name;  // of a model or a service
  image::Text method_name;
  std::uint32_t key_count;  // key segments between namespace and method
};

enum class Outcome : std::uint8_t {
  kMatched,
  kNotMine,           // outside the prefix: the path belongs to somebody else
  kNotFound,          // 404
  kMethodNotAllowed,  // 405, `allow` says what would be
  kMalformedUrl,      // 400: a bad escape in a name, or a target longer than kMaximumTargetBytes
};

/// What a target stands for. Views borrow the target, `allow` the table.
struct Match {
  Outcome outcome = Outcome::kNotFound;
  RouteId route{};         // kMatched only
  std::string_view keys;   // the key segments with the slashes between them, still percent-encoded
  std::string_view query;  // what follows the first '?', empty when there is none
  std::string_view
      allow;  // `GET, POST`: every verb at this path; kMatched and kMethodNotAllowed only
};

/// Longest target that is looked at.
inline constexpr std::size_t kMaximumTargetBytes = 16 * 1024;

inline constexpr std::size_t kVerbs = 6;
inline constexpr std::uint32_t kNoRoute = UINT32_MAX;

/// All routes that share a path.
struct Place {
  image::Text namespace_name;
  image::Text method_name;
  image::Text allow;
  std::uint32_t key_count;
  std::uint32_t route_by_verb[kVerbs];  // or kNoRoute
};

struct PlaceSlot {
  std::uint32_t tag;    // the upper half of the hash
  std::uint32_t place;  // or kNoRoute
};

/// `/{prefix}/{Namespace}/{key segments}/{method}`. Static methods and methods of services have no
/// key segments, instance methods one for each primary key column and key parameter (KV and R2
/// models: one, the key).
///
/// A look-up hashes (namespace, method, number of key segments), so its cost does not depend on the
/// number of routes. Names are compared case by case, after percent-decoding. Nothing is
/// normalised: an empty segment is an empty key or an unknown name, `..` is a text like any other,
/// `%2F` does not split a segment. Part of an app image.
struct RouteTable {
  image::Array<Route> routes;  // models in their order, then services, methods in theirs
  image::Array<Place> places;
  image::Array<PlaceSlot> slots;  // a power of two, at most half full

  /// `verb` is the request's method as sent, `target` its path with the query, `prefix` has no
  /// slashes at its ends. With an empty prefix every path is ours.
  [[nodiscard]] Match match(std::string_view prefix, std::string_view verb,
                            std::string_view target) const;

  [[nodiscard]] const Route& route(RouteId id) const {
    return routes[static_cast<std::uint32_t>(id)];
  }

 private:
  [[nodiscard]] std::uint32_t place_of(std::string_view namespace_name,
                                       std::string_view method_name, std::uint32_t key_count) const;
};

/// What a place is found by.
[[nodiscard]] std::uint64_t place_hash(std::string_view namespace_name,
                                       std::string_view method_name, std::uint32_t key_count);

/// Upper-case name of a verb, as in `Allow`.
[[nodiscard]] std::string_view verb_name(cidl::Verb verb);

}  // namespace cloesce::route
