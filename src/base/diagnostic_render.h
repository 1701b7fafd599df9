// Diagnostics as text for a terminal: what, where, the source line with carets, and how to fix it.
//
//   error[CLO2104]: Horse.owner has the unknown type Persn
//     --> src/horse.cloesce.ts:12:10
//      |
//   12 |   owner: Persn | undefined;
//      |          ^^^^^
//      = help: import Person, or add a class named Persn
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/diagnostic.h"

namespace cloesce {

/// A file that spans point into; its place in the list is its FileId. Borrowed while rendering.
struct SourceFile {
  std::string_view path;
  std::string_view text;
};

enum class Color : std::uint8_t { kPlain, kAnsi };

/// One diagnostic, ended by a newline. A span of a file that is not in the list shows no source. Of
/// a span over several lines the first is shown. Control characters of the source and of messages
/// are shown as U+FFFD, so that a source file cannot steer the terminal.
[[nodiscard]] std::string render(const Diagnostic& diagnostic, std::span<const SourceFile> files,
                                 Color color = Color::kPlain);

/// All of them in order, with an empty line between two.
[[nodiscard]] std::string render(std::span<const Diagnostic> diagnostics,
                                 std::span<const SourceFile> files, Color color = Color::kPlain);

/// `2 errors, 1 warning`; `no errors` when there is nothing to count.
[[nodiscard]] std::string summarize(std::size_t errors, std::size_t warnings);

}  // namespace cloesce
