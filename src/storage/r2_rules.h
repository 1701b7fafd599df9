// What R2 accepts: keys, metadata, ranges, pages, parts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/range_header.h"
#include "storage/refusal.h"

namespace cloesce::storage {

inline constexpr std::uint64_t kR2KeyBytes = 1024;
inline constexpr std::uint64_t kR2MetadataBytes = 8192;
inline constexpr std::uint64_t kR2ObjectBytes = 5363466240;  // 5 GiB less 5 MiB
inline constexpr std::uint64_t kR2PartBytes = 5ULL * 1024 * 1024;
inline constexpr int kR2ListKeys = 1000;
inline constexpr int kR2DetailedKeys = 100;
inline constexpr int kR2DeleteKeys = 1000;
inline constexpr int kR2Parts = 10000;

/// The empty key is one.
[[nodiscard]] std::optional<Refusal> check_r2_key(std::string_view key);
[[nodiscard]] std::optional<Refusal> check_r2_delete(std::uint64_t keys);
[[nodiscard]] std::optional<Refusal> check_r2_metadata(std::uint64_t bytes);
[[nodiscard]] std::optional<Refusal> check_r2_size(std::uint64_t bytes);
[[nodiscard]] std::optional<Refusal> check_r2_part_number(double number);

enum class Detail : unsigned char { kPlain, kMetadata };

/// How many entries a page has; fewer when metadata is asked for.
[[nodiscard]] Ruled<int> r2_page_size(std::optional<double> limit, Detail detail);

/// A range of R2's own, numbers as they were given.
struct R2Range {
  std::optional<double> offset;
  std::optional<double> length;
  std::optional<double> suffix;
};

/// What of an object of `size` bytes is read.
[[nodiscard]] Ruled<ByteRange> resolve_r2_range(const R2Range& range, std::uint64_t size);

/// A part as it was uploaded, or as a completion names it (without a size).
struct R2Part {
  double number = 0;
  std::string etag;
  std::uint64_t size = 0;
};

enum class Upload : unsigned char { kOpen, kDone, kAborted, kUnknown };

/// Whether an upload still takes parts.
[[nodiscard]] std::optional<Refusal> check_r2_upload(Upload upload);
/// Whether it may be completed, or aborted, which an upload that has ended already may be again.
[[nodiscard]] std::optional<Refusal> check_r2_completion(Upload upload);
[[nodiscard]] std::optional<Refusal> check_r2_abort(Upload upload);

/// The numbers of the parts an object is made of, in their order. `chosen` is the list of the
/// caller, `uploaded` what there is.
[[nodiscard]] Ruled<std::vector<double>> complete_r2_upload(const std::vector<R2Part>& chosen,
                                                            const std::vector<R2Part>& uploaded);

}  // namespace cloesce::storage
