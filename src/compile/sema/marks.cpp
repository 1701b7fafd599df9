// One table of spellings.
#include "compile/sema/marks.h"

#include <array>
#include <cstddef>

#include "base/ascii.h"

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
    Spelling{"Unique", Mark::kUnique, only(Place::kProperty)},
    Spelling{"Index", Mark::kIndex, only(Place::kProperty)},
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

std::string_view spelling_of(Mark mark) { return first_of(mark).text; }

std::span<const std::string_view> all_spellings() { return kTexts; }

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
