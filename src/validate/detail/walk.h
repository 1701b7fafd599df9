// One pass over one JSON text, checking each value against its compiled type.
#pragma once

#include <cstddef>  // size_t
#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "base/list.h"
#include "base/string.h"
#include "json/long_strings.h"
#include "json/reader.h"
#include "validate/detail/path.h"
#include "validate/type_table.h"
#include "validate/validator.h"

namespace cloesce::validate::detail {

/// Whether the walk goes on after a value. It ends at malformed JSON, at too deep nesting, and when
/// there are enough failures.
enum class Flow : std::uint8_t { kContinue, kStop };

/// Whether members may be left out.
enum class Completeness : std::uint8_t { kWhole, kPartial };

/// Whose value it is. Only callers are kept from members that are read-only or hidden; the Worker's
/// own objects may have members that their class lacks, and null for a list.
enum class Giver : std::uint8_t { kCaller, kWorker };

/// Use: construct, one of the check functions, then `finish`. Borrows all that it is given.
class Walk {
 public:
  /// Positions in messages count from the beginning of the original of `text`.
  Walk(const TypeTable& types, const Limits& limits, BlobSource blob_source,
       const json::Shortened& text, Arena& arena);

  /// The text as the parameters of a method.
  void check_parameters(json::Reader& reader, ShapeId parameters);

  /// The text as any one value, called `name` in paths (empty: the path begins inside it).
  void check_value(json::Reader& reader, TypeId type, std::string_view name,
                   Giver giver = Giver::kCaller);

  /// The outcome; `json` is the checked text, or what became of it.
  [[nodiscard]] Checked finish();

 private:
  struct Frame {
    const PathStep* path = nullptr;
    std::size_t depth_left = 0;
    Completeness completeness = Completeness::kWhole;
  };

  /// False when there is no document, which is a failure.
  bool open(json::Reader& reader);
  /// Nothing may follow the value.
  void expect_end();

  Flow check(const json::Value& json, TypeId type, const Frame& frame);
  Flow check_object(const json::Value& json, ShapeId shape, TypeId type, const Frame& frame);
  Flow check_members(json::Object& object, const Shape& shape, const Frame& frame);
  Flow check_array(const json::Value& json, TypeId element, TypeId type, const Frame& frame);
  Flow check_integer(const json::Value& json, TypeId type, const Frame& frame);
  Flow check_real(const json::Value& json, TypeId type, const Frame& frame);
  Flow check_boolean(const json::Value& json, TypeId type, const Frame& frame);
  Flow check_text(const json::Value& json, TypeId type, const Frame& frame);
  Flow check_date(const json::Value& json, TypeId type, const Frame& frame);
  Flow check_data_source(const json::Value& json, TypeId type, const Frame& frame);
  Flow check_blob(const json::Value& json, TypeId type, const Frame& frame);
  Flow check_form_index(const json::Value& json, const Frame& frame);
  Flow check_free(const json::Value& json, const Frame& frame);

  /// The characters of a string value, escapes undone, and whether to go on. At most once for each
  /// value.
  Flow read_string(const json::Value& json, TypeId type, const Frame& frame, std::string_view& out,
                   bool& read);

  Flow unknown_member(const Shape& shape, std::string_view name, const PathStep* path);
  Flow missing_members(const Shape& shape, const std::uint64_t* seen, const Frame& frame);

  Flow mismatch(const json::Value& json, TypeId type, const Frame& frame);
  Flow fail(ErrorCode code, std::string_view detail, const PathStep* path);
  /// Ends the walk: nothing that was found in a malformed text can be relied on.
  Flow malformed(simdjson::error_code code);
  Flow malformed_at(simdjson::error_code code, const char* position);
  Flow too_deep(const PathStep* path);
  [[nodiscard]] String describe_malformed(const char* position, std::string_view reason) const;

  /// Appends what the document has up to `position` to the rewritten text, with long strings whole.
  void copy_to(const char* position);
  /// The long string that `token` is the beginning of, to be copied no more; null when it is none.
  /// All before it must have been copied.
  const json::LongString* take_long_string(std::string_view token);

  const TypeTable& types_;
  const Limits& limits_;
  BlobSource blob_source_;
  Giver giver_ = Giver::kCaller;
  simdjson::padded_string_view text_;
  std::span<const json::LongString> long_strings_;
  std::size_t next_long_string_ = 0;  // the first that is not copied
  std::size_t room_;                  // for putting long strings back
  bool room_exceeded_ = false;
  Arena& arena_;
  json::Document* document_ = nullptr;
  List<Error> failures_;
  const char* begin_ = nullptr;  // of the checked value
  const char* copied_ = nullptr;
  ByteBuffer rewritten_;
  List<std::string_view> blobs_;
  std::span<std::uint8_t> used_parts_;
  DataSourceChoice choice_;
};

}  // namespace cloesce::validate::detail
