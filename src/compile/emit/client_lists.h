// What a client may ask of a LIST, as types.
#pragma once

#include "cidl/model.h"
#include "compile/emit/client_types.h"
#include "compile/emit/code_writer.h"

namespace cloesce::emit {

/// Writes the types of what the model opens; nothing when it opens nothing.
void write_list_types(CodeWriter& writer, ClientNames& names, const cidl::Model& model);

/// The type of the last argument of `list`.
[[nodiscard]] std::string list_settings(ClientNames& names, const cidl::Model& model);

}  // namespace cloesce::emit
