// Names that a misspelled one was probably meant to be.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cloesce::sema {

/// ASCII letters in lower case.
[[nodiscard]] std::string lower(std::string_view text);

/// The candidate nearest to `name`: equal but for case, or at most two edits away (one for names of
/// up to three letters). Empty when none is near. A view of one of the candidates.
[[nodiscard]] std::string_view nearest_name(std::span<const std::string_view> candidates,
                                            std::string_view name);

/// "did you mean `x`?", or `otherwise` when nothing is near.
[[nodiscard]] std::string did_you_mean(std::span<const std::string_view> candidates,
                                       std::string_view name, std::string_view otherwise = {});

}  // namespace cloesce::sema
