// The files a compile writes, printed from an interface without errors.
#pragma once

#include <string>
#include <vector>

#include "cidl/model.h"

namespace cloesce::emit {

/// A complete text; `path` is relative to the output folder, with forward slashes.
struct File {
  std::string path;
  std::string text;
};

struct Options {
  std::string out_dir;  // relative to the project root, as the sources' paths are
};

/// `cidl.json`, `workers.ts`, `client.ts` and `openapi.json`, in this order. The same interface
/// gives the same bytes. Every type name in it must resolve, as the analysis guarantees.
[[nodiscard]] std::vector<File> emit_files(const cidl::Interface& interface,
                                           const Options& options);

/// Where the routes of `interface` start: the origin of its workers URL and its route prefix,
/// without a slash at the end. Only the prefix, with a leading slash, when there is no workers URL.
[[nodiscard]] std::string base_url(const cidl::Interface& interface);

}  // namespace cloesce::emit
