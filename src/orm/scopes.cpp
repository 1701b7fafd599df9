// The code of scopes, from their conditions.
#include "orm/scopes.h"

#include "base/byte_buffer.h"
#include "json/writer.h"
#include "orm/detail/query_code.h"
#include "orm/detail/scope_sql.h"
#include "orm/query.h"

namespace cloesce::orm {

bool Scopes::know(const ModelSchema& model) const { return detail::find_scope(code, model).known; }

Narrowing narrowing(const Scopes& scopes, std::size_t parameters, std::string_view tree_values) {
  if (scopes.empty() && tree_values.empty()) return {};
  return {serves_scopes() ? scopes.code : std::string_view{},
          static_cast<std::uint32_t>(parameters + 1)};
}

std::string_view scoped_parameters(std::string_view parameters, const Scopes& scopes, Arena& arena,
                                   std::string_view tree_values) {
  if ((scopes.empty() && tree_values.empty()) || parameters.empty()) return parameters;
  ByteBuffer list(arena, scopes.values.size() + tree_values.size() + 3);
  list.push('[');
  if (serves_scopes()) list.append(scopes.values);
  if (list.size() > 1 && !tree_values.empty()) list.push(',');
  list.append(tree_values);
  list.push(']');
  ByteBuffer out(arena, parameters.size() + list.size() * 2 + 16);
  out.append(parameters.substr(0, parameters.size() - 1));
  if (parameters.size() > 2) out.push(',');
  json::append_string(out, list.view());
  out.push(']');
  return out.view();
}

Result<Scopes> with_scope(const Scopes& scopes, const ModelSchema& model, std::string_view where,
                          json::Reader& reader, Arena& arena) {
  ByteBuffer code(arena, scopes.code.size() + 64);
  ByteBuffer values(arena, scopes.values.size() + 64);
  code.append(scopes.code);
  values.append(scopes.values);
  detail::append_number(code, model.index);
  detail::append_number(code, detail::count_values(scopes.code));
  if (where == "null") {
    detail::append_number(code, 0);
    detail::append_number(code, 0);
    return Scopes{code.view(), values.view()};
  }
  auto query = parse_query(model, {.where = where}, nullptr, reader, arena);
  if (!query.ok()) return std::move(query).failure();
  detail::append_number(code, query->count);
  detail::append_number(code, query->code.size());
  code.append(query->code);
  if (query->count > 0 && !values.empty()) values.push(',');
  values.append(query->parameters.substr(1, query->parameters.size() - 2));
  return Scopes{code.view(), values.view()};
}

}  // namespace cloesce::orm
