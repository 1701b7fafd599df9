// Snapshots of Cloesce 0.0.5: how they are read, and what its databases need first.
//
//   { "hash": 7, "models": { "Horse": {
//       "name": "Horse",
//       "primary_key": { "name": "id", "cidl_type": "Integer" },
//       "attributes": [ { "value": { "name": "age", "cidl_type": { "Nullable": "Integer" } },
//                         "foreign_key_reference": null } ],
//       "navigation_properties": [ { "var_name": "fields", "model_name": "Field",
//                                    "kind": { "ManyToMany": { "unique_id": "HorseField" } } } ],
//       "data_sources": { "withFields": { "name": "withFields", … } } } } }
//
// Every foreign key of that release is ON DELETE RESTRICT, a junction's columns are called
// `Horse.id` and `Field.id`, and each data source is a view `Horse.withFields`.
#pragma once

#include <string>
#include <vector>

#include "compile/migrate/member_reader.h"
#include "compile/migrate/schema.h"
#include "compile/migrate/step.h"

namespace cloesce::migrate {

/// Reads the member `models`. False, with the model and the member in the path, for what this
/// release has no table for.
class EarlierReader : public MemberReader {
 public:
  bool read_models(const json::Value& json, const std::string& path, Schema& schema);

 private:
  struct Link {
    std::string junction;
    std::string left;
    std::string right;
    std::string path;
  };

  bool read_model(const json::Value& json, const std::string& path, Schema& schema);
  bool read_attribute(const json::Value& json, const std::string& path, Table& table);
  bool read_value(const json::Value& json, const std::string& path, Column& column);
  bool read_type(const json::Value& json, const std::string& path, Column& column);
  bool read_navigation(const json::Value& json, const std::string& path, const std::string& model);
  bool resolve_references(Schema& schema, const std::string& path);
  bool add_junctions(Schema& schema);

  std::vector<Link> links_;
};

/// Drops the views, and renames a junction's columns to what `after` calls them: in `before`, and
/// as steps.
void adopt_earlier(Schema& before, const Schema& after, std::vector<Step>& steps);

}  // namespace cloesce::migrate
