// The routes of an interface, and which of them a request's method and path name.
#pragma once

#include <cstddef>  // size_t
#include <cstdint>
#include <span>
#include <string_view>

#include "base/list.h"
#include "base/string.h"
#include "cidl/model.h"

namespace cloesce::route {

/// Index into `RouteTable::routes()`.
enum class RouteId : std::uint32_t {};

enum class OwnerKind : std::uint8_t { kModel, kService };

/// What a route leads to: `interface.models[owner].methods[method]`, or the same of a service.
struct Route {
  OwnerKind owner_kind = OwnerKind::kModel;
  std::uint32_t owner = 0;
  std::uint32_t method = 0;
  cidl::MethodScope scope = cidl::MethodScope::kStatic;
  cidl::Verb verb = cidl::Verb::kGet;
  std::uint32_t key_count = 0;  // key segments between namespace and method
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

/// `/{prefix}/{Namespace}/{key segments}/{method}`. Static methods and methods of services have no
/// key segments, instance methods one for each primary key column and key parameter (KV and R2
/// models: one, the key).
///
/// A look-up hashes (namespace, method, number of key segments), so its cost does not depend on the
/// number of routes. Names are compared case by case, after percent-decoding. Nothing is
/// normalised: an empty segment is an empty key or an unknown name, `..` is a text like any other,
/// `%2F` does not split a segment.
class RouteTable {
 public:
  /// Borrows `interface`, which must outlive the table and not change. When two routes say the
  /// same, the first wins.
  explicit RouteTable(const cidl::Interface& interface);

  /// `verb` is the request's method as sent, `target` its path with the query. With an empty prefix
  /// every path is ours.
  [[nodiscard]] Match match(std::string_view verb, std::string_view target) const;

  /// All routes: models in their order, then services, methods in theirs.
  [[nodiscard]] std::span<const Route> routes() const { return routes_; }
  [[nodiscard]] const Route& route(RouteId id) const {
    return routes_[static_cast<std::uint32_t>(id)];
  }

  /// The method and the namespace a route belongs to.
  [[nodiscard]] const cidl::Method& method(const Route& route) const;
  [[nodiscard]] std::string_view namespace_name(const Route& route) const;

 private:
  static constexpr std::size_t kVerbs = 6;
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // All routes that share a path.
  struct Place {
    static constexpr bool kRelocatable = cloesce::kRelocatable<String>;

    std::string_view namespace_name;
    std::string_view method_name;
    std::uint32_t key_count = 0;
    std::uint32_t route_by_verb[kVerbs] = {kNone, kNone, kNone, kNone, kNone, kNone};
    String allow;
  };

  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t place = kNone;
  };

  void add_methods(OwnerKind owner_kind, std::uint32_t owner,
                   const std::vector<cidl::Method>& methods, std::uint32_t instance_keys);
  // Shares a place only with routes of its own namespace: those from `first_place` on.
  void add_route(const Route& route, std::size_t first_place);
  void index_places();
  [[nodiscard]] std::uint32_t place_of(std::string_view namespace_name,
                                       std::string_view method_name, std::uint32_t key_count) const;

  const cidl::Interface* interface_;
  List<Route> routes_;
  List<Place> places_;
  List<Slot> slots_;  // a power of two, at most half full
};

/// Upper-case name of a verb, as in `Allow`.
[[nodiscard]] std::string_view verb_name(cidl::Verb verb);

}  // namespace cloesce::route
