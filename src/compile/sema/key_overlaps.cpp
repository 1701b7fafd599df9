// Lists of keys that would find the keys of another field.
#include <fmt/compile.h>
#include <fmt/format.h>

#include <cstddef>
#include <string>

#include "compile/sema/marks.h"
#include "compile/sema/names.h"
#include "compile/sema/stored_fields.h"
#include "keys/overlap.h"

namespace cloesce::sema {
namespace {

struct Use {
  const ModelDraft* draft;
  const cidl::StoredField* field;
  const pre::PropertyNode* node;
  keys::Template parsed;

  [[nodiscard]] keys::Reach reach() const {
    return field->form == cidl::StoredForm::kOne ? keys::Reach::kKey : keys::Reach::kPrefix;
  }
  [[nodiscard]] std::string text() const { return member_text(draft->model.name, field->name); }
  // The literal of the template, which a field with a template has.
  [[nodiscard]] Span span() const {
    const pre::DecoratorNode* kv = find_mark(node->decorators, Mark::kKv);
    const pre::DecoratorNode* found = kv != nullptr ? kv : find_mark(node->decorators, Mark::kR2);
    return found->arguments.front().span;
  }
};

}  // namespace

void check_key_overlaps(const Context& context, const std::vector<ModelDraft>& drafts) {
  std::vector<Use> uses;
  for (const ModelDraft& draft : drafts) {
    for (std::size_t index = 0; index < draft.model.stored.size(); ++index) {
      const cidl::StoredField& field = draft.model.stored[index];
      if (field.key_template.empty()) continue;
      uses.push_back({&draft, &field, draft.stored_nodes[index], keys::parse(field.key_template)});
    }
  }
  for (std::size_t later = 1; later < uses.size(); ++later) {
    const Use& one = uses[later];
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      const Use& other = uses[earlier];
      if (one.field->binding != other.field->binding) continue;
      if (one.reach() == keys::Reach::kKey && other.reach() == keys::Reach::kKey) continue;
      if (!keys::overlap(one.parsed, one.reach(), other.parsed, other.reach())) continue;
      const Use& list = one.reach() == keys::Reach::kPrefix ? one : other;
      const Use& found = &list == &one ? other : one;
      context.reporter.report(
          Code::kKeyOverlap, one.span(),
          fmt::format(FMT_COMPILE("the list `{}` (`{}`) would hold the keys of `{}` (`{}`) too"),
                      list.text(), list.field->key_template, found.text(),
                      found.field->key_template),
          "let one of them begin with something of its own",
          {{"the other one is here", other.span()}});
      break;
    }
  }
}

}  // namespace cloesce::sema
