// Which classes hold members that callers may not give.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cidl/find.h"
#include "cidl/model.h"

namespace cloesce::emit {

/// Knows every class of an interface, which it borrows with its index.
class ReadOnlyMembers {
 public:
  ReadOnlyMembers(const cidl::Interface& interface, const cidl::NameIndex& index);

  /// The read-only members of a class itself, in declaration order.
  [[nodiscard]] std::vector<std::string_view> own(std::string_view class_name) const;

  /// Whether there are any in values of `type`, at whatever depth.
  [[nodiscard]] bool reached_by(const cidl::Type& type) const;

 private:
  const cidl::NameIndex& index_;
  std::set<std::string_view> reaching_;  // classes
};

}  // namespace cloesce::emit
