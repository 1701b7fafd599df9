// Methods with a verb: the routes of models and services.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cidl/model.h"
#include "compile/sema/bytes.h"
#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// The methods of a class that have a verb, in source order, with their media types. `taken` are
/// methods that the class has already (those of @CRUD): a second one of the same name is reported.
[[nodiscard]] std::vector<cidl::Method> analyse_methods(const Context& context,
                                                        const BytesFinder& bytes,
                                                        const ClassEntry& entry,
                                                        const std::vector<cidl::Method>& taken);

/// The methods that @CRUD makes, each kind of storage its own; none without @CRUD.
[[nodiscard]] std::vector<cidl::Method> crud_methods(const Context& context,
                                                     const BytesFinder& bytes,
                                                     const ModelDraft& draft);

/// A parameter that the container fills; nothing after reporting.
[[nodiscard]] std::optional<cidl::Parameter> injected_parameter(const Context& context,
                                                                const pre::ParameterNode& parameter,
                                                                const std::string& subject);

}  // namespace cloesce::sema
