// Which rows belong to which object: texts written to one buffer, found again by their link key.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/hash.h"

namespace cloesce::orm::detail {

/// A stretch of a buffer: objects with commas between them. Segments of one key are chained in
/// order.
struct Segment {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint32_t next = 0;  // 0: the last one
};

/// An insertion-ordered multimap from key tokens to segments, in an arena. Keys are borrowed.
class LinkTable {
 public:
  explicit LinkTable(Arena& arena) : arena_(&arena) {}

  /// Adds the object that was written at `begin`, up to `end`, to those of `key`. An object right
  /// behind the one before it (a comma between them) with the same key joins its segment.
  void add(std::string_view key, std::size_t begin, std::size_t end) {
    if (last_ != nullptr && last_->key == key) {
      Segment& segment = segments_[last_->last];
      if (segment.end + 1 == begin) {
        segment.end = end;
        return;
      }
    } else {
      last_ = &claim(key);
    }
    const std::uint32_t number = add_segment(begin, end);
    if (last_->first == 0) {
      last_->first = number;
    } else {
      segments_[last_->last].next = number;
    }
    last_->last = number;
  }

  /// True when the next object with `key` would join the segment of the one before.
  [[nodiscard]] bool continues(std::string_view key, std::size_t end) const {
    return last_ != nullptr && last_->key == key && segments_[last_->last].end == end;
  }

  /// The first segment of `key`; nullptr when nothing links to it.
  [[nodiscard]] const Segment* find(std::string_view key) const {
    if (count_ == 0) return nullptr;
    for (std::size_t index = hash_text(key) & mask_;; index = (index + 1) & mask_) {
      const Entry& entry = entries_[index];
      if (entry.first == 0) return nullptr;
      if (entry.key == key) return &segments_[entry.first];
    }
  }

  [[nodiscard]] const Segment* next(const Segment& segment) const {
    return segment.next == 0 ? nullptr : &segments_[segment.next];
  }

 private:
  struct Entry {
    std::string_view key;
    std::uint32_t first = 0;  // 0: free
    std::uint32_t last = 0;
  };

  // The entry of `key`, still without a segment when it is new. Valid until the next claim.
  Entry& claim(std::string_view key) {
    if (count_ * 4 >= entries_.size() * 3) grow();
    for (std::size_t index = hash_text(key) & mask_;; index = (index + 1) & mask_) {
      Entry& entry = entries_[index];
      if (entry.first == 0) {
        entry.key = key;
        ++count_;
        return entry;
      }
      if (entry.key == key) return entry;
    }
  }

  void grow() {
    const std::span<Entry> old = entries_;
    entries_ = arena_->make_span<Entry>(old.empty() ? 16 : old.size() * 2);
    for (Entry& entry : entries_) entry = Entry{};
    mask_ = entries_.size() - 1;
    for (const Entry& entry : old) {
      if (entry.first == 0) continue;
      std::size_t index = hash_text(entry.key) & mask_;
      while (entries_[index].first != 0) index = (index + 1) & mask_;
      entries_[index] = entry;
    }
  }

  std::uint32_t add_segment(std::size_t begin, std::size_t end) {
    if (segment_count_ >= segments_.size()) {
      const std::span<Segment> grown =
          arena_->make_span<Segment>(segments_.empty() ? 32 : segments_.size() * 2);
      if (!segments_.empty()) std::memcpy(grown.data(), segments_.data(), segments_.size_bytes());
      segments_ = grown;
    }
    segments_[segment_count_] = {begin, end, 0};
    return segment_count_++;
  }

  Arena* arena_;
  std::span<Entry> entries_;
  std::size_t mask_ = 0;
  std::size_t count_ = 0;
  Entry* last_ = nullptr;
  std::span<Segment> segments_;
  std::uint32_t segment_count_ = 1;  // number 0 means none
};

}  // namespace cloesce::orm::detail
