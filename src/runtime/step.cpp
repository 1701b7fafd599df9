// Making a step.
#include "runtime/step.h"

namespace cloesce::runtime {

Step* new_step(Arena& arena, StepKind kind, std::string_view text, std::uint32_t status) {
  Step* const step = arena.make<Step>();
  step->kind = kind;
  step->text = text;
  step->status = status;
  return step;
}

}  // namespace cloesce::runtime
