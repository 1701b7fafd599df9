// What a failed batch means for the caller of the route.
#pragma once

#include <string_view>

#include "base/error.h"
#include "orm/upsert_plan.h"

namespace cloesce::runtime {

/// Reads D1's or SQLite's message of a failed statement. Broken constraints become conflicts that
/// name the columns; everything else is kStorageFailed, whose text says nothing of the message,
/// because the caller must not see it. With the plan of the save that failed, if it was one, a row
/// that is not there is told from one that lacks a value.
[[nodiscard]] Error storage_failure(std::string_view message,
                                    const orm::UpsertPlan* save = nullptr);

/// A failure to read what the database answered. Codes that would blame the caller's input become
/// kOutcomeUnexpected.
[[nodiscard]] Error answer_failure(Error error);

/// Whether the message is of a failure that passes by itself and that asking again may get past:
/// the connection was lost, or the database moved. What is overloaded passes too, but is only made
/// worse.
[[nodiscard]] bool is_passing(std::string_view message);

}  // namespace cloesce::runtime
