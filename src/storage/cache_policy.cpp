#include "storage/cache_policy.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.h"
#include "storage/http_date.h"

namespace cloesce::storage {
namespace {

struct Directive {
  std::string_view name;
  std::string_view value;
};

std::string_view trimmed(std::string_view text, std::string_view what) {
  const std::size_t begin = text.find_first_not_of(what);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(what) - begin + 1);
}

std::vector<Directive> directives(std::string_view header) {
  std::vector<Directive> found;
  while (!header.empty()) {
    const std::size_t comma = std::min(header.find(','), header.size());
    const std::string_view item = trimmed(header.substr(0, comma), " \t");
    header.remove_prefix(std::min(comma + 1, header.size()));
    const std::size_t equals = std::min(item.find('='), item.size());
    const std::string_view value = equals < item.size() ? item.substr(equals + 1) : "";
    if (!item.empty())
      found.push_back(
          {trimmed(item.substr(0, equals), " \t"), trimmed(trimmed(value, " \t"), "\"")});
  }
  return found;
}

/// The number that a text begins with; zero where it begins with none.
double leading_number(std::string_view text) {
  double value = 0;
  for (const char digit : text) {
    if (!is_digit(digit)) break;
    value = std::min(value * 10 + (digit - '0'), 1e12);
  }
  return value;
}

class Control {
 public:
  explicit Control(const std::string* header) {
    if (header != nullptr) directives_ = directives(*header);
  }

  [[nodiscard]] const Directive* find(std::string_view name) const {
    for (const Directive& directive : directives_)
      if (same_but_for_case(directive.name, name)) return &directive;
    return nullptr;
  }
  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  [[nodiscard]] std::optional<double> seconds(std::string_view name) const {
    const Directive* directive = find(name);
    if (directive == nullptr) return std::nullopt;
    return leading_number(directive->value);
  }

 private:
  std::vector<Directive> directives_;
};

bool understood(int status) {
  constexpr std::array<int, 14> kUnderstood = {200, 203, 204, 300, 301, 302, 303,
                                               307, 308, 404, 405, 410, 414, 501};
  return std::find(kUnderstood.begin(), kUnderstood.end(), status) != kUnderstood.end();
}

bool cacheable_by_default(int status) {
  return understood(status) && status != 302 && status != 303 && status != 307;
}

/// Seconds for which a response is fresh from its date on.
double lifetime(const Control& control, const Headers& headers, double now) {
  constexpr double kImmutable = 24 * 3600;
  constexpr double kHeuristic = 0.1;
  if (control.has("proxy-revalidate")) return 0;
  if (const auto seconds = control.seconds("s-maxage"); seconds && *seconds > 0) return *seconds;
  if (const auto seconds = control.seconds("max-age")) return *seconds;
  const double least = control.has("immutable") ? kImmutable : 0;
  const std::string* date_header = find_header(headers, "date");
  const double date = date_header == nullptr ? now : parse_http_date(*date_header).value_or(now);
  if (const std::string* expires = find_header(headers, "expires")) {
    const auto at = parse_http_date(*expires);
    return !at || *at < date ? 0 : std::max(least, (*at - date) / 1000);
  }
  if (const std::string* modified = find_header(headers, "last-modified")) {
    const auto at = parse_http_date(*modified);
    if (at && *at < date) return std::max(least, (date - *at) / 1000 * kHeuristic);
  }
  return least;
}

}  // namespace

const std::string* find_header(const Headers& headers, std::string_view name) {
  for (const auto& [known, value] : headers)
    if (same_but_for_case(known, name)) return &value;
  return nullptr;
}

Ruled<CacheEntry> plan_cache_put(std::string_view method, int status, const Headers& headers,
                                 bool authorized, double now) {
  if (method != "GET") return Refusal{kTypeError, "Cannot cache response to non-GET request."};
  if (status == 206)
    return Refusal{kTypeError, "Cannot cache response to a range request (206 Partial Content)."};
  if (const std::string* vary = find_header(headers, "vary");
      vary != nullptr && trimmed(*vary, " \t") == "*")
    return Refusal{kTypeError, "Cannot cache response with 'Vary: *' header."};

  const Control control(find_header(headers, "cache-control"));
  const Directive* hidden = control.find("private");
  const bool cookies_excepted = hidden != nullptr && same_but_for_case(hidden->value, "set-cookie");
  if (status == 304 || !understood(status)) return CacheEntry{};
  if (control.has("no-store") || control.has("no-cache")) return CacheEntry{};
  if (hidden != nullptr && !cookies_excepted) return CacheEntry{};
  if (find_header(headers, "set-cookie") != nullptr && !cookies_excepted) return CacheEntry{};
  const bool for_all =
      control.has("public") || control.has("s-maxage") || control.has("must-revalidate");
  if (authorized && !for_all) return CacheEntry{};
  const bool explicit_freshness = control.has("s-maxage") || control.has("max-age") ||
                                  find_header(headers, "expires") != nullptr ||
                                  control.has("public");
  if (!explicit_freshness && !cacheable_by_default(status)) return CacheEntry{};

  double age = 0;
  if (const std::string* header = find_header(headers, "age")) age = leading_number(*header);
  const double left = lifetime(control, headers, now) - age;
  const double seconds = std::max({0.0, left, left + control.seconds("stale-if-error").value_or(0),
                                   left + control.seconds("stale-while-revalidate").value_or(0)});
  if (!(seconds > 0)) return CacheEntry{true, now, {}};

  CacheEntry entry{true, now + seconds * 1000, {}};
  for (const auto& header : headers)
    if (!cookies_excepted || !same_but_for_case(header.first, "set-cookie"))
      entry.headers.push_back(header);
  return entry;
}

}  // namespace cloesce::storage
