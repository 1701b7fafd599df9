// URL paths taken apart as far as a prefix needs it.
#include "compile/sema/route_prefix.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

namespace cloesce::sema {
namespace {

constexpr std::string_view kDefaultPrefix = "api";

std::string_view trim_slashes(std::string_view path) {
  while (!path.empty() && path.front() == '/') path.remove_prefix(1);
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  return path;
}

// Segments are compared with the request's path as they are, so nothing may need an escape.
bool is_path(std::string_view path) {
  const bool plain = std::all_of(path.begin(), path.end(), [](char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte > 0x20 && byte < 0x7F &&
           std::string_view("?#%\\\"<>`{}|^").find(character) == std::string_view::npos;
  });
  if (!plain || path.find("//") != std::string_view::npos) return false;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    if (segment == "." || segment == "..") return false;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return true;
}

// The path of an absolute http URL, without query and fragment.
std::optional<std::string_view> path_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  const std::string_view name = url.substr(0, scheme);
  if (name != "http" && name != "https") return std::nullopt;
  std::string_view rest = url.substr(scheme + 3);
  rest = rest.substr(0, std::min(rest.find_first_of("?#"), rest.size()));
  const std::size_t host = std::min(rest.find('/'), rest.size());
  if (host == 0) return std::nullopt;
  return rest.substr(host);
}

}  // namespace

std::string route_prefix_of(const pre::Project& project, const Reporter& reporter) {
  std::optional<std::string_view> path;
  if (!project.workers_url.empty()) {
    path = path_of(project.workers_url);
    if (path && !is_path(trim_slashes(*path))) path.reset();
    if (!path) {
      reporter.report(
          Code::kWorkersUrlInvalid, std::nullopt,
          fmt::format(FMT_COMPILE("the workersUrl `{}` is not a URL"), project.workers_url),
          "write it in cloesce.config.json as in \"http://localhost:8787/api\"");
    }
  }
  if (project.app && project.app->route_prefix) {
    const std::string_view prefix = trim_slashes(*project.app->route_prefix);
    if (is_path(prefix)) return std::string(prefix);
    reporter.report(
        Code::kRoutePrefixInvalid, project.app->span,
        fmt::format(FMT_COMPILE("the routePrefix `{}` is not a path"), *project.app->route_prefix),
        "write plain segments with slashes between them, as in \"api/v1\"");
  }
  const std::string_view prefix = path ? trim_slashes(*path) : std::string_view{};
  return std::string(prefix.empty() ? kDefaultPrefix : prefix);
}

}  // namespace cloesce::sema
