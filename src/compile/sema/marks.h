// The decorators of the source language: their spellings and where they may stand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cidl/model.h"
#include "compile/sema/pre_model.h"

namespace cloesce::sema {

/// What a decorator says, whatever its spelling.
enum class Mark : std::uint8_t {
  kD1,
  kKv,
  kR2,
  kService,
  kPlainObject,
  kEnvironment,
  kCrud,
  kPrimaryKey,
  kUnique,
  kIndex,
  kVersion,
  kForeignKey,
  kOneToOne,
  kOneToMany,
  kManyToMany,
  kDataSource,
  kKeyParameter,
  kHidden,
  kReadOnly,
  kWritable,
  kInject,
  kGet,
  kHead,
  kPost,
  kPut,
  kPatch,
  kDelete,
};

/// What a decorator stands on.
enum class Place : std::uint8_t { kClass = 1, kProperty = 2, kMethod = 4, kParameter = 8 };

/// The mark that `name` spells, without regard to case; nothing for decorators of other libraries.
[[nodiscard]] std::optional<Mark> mark_of(std::string_view name);

/// Whether cloesce/backend exports a decorator of exactly this name.
[[nodiscard]] bool is_exported(std::string_view name);

/// `name` as cloesce/backend exports it: `get` is `GET`. Other names are answered as they are.
[[nodiscard]] std::string_view exported_spelling(std::string_view name);

/// All spellings, for suggestions.
[[nodiscard]] std::span<const std::string_view> all_spellings();

/// The decorator that `name` looks like a misspelling of, empty when there is none.
[[nodiscard]] std::string_view nearest_spelling(std::string_view name);

[[nodiscard]] bool may_stand_on(Mark mark, Place place);

/// How many arguments a decorator takes there at most; nothing where that is not one number.
[[nodiscard]] std::optional<std::size_t> most_arguments(Mark mark, Place place);

/// The verb that a mark stands for.
[[nodiscard]] std::optional<cidl::Verb> verb_of(Mark mark);

/// The first decorator with that mark, nullptr when there is none.
[[nodiscard]] const pre::DecoratorNode* find_mark(const std::vector<pre::DecoratorNode>& decorators,
                                                  Mark mark);

[[nodiscard]] inline bool has_mark(const std::vector<pre::DecoratorNode>& decorators, Mark mark) {
  return find_mark(decorators, mark) != nullptr;
}

}  // namespace cloesce::sema
