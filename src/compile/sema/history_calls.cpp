// Each call by the model that it names.
#include "compile/sema/history_calls.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>

#include "cidl/store_rules.h"

namespace cloesce::sema {

void check_history_calls(const Context& context, const std::vector<ModelDraft>& drafts) {
  for (const pre::HistoryCall& call : context.project.history_calls) {
    if (call.model.form != pre::ValueForm::kName) continue;
    const auto draft = std::find_if(drafts.begin(), drafts.end(), [&](const ModelDraft& one) {
      return one.model.name == call.model.text;
    });
    if (draft == drafts.end() || !cidl::store_of(draft->model).values) continue;
    if (draft->asks_for_history) continue;
    const bool watches = call.read == pre::HistoryRead::kWatch;
    context.reporter.report(Code::kHistoryUnasked, call.model.span,
                            fmt::format(FMT_COMPILE("`Orm.{}` needs a history, and `{}` has none"),
                                        watches ? "watch" : "history", call.model.text),
                            fmt::format(FMT_COMPILE("write `@KV(\"{}\", {{ history: 5 }})` on it"),
                                        draft->model.binding));
  }
}

}  // namespace cloesce::sema
