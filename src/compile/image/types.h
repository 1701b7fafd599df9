// Compiles the types of an interface into the arrays of validate/type_table.h.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "cidl/model.h"
#include "compile/image/writer.h"
#include "validate/type_table.h"

namespace cloesce::image {

/// Which shapes hold the parameters of methods: that of the first method of each model, and of each
/// service. Those of the others follow.
struct ParameterShapes {
  std::vector<std::uint32_t> of_models;
  std::vector<std::uint32_t> of_services;
};

ParameterShapes write_types(Writer& writer, Place<validate::TypeTable> table,
                            const cidl::Interface& interface);

struct UrlKey {
  std::string_view name;
  cidl::TypeKind kind = cidl::TypeKind::kText;
};

/// The key segments in the URL of a model's instance: of KV and R2 models the key, of others the
/// primary key columns and then the key parameters.
[[nodiscard]] std::vector<UrlKey> url_keys(const cidl::Model& model);

}  // namespace cloesce::image
