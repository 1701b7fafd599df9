// Reads cidl.pre.json.
#pragma once

#include <string_view>

#include "base/result.h"
#include "compile/sema/pre_model.h"
#include "json/reader.h"

namespace cloesce::sema {

/// The format that `load_pre` accepts.
inline constexpr int kPreFormatVersion = 1;

/// Reads the value of a document that is open. Refuses missing and mistyped members, spans outside
/// of `files` or backwards, and types and values nested more than 48 deep, with kCidlInvalid and
/// the place as path (`classes[2].name`). Unknown members are ignored.
[[nodiscard]] Result<pre::Project> load_pre(const json::Value& json);

/// The same for a whole text (UTF-8, no padding needed).
[[nodiscard]] Result<pre::Project> load_pre(std::string_view text);

}  // namespace cloesce::sema
