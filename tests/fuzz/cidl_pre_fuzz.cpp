// Whatever loads can be analysed, and what has no error is an interface that loads again; findings
// can be rendered over any text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "base/diagnostic.h"
#include "base/diagnostic_render.h"
#include "cidl/load.h"
#include "cidl/save.h"
#include "compile/sema/analyse.h"
#include "compile/sema/pre_load.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto project = cloesce::sema::load_pre(text);
  if (!project.ok()) return 0;
  cloesce::DiagnosticSink sink;
  const cloesce::cidl::Interface interface = cloesce::sema::analyse(*project, sink);
  if (sink.errors() == 0) {
    const auto loaded = cloesce::cidl::load(cloesce::cidl::save(interface));
    CLOESCE_ASSERT(loaded.ok());
    CLOESCE_ASSERT(*loaded == interface);
  }
  std::vector<cloesce::SourceFile> files;
  for (const std::string& path : project->files) files.push_back({path, text});
  (void)cloesce::render(sink.diagnostics(), files);
  return 0;
}
