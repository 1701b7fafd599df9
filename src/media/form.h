// The fields of a form body: which part is the JSON, which parts are blobs.
#pragma once

#include <cstddef>  // size_t
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "media/body.h"

namespace cloesce::media {

/// A part of form data, in the order sent. Whether it came as text or as a file makes no
/// difference.
struct FormPart {
  std::string_view name;
  std::uint64_t bytes = 0;
};

/// Indices into the list of parts. `blob_parts` is the flat array that the JSON's blob indices
/// count in.
struct FormFields {
  std::optional<std::uint32_t> json_part;  // absent: the one blob is the one parameter
  std::span<const std::uint32_t> blob_parts;
};

/// Most parts that a form may have.
inline constexpr std::size_t kMaximumFormParts = 10'000;

/// Sorts the parts. kFormInvalid, naming the part: one called neither `json` nor `blob`, a second
/// `json`, none at all (but a method of kOneBlob may leave it out and send exactly one `blob`).
/// kLimitExceeded: too many parts.
[[nodiscard]] Result<FormFields> map_form(ParametersShape shape, std::span<const FormPart> parts,
                                          Arena& arena);

/// kFormInvalid when a blob part is referenced by nothing. `used` has an entry for each, 0 or 1.
[[nodiscard]] Result<void> expect_all_used(std::span<const std::uint8_t> used);

}  // namespace cloesce::media
