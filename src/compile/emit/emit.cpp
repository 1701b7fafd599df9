// Puts the emitted files together.
#include "compile/emit/emit.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cidl/save.h"
#include "compile/emit/client.h"
#include "compile/emit/openapi.h"
#include "compile/emit/worker_entry.h"

namespace cloesce::emit {

std::vector<File> emit_files(const cidl::Interface& interface, const Options& options) {
  return {
      {"cidl.json", cidl::save(interface)},
      {"workers.ts", emit_worker_entry(interface, options.out_dir)},
      {"client.ts", emit_client(interface)},
      {"openapi.json", emit_openapi(interface)},
  };
}

std::string base_url(const cidl::Interface& interface) {
  const std::string_view url = interface.workers_url;
  const std::size_t scheme = url.find("://");
  std::string result;
  if (scheme != std::string_view::npos) {
    result = url.substr(0, url.find_first_of("/?#", scheme + 3));
  }
  if (!interface.route_prefix.empty()) result.append("/").append(interface.route_prefix);
  return result;
}

}  // namespace cloesce::emit
