// A place in a source file: byte offsets, half open. Line and column are computed when printing.
#pragma once

#include <cstdint>

namespace cloesce {

/// Index of a file in the compile's file list.
enum class FileId : std::uint32_t {};

/// Bytes [begin, end) of a file's UTF-8 text.
struct Span {
  FileId file{};
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

}  // namespace cloesce
