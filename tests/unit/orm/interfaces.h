// Interfaces that the ORM's tests share, and short ways to write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cidl/model.h"

namespace cloesce::orm::testing {

cidl::Type type_of(cidl::TypeKind kind);
cidl::Type nullable(cidl::TypeKind kind);

cidl::Column key(std::string_view name, cidl::TypeKind kind);
cidl::Column column(std::string_view name, cidl::Type type);
cidl::Column column(std::string_view name, cidl::TypeKind kind);
cidl::Column foreign_key(std::string_view name, cidl::Type type, std::string_view model,
                         std::string_view target_column);

cidl::Navigation to_one(std::string_view name, std::string_view model,
                        std::vector<std::string> columns);
/// A one-to-one whose foreign key the target holds.
cidl::Navigation to_one_back(std::string_view name, std::string_view model,
                             std::vector<std::string> columns);
cidl::Navigation to_many(std::string_view name, std::string_view model,
                         std::vector<std::string> columns);
cidl::Navigation many_to_many(std::string_view name, std::string_view model,
                              std::string_view junction);

cidl::Model model(std::string_view name, std::vector<cidl::Column> columns,
                  std::vector<cidl::Navigation> navigations = {});

/// Authors with books, books with pages, tags and a publisher; authors with mentors, friends
/// (many-to-many on one model) and a profile (one-to-one both ways).
cidl::Interface library();

/// One model with a column of every type, each also nullable, and a list of children for its text
/// key.
cidl::Interface every_type();

/// Composite keys at both ends of every kind of relation.
cidl::Interface composite();

/// Tickets with notes and labels, all with a version; a label needs nothing but its key.
cidl::Interface versioned();

/// Names that need quoting everywhere: quotes, spaces, keywords, commas, unicode.
cidl::Interface awkward();

/// A model of 100 columns with a to-one and a to-many relation to another of 100 columns.
cidl::Interface wide();

}  // namespace cloesce::orm::testing
