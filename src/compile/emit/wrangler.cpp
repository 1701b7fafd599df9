// Names for the worker and its resources, and the bindings to them.
#include "compile/emit/wrangler.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/byte_buffer.h"
#include "json/writer.h"

namespace cloesce::emit {
namespace {

/// Worker and bucket names are DNS labels of at most 63 characters; room is left for a number.
constexpr std::size_t kNameLength = 60;

/// `text` as a DNS label: lower case, digits and inner single hyphens. May be empty.
std::string label(std::string_view text, std::size_t length) {
  std::string result;
  for (const char character : text) {
    if (is_letter(character) || is_digit(character)) {
      result.push_back(to_lower(character));
    } else if (!result.empty() && result.back() != '-') {
      result.push_back('-');
    }
  }
  if (result.size() > length) result.resize(length);
  while (!result.empty() && result.back() == '-') result.pop_back();
  return result;
}

std::string worker_name(const cidl::Interface& interface) {
  std::string name = label(interface.name, kNameLength);
  return name.empty() ? "cloesce-app" : name;
}

/// Names of resources: `<worker>-<binding>`, made different where bindings differ in case or signs
/// only.
class ResourceNames {
 public:
  explicit ResourceNames(std::string_view worker) : worker_(worker) {}

  std::string name(std::string_view binding) {
    // The binding tells resources apart, so the worker's name is what gives way.
    const std::string suffix = label(binding, kNameLength / 2);
    std::string name = worker_.substr(0, kNameLength - 1 - suffix.size());
    if (!suffix.empty()) name.append("-").append(suffix);
    std::string unique = label(name, kNameLength);
    for (std::size_t number = 2; !taken_.insert(unique).second; ++number) {
      unique = name + "-" + std::to_string(number);
    }
    return unique;
  }

 private:
  std::string worker_;
  std::set<std::string, std::less<>> taken_;
};

std::vector<std::string_view> bindings_of(const cidl::Interface& interface,
                                          cidl::BindingKind kind) {
  std::vector<std::string_view> names;
  if (!interface.environment) return names;
  for (const cidl::Binding& binding : interface.environment->bindings) {
    if (binding.kind == kind) names.push_back(binding.name);
  }
  return names;
}

void member(json::Writer& json, std::string_view name, std::string_view value) {
  json.key(name).string(value);
}

void write_databases(json::Writer& json, const cidl::Interface& interface,
                     const WranglerOptions& options, std::string_view worker) {
  const auto bindings = bindings_of(interface, cidl::BindingKind::kD1);
  ResourceNames names(worker);
  json.key("d1_databases").begin_array();
  for (const std::string_view binding : bindings) {
    const std::string name = names.name(binding);
    std::string folder = options.migrations_dir;
    if (bindings.size() > 1) folder.append("/").append(binding);
    json.begin_object();
    member(json, "binding", binding);
    member(json, "database_name", name);
    member(json, "database_id", "local-" + name);
    member(json, "migrations_dir", folder);
    json.end_object();
  }
  json.end_array();
}

void write_namespaces(json::Writer& json, const cidl::Interface& interface) {
  json.key("kv_namespaces").begin_array();
  for (const std::string_view binding : bindings_of(interface, cidl::BindingKind::kKv)) {
    json.begin_object();
    member(json, "binding", binding);
    member(json, "id", "local-" + std::string(binding));
    json.end_object();
  }
  json.end_array();
}

void write_buckets(json::Writer& json, const cidl::Interface& interface) {
  json.key("r2_buckets").begin_array();
  const std::vector<cidl::Binding> none;
  for (const cidl::Binding& binding :
       interface.environment ? interface.environment->bindings : none) {
    if (binding.kind != cidl::BindingKind::kR2) continue;
    json.begin_object();
    member(json, "binding", binding.name);
    member(json, "bucket_name", binding.bucket);
    json.end_object();
  }
  json.end_array();
}

enum class Secrecy : std::uint8_t { kPublic, kSecret };

Secrecy secrecy(cidl::VariableKind kind) {
  switch (kind) {
    case cidl::VariableKind::kText:
    case cidl::VariableKind::kR2Endpoint:
      return Secrecy::kPublic;
    case cidl::VariableKind::kR2AccessKeyId:
    case cidl::VariableKind::kR2SecretAccessKey:
      return Secrecy::kSecret;
  }
  return Secrecy::kSecret;
}

void write_variables(json::Writer& json, const cidl::Interface& interface) {
  const std::vector<cidl::Variable> none;
  const auto& variables = interface.environment ? interface.environment->variables : none;
  json.key("vars").begin_object();
  for (const cidl::Variable& variable : variables) {
    if (secrecy(variable.kind) == Secrecy::kPublic) member(json, variable.name, "");
  }
  json.end_object();
  json.key("secrets").begin_array();
  for (const cidl::Variable& variable : variables) {
    if (secrecy(variable.kind) == Secrecy::kSecret) json.string(variable.name);
  }
  json.end_array();
}

}  // namespace

void name_buckets(cidl::Interface& interface, const std::vector<KnownBucket>& known) {
  if (!interface.environment) return;
  ResourceNames names(worker_name(interface));
  for (cidl::Binding& binding : interface.environment->bindings) {
    if (binding.kind != cidl::BindingKind::kR2) continue;
    const auto found = std::find_if(known.begin(), known.end(), [&](const KnownBucket& bucket) {
      return bucket.binding == binding.name;
    });
    binding.bucket = found != known.end() ? found->name : names.name(binding.name);
    // R2's names have at least three characters.
    if (found == known.end() && binding.bucket.size() < 3) binding.bucket.append("-bucket");
  }
}

std::string wrangler_requirements(const cidl::Interface& interface,
                                  const WranglerOptions& options) {
  Arena arena;
  ByteBuffer out(arena);
  json::Writer json(out, json::Layout::kIndented);
  const std::string worker = worker_name(interface);
  json.begin_object();
  member(json, "name", worker);
  member(json, "main", options.out_dir.empty() ? "workers.ts" : options.out_dir + "/workers.ts");
  member(json, "compatibility_date", kCompatibilityDate);
  write_databases(json, interface, options, worker);
  write_namespaces(json, interface);
  write_buckets(json, interface);
  write_variables(json, interface);
  json.end_object();
  return std::string(out.view());
}

}  // namespace cloesce::emit
