// What a request gets of a stored response: all of it, ranges, or the word that it has it already.
#pragma once

#include <cstdint>
#include <vector>

#include "storage/cache_policy.h"
#include "storage/range_header.h"

namespace cloesce::storage {

struct CacheMatch {
  int status = 200;               // 304 and 416 have no body; 206 has `ranges`
  std::vector<ByteRange> ranges;  // one as it is, several as multipart/byteranges
};

/// `status` is what was stored. A range that cannot be had is said first, as the platform does;
/// then conditions are judged, then ranges given.
[[nodiscard]] CacheMatch match_cached(const Headers& request, const Headers& stored, int status,
                                      std::uint64_t size);

}  // namespace cloesce::storage
