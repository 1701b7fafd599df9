// What every description of a route has to agree on: which parameters travel, and where.
#pragma once

#include <string_view>

#include "cidl/model.h"

namespace cloesce::emit {

/// `GET`.
[[nodiscard]] std::string_view verb_text(cidl::Verb verb);

/// Whether parameters go in the query string, not in a body.
[[nodiscard]] bool sends_query(const cidl::Method& method);

/// Whether the caller gives this parameter. Injected ones come from the container; the data source
/// of a CRUD method is not among its parameters but in the query, as for every route that takes
/// one.
[[nodiscard]] bool is_sent(const cidl::Method& method, const cidl::Parameter& parameter);

/// Whether the URL holds the key of an instance. `model` is null for methods of services.
[[nodiscard]] bool addresses_instance(const cidl::Model* model, const cidl::Method& method);

/// Whether the caller may choose what is read along, by `__datasource` in the query.
[[nodiscard]] bool takes_data_source(const cidl::Model* model, const cidl::Method& method);

}  // namespace cloesce::emit
