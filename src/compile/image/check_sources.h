// What the ORM finds wrong with data sources: columns of their queries that are not there, values
// of another type.
#pragma once

#include <string>
#include <vector>

#include "cidl/model.h"

namespace cloesce::image {

/// A data source that no request could use.
struct SourceFault {
  std::string model;
  std::string source;
  std::string path;  // in the data source: `tracks.where.title`
  std::string detail;
};

/// In the order of the interface, one for each data source.
[[nodiscard]] std::vector<SourceFault> check_sources(const cidl::Interface& interface);

}  // namespace cloesce::image
