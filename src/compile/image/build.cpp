// The tables of an image, one after the other.
#include "compile/image/build.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "cidl/find.h"
#include "compile/image/manifest.h"
#include "compile/image/methods.h"
#include "compile/image/routes.h"
#include "compile/image/schema.h"
#include "compile/image/service_order.h"
#include "compile/image/types.h"
#include "compile/image/writer.h"
#include "compile/image/writes.h"
#include "runtime/app_image.h"
#include "text/base64.h"

namespace cloesce::image {
Result<std::string> build_image(const cidl::Interface& interface) {
  Writer writer;
  const Place<runtime::AppImage> root = writer.add<runtime::AppImage>();
  writer[root].version = runtime::AppImage::kVersion;
  writer[root].layout = runtime::layout_of_images();
  const bool stored =
      std::any_of(interface.models.begin(), interface.models.end(), cidl::needs_storage);
  writer[root].needs_storage = stored ? 1 : 0;
  writer.text(writer[root].route_prefix, interface.route_prefix);

  const std::vector<RouteSource> routes = routes_of(interface);
  const auto shapes = write_types(writer, writer.place_of(writer[root].types), interface);
  write_routes(writer, writer.place_of(writer[root].routes), routes);
  auto models = write_schema(writer, writer.place_of(writer[root].schema), interface);
  if (!models.ok()) return std::move(models).failure();
  write_methods(writer, writer.place_of(writer[root].methods), interface, routes, shapes, *models);
  write_writes(writer, *models, interface, routes);
  writer.text(writer[root].all_services, all_services(interface));

  const cidl::NameIndex names(interface);
  ShapeTable table(interface, names);
  writer.text(writer[root].manifest, render_manifest(interface, routes, table));
  std::vector<std::int32_t> model_shapes;
  for (const cidl::Model& model : interface.models) {
    model_shapes.push_back(table.shape_of_object(model.name));
  }
  writer.copy(writer[root].model_shapes, std::span<const std::int32_t>(model_shapes));

  writer.pad();
  writer[root].bytes = static_cast<std::uint32_t>(writer.size());
  return std::string(writer.view());
}

Result<std::string> build_image_text(const cidl::Interface& interface) {
  auto bytes = build_image(interface);
  if (!bytes.ok()) return bytes;
  Arena arena;
  ByteBuffer out(arena);
  text::append_base64(out, *bytes);
  return std::string(out.view());
}

}  // namespace cloesce::image
