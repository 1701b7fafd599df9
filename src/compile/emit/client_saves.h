// What the generated client lets a save write, as types, and what it sends of it, as constants.
#pragma once

#include "compile/emit/client_types.h"
#include "compile/emit/code_writer.h"

namespace cloesce::emit {

/// Prints both for every level of access.
void write_saves(CodeWriter& writer, ClientNames& names);

}  // namespace cloesce::emit
