// Where bytes hide: whether a value of a type holds a Blob.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cidl/model.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// Whether relations count: a caller may send them, but they are only read when asked for.
enum class Reach : std::uint8_t { kOwnMembers, kRelations };

/// Knows the members of all models and plain objects, which it borrows. What is hidden never
/// travels.
class BytesFinder {
 public:
  BytesFinder(const std::vector<ModelDraft>& drafts,
              const std::vector<cidl::PlainObject>& plain_objects);

  [[nodiscard]] bool holds_blob(const cidl::Type& type, Reach reach) const;

 private:
  std::unordered_map<std::string_view, const cidl::Model*> models_;
  std::unordered_map<std::string_view, const cidl::PlainObject*> plain_objects_;
};

}  // namespace cloesce::sema
