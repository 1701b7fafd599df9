// One table of options: which fields have them, and what they may be.
#include "compile/sema/include_options.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

enum class OptionOf : std::uint8_t { kDownload, kPage };

/// A text where `largest` is 0, otherwise a whole number from 1.
struct Option {
  std::string_view name;
  OptionOf of;
  std::uint32_t largest = 0;
};

constexpr std::uint32_t kWeek = 604'800;  // as long as a signature can last

// Parameters of S3 GetObject that a signed URL can carry.
constexpr std::array kOptions = {
    Option{"expiresIn", OptionOf::kDownload, kWeek},
    Option{"ResponseCacheControl", OptionOf::kDownload},
    Option{"ResponseContentDisposition", OptionOf::kDownload},
    Option{"ResponseContentEncoding", OptionOf::kDownload},
    Option{"ResponseContentLanguage", OptionOf::kDownload},
    Option{"ResponseContentType", OptionOf::kDownload},
    Option{"ResponseExpires", OptionOf::kDownload},
    Option{"PartNumber", OptionOf::kDownload, 10'000},
    Option{"limit", OptionOf::kPage, 1000},
    Option{"cursor", OptionOf::kPage},
};

bool has(const cidl::StoredField& field, const Option& option) {
  return option.of == OptionOf::kDownload ? field.kind == cidl::StoredKind::kR2Download
                                          : field.form == cidl::StoredForm::kPage;
}

bool fits(const Option& option, const pre::ValueNode& value) {
  if (option.largest == 0) return value.form == pre::ValueForm::kString;
  if (value.form != pre::ValueForm::kNumber) return false;
  std::uint32_t number = 0;
  const char* const end = value.text.data() + value.text.size();
  const auto [stopped, problem] = std::from_chars(value.text.data(), end, number);
  return stopped == end && problem == std::errc{} && number >= 1 && number <= option.largest;
}

}  // namespace

std::vector<cidl::IncludeOption> read_include_options(const Reporter& reporter,
                                                      const cidl::StoredField& field,
                                                      const pre::ValueNode& value,
                                                      const std::string& subject) {
  std::vector<std::string_view> names;
  for (const Option& option : kOptions) {
    if (has(field, option)) names.push_back(option.name);
  }
  std::vector<cidl::IncludeOption> result;
  for (const pre::ObjectEntry& entry : value.entries) {
    const Option* found = nullptr;
    for (const Option& option : kOptions) {
      if (option.name == entry.key && has(field, option)) found = &option;
    }
    if (found == nullptr) {
      reporter.report(
          Code::kIncludeOption, entry.span,
          fmt::format(FMT_COMPILE("`{}` has no option `{}`"), subject, entry.key),
          names.empty()
              ? fmt::format(FMT_COMPILE("write `{}: {{}}`: it has no options"), field.name)
              : did_you_mean(
                    names, entry.key,
                    fmt::format(FMT_COMPILE("its options are `{}`"), fmt::join(names, "`, `"))));
      continue;
    }
    if (!fits(*found, entry.value)) {
      reporter.report(
          Code::kIncludeOption, entry.value.span,
          found->largest == 0
              ? fmt::format(FMT_COMPILE("the option `{}` of `{}` is a text"), entry.key, subject)
              : fmt::format(FMT_COMPILE("the option `{}` of `{}` is a whole number from 1 to {}"),
                            entry.key, subject, found->largest),
          "write it out: nothing is computed when compiling");
      continue;
    }
    bool is_new = true;
    for (const cidl::IncludeOption& known : result) is_new = is_new && known.name != entry.key;
    if (is_new) {
      result.push_back({entry.key, entry.value.text});
    } else {
      reporter.report(
          Code::kNameRepeated, entry.span,
          fmt::format(FMT_COMPILE("`{}` has the option `{}` twice"), subject, entry.key),
          "remove one");
    }
  }
  return result;
}

}  // namespace cloesce::sema
