// Templates of KV and R2 keys: `users/{id}/settings`.
//
// A placeholder in braces stands for a value that is not empty and has no slash; that is what keeps
// the keys of one template apart from those of another (keys/overlap.h). Braces cannot be part of
// a key otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/list.h"

namespace cloesce::keys {

enum class PartKind : std::uint8_t { kLiteral, kPlaceholder };

/// `text` is never empty: what the key holds, or the name between the braces.
struct Part {
  PartKind kind = PartKind::kLiteral;
  std::string_view text;

  friend bool operator==(const Part&, const Part&) = default;
};

enum class TemplateProblem : std::uint8_t {
  kNone,
  kEmpty,        // no text at all
  kNotOpened,    // a `}` without its `{`
  kNotClosed,    // a `{` without its `}`
  kNameMissing,  // `{}`
};

/// Parts in order, views into the text that was parsed. Two literals never follow each other.
struct Template {
  List<Part> parts;
  TemplateProblem problem = TemplateProblem::kNone;
  std::size_t problem_offset = 0;  // in bytes, where the problem is

  [[nodiscard]] bool ok() const { return problem == TemplateProblem::kNone; }
};

/// Parses `text`, which must outlive the template.
[[nodiscard]] Template parse(std::string_view text);

}  // namespace cloesce::keys
