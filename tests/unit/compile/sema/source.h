// Builds what the extractor would write down, from texts that look like the source.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compile/sema/pre_model.h"

namespace cloesce::sema {

/// `Promise<HttpResult<Horse[] | null>>` as a node.
[[nodiscard]] pre::TypeNode type_node(std::string_view text);

[[nodiscard]] pre::ValueNode text_value(std::string text);
[[nodiscard]] pre::ValueNode number_value(std::string text);
[[nodiscard]] pre::ValueNode name_value(std::string name);
[[nodiscard]] pre::ValueNode list_value(std::vector<pre::ValueNode> items);
/// `{ likes: { horse: {} } }` from {"likes", {...}} entries.
[[nodiscard]] pre::ValueNode tree_value(
    std::vector<std::pair<std::string, pre::ValueNode>> entries = {});

[[nodiscard]] pre::DecoratorNode mark(std::string name, std::vector<pre::ValueNode> arguments = {});
/// `@ForeignKey<Other>(other => other.key)`.
[[nodiscard]] pre::DecoratorNode foreign_key(std::string model, std::string key);

[[nodiscard]] pre::PropertyNode property(std::string name, std::string_view type,
                                         std::vector<pre::DecoratorNode> decorators = {});
[[nodiscard]] pre::PropertyNode data_source(std::string name, pre::ValueNode tree);

[[nodiscard]] pre::ParameterNode parameter(std::string name, std::string_view type,
                                           std::vector<pre::DecoratorNode> decorators = {});
[[nodiscard]] pre::MethodNode method(std::string verb, std::string name,
                                     std::vector<pre::ParameterNode> parameters = {},
                                     std::string_view returns = {});
[[nodiscard]] pre::MethodNode static_method(std::string verb, std::string name,
                                            std::vector<pre::ParameterNode> parameters = {},
                                            std::string_view returns = {});

/// An exported class with one decorator.
[[nodiscard]] pre::ClassNode class_node(std::string decorator, std::string name,
                                        std::vector<pre::PropertyNode> properties = {},
                                        std::vector<pre::MethodNode> methods = {});

/// A project of one file with an environment of two D1 bindings (`db`, `archive`), two of KV
/// (`cache`, `films`), one of R2 (`pictures`), and what signs URLs.
[[nodiscard]] pre::Project project_of(std::vector<pre::ClassNode> classes);

}  // namespace cloesce::sema
