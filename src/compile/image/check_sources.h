// What the ORM finds wrong with data sources: columns of their queries that are not there, values
// of another type.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cidl/model.h"

namespace cloesce::image {

enum class FaultPlace : std::uint8_t { kTree, kList };

/// A data source that no request could use.
struct SourceFault {
  std::string model;
  std::string source;
  std::string path;  // in the data source: `tracks.where.title`
  std::string detail;
  FaultPlace place = FaultPlace::kTree;
};

/// In the order of the interface, of each data source one of its tree and one of its lists.
[[nodiscard]] std::vector<SourceFault> check_sources(const cidl::Interface& interface);

}  // namespace cloesce::image
