// The key segments of a path, typed by the model's primary key.
#include "text/percent.h"
#include "validate/detail/path.h"
#include "validate/detail/scalar_text.h"
#include "validate/validator.h"

namespace cloesce::validate {
namespace {

Failure invalid(std::string_view column, std::string_view detail) {
  return Failure{ErrorCode::kKeyInvalid, detail, column};
}

/// Hands out the segments one after the other.
class Segments {
 public:
  explicit Segments(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return at_end_; }

  std::string_view take() {
    const std::size_t slash = rest_.find('/');
    const std::string_view segment = rest_.substr(0, slash);
    at_end_ = slash == std::string_view::npos;
    rest_ = at_end_ ? std::string_view{} : rest_.substr(slash + 1);
    return segment;
  }

 private:
  std::string_view rest_;
  bool at_end_ = false;
};

/// Appends the next segment as a value of `kind`.
Result<void> append_key(ByteBuffer& out, Segments& segments, cidl::TypeKind kind,
                        std::string_view column, Arena& arena) {
  if (segments.at_end()) return invalid(column, "missing");
  const auto decoded = text::percent_decode(arena, segments.take());
  if (!decoded.ok()) return Failure{decoded.error()};
  if (auto appended = detail::append_scalar(out, kind, *decoded); !appended.ok()) {
    return invalid(column, appended.error().detail);
  }
  return {};
}

}  // namespace

Result<std::string_view> Validator::check_keys(std::uint32_t model, std::string_view keys,
                                               Arena& arena) const {
  ByteBuffer out(arena, keys.size() + 16);
  Segments segments(keys);
  for (const KeySegment& segment : types_.models[model].keys) {
    out.push(out.empty() ? '[' : ',');
    CLOESCE_TRY(append_key(out, segments, segment.kind, segment.name, arena));
  }
  if (!segments.at_end()) {
    return Failure{ErrorCode::kKeyInvalid, "more key segments than key columns"};
  }
  out.push(']');
  return out.view();
}

}  // namespace cloesce::validate
