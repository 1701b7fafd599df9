#include "storage/calls.h"

#include <optional>
#include <vector>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "json/writer.h"
#include "storage/blob_name.h"
#include "storage/byte_order.h"
#include "storage/cache_match.h"
#include "storage/cache_policy.h"
#include "storage/input.h"
#include "storage/kv_rules.h"
#include "storage/list_page.h"
#include "storage/r2_condition.h"
#include "storage/r2_rules.h"
#include "storage/range_header.h"

namespace cloesce::storage {
namespace {

/// The answer under construction.
class Out {
 public:
  Out() : buffer_(arena_), writer_(buffer_) {}

  [[nodiscard]] json::Writer& json() { return writer_; }
  [[nodiscard]] Answer done() { return {false, 0, std::string(buffer_.view())}; }

 private:
  Arena arena_;
  ByteBuffer buffer_;
  json::Writer writer_;
};

Answer refused(const Refusal& refusal) { return {true, refusal.code, refusal.message}; }
Answer nothing() { return {false, 0, "null"}; }
Answer none_or(const std::optional<Refusal>& refusal) {
  return refusal.has_value() ? refused(*refusal) : nothing();
}
Answer text(std::string_view value) {
  Out out;
  out.json().string(value);
  return out.done();
}

/// The array that a call was given; a broken one is empty.
Input arguments(std::string_view input) { return Input::parse(input).value_or(Input()); }

Headers headers_of(const Input& input) {
  Headers headers;
  for (const Input& pair : input.items())
    headers.emplace_back(pair.at(0).text(), pair.at(1).text());
  return headers;
}

void write_range(json::Writer& out, const ByteRange& range) {
  out.begin_array()
      .number(static_cast<double>(range.start))
      .number(static_cast<double>(range.end))
      .end_array();
}

std::optional<std::vector<Etag>> etags_of(const Input& input) {
  if (input.is_null()) return std::nullopt;
  std::vector<Etag> tags;
  for (const Input& tag : input.items())
    tags.push_back({std::string(tag.at(0).text()), tag.at(1).flag()});
  return tags;
}

Upload state_of(const Input& input) {
  if (input.is_null()) return Upload::kUnknown;
  if (input.number() == 0) return Upload::kOpen;
  return input.number() == 1 ? Upload::kDone : Upload::kAborted;
}

std::vector<R2Part> parts_of(const Input& input) {
  std::vector<R2Part> parts;
  for (const Input& part : input.items())
    parts.push_back({part.at(0).number(), std::string(part.at(1).text()), part.at(2).size()});
  return parts;
}

/// An empty cursor is none.
std::optional<std::string_view> cursor_of(const Input& input) {
  if (input.text().empty()) return std::nullopt;
  return input.text();
}

Answer page(int limit, const Bounds& bounds) {
  Out out;
  out.json().begin_object().key("limit").integer(limit);
  out.json().key("lower").string(hex(bounds.lower));
  out.json().key("inclusive").boolean(bounds.inclusive);
  out.json().key("upper");
  if (bounds.upper.has_value())
    out.json().string(hex(*bounds.upper));
  else
    out.json().null();
  out.json().end_object();
  return out.done();
}

}  // namespace

Answer make_blob_id(std::string_view input) {
  const Input given = arguments(input);
  const auto id = blob_id(given.at(0).text(), given.at(1).text(), given.at(2).text());
  if (!id.has_value()) return refused({kTypeError, "a blob's name needs 32 random digits"});
  return text(*id);
}

Answer read_blob_id(std::string_view input) {
  const Input given = arguments(input);
  if (!is_blob_id(given.at(0).text())) return nothing();
  Out out;
  out.json().begin_object().key("key");
  if (const auto key = key_of(given.at(0).text()))
    out.json().string(hex(*key));
  else
    out.json().null();
  out.json().end_object();
  return out.done();
}

Answer folder_name(std::string_view input) {
  const Input given = arguments(input);
  return text(stem(given.at(0).text(), given.at(1).text()));
}

Answer read_range(std::string_view input) {
  const Input given = arguments(input);
  const Ranges found = parse_range(given.at(0).text(), given.at(1).size());
  if (found.kind == RangeKind::kWhole) return nothing();
  Out out;
  out.json().begin_array();
  for (const ByteRange& range : found.ranges) write_range(out.json(), range);
  out.json().end_array();
  return out.done();
}

Answer kv_get(std::string_view input) {
  const Input given = arguments(input);
  for (const Input& key : given.at(0).items())
    if (const auto refusal = check_kv_key(key.text())) return refused(*refusal);
  if (const auto ttl = given.at(1).maybe_number()) return none_or(check_kv_cache_ttl(*ttl));
  return nothing();
}

Answer kv_put(std::string_view input) {
  const Input given = arguments(input);
  const auto expires = check_kv_put({given.at(0).text(), given.at(1).maybe_number(),
                                     given.at(2).maybe_number(), given.at(3).size()},
                                    given.at(4).number());
  if (!expires.ok()) return refused(expires.refusal());
  if (!expires.value().has_value()) return nothing();
  Out out;
  out.json().number(*expires.value());
  return out.done();
}

Answer kv_value(std::string_view input) {
  return none_or(check_kv_value(arguments(input).at(0).size()));
}

Answer kv_list(std::string_view input) {
  const Input given = arguments(input);
  const auto limit = kv_page_size(given.at(1).maybe_number(), given.at(0).text());
  if (!limit.ok()) return refused(limit.refusal());
  const auto found = bounds({given.at(0).text(), std::nullopt, cursor_of(given.at(2))});
  if (!found.has_value()) return refused({400, "The cursor is not one that a list has given."});
  return page(limit.value(), *found);
}

Answer r2_keys(std::string_view input) {
  const Input given = arguments(input);
  for (const Input& key : given.at(0).items())
    if (const auto refusal = check_r2_key(key.text())) return refused(*refusal);
  return none_or(check_r2_metadata(given.at(1).size()));
}

Answer r2_delete(std::string_view input) {
  return none_or(check_r2_delete(arguments(input).at(0).size()));
}

Answer r2_size(std::string_view input) {
  return none_or(check_r2_size(arguments(input).at(0).size()));
}

Answer r2_part_number(std::string_view input) {
  return none_or(check_r2_part_number(arguments(input).at(0).number()));
}

Answer r2_range(std::string_view input) {
  const Input given = arguments(input);
  const Input& asked = given.at(0);
  const std::uint64_t size = given.at(1).size();
  Out out;
  if (asked.kind() == InputKind::kString) {
    const Ranges found = parse_range(asked.text(), size);
    const bool single = found.kind == RangeKind::kSome && found.ranges.size() == 1;
    if (!single) return nothing();
    write_range(out.json(), found.ranges.front());
    return out.done();
  }
  const auto range = resolve_r2_range(
      {asked.member("offset").maybe_number(), asked.member("length").maybe_number(),
       asked.member("suffix").maybe_number()},
      size);
  if (!range.ok()) return refused(range.refusal());
  write_range(out.json(), range.value());
  return out.done();
}

Answer r2_condition(std::string_view input) {
  const Input given = arguments(input);
  const Input& asked = given.at(0);
  const R2Condition condition{
      etags_of(asked.member("etagMatches")), etags_of(asked.member("etagDoesNotMatch")),
      asked.member("uploadedBefore").maybe_number(), asked.member("uploadedAfter").maybe_number(),
      asked.member("secondsGranularity").flag()};
  std::optional<R2Stored> stored;
  if (!given.at(1).is_null())
    stored = R2Stored{given.at(1).member("etag").text(), given.at(1).member("uploaded").number()};
  return {false, 0, holds(condition, stored) ? "true" : "false"};
}

Answer read_etags(std::string_view input) {
  const Input given = arguments(input);
  const auto tags = parse_etags(given.at(0).text());
  if (!tags.has_value()) return nothing();
  Out out;
  out.json().begin_array();
  for (const Etag& tag : *tags)
    out.json().begin_array().string(tag.text).boolean(tag.weak).end_array();
  out.json().end_array();
  return out.done();
}

Answer r2_list(std::string_view input) {
  const Input given = arguments(input);
  if (const auto refusal = check_r2_key(given.at(0).text())) return refused(*refusal);
  const auto limit = r2_page_size(given.at(3).maybe_number(),
                                  given.at(4).flag() ? Detail::kMetadata : Detail::kPlain);
  if (!limit.ok()) return refused(limit.refusal());
  const auto found = bounds({given.at(0).text(), given.at(1).maybe_text(), cursor_of(given.at(2))});
  if (!found.has_value()) return nothing();
  return page(limit.value(), *found);
}

Answer list_groups(std::string_view input) {
  const Input given = arguments(input);
  Out out;
  out.json().begin_array();
  for (const Input& key : given.at(2).items()) {
    const auto group = group_of(key.text(), given.at(0).text(), given.at(1).text());
    if (group.has_value())
      out.json().string(*group);
    else
      out.json().null();
  }
  out.json().end_array();
  return out.done();
}

Answer behind_group(std::string_view input) {
  std::string behind(arguments(input).at(0).text());
  behind += static_cast<char>(0xFF);
  return text(hex(behind));
}

Answer list_cursor(std::string_view input) {
  const Input given = arguments(input);
  return text(cursor_behind(given.at(0).text(), given.at(1).flag() ? Entry::kGroup : Entry::kKey));
}

Answer r2_upload(std::string_view input) {
  const Input given = arguments(input);
  const Upload upload = state_of(given.at(1));
  if (given.at(0).text() == "part") return none_or(check_r2_upload(upload));
  if (given.at(0).text() == "abort") return none_or(check_r2_abort(upload));
  return none_or(check_r2_completion(upload));
}

Answer r2_complete(std::string_view input) {
  const Input given = arguments(input);
  const auto numbers = complete_r2_upload(parts_of(given.at(0)), parts_of(given.at(1)));
  if (!numbers.ok()) return refused(numbers.refusal());
  Out out;
  out.json().begin_array();
  for (const double number : numbers.value()) out.json().number(number);
  out.json().end_array();
  return out.done();
}

Answer cache_put(std::string_view input) {
  const Input given = arguments(input);
  const auto entry =
      plan_cache_put(given.at(0).text(), static_cast<int>(given.at(1).size()),
                     headers_of(given.at(2)), given.at(3).flag(), given.at(4).number());
  if (!entry.ok()) return refused(entry.refusal());
  if (!entry.value().stored) return nothing();
  Out out;
  out.json().begin_object().key("expires").number(entry.value().expires);
  out.json().key("headers").begin_array();
  for (const auto& [name, value] : entry.value().headers)
    out.json().begin_array().string(name).string(value).end_array();
  out.json().end_array().end_object();
  return out.done();
}

Answer cache_match(std::string_view input) {
  const Input given = arguments(input);
  const CacheMatch match = match_cached(headers_of(given.at(0)), headers_of(given.at(1)),
                                        static_cast<int>(given.at(2).size()), given.at(3).size());
  Out out;
  out.json().begin_object().key("status").integer(match.status).key("ranges").begin_array();
  for (const ByteRange& range : match.ranges) write_range(out.json(), range);
  out.json().end_array().end_object();
  return out.done();
}

}  // namespace cloesce::storage
