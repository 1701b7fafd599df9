// Members of a class that are neither properties nor methods: constructor parameters, accessors, …
#pragma once

#include "compile/sema/class_table.h"
#include "compile/sema/reporter.h"

namespace cloesce::sema {

/// Reports a member of a decorated class that does not count where its author may think it does.
void check_unread(const Reporter& reporter, const ClassEntry& entry, const pre::UnreadNode& member);

}  // namespace cloesce::sema
