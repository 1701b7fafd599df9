// Severities from the one list.
#include "compile/sema/codes.h"

#include <fmt/compile.h>
#include <fmt/format.h>

namespace cloesce::sema {
Severity severity_of(Code code) {
  switch (code) {
#define CLOESCE_CODE(name, number, severity, title) \
  case Code::name:                                  \
    return Severity::severity;
#include "compile/sema/codes.def"  // NOLINT
#undef CLOESCE_CODE
  }
  return Severity::kError;
}

std::string code_text(Code code) {
  return fmt::format(FMT_COMPILE("CLO{}"), static_cast<unsigned>(code));
}

}  // namespace cloesce::sema
