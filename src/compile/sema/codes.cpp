// Severities and titles from the one list.
#include "compile/sema/codes.h"

#include <fmt/compile.h>
#include <fmt/format.h>

namespace cloesce::sema {
namespace {

struct CodeRow {
  Severity severity;
  std::string_view title;
};

CodeRow row_of(Code code) {
  switch (code) {
#define CLOESCE_CODE(name, number, severity, title) \
  case Code::name:                                  \
    return {Severity::severity, title};
#include "compile/sema/codes.def"  // NOLINT
#undef CLOESCE_CODE
  }
  return {Severity::kError, {}};
}

}  // namespace

Severity severity_of(Code code) { return row_of(code).severity; }

std::string_view title_of(Code code) { return row_of(code).title; }

std::string code_text(Code code) {
  return fmt::format(FMT_COMPILE("CLO{}"), static_cast<unsigned>(code));
}

}  // namespace cloesce::sema
