// Checks what a request brings (body, query string, keys in the path) against the types of the
// interface.
#pragma once

#include <cstddef>  // size_t
#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/list.h"
#include "base/result.h"
#include "json/long_strings.h"
#include "json/reader.h"
#include "validate/limits.h"
#include "validate/type_table.h"

namespace cloesce::validate {

/// How a Blob is written in a JSON text.
enum class BlobEncoding : std::uint8_t {
  kRefused,    // not at all
  kBase64,     // as a base64 text (standard alphabet, padded)
  kFormIndex,  // as the index of a part of the form data
};

struct BlobSource {
  BlobEncoding encoding = BlobEncoding::kBase64;
  std::uint32_t parts = 0;  // kFormIndex: how many there are
};

enum class Rewriting : std::uint8_t {
  kAsReceived,  // the text is the input's own
  kRewritten,   // the text is in the arena: each base64 text was replaced by the index of its blob,
                // each long string that is none is whole again
};

/// A parameter that is the caller's choice of a data source: of which model, and which.
struct DataSourceChoice {
  std::uint32_t model = 0xFFFFFFFF;
  std::string_view name;
};

/// What came of checking one JSON text. Nothing but `failures` is to be used when there is one.
/// Views borrow the input or the arena.
struct Checked {
  /// In document order, at most Limits::failures. Malformed JSON stands alone.
  List<Error> failures;

  /// The value, valid JSON.
  std::string_view json;
  Rewriting rewriting = Rewriting::kAsReceived;

  /// kBase64: the decoded bytes, by the index that replaced them.
  std::span<const std::string_view> blobs;

  /// kFormIndex: 1 for each part that is referenced, else 0.
  std::span<const std::uint8_t> used_parts;

  /// The last of the parameters that is one.
  DataSourceChoice choice;

  [[nodiscard]] bool ok() const { return failures.empty(); }
};

/// What came of checking a query string.
struct CheckedQuery {
  /// In order, at most Limits::failures.
  List<Error> failures;

  /// A JSON object by parameter name. Nullable ones that are absent are there as null.
  std::string_view arguments;

  /// The value of `__datasource`, decoded; empty when there is none.
  std::string_view data_source;

  /// The last of the parameters that is one.
  DataSourceChoice choice;

  [[nodiscard]] bool ok() const { return failures.empty(); }
};

/// Every check walks the bytes once with the reader of `json`; no tree is built, and nothing
/// is copied unless base64 has to be taken out. Rules:
/// - Objects are strict: an unknown member (kParameterUnknown), a repeated one
/// (kParameterRepeated), one called
///   `__proto__` however spelled (kNameForbidden), and a missing one that is not nullable
///   (kParameterMissing) are failures. Navigation properties are always optional; inside a
///   DeepPartial everything is, at every depth.
/// - What is read-only is taken from no caller (kReadOnly). What is hidden is an unknown member.
/// - Integer: no fraction, no exponent, within +-(2^53 - 1). Real: any finite number. Boolean,
/// Text: strictly.
///   DateIso: ISO-8601 text. JsonValue: anything, as deep as the limit. KvValue, R2Object: any
///   object.
/// - Blob: see BlobEncoding (kBase64Invalid, kFormInvalid). DataSource: a name of the model's, or
/// `none` (kDataSourceUnknown).
/// - Everything else of another type: kTypeMismatch. Also kJsonMalformed with the byte,
/// kJsonTooDeep, kLimitExceeded. Immutable; borrows the types.
class Validator {
 public:
  explicit Validator(const TypeTable& types, const Limits& limits = {})
      : types_(types), limits_(limits) {}

  [[nodiscard]] const TypeTable& types() const { return types_; }

  /// A body: one JSON object by parameter name. `parameters` comes from `types()`. The reader is
  /// lent for the call. Long strings that were taken out are decoded in place where they are blobs,
  /// and put back where not: kBodyTooLarge (without a detail) when there is no room for that.
  [[nodiscard]] Checked check_body(ShapeId parameters, json::Reader& reader,
                                   const json::Shortened& body, BlobSource blobs,
                                   Arena& arena) const;

  /// A JSON text that is one value of a type, the input of an ORM call: what callers may not give
  /// is taken from the Worker's own code, whose objects may have members of their own, which are
  /// passed over, and null for a list.
  [[nodiscard]] Checked check_value(TypeId type, json::Reader& reader,
                                    simdjson::padded_string_view text, BlobSource blobs,
                                    Arena& arena) const;

  /// A query string without its `?`. Text, dates and data source names stand as they are; Integer,
  /// Real and Boolean are strict JSON literals; everything else is JSON text. `null` is null where
  /// a nullable type is not Text. A nullable parameter that is absent is null; an empty value is
  /// not absent. A parameter that chooses a data source is what `__datasource` says when it is
  /// absent.
  /// `__datasource` may be written in any case.
  [[nodiscard]] CheckedQuery check_query(ShapeId parameters, json::Reader& reader,
                                         std::string_view query, Arena& arena) const;

  /// The key segments of a path, percent-encoded with slashes between them, as a JSON array typed
  /// by the key segments of the model, which is given by its index. kKeyInvalid names the column;
  /// kMalformedUrl when an escape is broken.
  [[nodiscard]] Result<std::string_view> check_keys(std::uint32_t model, std::string_view keys,
                                                    Arena& arena) const;

 private:
  const TypeTable& types_;
  Limits limits_;
};

}  // namespace cloesce::validate
