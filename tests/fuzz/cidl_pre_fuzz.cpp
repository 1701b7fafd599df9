// Whatever loads can be analysed, and what has no error is an interface that loads again; findings
// can be rendered over any text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/diagnostic.h"
#include "cidl/load.h"
#include "cidl/save.h"
#include "compile/driver/render.h"
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
  cloesce::driver::SourceMap sources;
  sources.paths = project->files;
  for (std::size_t file = 0; file < project->files.size(); ++file) {
    sources.texts.emplace_back(std::string(text));
  }
  for (const cloesce::Diagnostic& diagnostic : sink.diagnostics()) {
    const std::string rendered =
        cloesce::driver::render(diagnostic, sources, cloesce::driver::Color::kPlain);
    CLOESCE_ASSERT(rendered.find('\x1b') == std::string::npos);
  }
  return 0;
}
