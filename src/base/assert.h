// CLOESCE_ASSERT: stops at a broken invariant of our own. Bad input is a Result, never an assert.
#pragma once

/// Traps when `condition` is false, in every build type, without printing: the core has no output,
/// and a trap inside wasm reaches the shim, which answers 500 and rebuilds the instance.
#define CLOESCE_ASSERT(condition)  \
  do {                             \
    if (!(condition)) [[unlikely]] \
      __builtin_trap();            \
  } while (false)
