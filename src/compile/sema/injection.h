// What comes from the DI container instead of the caller.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compile/sema/context.h"

namespace cloesce::sema {

/// The services, the environment and the platform types: injected wherever a parameter or an
/// attribute has such a type, with or without @Inject.
[[nodiscard]] bool is_injected_type(const TypeResolver::ClassUse& use);

/// Whether a parameter is injected, by its decorator or by its type.
[[nodiscard]] bool is_injected(const Context& context, const pre::ParameterNode& parameter);

/// The DI name of an injected parameter; nothing after reporting why it has none. `subject` names
/// it in messages.
[[nodiscard]] std::optional<std::string> injected_name(const Context& context,
                                                       const pre::ParameterNode& parameter,
                                                       const std::string& subject);

/// The DI name that a service's attribute has by its type; nothing after reporting why it cannot be
/// injected.
[[nodiscard]] std::optional<std::string> attribute_name(const Context& context,
                                                        const pre::PropertyNode& property,
                                                        const std::string& subject);

}  // namespace cloesce::sema
