// Interfaces that the emitter tests print: one service, and a project that uses every type.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cidl/model.h"

namespace cloesce::emit {

inline cidl::Type simple(cidl::TypeKind kind) { return {kind, {}, {}}; }
inline cidl::Type named(cidl::TypeKind kind, std::string name) {
  return {kind, std::move(name), {}};
}
inline cidl::Type wrapped(cidl::TypeKind kind, cidl::Type inner) {
  return {kind, {}, {std::move(inner)}};
}

/// A GET of a service that answers `returns`, with `parameters`.
cidl::Method get_method(std::string name, std::vector<cidl::Parameter> parameters,
                        cidl::Type returns);

/// A model over D1 with an Integer key `id`.
cidl::Model keyed_model(std::string name);

/// One service, no model, no application of its own.
cidl::Interface small_interface();

/// Related models with all column types, plain objects, services with every kind of body, odd
/// names.
cidl::Interface wide_interface();

}  // namespace cloesce::emit
