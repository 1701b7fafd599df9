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

/// Whether the text stands between a `[` and a `]` of our own, which messages do not count. The
/// reader wants a document to be an object or an array, to give its values alike access.
enum class Wrapping : std::uint8_t { kNone, kBrackets };

/// Use: construct, one of the check functions, then `finish`. Borrows all that it is given.
class Walk {
 public:
  /// `text` is the document's; positions in messages count from the beginning of the original.
  Walk(const TypeTable& types, const Limits& limits, BlobSource blob_source,
       const json::Shortened& text, Wrapping wrapping, Arena& arena);

  /// The root object of `document`, as the parameters of a method; nothing may follow it.
  void check_parameters(simdjson::ondemand::document& document, ShapeId parameters);

  /// The root object or array of `document`; nothing may follow it.
  void check_root(simdjson::ondemand::document& document, TypeId type);

  /// The one element of the root array of `document`, called `name` in paths (empty: the path
  /// begins inside it).
  void check_only_element(simdjson::ondemand::document& document, TypeId type,
                          std::string_view name);

  /// The outcome; `json` is the checked text, or what became of it.
  [[nodiscard]] Checked finish();

 private:
  struct Frame {
    const PathStep* path = nullptr;
    std::size_t depth_left = 0;
    Completeness completeness = Completeness::kWhole;
  };

  Flow check(json::value& json, TypeId type, const Frame& frame);
  Flow check_object(json::value& json, ShapeId shape, TypeId type, const Frame& frame);
  Flow check_members(json::object& object, const Shape& shape, const Frame& frame);
  Flow check_array(json::value& json, TypeId element, TypeId type, const Frame& frame);
  Flow check_integer(json::value& json, TypeId type, const Frame& frame);
  Flow check_real(json::value& json, TypeId type, const Frame& frame);
  Flow check_boolean(json::value& json, TypeId type, const Frame& frame);
  Flow check_text(json::value& json, TypeId type, const Frame& frame);
  Flow check_date(json::value& json, TypeId type, const Frame& frame);
  Flow check_data_source(json::value& json, TypeId type, const Frame& frame);
  Flow check_blob(json::value& json, TypeId type, const Frame& frame);
  Flow check_form_index(json::value& json, const Frame& frame);
  Flow check_free(json::value& json, const Frame& frame);

  /// The characters of a string value, escapes undone, and whether to go on. At most once for each
  /// value.
  Flow read_string(json::value& json, TypeId type, const Frame& frame, std::string_view& out,
                   bool& read);

  Flow unknown_member(const Shape& shape, std::string_view name, const PathStep* path);
  Flow missing_members(const Shape& shape, const std::uint64_t* seen, const Frame& frame);

  Flow mismatch(json::value& json, TypeId type, const Frame& frame);
  Flow fail(ErrorCode code, String detail, const PathStep* path);
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
  std::string_view text_;
  std::span<const json::LongString> long_strings_;
  std::size_t next_long_string_ = 0;  // the first that is not copied
  std::size_t room_;                  // for putting long strings back
  bool room_exceeded_ = false;
  std::size_t wrapping_;  // bytes of ours at either end
  Arena& arena_;
  simdjson::ondemand::document* document_ = nullptr;
  List<Error> failures_;
  const char* begin_ = nullptr;  // of the checked value
  const char* copied_ = nullptr;
  ByteBuffer rewritten_;
  List<std::string_view> blobs_;
  std::span<std::uint8_t> used_parts_;
};

/// Checks `text`, any one JSON value, by copying it between brackets. `name` as for
/// check_only_element.
[[nodiscard]] Checked check_wrapped(const TypeTable& types, const Limits& limits,
                                    BlobSource blob_source, TypeId type, std::string_view text,
                                    std::string_view name, json::Reader& reader, Arena& arena);

}  // namespace cloesce::validate::detail
