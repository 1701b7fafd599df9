// LIST of rows: what a caller asks, as far as the model opens it, and where the next page is.
#pragma once

#include <string_view>

#include "base/result.h"
#include "orm/include_tree.h"
#include "runtime/app.h"
#include "runtime/exchange.h"

namespace cloesce::runtime {

/// The query step for the rows that the arguments of a LIST ask for.
[[nodiscard]] Result<Step*> list_rows(AppContext& app, Exchange& exchange,
                                      const orm::IncludeTree& tree);

/// A query string without the parameter `after`, as a link may hold it. What is left of it ends
/// with `&`.
[[nodiscard]] std::string_view without_cursor(std::string_view query, Arena& arena);

/// The header lines of a page that another one follows: a link that differs from the request in
/// where it begins (RFC 8288).
[[nodiscard]] std::string_view page_headers(const Exchange& exchange);

}  // namespace cloesce::runtime
