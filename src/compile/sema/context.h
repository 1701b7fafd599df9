// What every pass after the collection of names works with.
#pragma once

#include <string>

#include "compile/sema/class_table.h"
#include "compile/sema/pre_model.h"
#include "compile/sema/reporter.h"
#include "compile/sema/types.h"

namespace cloesce::sema {

/// Borrows everything.
struct Context {
  const pre::Project& project;
  const ClassTable& classes;
  const TypeResolver& types;
  const Reporter& reporter;

  /// The path of the file that a class stands in.
  [[nodiscard]] const std::string& file_of(const pre::ClassNode& node) const {
    return project.files[static_cast<std::size_t>(node.span.file)];
  }
};

}  // namespace cloesce::sema
