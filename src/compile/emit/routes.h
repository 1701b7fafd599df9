// What every description of a route has to agree on: which parameters travel, and where.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cidl/model.h"

namespace cloesce::emit {

/// `GET`.
[[nodiscard]] std::string_view verb_text(cidl::Verb verb);

/// Whether all parameters go in the query string, not in a body.
[[nodiscard]] bool sends_query(const cidl::Method& method);

/// Whether this parameter goes in the query string: every one of a GET or HEAD, and those of a
/// ready-made method whose body is a stream.
[[nodiscard]] bool is_in_query(const cidl::Method& method, const cidl::Parameter& parameter);

/// Whether the caller gives this parameter. Injected ones come from the container; the data source
/// of a CRUD method is not among its parameters but in the query, as for every route that takes
/// one.
[[nodiscard]] bool is_sent(const cidl::Method& method, const cidl::Parameter& parameter);

/// Whether the URL holds the key of an instance. `model` is null for methods of services.
[[nodiscard]] bool addresses_instance(const cidl::Model* model, const cidl::Method& method);

/// Whether a model has relations or stored fields that can be read along: D1 models and those of
/// keys.
[[nodiscard]] bool has_data_sources(const cidl::Model& model);

/// The key of an instance in its URL, segment by segment.
struct KeySegment {
  std::string name;
  cidl::Type type;
};
[[nodiscard]] std::vector<KeySegment> key_segments(const cidl::Model& model);

/// The type of what a navigation property or a stored field holds when it is read along.
[[nodiscard]] cidl::Type navigation_type(const cidl::Navigation& navigation);
[[nodiscard]] cidl::Type stored_type(const cidl::StoredField& field);

/// Whether the caller may choose what is read along, by `__datasource` in the query.
[[nodiscard]] bool takes_data_source(const cidl::Model* model, const cidl::Method& method);

}  // namespace cloesce::emit
