// Pieces: a long text that is handed on while it is written, so that it is never there as a whole.
#pragma once

#include <cstddef>
#include <string_view>

namespace cloesce {

/// Who takes the pieces of a text, in their order; none ends within a character. A piece is read
/// before `take` returns; what the writer still has in the end is the last one.
struct Pieces {
  using Take = void (*)(void* context, std::string_view piece);

  /// What a piece has at least.
  static constexpr std::size_t kBytes = 512 * 1024;

  Take take = nullptr;  // null: texts are made whole
  void* context = nullptr;
  std::string_view before = {};  // stands in front of the first piece
  bool begun = false;            // there was one

  void give(std::string_view piece) {
    if (!begun && !before.empty()) take(context, before);
    begun = true;
    if (!piece.empty()) take(context, piece);
  }
};

}  // namespace cloesce
