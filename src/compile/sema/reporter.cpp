// Findings as diagnostics.
#include "compile/sema/reporter.h"

#include <utility>

namespace cloesce::sema {
namespace {

bool may_be_declared_elsewhere(Code code) {
  switch (code) {
    case Code::kNothingDeclared:
    case Code::kClassUndecorated:
    case Code::kImportMissing:
    case Code::kTypeImportMissing:
    case Code::kClassImportMissing:
    case Code::kPrimaryKeyMissing:
    case Code::kForeignKeyColumn:
    case Code::kForeignKeyIncomplete:
    case Code::kNavigationColumn:
    case Code::kIncludeUnknown:
    case Code::kKeyPlaceholder:
    case Code::kKeyColumn:
    case Code::kEnvironmentMember:
    case Code::kTypeUnknown:
    case Code::kForeignKeyTarget:
    case Code::kNavigationType:
    case Code::kManyToManyUnpaired:
    case Code::kInjectUnknown:
    case Code::kAttributeNotInjectable:
    case Code::kBindingMissing:
      return true;
    default:
      return false;
  }
}

}  // namespace

void Reporter::report(Code code, std::optional<Span> span, std::string message, std::string hint,
                      std::vector<DiagnosticNote> notes) const {
  if (sources_ == Sources::kIncomplete && may_be_declared_elsewhere(code)) return;
  report_certain(code, span, std::move(message), std::move(hint), std::move(notes));
}

void Reporter::report_certain(Code code, std::optional<Span> span, std::string message,
                              std::string hint, std::vector<DiagnosticNote> notes) const {
  sink_->add(Diagnostic{severity_of(code), code_text(code), std::move(message), span,
                        std::move(hint), std::move(notes)});
}

}  // namespace cloesce::sema
