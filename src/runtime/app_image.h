// AppImage: all that the runtime knows of a project, as the compiler left it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cidl/kinds.h"
#include "image/reference.h"
#include "media/body.h"
#include "orm/schema.h"
#include "route/route_table.h"
#include "validate/type_table.h"

namespace cloesce::runtime {

/// What a route runs.
struct Method {
  cidl::Builtin builtin;
  cidl::MethodScope scope;
  cidl::Verb verb;
  media::ParametersShape shape;
  /// Whether the body is the one parameter that is a stream, and the query string holds the others:
  /// uploads that Cloesce itself does. 0 or 1.
  std::uint8_t query_beside_body;
  image::Reference<orm::ModelSchema> model;  // none of services
  validate::ShapeId parameters;
  image::Array<image::Text> names;  // of the parameters that are not injected, source order
  /// JSON array of the services that must be ready before the method runs, empty: none.
  image::Text services;
};

/// The tables of one project, made by compile/image/build.h and used where they lie: no reference
/// in them is an address. Bytes that are not of this version and layout are refused; beyond that
/// an image is trusted, as the code next to it is.
struct AppImage {
  /// Changes whenever an image of before would be misread.
  static constexpr std::uint32_t kVersion = 4;

  std::uint32_t version;
  std::uint32_t layout;  // layout_of_images()
  std::uint32_t bytes;   // of the whole image
  /// Whether there are models or fields in KV or R2, which not every engine serves. 0 or 1.
  std::uint32_t needs_storage;
  image::Text route_prefix;
  image::Text manifest;  // the members behind `routePrefix`, and the closing brace
  validate::TypeTable types;
  route::RouteTable routes;
  orm::Schema schema;
  image::Array<Method> methods;             // by RouteId
  image::Array<std::int32_t> model_shapes;  // of the manifest, by model
  /// As Method::services, for requests whose middleware may ask the container for any service.
  image::Text all_services;
};

/// What differs between builds whose images are laid out differently.
[[nodiscard]] constexpr std::uint32_t layout_of_images() {
  std::uint32_t layout = 0;
  for (const std::size_t size :
       {sizeof(AppImage), sizeof(Method), sizeof(orm::ModelSchema), sizeof(orm::ColumnSchema),
        sizeof(orm::NavigationSchema), sizeof(orm::StoredSchema), sizeof(orm::RelationWrites),
        sizeof(validate::Shape), sizeof(validate::Member), sizeof(route::Route),
        sizeof(route::Place)}) {
    layout = layout * 31 + static_cast<std::uint32_t>(size);
  }
  return layout;
}

}  // namespace cloesce::runtime
