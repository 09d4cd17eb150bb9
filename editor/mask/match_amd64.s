#include "textflag.h"

// Rows of ·matchFactors, 32 bytes each.
#define LEVELS (0*32)(AX)
#define PAIRS (1*32)(AX)
#define NUMBERS (2*32)(AX)
#define PLACES (3*32)(AX)

// WORDS looks up four words of cells, whose numbers are two each in A and B. A gather would
// be slower on processors whose microcode guards it.
#define WORDS(A, B, TO) \
	MOVL A, R15; \
	SHRQ $32, A; \
	VMOVD (DX)(R15*4), TO; \
	VPINSRD $1, (DX)(A*4), TO, TO; \
	MOVL B, R15; \
	SHRQ $32, B; \
	VPINSRD $2, (DX)(R15*4), TO, TO; \
	VPINSRD $3, (DX)(B*4), TO, TO

// func matchWords(in, mixed *uint64, pix *byte, n int, cells *uint32, below, above int32)
TEXT ·matchWords(SB), NOSPLIT, $0-48
	MOVQ in+0(FP), DI
	MOVQ mixed+8(FP), SI
	MOVQ pix+16(FP), BX
	MOVQ n+24(FP), CX
	MOVQ cells+32(FP), DX
	VBROADCASTSS below+40(FP), Y8
	VBROADCASTSS above+44(FP), Y9
	LEAQ ·matchFactors(SB), AX
	VMOVDQU LEVELS, Y10
	VMOVDQU PAIRS, Y11
	VMOVDQU NUMBERS, Y12
	VMOVDQU PLACES, Y13

word:
	MOVQ $8, R8
	XORQ R10, R10
	XORQ R11, R11

pixels:
	VMOVDQU (BX), Y0
	VPSRLD $24, Y0, Y1
	VPCMPGTD Y8, Y1, Y2
	VPCMPGTD Y1, Y9, Y3
	VPAND Y3, Y2, Y2 // the lanes whose alpha is within the limits

	// A cell's number: its word, and its place in that.
	VPAND Y10, Y0, Y0
	VPMADDUBSW Y11, Y0, Y0
	VPMADDWD Y12, Y0, Y0
	VPSRLD $7, Y0, Y1
	VPSRLD $2, Y0, Y0
	VPAND Y13, Y0, Y0
	VEXTRACTI128 $1, Y1, X3
	VMOVQ X1, R12
	VMOVQ X3, R13
	VPEXTRQ $1, X1, R14
	VPEXTRQ $1, X3, R9
	WORDS(R12, R14, X4)
	WORDS(R13, R9, X5)
	VINSERTI128 $1, X5, Y4, Y4
	VPSRLVD Y0, Y4, Y4
	VPAND Y2, Y4, Y4

	VPSLLD $31, Y4, Y5
	VPSLLD $30, Y4, Y6
	VMOVMSKPS Y5, R12
	VMOVMSKPS Y6, R13
	SHLQ $56, R12
	SHLQ $56, R13
	SHRQ $8, R10
	SHRQ $8, R11
	ORQ R12, R10
	ORQ R13, R11
	ADDQ $32, BX
	DECQ R8
	JNZ pixels

	MOVQ R10, (DI)
	MOVQ R11, (SI)
	ADDQ $8, DI
	ADDQ $8, SI
	DECQ CX
	JNZ word
	VZEROUPPER
	RET
