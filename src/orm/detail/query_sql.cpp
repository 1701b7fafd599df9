// A condition that is not known counts as false everywhere: NOT of it is true.
#include "orm/detail/query_sql.h"

#include <utility>

#include "base/byte_buffer.h"
#include "orm/detail/column_sql.h"
#include "orm/detail/query_code.h"
#include "orm/detail/scope_sql.h"

namespace cloesce::orm::detail {
namespace {

// Terms of one chain without parentheses: the database counts each as a level.
constexpr std::size_t kFlatChain = 4;

// What is joined in one SELECT: a relation that is asked twice is one join.
struct Joined {
  static constexpr bool kRelocatable = true;

  String from;
  const NavigationSchema* navigation = nullptr;
  String alias;
};

struct Source {
  sql::Statement joins;
  List<Joined> joined;
};

enum class Chain : std::uint8_t { kAll, kAny };

sql::Statement chained(const List<sql::Statement>& parts, std::size_t begin, std::size_t end,
                       Chain chain) {
  sql::Statement out;
  if (end - begin <= kFlatChain) {
    for (std::size_t index = begin; index < end; ++index) {
      if (index > begin) chain == Chain::kAll ? out.text(" and ") : out.text(" or ");
      out.append(parts[index]);
    }
    return out;
  }
  const std::size_t middle = begin + (end - begin) / 2;
  out.text("(").append(chained(parts, begin, middle, chain)).text(")");
  chain == Chain::kAll ? out.text(" and ") : out.text(" or ");
  return out.text("(").append(chained(parts, middle, end, chain)).text(")");
}

// A term of the order with where it is.
struct Term {
  static constexpr bool kRelocatable = true;

  OrderTerm code;
  String alias;
  const ColumnSchema* column = nullptr;
  std::uint32_t parameter = 0;
  bool nullable = false;
};

class Writer {
 public:
  Writer(const ModelSchema& model, std::string_view code, std::string_view alias, Aliases& aliases,
         const Narrowing& narrowing, QueryValues values)
      : model_(model),
        alias_(alias),
        code_(code),
        aliases_(aliases),
        narrowing_(narrowing),
        list_(values.list),
        parameters_(static_cast<std::uint32_t>(values.first)) {}

  QuerySql run() {
    QuerySql out;
    Source source;
    List<Term> terms;
    for (std::size_t left = code_.byte(); left > 0; --left) terms.push_back(term(source));
    const bool limited = code_.character() == kPresent;
    const bool offset = code_.character() == kPresent;
    sql::Statement where = condition(model_, alias_, source);
    if (terms.front().code.after != After::kNothing) {
      out.condition = behind(terms, 0);
      if (!where.empty()) out.condition.text(" and ").append(where);
    } else {
      out.condition = std::move(where);
    }
    for (const Term& term : terms) {
      out.order.append(separator(out.order)).column(term.alias, term.column->name);
      if (term.code.direction == kDescending) out.order.text(" desc");
      out.order_columns.push_back({term.alias, term.column, term.code.step_count == 0});
    }
    if (limited) out.limit = ++parameters_;
    if (offset) out.offset = ++parameters_;
    out.parameters = parameters_;
    out.nested = nested_;
    out.joined = source.joined.size();
    out.joins = std::move(source.joins);
    out.own = own_;
    return out;
  }

 private:
  static sql::Statement separator(const sql::Statement& list) {
    sql::Statement out;
    list.empty() ? out.text(" order by ") : out.text(",");
    return out;
  }

  // The alias of the one row that a relation leads to.
  String join(const ModelSchema& model, std::string_view alias, std::size_t number,
              Source& source) {
    const NavigationSchema& navigation = model.navigations[number];
    for (const Joined& known : source.joined) {
      if (known.navigation == &navigation && known.from == alias) return known.alias;
    }
    if (serves_scopes() && alias == alias_ && navigation.key_owner == cidl::KeyOwner::kSelf) {
      for (const std::size_t column : navigation.columns) own_.set(column);
    }
    const String target = aliases_.next('q');
    append_join(source.joins, alias, model, navigation, target, narrowing_, aliases_);
    source.joined.push_back({alias, &navigation, target});
    return target;
  }

  Term term(Source& source) {
    Term term;
    term.code = code_.term();
    term.alias = alias_;
    const ModelSchema* model = &model_;
    for (std::size_t step = 0; step < term.code.step_count; ++step) {
      term.alias = join(*model, term.alias, term.code.steps[step], source);
      model = model->navigations[term.code.steps[step]].target.get();
    }
    term.column = &model->columns[term.code.column];
    term.nullable = term.code.step_count > 0 || term.column->nullability == Nullability::kNullable;
    if (term.code.after == After::kValue) term.parameter = ++parameters_;
    return term;
  }

  // The value `number`, from 1, as the parameter or the place in a list that it is.
  void append_text(sql::Statement& out, std::uint32_t number) const {
    if (list_ == 0) {
      out.parameter(number);
    } else {
      out.parameter(list_).text("->>").number(number - 1);
    }
  }

  void append_value(sql::Statement& out, ColumnKind kind, std::uint32_t number) const {
    if (list_ == 0) return append_bound_key(out, kind, number);
    if (kind == ColumnKind::kBlob) out.text("unhex(");
    append_text(out, number);
    if (kind == ColumnKind::kBlob) out.text(")");
  }

  // ---- Behind the cursor ----

  void append_terms(sql::Statement& out, const List<Term>& terms, std::size_t from, bool values) {
    const bool several = terms.size() - from > 1;
    if (several) out.text("(");
    for (std::size_t index = from; index < terms.size(); ++index) {
      if (index > from) out.text(",");
      if (values) {
        append_value(out, terms[index].column->kind, terms[index].parameter);
      } else {
        out.column(terms[index].alias, terms[index].column->name);
      }
    }
    if (several) out.text(")");
  }

  // Rows that come behind the values of the terms from `from` on. Nulls come first where it
  // ascends.
  sql::Statement behind(const List<Term>& terms, std::size_t from) {
    const Term& first = terms[from];
    const bool descending = first.code.direction == kDescending;
    bool alike = true;
    for (std::size_t index = from; index < terms.size(); ++index) {
      alike =
          alike && !terms[index].nullable && terms[index].code.direction == first.code.direction;
    }
    sql::Statement out;
    if (alike) {
      append_terms(out, terms, from, false);
      descending ? out.text(" < ") : out.text(" > ");
      append_terms(out, terms, from, true);
      return out;
    }
    const bool last = from + 1 == terms.size();
    const bool null = first.code.after == After::kNull;
    sql::Statement column;
    column.column(first.alias, first.column->name);
    sql::Statement value;
    if (!null) append_value(value, first.column->kind, first.parameter);
    // The first column alone says where to begin, for an index.
    const bool bound = from == 0 && !null && !(descending && first.nullable);
    if (bound) {
      out.append(column);
      descending ? out.text(" <= ") : out.text(" >= ");
      out.append(value).text(" and ");
    }
    out.text("(");
    if (null) {
      descending ? out.text("0") : out.append(column).text(" is not null");
    } else {
      out.append(column);
      descending ? out.text(" < ") : out.text(" > ");
      out.append(value);
      if (descending && first.nullable) out.text(" or ").append(column).text(" is null");
    }
    if (!last) {
      out.text(" or ").append(column);
      null ? out.text(" is null") : out.text(" = ").append(value);
      out.text(" and ").append(behind(terms, from + 1));
    }
    return out.text(")");
  }

  // ---- Conditions ----

  // Empty: all rows.
  sql::Statement condition(const ModelSchema& model, std::string_view alias, Source& source) {
    const auto op = static_cast<Op>(code_.character());
    switch (op) {
      case Op::kAll:
      case Op::kAny:
        return group(model, alias, source, op == Op::kAll ? Chain::kAll : Chain::kAny);
      case Op::kNot: {
        const sql::Statement inner = condition(model, alias, source);
        sql::Statement out;
        if (inner.empty()) return std::move(out.text("0"));
        return std::move(out.text("(").append(inner).text(") is not true"));
      }
      case Op::kToOne: {
        const std::size_t number = code_.number();
        const ModelSchema& target = *model.navigations[number].target;
        const String row = join(model, alias, number, source);
        sql::Statement out;
        out.column(row, target.key(0).name).text(" is not null");
        const sql::Statement inner = condition(target, row, source);
        if (!inner.empty()) out.text(" and ").append(inner);
        return out;
      }
      case Op::kSome:
        return some(model, alias, model.navigations[code_.number()]);
      default:
        return leaf(model, code_.byte(), alias, op);
    }
  }

  sql::Statement group(const ModelSchema& model, std::string_view alias, Source& source,
                       Chain chain) {
    List<sql::Statement> parts;
    bool all = false;  // one of them is true of all rows
    std::size_t left = code_.byte();
    const bool none = left == 0;
    for (; left > 0; --left) {
      sql::Statement part = condition(model, alias, source);
      all = all || part.empty();
      if (!part.empty()) parts.push_back(std::move(part));
    }
    sql::Statement out;
    if (chain == Chain::kAll) return chained(parts, 0, parts.size(), chain);
    if (all && parts.empty()) return out;
    if (none) return std::move(out.text("0"));
    if (parts.size() == 1 && !all) return std::move(parts.front());
    // The values of the others are bound, so that they must stand there.
    if (all) parts.emplace_back().text("1");
    return std::move(out.text("(").append(chained(parts, 0, parts.size(), chain)).text(")"));
  }

  sql::Statement some(const ModelSchema& model, std::string_view alias,
                      const NavigationSchema& navigation) {
    const ModelSchema& target = *navigation.target;
    const bool many = navigation.kind == cidl::NavigationKind::kManyToMany;
    const String row = aliases_.next('q');
    const String link = many ? aliases_.next('j') : row;
    nested_ = true;
    Source source;
    const sql::Statement inner = condition(target, row, source);
    sql::Statement out;
    append_tuple(out, alias, names_of(model, model.primary_key));
    out.text(" in (select ");
    append_list(out, link,
                many ? names_of(navigation.source_columns) : names_of(target, navigation.columns));
    out.text(" from ");
    if (many) out.identifier(navigation.junction).text(" ").identifier(link).text(" join ");
    append_rows_of(out, narrowing_, target, aliases_);
    out.text(" ").identifier(row);
    for (std::size_t index = 0; many && index < navigation.target_columns.size(); ++index) {
      index == 0 ? out.text(" on ") : out.text(" and ");
      append_equal(out, row, target.key(index).name, link, navigation.target_columns[index]);
    }
    out.append(source.joins);
    if (!inner.empty()) out.text(" where ").append(inner);
    return std::move(out.text(")"));
  }

  sql::Statement leaf(const ModelSchema& model, std::size_t number, std::string_view alias, Op op) {
    const ColumnSchema& schema = model.columns[number];
    if (serves_scopes() && alias == alias_) own_.set(number);
    const bool folded = static_cast<Case>(code_.character()) == Case::kInsensitive;
    sql::Statement column;
    if (folded) column.text("lower(");
    column.column(alias, schema.name);
    if (folded) column.text(")");
    if (op == Op::kIsNull) return std::move(column.text(" is null"));

    const std::uint32_t parameter = ++parameters_;
    sql::Statement value;
    if (folded) {
      value.text("lower(");
      append_text(value, parameter);
      value.text(")");
    } else {
      append_value(value, schema.kind, parameter);
    }
    sql::Statement out;
    switch (op) {
      case Op::kIn:
        out.append(column).text(" in (select ");
        if (folded) out.text("lower(");
        if (schema.kind == ColumnKind::kBlob) out.text("unhex(");
        out.text("value");
        if (folded || schema.kind == ColumnKind::kBlob) out.text(")");
        out.text(" from json_each(");
        append_text(out, parameter);
        return std::move(out.text("))"));
      case Op::kContains:
        out.text("instr(").append(column).text(",").append(value).text(") > 0");
        return out;
      case Op::kStartsWith:
        // No byte of UTF-8 is as large as this one.
        out.append(column).text(" >= ").append(value).text(" and ").append(column);
        out.text(" < ").append(value).text(" || cast(x'ff' as text)");
        return out;
      case Op::kEndsWith:
        out.text("substr(cast(").append(column).text(" as blob),-length(cast(").append(value);
        out.text(" as blob))) = cast(").append(value).text(" as blob)");
        return out;
      default:
        break;
    }
    out.append(column);
    switch (op) {
      case Op::kLess:
        out.text(" < ");
        break;
      case Op::kAtMost:
        out.text(" <= ");
        break;
      case Op::kMore:
        out.text(" > ");
        break;
      case Op::kAtLeast:
        out.text(" >= ");
        break;
      default:
        out.text(" = ");
    }
    return std::move(out.append(value));
  }

  const ModelSchema& model_;
  std::string_view alias_;
  CodeReader code_;
  Aliases& aliases_;
  const Narrowing& narrowing_;
  std::uint32_t list_;
  std::uint32_t parameters_;
  bool nested_ = false;
  ColumnSet own_;
};

}  // namespace

QuerySql query_sql(const ModelSchema& model, std::string_view code, std::string_view alias,
                   Aliases& aliases, const Narrowing& narrowing, QueryValues values) {
  return Writer(model, code, alias, aliases, narrowing, values).run();
}

void append_page(sql::Statement& out, const QuerySql& query, std::uint32_t more) {
  if (query.limit == 0 && query.offset == 0) return;
  if (query.limit == 0) {
    out.text(" limit -1");
  } else {
    out.text(" limit cast(").parameter(query.limit).text(" as integer)");
    if (more > 0) out.text("+").number(more);
  }
  if (query.offset != 0) out.text(" offset cast(").parameter(query.offset).text(" as integer)");
}

}  // namespace cloesce::orm::detail
