// Decorator, base class and members of KV and R2 models.
#include "compile/sema/storage_models.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "cidl/find.h"
#include "compile/sema/environment.h"
#include "compile/sema/marks.h"
#include "compile/sema/names.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

// The platform's limits, in seconds.
constexpr std::uint32_t kMinimumExpirationTtl = 60;
constexpr std::uint32_t kMinimumCacheTtl = 30;

// Of the values of a key that a bucket can keep.
constexpr std::uint32_t kMostHistory = 64;

constexpr std::array<std::string_view, 3> kKvMembers = {"key", "value", "metadata"};
constexpr std::array<std::string_view, 1> kR2Members = {"head"};

class Declarer {
 public:
  Declarer(const Context& context, ModelDraft& draft)
      : context_(context), draft_(draft), is_kv_(draft.entry->kind == ClassKind::kKv) {}

  void run(const std::optional<cidl::Environment>& environment) {
    const pre::ValueNode* binding = read_arguments();
    draft_.model.binding = binding_of(
        context_, environment,
        {is_kv_ ? cidl::BindingKind::kKv : cidl::BindingKind::kR2,
         fmt::format(FMT_COMPILE("the model `{}`"), name()), binding, draft_.entry->mark->span});
    if (history_ != nullptr) check_history(*history_);
    read_base();
    check_members();
  }

 private:
  void report(Code code, Span span, std::string message, std::string hint) const {
    context_.reporter.report(code, span, std::move(message), std::move(hint));
  }

  [[nodiscard]] const std::string& name() const { return draft_.model.name; }
  [[nodiscard]] std::string_view binding_word() const { return is_kv_ ? "namespace" : "bucket"; }

  // Answers the name of the binding, nullptr when it is left out.
  const pre::ValueNode* read_arguments() {
    const pre::ValueNode* binding = nullptr;
    for (const pre::ValueNode& argument : draft_.entry->mark->arguments) {
      if (argument.form == pre::ValueForm::kObject) {
        for (const pre::ObjectEntry& entry : argument.entries) {
          if (entry.key == binding_word()) {
            binding = &entry.value;
          } else {
            read_option(entry);
          }
        }
      } else if (binding == nullptr) {
        binding = &argument;
      } else {
        report(Code::kDecoratorArgument, argument.span,
               fmt::format(FMT_COMPILE("@{} of `{}` takes a {} and its options"),
                           draft_.entry->mark->name, name(), binding_word()),
               "write the options as an object");
      }
    }
    return binding;
  }

  void read_option(const pre::ObjectEntry& entry) {
    if (is_kv_ && entry.key == "expirationTtl") {
      read_seconds(entry, kMinimumExpirationTtl, draft_.model.kv.expiration_ttl);
    } else if (is_kv_ && entry.key == "cacheTtl") {
      read_seconds(entry, kMinimumCacheTtl, draft_.model.kv.cache_ttl);
    } else if (is_kv_ && entry.key == "history") {
      history_ = &entry;
    } else {
      constexpr std::array<std::string_view, 4> kKnown = {"namespace", "expirationTtl", "cacheTtl",
                                                          "history"};
      report(Code::kDecoratorArgument, entry.span,
             fmt::format(FMT_COMPILE("@{} of `{}` has no option `{}`"), draft_.entry->mark->name,
                         name(), entry.key),
             is_kv_ ? did_you_mean(kKnown, entry.key,
                                   "the options are `expirationTtl`, `cacheTtl` and `history`")
                    : "remove it: the only option is `bucket`");
    }
  }

  // Nothing for what is no whole number.
  static std::optional<std::uint32_t> whole_number(const pre::ValueNode& value) {
    const std::string& text = value.text;
    std::uint32_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, problem] = std::from_chars(text.data(), end, number);
    if (value.form != pre::ValueForm::kNumber || stopped != end || problem != std::errc{})
      return std::nullopt;
    return number;
  }

  // The binding is known by now.
  void check_history(const pre::ObjectEntry& entry) {
    draft_.asks_for_history = true;
    const std::optional<std::uint32_t> wanted = whole_number(entry.value);
    if (!wanted || *wanted < 1 || *wanted > kMostHistory) {
      report(Code::kDecoratorArgument, entry.value.span,
             fmt::format(FMT_COMPILE("`history` of `{}` is a whole number of values, from 1 to {}"),
                         name(), kMostHistory),
             "write it out: `history: 5`");
      return;
    }
    draft_.model.kv.history = *wanted;
    const std::string& binding = draft_.model.binding;
    if (binding.empty()) return;
    const auto& buckets = context_.project.history_buckets;
    const auto bucket =
        std::find_if(buckets.begin(), buckets.end(),
                     [&](const pre::HistoryBucket& one) { return one.binding == binding; });
    if (bucket == buckets.end()) {
      report(Code::kHistoryUnserved, entry.span,
             fmt::format(FMT_COMPILE("`{}` asks for a history, and the namespace `{}` has none"),
                         name(), binding),
             fmt::format(FMT_COMPILE("put it on a bucket in cloesce.config.json: \"bindings\": {{ "
                                     "\"{}\": {{ \"bucket\": \"{}\", \"history\": {} }} }}"),
                         binding, lower(binding), *wanted));
    } else if (bucket->history < *wanted) {
      report(Code::kHistoryUnserved, entry.value.span,
             fmt::format(FMT_COMPILE("`{}` asks for {} values of a key, and the bucket of `{}` "
                                     "keeps {}"),
                         name(), *wanted, binding, bucket->history),
             fmt::format(FMT_COMPILE("write \"history\": {} for \"{}\" in cloesce.config.json"),
                         *wanted, binding));
    }
  }

  void read_seconds(const pre::ObjectEntry& entry, std::uint32_t minimum, std::uint32_t& out) {
    const std::optional<std::uint32_t> seconds = whole_number(entry.value);
    if (seconds && *seconds >= minimum) {
      out = *seconds;
      return;
    }
    report(Code::kDecoratorArgument, entry.value.span,
           fmt::format(FMT_COMPILE("`{}` of `{}` is a whole number of seconds, at least {}"),
                       entry.key, name(), minimum),
           fmt::format(FMT_COMPILE("write it out: `{}: 3600`"), entry.key));
  }

  void read_base() {
    const std::optional<pre::TypeNode>& base = draft_.node().extends;
    const std::string_view wanted = is_kv_ ? "KVModel" : "R2Model";
    const std::string_view written = is_kv_ ? "KVModel<string>" : "R2Model";
    if (!base || base->form != pre::TypeForm::kName || base->text != wanted ||
        base->inner.size() != (is_kv_ ? 1U : 0U)) {
      report(Code::kModelBase, base ? base->span : draft_.node().span,
             fmt::format(FMT_COMPILE("`{}` is {}, but does not extend {}"), name(),
                         describe(draft_.entry->kind),
                         is_kv_ ? "KVModel with the type of its values" : "R2Model"),
             fmt::format(FMT_COMPILE("write `class {} extends {}`"), name(), written));
      // Later passes are told what was meant.
      if (is_kv_) draft_.model.value.kind = cidl::TypeKind::kJsonValue;
      return;
    }
    if (!is_kv_) return;
    const pre::TypeNode& argument = base->inner.front();
    auto value = context_.types.resolve(
        argument, {Position::kValue, fmt::format(FMT_COMPILE("the value of {}"), name())});
    if (value && cidl::is_nullable(*value)) {
      report(Code::kTypeMisplaced, argument.span,
             fmt::format(FMT_COMPILE("the values of `{}` cannot be null"), name()),
             "remove `null`: a key without a value does not exist, which is a 404");
      value = value->inner.front();
    }
    if (value && value->kind != cidl::TypeKind::kVoid) {
      draft_.model.value = std::move(*value);
    } else {
      draft_.model.value.kind = cidl::TypeKind::kJsonValue;
    }
  }

  void check_members() const {
    for (const pre::PropertyNode& property : draft_.node().properties) {
      if (property.placement == pre::Placement::kStatic) continue;
      report(Code::kAttributeOnStored, property.span,
             fmt::format(FMT_COMPILE("`{}`: {} has no attributes of its own"),
                         member_text(name(), property.name), describe(draft_.entry->kind)),
             is_kv_ ? "remove it: a KV model has `key`, `value` and `metadata`"
                    : "remove it: an R2 model has `head`, with `customMetadata` in it");
    }
    const std::span<const std::string_view> taken =
        is_kv_ ? std::span<const std::string_view>(kKvMembers) : kR2Members;
    for (const pre::MethodNode& method : draft_.node().methods) {
      if (method.placement == pre::Placement::kStatic) continue;
      for (const std::string_view member : taken) {
        if (method.name != member) continue;
        report(Code::kMemberOfClient, method.span,
               fmt::format(FMT_COMPILE("`{}` hides what `{}` has under this name"),
                           member_text(name(), method.name), name()),
               is_kv_ ? "rename the method"
                      : "rename the method; `@CRUD([\"HEAD\"])` makes a static `head` that "
                        "answers it");
      }
    }
  }

  const Context& context_;
  ModelDraft& draft_;
  bool is_kv_;
  const pre::ObjectEntry* history_ = nullptr;
};

}  // namespace

void declare_storage_model(const Context& context,
                           const std::optional<cidl::Environment>& environment, ModelDraft& draft) {
  draft.model.storage =
      draft.entry->kind == ClassKind::kKv ? cidl::StorageKind::kKv : cidl::StorageKind::kR2;
  Declarer(context, draft).run(environment);
}

}  // namespace cloesce::sema
