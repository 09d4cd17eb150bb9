package mask

import "golang.org/x/sys/cpu"

// avx2 reports that the processor has the instructions of this package's functions
// in assembly.
var avx2 = cpu.X86.HasAVX2
