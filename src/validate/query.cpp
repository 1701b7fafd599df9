// Query strings: parameters by name, turned into one JSON object.
#include "text/query.h"

#include <algorithm>  // fill
#include <utility>

#include "base/ascii.h"
#include "base/concat.h"
#include "base/string.h"
#include "json/writer.h"
#include "validate/detail/near_name.h"
#include "validate/detail/path.h"
#include "validate/detail/scalar_text.h"
#include "validate/detail/walk.h"
#include "validate/validator.h"

namespace cloesce::validate {
namespace {

using cidl::TypeKind;

constexpr std::string_view kDataSourceName = "__datasource";

/// Checks the parameters of one query string.
class QueryCheck {
 public:
  QueryCheck(const TypeTable& types, const Limits& limits, ShapeId parameters, json::Reader& reader,
             Arena& arena)
      : types_(types),
        limits_(limits),
        shape_(types.shape(parameters)),
        members_(shape_.members),
        reader_(reader),
        arena_(arena),
        arguments_(arena, 256),
        given_(arena.make_span<std::uint8_t>(members_.size())) {
    std::fill(given_.begin(), given_.end(), std::uint8_t{0});
    arguments_.push('{');
  }

  [[nodiscard]] bool full() const { return failures_.size() >= limits_.failures; }

  void take(const text::QueryPair& pair) {
    if (same_but_for_case(pair.name, kDataSourceName)) {
      take_data_source(pair);
      return;
    }
    const std::uint32_t index = types_.find(shape_, pair.name);
    if (index == TypeTable::kNoMember) {
      refuse_unknown(pair.name);
    } else if (given_[index] != 0) {
      fail(ErrorCode::kParameterRepeated, "given more than once", pair.name);
    } else {
      given_[index] = 1;
      take_value(members_[index], pair.value);
    }
  }

  [[nodiscard]] CheckedQuery finish() {
    for (std::size_t index = 0; index < members_.size() && !full(); ++index) {
      if (given_[index] != 0) continue;
      const Member& member = members_[index];
      if (member.need == Need::kRequired) {
        fail(ErrorCode::kParameterMissing,
             filled("missing, expected %", {types_.describe(member.type)}), member.name);
      } else if (member.need == Need::kOptional &&
                 types_.type(member.type).kind != TypeKind::kDataSource) {
        begin_argument(member.name);
        arguments_.append("null");
      } else if (types_.names_data_source(types_.type(member.type).target, data_source_)) {
        begin_argument(member.name);
        json::append_string(arguments_, data_source_);
      }
    }
    arguments_.push('}');
    CheckedQuery checked;
    checked.failures = std::move(failures_);
    checked.arguments = arguments_.view();
    checked.data_source = data_source_;
    checked.choice = choice_;
    return checked;
  }

 private:
  void take_data_source(const text::QueryPair& pair) {
    if (data_source_given_) {
      fail(ErrorCode::kParameterRepeated, "given more than once", pair.name);
      return;
    }
    data_source_given_ = true;
    data_source_ = pair.value;
  }

  void refuse_unknown(std::string_view name) {
    if (name == "__proto__") {
      fail(ErrorCode::kNameForbidden, "a parameter may not be called __proto__", name);
      return;
    }
    String detail = "unknown parameter";
    const std::string_view nearest = detail::nearest_name(members_, name);
    if (!nearest.empty()) detail += filled("; did you mean %?", {nearest});
    fail(ErrorCode::kParameterUnknown, detail, name);
  }

  void take_value(const Member& member, std::string_view value) {
    const CompiledType& type = types_.type(member.type);
    const std::size_t before = arguments_.size();
    begin_argument(member.name);
    bool accepted = false;
    if (type.null == Null::kAllowed && type.kind != TypeKind::kText && value == "null") {
      arguments_.append("null");
      accepted = true;
    } else {
      accepted = append_value(member, type, value);
    }
    if (!accepted) arguments_.truncate(before);
  }

  [[nodiscard]] bool append_value(const Member& member, const CompiledType& type,
                                  std::string_view value) {
    switch (type.kind) {
      case TypeKind::kInteger:
      case TypeKind::kReal:
      case TypeKind::kText:
      case TypeKind::kBoolean:
      case TypeKind::kDateIso: {
        auto appended = detail::append_scalar(arguments_, type.kind, value);
        if (appended.ok()) return true;
        fail(appended.error().code, appended.error().detail, member.name);
        return false;
      }
      case TypeKind::kDataSource:
        return append_data_source(member, type.target, value);
      default:
        return append_json(member, value);
    }
  }

  [[nodiscard]] bool append_data_source(const Member& member, std::uint32_t model,
                                        std::string_view value) {
    if (!types_.names_data_source(model, value)) {
      fail(ErrorCode::kDataSourceUnknown,
           filled("% has no data source %",
                  {types_.shape(types_.model_shape(model)).name, detail::quote_excerpt(value)}),
           member.name);
      return false;
    }
    json::append_string(arguments_, value);
    choice_ = {model, value};
    return true;
  }

  [[nodiscard]] bool append_json(const Member& member, std::string_view value) {
    detail::Walk walk(types_, limits_, BlobSource{BlobEncoding::kRefused, 0},
                      json::pad(arena_, value), arena_);
    walk.check_value(reader_, member.type, member.name);
    Checked checked = walk.finish();
    for (Error& error : checked.failures) {
      if (full()) break;
      if (error.path.empty()) error.path = member.name.view();
      failures_.push_back(std::move(error));
    }
    if (checked.failures.empty()) arguments_.append(checked.json);
    return checked.failures.empty();
  }

  void begin_argument(std::string_view name) {
    if (arguments_.size() > 1) arguments_.push(',');
    json::append_string(arguments_, name);
    arguments_.push(':');
  }

  void fail(ErrorCode code, std::string_view detail, std::string_view name) {
    const detail::PathStep step{nullptr, name.data() == nullptr ? "" : name, 0};
    failures_.push_back(make_error(code, detail, detail::render_path(&step)));
  }

  const TypeTable& types_;
  const Limits& limits_;
  const Shape& shape_;
  std::span<const Member> members_;
  json::Reader& reader_;
  Arena& arena_;
  ByteBuffer arguments_;
  std::span<std::uint8_t> given_;
  bool data_source_given_ = false;
  std::string_view data_source_;
  DataSourceChoice choice_;
  List<Error> failures_;
};

}  // namespace

CheckedQuery Validator::check_query(ShapeId parameters, json::Reader& reader,
                                    std::string_view query, Arena& arena) const {
  QueryCheck check(types_, limits_, parameters, reader, arena);
  text::QueryReader pairs(arena, query);
  while (!check.full()) {
    auto pair = pairs.next();
    if (!pair.ok()) {
      // What follows a broken escape cannot be told, so nothing is said about what is missing.
      CheckedQuery refused;
      refused.failures.push_back(std::move(pair.error()));
      return refused;
    }
    if (!pair->has_value()) break;
    check.take(**pair);
  }
  return check.finish();
}

}  // namespace cloesce::validate
