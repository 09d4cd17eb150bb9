#include "textflag.h"

// Rows of ·colourFactors, 32 bytes each.
#define LUMA (0*32)(AX)
#define REDCR (1*32)(AX)
#define GREENCB (2*32)(AX)
#define GREENCR (3*32)(AX)
#define BLUECB (4*32)(AX)
#define REDOFFSET (5*32)(AX)
#define GREENOFFSET (6*32)(AX)
#define BLUEOFFSET (7*32)(AX)
#define ALPHA (8*32)(AX)
#define FOURS (9*32)(AX)

// func ycbcrPixels(dst, ys *byte, cb, cr *uint16, n int)
TEXT ·ycbcrPixels(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ ys+8(FP), SI
	MOVQ cb+16(FP), BX
	MOVQ cr+24(FP), DX
	MOVQ n+32(FP), CX
	LEAQ ·colourFactors(SB), AX
	VMOVDQU LUMA, Y8
	VMOVDQU REDCR, Y9
	VMOVDQU GREENCB, Y10
	VMOVDQU GREENCR, Y11
	VMOVDQU BLUECB, Y12
	VMOVDQU REDOFFSET, Y13
	VMOVDQU GREENOFFSET, Y14
	VMOVDQU BLUEOFFSET, Y15
	SUBQ $8, CX // the last place where eight pixels are left
	XORQ R8, R8

pixels:
	VPMOVZXBD (SI)(R8*1), Y0
	VPMOVZXWD (BX)(R8*2), Y1
	VPMOVZXWD (DX)(R8*2), Y2
	VPMULLD Y8, Y0, Y0
	VPMULLD Y9, Y2, Y3
	VPMULLD Y10, Y1, Y4
	VPMULLD Y11, Y2, Y2
	VPMULLD Y12, Y1, Y1
	VPADDD Y13, Y0, Y5
	VPADDD Y14, Y0, Y6
	VPADDD Y15, Y0, Y0
	VPADDD Y3, Y5, Y5 // red
	VPSUBD Y4, Y6, Y6
	VPSUBD Y2, Y6, Y6 // green
	VPADDD Y1, Y0, Y0 // blue
	VPSRAD $21, Y5, Y5
	VPSRAD $21, Y6, Y6
	VPSRAD $21, Y0, Y0

	// The channels are clamped to bytes as they are packed, four of one
	// channel after the other, then brought together.
	VPACKSSDW Y6, Y5, Y5
	VPACKSSDW ALPHA, Y0, Y0
	VPACKUSWB Y0, Y5, Y5
	VPSHUFB FOURS, Y5, Y5
	VMOVDQU Y5, (DI)(R8*4)
	ADDQ $8, R8
	CMPQ R8, CX
	JLE pixels

	// What is left is less than eight pixels: the last eight once more.
	SUBQ $8, R8
	CMPQ R8, CX
	JEQ done
	MOVQ CX, R8
	JMP pixels

done:
	VZEROUPPER
	RET

// SUM adds three times the samples at P to those at Q, OFFSET samples on.
#define SUM(P, Q, OFFSET, TO, T) \
	VPMOVZXBW OFFSET(P)(R8*1), TO; \
	VPMOVZXBW OFFSET(Q)(R8*1), T; \
	VPADDW TO, T, T; \
	VPADDW TO, TO, TO; \
	VPADDW T, TO, TO

// func chromaSums(to *uint16, near, far *byte, n int)
TEXT ·chromaSums(SB), NOSPLIT, $0-32
	MOVQ to+0(FP), DI
	MOVQ near+8(FP), SI
	MOVQ far+16(FP), BX
	MOVQ n+24(FP), CX
	SUBQ $16, CX
	XORQ R8, R8

sums:
	SUM(SI, BX, 0, Y0, Y1)
	VPSLLW $3, Y0, Y0
	VMOVDQU Y0, (DI)(R8*2)
	ADDQ $16, R8
	CMPQ R8, CX
	JLE sums
	SUBQ $16, R8
	CMPQ R8, CX
	JEQ done
	MOVQ CX, R8
	JMP sums

done:
	VZEROUPPER
	RET

// func chromaDoubled(to *uint16, near, far *byte, n int)
TEXT ·chromaDoubled(SB), NOSPLIT, $0-32
	MOVQ to+0(FP), DI
	MOVQ near+8(FP), SI
	MOVQ far+16(FP), BX
	MOVQ n+24(FP), CX
	SUBQ $16, CX
	XORQ R8, R8

doubled:
	SUM(SI, BX, 0, Y0, Y1)
	SUM(SI, BX, -1, Y2, Y3)
	SUM(SI, BX, 1, Y4, Y5)
	VPADDW Y0, Y0, Y1
	VPADDW Y1, Y0, Y0
	VPADDW Y0, Y2, Y2
	VPADDW Y0, Y4, Y4
	VPADDW Y2, Y2, Y2 // left pixels: six parts of their sample, two of the one before
	VPADDW Y4, Y4, Y4 // right pixels
	VPUNPCKLWD Y4, Y2, Y0
	VPUNPCKHWD Y4, Y2, Y1
	VPERM2I128 $0x20, Y1, Y0, Y2
	VPERM2I128 $0x31, Y1, Y0, Y3
	VMOVDQU Y2, (DI)(R8*4)
	VMOVDQU Y3, 32(DI)(R8*4)
	ADDQ $16, R8
	CMPQ R8, CX
	JLE doubled
	SUBQ $16, R8
	CMPQ R8, CX
	JEQ done
	MOVQ CX, R8
	JMP doubled

done:
	VZEROUPPER
	RET
