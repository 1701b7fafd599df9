// What the project's wrangler file must hold.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cidl/model.h"

namespace cloesce::emit {

/// The platform behaviour that generated workers are written for.
inline constexpr std::string_view kCompatibilityDate = "2026-11-01";

/// Both folders are relative to the project root.
struct WranglerOptions {
  std::string out_dir;
  std::string migrations_dir;
};

/// A bucket that the project's wrangler file has already.
struct KnownBucket {
  std::string binding;
  std::string name;
};

/// Gives every R2 binding the name of its bucket: the one that is there, or `<worker>-<binding>` as
/// R2 accepts it.
void name_buckets(cidl::Interface& interface, const std::vector<KnownBucket>& known);

/// A JSON object with `name`, `main`, `compatibility_date`, `d1_databases`, `kv_namespaces`,
/// `r2_buckets`, `vars` and `secrets`; lists without an entry are empty. Names are ones that
/// Cloudflare accepts, and differ within their list. With several databases each has its own folder
/// of migrations, named after its binding.
[[nodiscard]] std::string wrangler_requirements(const cidl::Interface& interface,
                                                const WranglerOptions& options);

}  // namespace cloesce::emit
