// Resolves each data source as a request would.
#include "compile/image/check_sources.h"

#include <cstdint>
#include <cstring>

#include "base/arena.h"
#include "compile/image/build.h"
#include "json/reader.h"
#include "orm/include_tree.h"
#include "orm/query.h"
#include "runtime/app_image.h"

namespace cloesce::image {

std::vector<SourceFault> check_sources(const cidl::Interface& interface) {
  std::vector<SourceFault> faults;
  auto bytes = build_image(interface);
  if (!bytes.ok()) return faults;
  std::vector<std::uint64_t> held(bytes->size() / sizeof(std::uint64_t) + 1);
  std::memcpy(held.data(), bytes->data(), bytes->size());
  const auto& image = *reinterpret_cast<const runtime::AppImage*>(held.data());
  json::Reader reader;
  Arena arena;
  for (const orm::ModelSchema& model : image.schema.models) {
    for (const orm::DataSource& source : model.data_sources) {
      const auto add = [&](const Error& error, FaultPlace place) {
        faults.push_back({std::string(model.name.view()), std::string(source.name.view()),
                          std::string(error.path), std::string(error.detail), place});
      };
      const auto tree = orm::resolve_include_tree(model, source, reader, arena);
      if (!tree.ok()) add(tree.error(), FaultPlace::kTree);
      if (!source.asks()) continue;
      const auto query = orm::parse_query(model, {.source = &source}, nullptr, reader, arena);
      if (!query.ok()) add(query.error(), FaultPlace::kList);
    }
  }
  return faults;
}

}  // namespace cloesce::image
