// CIDL types as JSON schemas, for the OpenAPI document.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cidl/find.h"
#include "cidl/model.h"
#include "cidl/write_access.h"
#include "compile/emit/read_only.h"
#include "json/writer.h"

namespace cloesce::emit {

/// How bytes stand in JSON: as base64, or as the number of a part of the form that carries them.
enum class BlobForm : std::uint8_t { kBase64, kIndex };

/// Writes schemas; those of classes as references to components, which `write_components` writes at
/// the end.
class SchemaWriter {
 public:
  /// Borrows both.
  SchemaWriter(json::Writer& json, const cidl::Interface& interface);

  /// The schema of `type` in an answer, as the next value.
  void write(const cidl::Type& type, BlobForm form);

  /// The same in a request, where nothing is read-only.
  void write_request(const cidl::Type& type, BlobForm form, std::string_view fallback = {});

  /// The schema of what a caller may save of a model, as the next value.
  void write_save(const cidl::Model& model);

  /// The member `schemas` with every class, and every variant of one that was referred to.
  void write_components();

 private:
  enum class Completeness : std::uint8_t { kWhole, kPartial };

  enum class Direction : std::uint8_t { kAnswer, kRequest };

  /// A class as one of up to eight components: whole or partial, bytes in base64 or by number, and
  /// in requests without what is read-only, where there is some.
  struct Component {
    std::string class_name;
    Completeness completeness;
    BlobForm form;
    Direction direction;
    std::size_t level = cidl::RelationAccess::kNoLevel;  // of a save: what it may write there
  };

  void name_class(const std::string& class_name);
  [[nodiscard]] std::string component_name(const Component& component) const;
  void write_component_reference(const Component& component);
  void write_level_reference(std::size_t level);
  void write_relation(const cidl::Navigation& navigation, const cidl::RelationAccess& access);
  void write_reference(const std::string& class_name, Completeness completeness, BlobForm form);
  void write_component(const Component& component);
  /// False when the component does not have the member.
  bool write_member(std::string_view name, cidl::Access access, const cidl::Type& type,
                    const Component& component);
  /// The brace of a schema.
  void begin();
  void write_field(const cidl::Type& type, const Component& component);
  /// What of a model is not in a table: key parameters, stored fields, entries and heads.
  void write_stored(const cidl::Model& model, const Component& component,
                    std::vector<std::string_view>& required);
  void write_simple(std::string_view type, std::string_view format = {});
  void write_kv_value(const cidl::Type& type, BlobForm form);
  void write_page(const cidl::Type& type, BlobForm form);
  void write_r2_object();
  void write_r2_download();
  /// The members that both of them have.
  void write_head();
  void write_text_map(std::string_view name);
  void write_required(std::initializer_list<std::string_view> names);
  void write_choices(const std::string& model_name);
  [[nodiscard]] bool holds_blob(const cidl::Type& type,
                                std::set<std::string, std::less<>>& seen) const;

  json::Writer& json_;
  cidl::NameIndex index_;
  ReadOnlyMembers read_only_;
  cidl::WriteAccess access_;
  Direction direction_ = Direction::kAnswer;  // of what is being written
  bool read_only_next_ = false;               // whether the schema that begins next is so
  std::vector<Component> components_;         // in the order they were referred to
  std::set<std::string, std::less<>> component_names_;
  std::map<std::string, std::string, std::less<>> names_of_classes_;
  std::string_view fallback_;  // of the schema that begins next
};

}  // namespace cloesce::emit
