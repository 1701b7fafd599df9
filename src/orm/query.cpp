// One pass over the JSON, which writes the code and the values. Nothing of it becomes SQL here.
#include "orm/query.h"

#include <span>
#include <utility>

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "base/engine.h"
#include "json/number.h"
#include "json/writer.h"
#include "orm/detail/bound_value.h"
#include "orm/detail/query_code.h"
#include "orm/detail/query_value.h"
#include "orm/page_cursor.h"

namespace cloesce::orm {
namespace {

using detail::Case;
using detail::Op;
using detail::OrderTerm;

// What an operator takes.
enum class Operand : std::uint8_t { kValue, kText, kList, kFlag, kAny };

struct Operator {
  std::string_view name;
  Op code;
  Operand operand;
  bool negated;
};

constexpr Operator kOperators[] = {
    {"equals", Op::kEqual, Operand::kAny, false},
    {"not", Op::kEqual, Operand::kAny, true},
    {"in", Op::kIn, Operand::kList, false},
    {"notIn", Op::kIn, Operand::kList, true},
    {"lt", Op::kLess, Operand::kValue, false},
    {"lte", Op::kAtMost, Operand::kValue, false},
    {"gt", Op::kMore, Operand::kValue, false},
    {"gte", Op::kAtLeast, Operand::kValue, false},
    {"contains", Op::kContains, Operand::kText, false},
    {"startsWith", Op::kStartsWith, Operand::kText, false},
    {"endsWith", Op::kEndsWith, Operand::kText, false},
    {"isNull", Op::kIsNull, Operand::kFlag, false},
};

constexpr std::size_t kMaximumTerms = kMaximumOrderTerms + kMaximumKeyColumns;

Failure fail(std::string_view path, std::string_view detail) {
  return Failure{ErrorCode::kQueryInvalid, detail, path};
}

Failure too_many(std::string_view path, std::size_t most, std::string_view of) {
  return Failure{ErrorCode::kLimitExceeded, filled("a query has at most % %", {decimal(most), of}),
                 path};
}

// `album.title` of `where.album.title`.
std::string_view without_root(std::string_view path) { return path.substr(path.find('.') + 1); }

// Whether a list of paths opens `path`, or a column below it.
bool opens(const image::Array<image::Text>& paths, std::string_view path, bool below) {
  for (const image::Text& open : paths) {
    const std::string_view text = open;
    if (text == path) return !below;
    if (below && text.size() > path.size() && text[path.size()] == '.' && text.starts_with(path)) {
      return true;
    }
  }
  return false;
}

class Parser {
 public:
  Parser(const ModelSchema& model, const QueryLimits* limits, json::Reader& reader, Arena& arena)
      : model_(model),
        limits_(limits),
        reader_(reader),
        arena_(arena),
        code_(arena, 64),
        parameters_(arena, 128) {
    parameters_.push('[');
  }

  Result<Query> run(const QueryInput& input) {
    const QueryLimits* const limits = limits_;
    const bool own_order = input.source == nullptr || !input.order.empty();
    if (!own_order) limits_ = nullptr;
    CLOESCE_TRY(order(own_order ? input.order : input.source->order.view()));
    if (!input.after.empty()) {
      auto count = read_cursor(model_, input.after, code_, parameters_, reader_);
      if (!count.ok()) return std::move(count).failure();
      parameter_count_ = *count;
    }
    code_.push(input.limit > 0 ? detail::kPresent : detail::kAbsent);
    code_.push(input.offset > 0 ? detail::kPresent : detail::kAbsent);
    const std::string_view first = input.source == nullptr ? "" : input.source->where.view();
    if (!first.empty()) {
      end_group(begin_group(Op::kAll), 2);
      limits_ = nullptr;
      CLOESCE_TRY(where(first));
    }
    limits_ = limits;
    CLOESCE_TRY(where(input.where));
    for (const std::size_t number : {input.limit, input.offset}) {
      if (number == 0) continue;
      begin_parameter();
      json::append_string(parameters_, decimal(number));
    }
    parameters_.push(']');
    if (parameter_count_ > kMaximumParameters) {
      return too_many("where", kMaximumParameters, "values, each list counted as one");
    }
    return Query{code_.view(), parameters_.view(), parameter_count_,
                 led_to_.first(serves_scopes() ? relations_ : 0)};
  }

 private:
  Result<void> where(std::string_view text) {
    if (text.empty() || text == "null") {
      end_group(begin_group(Op::kAll), 0);
      return {};
    }
    json::Value root;
    CLOESCE_TRY(open(text, "where", root));
    CLOESCE_TRY(conditions(model_, root, "where", 1));
    return close("where");
  }

  Result<void> open(std::string_view text, std::string_view path, json::Value& root) {
    auto document = reader_.open(json::pad(arena_, text));
    if (!document.ok()) return std::move(document).failure();
    document_ = *document;
    if (const auto code = document_->get_value(root)) return json::malformed(code, path);
    if (root.type() == json::Type::kObject || root.type() == json::Type::kArray) return {};
    return fail(path, "expected JSON with an object");
  }

  Result<void> close(std::string_view path) {
    if (json::expect_end(*document_).ok()) return {};
    return fail(path, "there is more behind the JSON");
  }

  std::string_view below(std::string_view path, std::string_view name) {
    return arena_.copy(filled("%.%", {path, name}));
  }

  // ---- Order ----

  Result<void> order(std::string_view text) {
    OrderTerm terms[kMaximumTerms];
    std::size_t count = 0;
    if (!text.empty() && text != "null") {
      json::Value root;
      CLOESCE_TRY(open(text, "orderBy", root));
      json::Array list;
      if (root.get_array(list)) {
        CLOESCE_TRY(term(root, terms[count++]));
      } else {
        for (json::Value item; list.next(item);) {
          if (count == kMaximumOrderTerms) {
            return too_many("orderBy", kMaximumOrderTerms, "columns in its order");
          }
          CLOESCE_TRY(term(item, terms[count++]));
        }
        if (list.error()) return json::malformed(list.error(), "orderBy");
      }
      CLOESCE_TRY(close("orderBy"));
    }
    // The key makes every order one in which no two rows are alike.
    const char direction = count == 0 ? detail::kAscending : terms[count - 1].direction;
    const std::size_t given = count;
    for (const std::uint32_t column : model_.primary_key) {
      bool known = false;
      for (const OrderTerm& term : std::span(terms, given)) {
        known = known || (term.step_count == 0 && term.column == column);
      }
      if (known) continue;
      terms[count].column = static_cast<std::uint8_t>(column);
      terms[count++].direction = direction;
    }
    code_.push(static_cast<char>(count));
    for (const OrderTerm& term : std::span(terms, count)) {
      code_.push(static_cast<char>(term.step_count));
      for (std::size_t step = 0; step < term.step_count; ++step) {
        detail::append_number(code_, term.steps[step]);
      }
      code_.push(static_cast<char>(term.column));
      code_.push(term.direction);
      code_.push(static_cast<char>(term.after));
    }
    return {};
  }

  // `{ "album": { "title": "asc" } }`.
  Result<void> term(json::Value value, OrderTerm& into) {
    const ModelSchema* model = &model_;
    std::string_view path = "orderBy";
    // One object is inside the other, so what is behind them is read from inside out.
    json::Object levels[detail::kMaximumSteps + 1];
    for (std::size_t depth = 0;; ++depth) {
      json::Object& level = levels[depth];
      json::Field field;
      std::string_view name;
      if (value.get_object(level))
        return detail::unexpected_value(path, "an object with one column", value);
      if (!level.next(field)) return fail(path, "expected an object with one column");
      if (field.unescaped_key(name)) return fail(path, "expected a name");
      path = below(path, name);
      const MemberReference member = model->member(name);
      value = field.value();
      if (member.kind == MemberReference::Kind::kColumn) {
        if (limits_ != nullptr && !opens(*limits_->order, without_root(path), false)) {
          return not_open(path, "order");
        }
        // A cursor holds the values of the order, and goes to callers.
        if (model->columns[member.index].access == cidl::Access::kHidden) {
          return fail(path,
                      "a hidden column cannot be in an order: its values would be in cursors");
        }
        into.column = static_cast<std::uint8_t>(member.index);
        const std::string_view token = value.token();
        if (token != "\"asc\"" && token != "\"desc\"") {
          return detail::unexpected_value(path, "asc or desc", value);
        }
        value.pass();
        into.direction = token == "\"asc\"" ? detail::kAscending : detail::kDescending;
        for (std::size_t open = depth + 1; open-- > 0;) {
          if (levels[open].next(field)) {
            return fail(path, "write one object for each column of the order");
          }
          if (levels[open].error()) {
            return json::malformed(levels[open].error(), path);
          }
        }
        return {};
      }
      const bool to_one = member.kind == MemberReference::Kind::kNavigation &&
                          !model->navigations[member.index].to_many();
      if (!to_one || (limits_ != nullptr && !opens(*limits_->order, without_root(path), true))) {
        return limits_ != nullptr
                   ? not_open(path, "order")
                   : fail(path, filled("% has no column and no relation to one row of that name",
                                       {model->name}));
      }
      if (depth == detail::kMaximumSteps || relations_ == kMaximumQueryRelations) {
        return too_many(path, kMaximumQueryRelations, "relations, on 8 levels");
      }
      into.steps[into.step_count++] = static_cast<std::uint16_t>(member.index);
      model = model->navigations[member.index].target.get();
      lead_to(*model);
    }
  }

  // ---- Conditions ----

  // Answers where the count will be.
  std::size_t begin_group(Op op) {
    code_.push(static_cast<char>(op));
    code_.push(0);
    return code_.size() - 1;
  }

  void end_group(std::size_t at, std::size_t count) { code_.data()[at] = static_cast<char>(count); }

  // Of what an object or a list held. Those that hold nothing count too: so a byte counts all.
  Result<void> end_group(std::size_t at, std::size_t count, std::string_view path) {
    if (count == 0) CLOESCE_TRY(count_condition(path));
    end_group(at, count);
    return {};
  }

  void negate() { code_.push(static_cast<char>(Op::kNot)); }

  static Failure not_open(std::string_view path, std::string_view what) {
    return fail(path, filled("callers may not % by it", {what}));
  }

  Result<void> count_condition(std::string_view path) {
    if (++conditions_ <= kMaximumConditions) return {};
    return too_many(path, kMaximumConditions, "conditions");
  }

  Result<void> conditions(const ModelSchema& model, const json::Value& json, std::string_view path,
                          std::size_t depth) {
    json::Object members;
    if (json.get_object(members))
      return detail::unexpected_value(path, "an object of conditions", json);
    if (depth > kMaximumQueryDepth) return too_many(path, kMaximumQueryDepth, "levels");
    const std::size_t at = begin_group(Op::kAll);
    std::size_t count = 0;
    for (json::Field field; members.next(field); ++count) {
      std::string_view name;
      if (const auto code = field.unescaped_key(name)) return json::malformed(code, path);
      const json::Value value = field.value();
      if (name == "AND" || name == "OR" || name == "NOT") {
        CLOESCE_TRY(combined(model, name[0], value, path, depth + 1));
        continue;
      }
      const std::string_view place = below(path, name);
      const MemberReference member = model.member(name);
      const bool relation = member.kind == MemberReference::Kind::kNavigation;
      if (limits_ != nullptr && !opens(*limits_->where, without_root(place), relation)) {
        return not_open(place, "filter");
      }
      if (member.kind == MemberReference::Kind::kColumn) {
        CLOESCE_TRY(column(model.columns[member.index], member.index, value, place, depth));
      } else if (relation) {
        CLOESCE_TRY(related(model.navigations[member.index], member.index, value, place, depth));
      } else {
        return fail(place, filled("% has no column and no relation of that name", {model.name}));
      }
    }
    if (members.error()) return json::malformed(members.error(), path);
    return end_group(at, count, path);
  }

  // AND, OR and NOT, by their first letters, of an object or a list of them.
  Result<void> combined(const ModelSchema& model, char kind, const json::Value& json,
                        std::string_view path, std::size_t depth) {
    json::Array list;
    if (json.get_array(list)) {
      if (kind == 'N') negate();
      return conditions(model, json, path, depth);
    }
    const std::size_t at = begin_group(kind == 'O' ? Op::kAny : Op::kAll);
    std::size_t count = 0;
    for (json::Value item; list.next(item); ++count) {
      if (kind == 'N') negate();
      CLOESCE_TRY(conditions(model, item, path, depth));
    }
    if (list.error()) return json::malformed(list.error(), path);
    return end_group(at, count, path);
  }

  Result<void> related(const NavigationSchema& navigation, std::size_t number,
                       const json::Value& json, std::string_view path, std::size_t depth) {
    const ModelSchema& target = *navigation.target;
    if (!navigation.to_many()) {
      const bool none = json.is_null();
      if (none) negate();
      CLOESCE_TRY(begin_relation(Op::kToOne, number, target, path));
      if (!none) return conditions(target, json, path, depth + 1);
      json.pass();
      end_group(begin_group(Op::kAll), 0);
      return {};
    }
    json::Object members;
    if (json.get_object(members))
      return detail::unexpected_value(path, "an object with some, every or none", json);
    const std::size_t at = begin_group(Op::kAll);
    std::size_t count = 0;
    for (json::Field field; members.next(field); ++count) {
      const std::string_view name = field.escaped_key();
      const bool every = name == "every";
      if (!every && name != "some" && name != "none") {
        return fail(path, filled("expected some, every or none, got %", {arena_.copy(name)}));
      }
      // All are so when there is none that is not.
      if (name != "some") negate();
      CLOESCE_TRY(begin_relation(Op::kSome, number, target, path));
      if (every) negate();
      CLOESCE_TRY(conditions(target, field.value(), path, depth + 1));
    }
    if (members.error()) return json::malformed(members.error(), path);
    return end_group(at, count, path);
  }

  void lead_to(const ModelSchema& target) {
    const std::size_t number = relations_++;
    if (!serves_scopes()) return;
    if (number == 0) led_to_ = arena_.make_span<const ModelSchema*>(kMaximumQueryRelations);
    led_to_[number] = &target;
  }

  Result<void> begin_relation(Op op, std::size_t number, const ModelSchema& target,
                              std::string_view path) {
    if (relations_ == kMaximumQueryRelations) {
      return too_many(path, kMaximumQueryRelations, "relations");
    }
    lead_to(target);
    code_.push(static_cast<char>(op));
    detail::append_number(code_, number);
    return {};
  }

  // ---- Columns ----

  void leaf(Op op, std::size_t column, Case mode = Case::kSensitive) {
    code_.push(static_cast<char>(op));
    code_.push(static_cast<char>(column));
    code_.push(static_cast<char>(mode));
  }

  void begin_parameter() {
    if (parameter_count_++ > 0) parameters_.push(',');
  }

  Result<void> column(const ColumnSchema& column, std::size_t number, const json::Value& json,
                      std::string_view path, std::size_t depth, bool negated = false,
                      Case mode = Case::kSensitive) {
    if (json.is_null()) {
      CLOESCE_TRY(count_condition(path));
      json.pass();
      if (negated) negate();
      leaf(Op::kIsNull, number);
      return {};
    }
    json::Object members;
    if (json.get_object(members)) {
      CLOESCE_TRY(count_condition(path));
      if (negated) negate();
      leaf(Op::kEqual, number, mode);
      begin_parameter();
      return detail::append_query_value(parameters_, column.kind, json, path);
    }
    if (depth > kMaximumQueryDepth) return too_many(path, kMaximumQueryDepth, "levels");
    json::Value given;
    if (members.find("mode", given) == simdjson::SUCCESS) {
      const std::string_view text = given.token();
      if (column.kind != ColumnKind::kText ||
          (text != "\"insensitive\"" && text != "\"default\"")) {
        return fail(path, "the mode of a text is insensitive or default, others have none");
      }
      mode = text == "\"default\"" ? Case::kSensitive : Case::kInsensitive;
    }
    members.rewind();
    if (negated) negate();
    const std::size_t at = begin_group(Op::kAll);
    std::size_t count = 0;
    for (json::Field field; members.next(field);) {
      const std::string_view name = field.escaped_key();
      const json::Value value = field.value();
      if (name == "mode") {
        value.pass();
        continue;
      }
      CLOESCE_TRY(compare(column, number, name, value, path, depth, mode));
      ++count;
    }
    if (members.error()) return json::malformed(members.error(), path);
    return end_group(at, count, path);
  }

  Result<void> compare(const ColumnSchema& column, std::size_t number, std::string_view name,
                       const json::Value& value, std::string_view path, std::size_t depth,
                       Case mode) {
    const Operator* found = nullptr;
    for (const Operator& known : kOperators) {
      if (known.name == name) found = &known;
    }
    if (found == nullptr) {
      return fail(path, filled("there is no operator \"%\"", {arena_.copy(name)}));
    }
    const std::string_view place = below(path, name);
    if (found->operand != Operand::kAny) CLOESCE_TRY(count_condition(path));
    switch (found->operand) {
      case Operand::kAny:
        if (!found->negated && value.type() == json::Type::kObject) {
          return detail::unexpected_value(place, detail::expected_value(column.kind), value);
        }
        return this->column(column, number, value, place, depth + 1, found->negated, mode);
      case Operand::kList:
        return listed(column, number, value, place, found->negated, mode);
      case Operand::kFlag: {
        bool flag = false;
        if (value.get_bool(flag)) return detail::unexpected_value(place, "true or false", value);
        if (!flag) negate();
        leaf(Op::kIsNull, number);
        return {};
      }
      case Operand::kText:
        if (column.kind != ColumnKind::kText) return fail(place, "only a text can be looked into");
        // Every text contains the empty one.
        if (value.token() == "\"\"") {
          value.pass();
          negate();
          leaf(Op::kIsNull, number);
          return {};
        }
        break;
      case Operand::kValue:
        break;
    }
    leaf(found->code, number, mode);
    begin_parameter();
    return detail::append_query_value(parameters_, column.kind, value, place);
  }

  // The values travel as one text, so that there may be many of them.
  Result<void> listed(const ColumnSchema& column, std::size_t number, const json::Value& json,
                      std::string_view path, bool negated, Case mode) {
    json::Array list;
    if (json.get_array(list)) return detail::unexpected_value(path, "a list", json);
    ByteBuffer values(arena_, 64);
    bool null = false;
    for (json::Value item; list.next(item);) {
      if (item.is_null()) {
        item.pass();
        null = true;
        continue;
      }
      values.push(values.empty() ? '[' : ',');
      CLOESCE_TRY(detail::append_query_value(values, column.kind, item, path));
      if (values.size() > kMaximumListBytes || arena_.exceeded()) {
        return Failure{
            ErrorCode::kLimitExceeded,
            filled("the values of a list have at most % bytes", {decimal(kMaximumListBytes)}),
            path};
      }
    }
    if (list.error()) return json::malformed(list.error(), path);
    values.append(values.empty() ? "[]" : "]");
    if (negated) negate();
    if (null) {
      end_group(begin_group(Op::kAny), 2);
      leaf(Op::kIsNull, number);
    }
    leaf(Op::kIn, number, mode);
    begin_parameter();
    json::append_string(parameters_, values.view());
    return {};
  }

  const ModelSchema& model_;
  const QueryLimits* limits_;
  json::Reader& reader_;
  Arena& arena_;
  json::Document* document_ = nullptr;
  ByteBuffer code_;
  ByteBuffer parameters_;
  std::size_t parameter_count_ = 0;
  std::size_t conditions_ = 0;
  std::size_t relations_ = 0;
  std::span<const ModelSchema*> led_to_;
};

}  // namespace

Result<Query> parse_query(const ModelSchema& model, const QueryInput& input,
                          const QueryLimits* limits, json::Reader& reader, Arena& arena) {
  return Parser(model, limits, reader, arena).run(input);
}

}  // namespace cloesce::orm
