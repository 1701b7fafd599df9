// A model in the making: what is known so far, and where in the source each part stands.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cidl/model.h"
#include "compile/sema/class_table.h"
#include "compile/sema/pre_model.h"

namespace cloesce::sema {

/// Columns of one model that together reference a key of another, as indices into its columns, and
/// the column of `target` that each of them references. A column may be part of several keys.
struct ForeignKey {
  std::string target;
  std::vector<std::size_t> columns;
  std::vector<std::string> parts;
};

struct ModelDraft {
  const ClassEntry* entry = nullptr;
  cidl::Model model;
  std::vector<const pre::PropertyNode*> column_nodes;    // of model.columns, same order
  std::vector<const pre::PropertyNode*> relation_nodes;  // properties with a relation's decorator
  std::vector<const pre::PropertyNode*> stored_nodes;    // of model.stored, same order
  std::vector<ForeignKey> foreign_keys;
  /// Whether a history is wanted, even one that cannot be.
  bool asks_for_history = false;
  /// Members that were reported. What refers to them is not reported again.
  std::vector<std::string_view> broken;

  [[nodiscard]] const pre::ClassNode& node() const { return *entry->node; }
  [[nodiscard]] bool is_broken(std::string_view name) const {
    return std::find(broken.begin(), broken.end(), name) != broken.end();
  }
  [[nodiscard]] std::optional<std::size_t> column_index(std::string_view name) const {
    for (std::size_t index = 0; index < model.columns.size(); ++index) {
      if (model.columns[index].name == name) return index;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::vector<std::string_view> column_names() const {
    std::vector<std::string_view> names;
    for (const cidl::Column& column : model.columns) names.push_back(column.name);
    return names;
  }
  [[nodiscard]] const pre::PropertyNode* property(std::string_view name) const {
    for (const pre::PropertyNode& property : node().properties) {
      if (property.name == name && property.placement == pre::Placement::kInstance) {
        return &property;
      }
    }
    return nullptr;
  }
};

/// The draft of that model, nullptr when there is none.
[[nodiscard]] inline ModelDraft* find_draft(std::vector<ModelDraft>& drafts,
                                            std::string_view name) {
  for (ModelDraft& draft : drafts) {
    if (draft.model.name == name) return &draft;
  }
  return nullptr;
}

}  // namespace cloesce::sema
