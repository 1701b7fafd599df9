// Arena: memory that is given back all at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/account.h"

namespace cloesce {

/// Bump allocator. Blocks come from malloc, or from what is spare in the account, and go back there
/// by `reset` (all but the first) and the destructor. What it hands out is valid until then. It
/// never runs destructors: only trivially destructible types may be made in it. Running out of
/// memory ends the instance, as operator new does: what may be large is asked for with
/// `allocate_if_fits`, and who allocates in a loop over what a caller sent looks at `exceeded`.
class Arena {
 public:
  static constexpr std::size_t kFirstBlockBytes = 16 * 1024;

  /// Blocks are counted in `account`, if there is one.
  explicit Arena(Account* account = nullptr, std::size_t first_block_bytes = kFirstBlockBytes)
      : account_(account), first_block_bytes_(first_block_bytes) {}
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// `bytes` of uninitialised memory, aligned to `alignment` (a power of two, at most 16).
  [[nodiscard]] void* allocate(std::size_t bytes,
                               std::size_t alignment = alignof(std::max_align_t));

  /// The same for what may be too much: null when the account or the machine has no room for it.
  [[nodiscard]] void* allocate_if_fits(std::size_t bytes);

  /// Whether more is taken than the account allows.
  [[nodiscard]] bool exceeded() const { return account_ != nullptr && account_->exceeded(); }

  /// Resizes the allocation that ends the arena in place; answers false when it is not the last or
  /// does not fit.
  [[nodiscard]] bool extend(void* last, std::size_t old_bytes, std::size_t new_bytes);

  template <class T, class... Arguments>
  [[nodiscard]] T* make(Arguments&&... arguments) {
    static_assert(std::is_trivially_destructible_v<T>, "the arena runs no destructors");
    return ::new (allocate(sizeof(T), alignof(T))) T{std::forward<Arguments>(arguments)...};
  }

  /// Uninitialised room for `count` values of a trivial type.
  template <class T>
  [[nodiscard]] std::span<T> make_span(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>, "the arena runs no destructors");
    // NOLINTNEXTLINE(bugprone-sizeof-expression): addresses are values too.
    return {static_cast<T*>(allocate(count * sizeof(T), alignof(T))), count};
  }

  /// A copy of `text` that lives as long as the arena's current contents.
  [[nodiscard]] std::string_view copy(std::string_view text);

  /// Forgets everything; keeps the first block for the next use.
  void reset();

  /// Bytes held from malloc, in all blocks.
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  friend struct Account;

  [[nodiscard]] bool add_block(std::size_t at_least);
  void drop_block();
  [[nodiscard]] void* take_block(std::size_t& bytes);
  static void free_spare(Account& account);

  Account* account_;
  std::size_t first_block_bytes_;
  ArenaBlock* block_ = nullptr;
  char* cursor_ = nullptr;
  char* limit_ = nullptr;
  std::size_t capacity_ = 0;
};

}  // namespace cloesce
