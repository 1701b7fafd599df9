// The query at a relation of a data source: which of its rows are included.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cidl/model.h"
#include "compile/sema/context.h"
#include "compile/sema/pre_model.h"

namespace cloesce::sema {

/// Whether a member of a tree's object is part of the query: `where`, `orderBy` or `limit`.
[[nodiscard]] bool is_query(std::string_view name);

/// That part as an option of the node: JSON, or the digits of a limit. Nothing when it is not
/// written out, which is reported; whether it fits the model is found out by the ORM
/// (compile/image/check_sources.h).
[[nodiscard]] std::optional<cidl::IncludeOption> query_option(const Reporter& reporter,
                                                              const pre::ObjectEntry& entry,
                                                              const std::string& subject);

}  // namespace cloesce::sema
