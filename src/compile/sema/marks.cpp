// One table of spellings.
#include "compile/sema/marks.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/ascii.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

constexpr std::uint8_t operator|(Place left, Place right) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(left) | static_cast<unsigned>(right));
}
constexpr std::uint8_t only(Place place) { return static_cast<std::uint8_t>(place); }

struct Spelling {
  std::string_view text;
  Mark mark;
  std::uint8_t places;
};

// The first spelling of a mark is the one that messages use.
constexpr std::array kSpellings = {
    Spelling{"D1", Mark::kD1, only(Place::kClass)},
    Spelling{"Model", Mark::kD1, only(Place::kClass)},
    Spelling{"KV", Mark::kKv, Place::kClass | Place::kProperty},
    Spelling{"R2", Mark::kR2, Place::kClass | Place::kProperty},
    Spelling{"Service", Mark::kService, only(Place::kClass)},
    Spelling{"PlainOldObject", Mark::kPlainObject, only(Place::kClass)},
    Spelling{"POO", Mark::kPlainObject, only(Place::kClass)},
    Spelling{"WranglerEnv", Mark::kEnvironment, only(Place::kClass)},
    Spelling{"CRUD", Mark::kCrud, only(Place::kClass)},
    Spelling{"PrimaryKey", Mark::kPrimaryKey, only(Place::kProperty)},
    Spelling{"Unique", Mark::kUnique, Place::kClass | Place::kProperty},
    Spelling{"Index", Mark::kIndex, Place::kClass | Place::kProperty},
    Spelling{"Version", Mark::kVersion, only(Place::kProperty)},
    Spelling{"ForeignKey", Mark::kForeignKey, only(Place::kProperty)},
    Spelling{"OneToOne", Mark::kOneToOne, only(Place::kProperty)},
    Spelling{"OneToMany", Mark::kOneToMany, only(Place::kProperty)},
    Spelling{"ManyToMany", Mark::kManyToMany, only(Place::kProperty)},
    Spelling{"DataSource", Mark::kDataSource, only(Place::kProperty)},
    Spelling{"KeyParam", Mark::kKeyParameter, only(Place::kProperty)},
    Spelling{"Hidden", Mark::kHidden, only(Place::kProperty)},
    Spelling{"ReadOnly", Mark::kReadOnly, only(Place::kProperty)},
    Spelling{"Writable", Mark::kWritable, only(Place::kProperty)},
    Spelling{"Inject", Mark::kInject, Place::kProperty | Place::kParameter},
    Spelling{"GET", Mark::kGet, only(Place::kMethod)},
    Spelling{"HEAD", Mark::kHead, only(Place::kMethod)},
    Spelling{"POST", Mark::kPost, only(Place::kMethod)},
    Spelling{"PUT", Mark::kPut, only(Place::kMethod)},
    Spelling{"PATCH", Mark::kPatch, only(Place::kMethod)},
    Spelling{"DELETE", Mark::kDelete, only(Place::kMethod)},
};

// The second names of the verbs.
constexpr std::array<std::string_view, 6> kVerbsInWords = {"Get", "Head",  "Post",
                                                           "Put", "Patch", "Delete"};

constexpr auto kTexts = [] {
  std::array<std::string_view, kSpellings.size()> texts{};
  for (std::size_t index = 0; index < texts.size(); ++index) texts[index] = kSpellings[index].text;
  return texts;
}();

const Spelling& first_of(Mark mark) {
  for (const Spelling& spelling : kSpellings) {
    if (spelling.mark == mark) return spelling;
  }
  return kSpellings.front();
}

}  // namespace

std::optional<Mark> mark_of(std::string_view name) {
  for (const Spelling& spelling : kSpellings) {
    if (same_but_for_case(spelling.text, name)) return spelling.mark;
  }
  return std::nullopt;
}

bool is_exported(std::string_view name) {
  const auto exactly = [name](std::string_view text) { return text == name; };
  return std::any_of(kTexts.begin(), kTexts.end(), exactly) ||
         std::any_of(kVerbsInWords.begin(), kVerbsInWords.end(), exactly);
}

std::string_view exported_spelling(std::string_view name) {
  if (is_exported(name)) return name;
  for (const std::string_view text : kTexts) {
    if (same_but_for_case(text, name)) return text;
  }
  return name;
}

std::span<const std::string_view> all_spellings() { return kTexts; }

std::string_view nearest_spelling(std::string_view name) {
  const std::string_view nearest = nearest_name(kTexts, name);
  // Most words of four letters are close to another one.
  const bool is_short = name.size() <= 4;
  return nearest.empty() || (is_short && to_lower(nearest.front()) != to_lower(name.front()))
             ? std::string_view()
             : nearest;
}

std::optional<std::size_t> most_arguments(Mark mark, Place place) {
  switch (mark) {
    case Mark::kUnique:
    case Mark::kIndex:
      if (place == Place::kClass) return std::nullopt;
      return 0;
    case Mark::kD1:
    case Mark::kForeignKey:
    case Mark::kManyToMany:
      return 1;
    case Mark::kKv:
    case Mark::kR2:
      return 2;
    case Mark::kService:
    case Mark::kPlainObject:
    case Mark::kEnvironment:
    case Mark::kPrimaryKey:
    case Mark::kVersion:
    case Mark::kDataSource:
    case Mark::kKeyParameter:
    case Mark::kInject:
      return 0;
    default:
      return std::nullopt;
  }
}

bool may_stand_on(Mark mark, Place place) { return (first_of(mark).places & only(place)) != 0; }

std::optional<cidl::Verb> verb_of(Mark mark) {
  switch (mark) {
    case Mark::kGet:
      return cidl::Verb::kGet;
    case Mark::kHead:
      return cidl::Verb::kHead;
    case Mark::kPost:
      return cidl::Verb::kPost;
    case Mark::kPut:
      return cidl::Verb::kPut;
    case Mark::kPatch:
      return cidl::Verb::kPatch;
    case Mark::kDelete:
      return cidl::Verb::kDelete;
    default:
      return std::nullopt;
  }
}

const pre::DecoratorNode* find_mark(const std::vector<pre::DecoratorNode>& decorators, Mark mark) {
  for (const pre::DecoratorNode& decorator : decorators) {
    if (mark_of(decorator.name) == mark) return &decorator;
  }
  return nullptr;
}

}  // namespace cloesce::sema
