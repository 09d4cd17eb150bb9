#include "textflag.h"

// Rows of ·halveFactors, 32 bytes each.
#define NEIGHBOURS (0*32)(AX)
#define ONES (1*32)(AX)
#define TWOS (2*32)(AX)
#define ALPHAS (3*32)(AX)

// func halveOpaque(dst, row0, row1 *byte, n int) int
TEXT ·halveOpaque(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ row0+8(FP), SI
	MOVQ row1+16(FP), BX
	MOVQ n+24(FP), CX
	LEAQ ·halveFactors(SB), AX
	VMOVDQU NEIGHBOURS, Y8
	VMOVDQU ONES, Y9
	VMOVDQU TWOS, Y10
	VMOVDQU ALPHAS, Y11
	XORQ R8, R8
	SUBQ $8, CX
	JLT done

pixels:
	VMOVDQU (SI)(R8*8), Y0
	VMOVDQU 32(SI)(R8*8), Y1
	VMOVDQU (BX)(R8*8), Y2
	VMOVDQU 32(BX)(R8*8), Y3
	VPAND Y0, Y1, Y4
	VPAND Y2, Y3, Y5
	VPAND Y4, Y5, Y4
	VPTEST Y11, Y4 // sets carry where all alphas are 255
	JCC done

	// The channels of two neighbours side by side, added.
	VPSHUFB Y8, Y0, Y0
	VPSHUFB Y8, Y1, Y1
	VPSHUFB Y8, Y2, Y2
	VPSHUFB Y8, Y3, Y3
	VPMADDUBSW Y9, Y0, Y0
	VPMADDUBSW Y9, Y1, Y1
	VPMADDUBSW Y9, Y2, Y2
	VPMADDUBSW Y9, Y3, Y3
	VPADDW Y2, Y0, Y0
	VPADDW Y3, Y1, Y1
	VPADDW Y10, Y0, Y0
	VPADDW Y10, Y1, Y1
	VPSRLW $2, Y0, Y0
	VPSRLW $2, Y1, Y1
	VPACKUSWB Y1, Y0, Y0
	VPERMQ $0xd8, Y0, Y0
	VMOVDQU Y0, (DI)(R8*4)
	ADDQ $8, R8
	CMPQ R8, CX
	JLE pixels

done:
	MOVQ R8, ret+32(FP)
	VZEROUPPER
	RET
