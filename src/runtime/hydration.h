// Values from KV and R2 in JSON: what must be asked of the storage, in as few operations and waits
// as possible, and where the answers belong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "base/list.h"
#include "base/name_table.h"
#include "base/result.h"
#include "json/reader.h"
#include "orm/include_tree.h"
#include "orm/schema.h"

namespace cloesce::runtime {

/// What bytes out of KV become.
enum class BytesForm : std::uint8_t {
  kText,  // base64 in the JSON
  kKept,  // the number under which the host keeps them
};

/// Whether the storage `kind` takes `key`: its length, and that it is neither `.` nor `..` in KV.
/// Empty when it does, else what is wrong with it.
[[nodiscard]] std::string_view key_fault(cidl::StoredKind kind, std::string_view key);

/// One text on its way to being whole. Use: `place` or `place_one`, then `ask` and `take` until
/// `ask` has nothing to ask for, then `finish`. What it needs of what it is given is copied, but
/// for the answers of `take`, which must live until `ask` or `finish` is called.
class Hydration {
 public:
  /// Ends an answer that is not the last; no JSON text holds it.
  static constexpr char kAnswerEnd = '\x1e';

  Hydration(Account& account, json::Reader& reader, BytesForm bytes)
      : arena_(&account, kFirstBlockBytes), reader_(reader), bytes_(bytes), text_(arena_) {}

  /// Notes what could be asked for while the rows are not there yet: the root's fields whose keys
  /// need no more than the members of `known`, a JSON object.
  [[nodiscard]] Result<void> foresee(const orm::IncludeTree& tree, std::string_view known);

  /// Takes `json`, an object of the tree's model, a list of them or null, with places for the
  /// fields that the tree names. A key that cannot be made, or that no storage takes, leads to
  /// null. `json` has padding behind it.
  [[nodiscard]] Result<void> place(const orm::IncludeTree& tree, std::string_view json);

  /// A place for one value.
  void place_one(const orm::StoredEntry& entry, std::string_view key);

  /// The next operations as a JSON array (docs/internals/abi.md) in `arena`, empty when nothing is
  /// left.
  [[nodiscard]] std::string_view ask(Arena& arena);

  /// The answers to what was asked.
  [[nodiscard]] Result<void> take(std::string_view answers);

  /// Takes what was not answered for something that is not there.
  void give_up();

  /// The whole text, in `arena`. kNoRoom when it does not fit into memory.
  [[nodiscard]] Result<std::string_view> finish(Arena& arena);

  [[nodiscard]] bool placed() const { return placed_; }

  [[nodiscard]] std::size_t arena_bytes() const { return arena_.capacity(); }
  /// Bytes of its lists, which no arena counts.
  [[nodiscard]] std::size_t list_bytes() const;

 private:
  static constexpr std::size_t kFirstBlockBytes = 512;
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // One thing to ask for. KV texts of the same namespace are asked for together: their operations
  // differ only in the key.
  struct Item {
    std::string_view operation;
    std::uint32_t key_begin = 0;
    std::uint32_t key_end = 0;
    bool bulk = false;
    std::uint32_t asked = 0;  // the round in which it was
    std::string_view answer;  // empty until it came
    bool kept = false;        // the answer is a copy

    [[nodiscard]] std::string_view key() const {
      return operation.substr(key_begin, key_end - key_begin);
    }
  };

  struct Slot {
    std::size_t at = 0;  // in the text
    orm::StoredEntry entry;
    std::uint32_t item = kNone;   // what to ask for first; kNone: null
    std::uint32_t sign = kNone;   // of a download
    std::uint32_t first = kNone;  // of a list that was read: its items, in list_items_
    std::uint32_t count = 0;
  };

  // A member of an object that keys may be made of.
  struct KnownValue {
    std::string_view name;
    std::string_view text;
  };

  [[nodiscard]] bool copy(const json::Value& value, std::span<const orm::IncludeEntry> entries,
                          std::span<const orm::StoredEntry> stored);
  [[nodiscard]] bool copy_member(json::Field& field, std::span<const orm::IncludeEntry> entries,
                                 std::span<const orm::StoredEntry> stored);
  void begin_member(std::string_view name);
  void keep_answers();
  [[nodiscard]] std::span<const orm::IncludeOption> keep_options(
      std::span<const orm::IncludeOption> options);
  void add_slot(const orm::StoredEntry& entry, std::string_view key);
  [[nodiscard]] const KnownValue* known_value(std::string_view name, std::size_t first) const;
  [[nodiscard]] std::string_view render_key(const orm::StoredSchema& field, std::size_t first);
  // `key` is a JSON text.
  [[nodiscard]] std::uint32_t entry_item(const orm::StoredSchema& field, std::string_view key);
  [[nodiscard]] std::uint32_t item(std::string_view name, std::string_view target,
                                   std::string_view key, const orm::StoredEntry* options);
  std::uint32_t add_item(ByteBuffer& operation, std::size_t key_begin, std::size_t key_end);
  [[nodiscard]] Result<void> read_lists();
  [[nodiscard]] bool append_value(ByteBuffer& out, const orm::StoredSchema& field,
                                  std::uint32_t item, std::uint32_t sign);
  void append_slot(ByteBuffer& out, const Slot& slot);

  // The options of a field, and where they were copied from.
  struct KeptOptions {
    const orm::IncludeOption* from = nullptr;
    std::span<const orm::IncludeOption> kept;
  };

  Arena arena_;
  json::Reader& reader_;
  BytesForm bytes_;
  ByteBuffer text_;
  bool placed_ = false;
  List<KeptOptions> options_;
  List<Slot> slots_;
  List<Item> items_;
  NameTable item_numbers_;  // by operation
  List<std::uint32_t> list_items_;
  List<KnownValue> values_;
  std::uint32_t round_ = 0;
  List<std::uint32_t> asked_;  // items, in the order of their answers
};

}  // namespace cloesce::runtime
