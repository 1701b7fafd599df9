// Methods by the number of their route.
#include "compile/image/methods.h"

#include <algorithm>
#include <string_view>

#include "cidl/find.h"
#include "compile/image/service_order.h"

namespace cloesce::image {
namespace {

using cidl::TypeKind;

bool takes_query_beside_body(const cidl::Method& method) {
  return !cidl::is_own(method.builtin) &&
         std::any_of(method.parameters.begin(), method.parameters.end(), [](const auto& parameter) {
           return parameter.type.kind == TypeKind::kStream;
         });
}

std::uint32_t parameters_of(const RouteSource& route, const ParameterShapes& shapes) {
  const auto& first = route.model != nullptr ? shapes.of_models : shapes.of_services;
  return first[route.owner] + route.method_index;
}

}  // namespace

media::ParametersShape parameters_shape(const cidl::Method& method) {
  std::size_t count = 0;
  const cidl::Type* only = nullptr;
  if (takes_query_beside_body(method)) return media::ParametersShape::kOneStream;
  for (const cidl::Parameter& parameter : method.parameters) {
    if (parameter.type.kind == TypeKind::kInject) continue;
    ++count;
    only = &parameter.type;
  }
  if (count == 0) return media::ParametersShape::kNone;
  if (method.parameters_media == cidl::MediaType::kFormData) return media::ParametersShape::kMixed;
  if (method.parameters_media == cidl::MediaType::kJson) return media::ParametersShape::kJson;
  return cidl::without_nullable(*only).kind == TypeKind::kStream
             ? media::ParametersShape::kOneStream
             : media::ParametersShape::kOneBlob;
}

void write_methods(Writer& writer, Place<Array<runtime::Method>> field,
                   const cidl::Interface& interface, const std::vector<RouteSource>& routes,
                   const ParameterShapes& shapes, Place<orm::ModelSchema> models) {
  const Place<runtime::Method> methods = writer.array(writer[field], routes.size());
  for (std::size_t index = 0; index < routes.size(); ++index) {
    const RouteSource& route = routes[index];
    const Place<runtime::Method> place = methods + index;
    runtime::Method& method = writer[place];
    method.builtin = route.method->builtin;
    method.scope = route.method->scope;
    method.verb = route.method->verb;
    method.shape = parameters_shape(*route.method);
    method.query_beside_body = takes_query_beside_body(*route.method) ? 1 : 0;
    method.parameters = validate::ShapeId{parameters_of(route, shapes)};
    if (route.model != nullptr) writer.refer(method.model, models + route.owner);
    std::vector<std::string_view> names;
    for (const cidl::Parameter& parameter : route.method->parameters) {
      if (parameter.type.kind != TypeKind::kInject) names.emplace_back(parameter.name);
    }
    writer.texts(method.names, names);
    writer.text(writer[place].services, services_of(interface, route));
  }
}

}  // namespace cloesce::image
