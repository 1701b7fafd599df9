// The interface of the runtime's tests: models with every kind of key and relation, services,
// ready-made methods.
#pragma once

#include <string>

#include "cidl/model.h"

namespace cloesce::runtime::testing {

/// A riding stable. Breed, Horse (data sources `default` and `full`), Like, Tag over the binding
/// `db`; Seat with a key of two columns. Services: Clock (with `init`), Ledger (made of Clock, with
/// `init`), Report (no `init`, made of nothing), Desk (made of Ledger, no `init`).
[[nodiscard]] cidl::Interface stable_interface();

/// The text that App::open takes: the image, and the lines `settings`.
[[nodiscard]] std::string open_text(const cidl::Interface& interface,
                                    const std::string& settings = "\n");

}  // namespace cloesce::runtime::testing
