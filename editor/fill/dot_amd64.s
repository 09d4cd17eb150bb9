#include "go_asm.h"
#include "textflag.h"

// A row has 7 pixels of 4 bytes. It is read as the first 16 bytes and the last 16, so that
// nothing behind it is touched; its pixel in the middle is in both, and counts once.

// WIDEN stores the words of the row at SI.
#define WIDEN(at) \
	VPMOVZXBW (SI), Y0; \
	VPMOVZXBW 12(SI), Y1; \
	VPBLENDD $3, Y2, Y1, Y1; \
	VMOVDQU Y0, at(DI); \
	VMOVDQU Y1, (at+32)(DI); \
	ADDQ DX, SI

// func widen(to *words, rows *uint32, stride int)
TEXT ·widen(SB), NOSPLIT, $0-24
	MOVQ to+0(FP), DI
	MOVQ rows+8(FP), SI
	MOVQ stride+16(FP), DX
	SHLQ $2, DX
	VPXOR Y2, Y2, Y2
	WIDEN(0)
	WIDEN(64)
	WIDEN(128)
	WIDEN(192)
	WIDEN(256)
	WIDEN(320)
	WIDEN(384)
	VZEROUPPER
	RET

// ADDLANES replaces X0 by the sum of the eight lanes of Y0, in its first lane, and uses X1.
#define ADDLANES \
	VEXTRACTI128 $1, Y0, X1; \
	VPADDD X1, X0, X0; \
	VPSHUFD $0x4e, X0, X1; \
	VPADDD X1, X0, X0; \
	VPSHUFD $0xb1, X0, X1; \
	VPADDD X1, X0, X0

// PRODUCTS adds the products of the row at SI to Y0 and Y1.
#define PRODUCTS(at) \
	ADDQ DX, SI; \
	VPMOVZXBW (SI), Y2; \
	VPMOVZXBW 12(SI), Y3; \
	VPMADDWD at(DI), Y2, Y2; \
	VPMADDWD (at+32)(DI), Y3, Y3; \
	VPADDD Y2, Y0, Y0; \
	VPADDD Y3, Y1, Y1

// func dotWords(w *words, rows *uint32, stride int) uint32
TEXT ·dotWords(SB), NOSPLIT, $0-28
	MOVQ w+0(FP), DI
	MOVQ rows+8(FP), SI
	MOVQ stride+16(FP), DX
	SHLQ $2, DX
	VPMOVZXBW (SI), Y0
	VPMOVZXBW 12(SI), Y1
	VPMADDWD (DI), Y0, Y0
	VPMADDWD 32(DI), Y1, Y1
	PRODUCTS(64)
	PRODUCTS(128)
	PRODUCTS(192)
	PRODUCTS(256)
	PRODUCTS(320)
	PRODUCTS(384)
	VPADDD Y1, Y0, Y0
	ADDLANES
	VMOVD X0, AX
	MOVL AX, ret+24(FP)
	VZEROUPPER
	RET

// func distanceWords(f *fragment, pix, tex, sq *uint32, stride int, limit float32) float32
TEXT ·distanceWords(SB), NOSPLIT, $0-52
	MOVQ f+0(FP), DI
	MOVQ pix+8(FP), SI
	MOVQ tex+16(FP), BX
	MOVQ sq+24(FP), DX
	MOVQ stride+32(FP), R8
	SHLQ $2, R8
	LEAQ (fragment_pix+target_words)(DI), R9
	LEAQ (fragment_tex+target_words)(DI), R10
	LEAQ fragment_mask(DI), R11
	LEAQ fragment_norm(DI), R12
	LEAQ fragment_some(DI), R13
	VMOVSS fragment_scale(DI), X13
	VMOVSS limit+40(FP), X14
	MOVL $0x3f800000, AX // 1
	VMOVD AX, X15
	VMOVAPS X15, X9
	VPXOR Y8, Y8, Y8 // the sum of the squares less twice the products
	XORL CX, CX // the sum of the target's squares
	MOVL $const_side, AX

row:
	CMPB (R13), $0
	JEQ next
	VMOVDQU (R11), Y4
	VPMASKMOVD (DX), Y4, Y5
	VPMOVZXBW (SI), Y0
	VPMOVZXBW 12(SI), Y1
	VPMADDWD (R9), Y0, Y0
	VPMADDWD 32(R9), Y1, Y1
	VPADDD Y1, Y0, Y0
	TESTQ BX, BX
	JEQ added
	VPMOVZXBW (BX), Y2
	VPMOVZXBW 12(BX), Y3
	VPMADDWD (R10), Y2, Y2
	VPMADDWD 32(R10), Y3, Y3
	VPADDD Y2, Y0, Y0
	VPADDD Y3, Y0, Y0

added:
	VPADDD Y0, Y0, Y0
	VPSUBD Y0, Y5, Y5
	VPADDD Y5, Y8, Y8
	ADDL (R12), CX
	VMOVDQA Y8, Y0
	ADDLANES
	VMOVD X0, R14
	ADDL CX, R14
	VCVTSI2SSQ R14, X15, X9
	VMULSS X13, X9, X9
	VADDSS X15, X9, X9
	VUCOMISS X14, X9
	JCC done

next:
	ADDQ R8, SI
	ADDQ R8, DX
	TESTQ BX, BX
	JEQ further
	ADDQ R8, BX

further:
	ADDQ $64, R9
	ADDQ $64, R10
	ADDQ $32, R11
	ADDQ $4, R12
	INCQ R13
	DECL AX
	JNE row

done:
	VMOVSS X9, ret+48(FP)
	VZEROUPPER
	RET

// LEASTLANE puts the least of the eight lanes of a register into all of them, and uses Y1.
#define LEASTLANE(Y, X) \
	VEXTRACTI128 $1, Y, X1; \
	VPMINSD X1, X, X; \
	VPSHUFD $0x4e, X, X1; \
	VPMINSD X1, X, X; \
	VPSHUFD $0xb1, X, X1; \
	VPMINSD X1, X, X; \
	VPBROADCASTD X, Y

// func weighVotes(cost *[mostVotes]int32, depth *[mostVotes]uint8, weight *[mostVotes]uint32, n int)
TEXT ·weighVotes(SB), NOSPLIT, $0-32
	MOVQ cost+0(FP), SI
	MOVQ depth+8(FP), DX
	MOVQ weight+16(FP), DI
	MOVQ n+24(FP), CX
	LEAQ 7(CX), R8
	ANDQ $~7, R8
	MOVQ R8, R10
	SUBQ CX, R10 // how many are repeated
	SHLQ $2, R8

	// The least cost in Y0, and the sum of all, of 64 bits each, in Y8.
	VPBROADCASTD (SI), Y0
	VPXOR Y8, Y8, Y8
	XORQ AX, AX

costs:
	VPMINSD (SI)(AX*1), Y0, Y0
	VPMOVSXDQ (SI)(AX*1), Y2
	VPMOVSXDQ 16(SI)(AX*1), Y3
	VPADDQ Y2, Y8, Y8
	VPADDQ Y3, Y8, Y8
	ADDQ $32, AX
	CMPQ AX, R8
	JLT costs
	LEASTLANE(Y0, X0)
	VEXTRACTI128 $1, Y8, X1
	VPADDQ X1, X8, X8
	VPSHUFD $0x4e, X8, X1
	VPADDQ X1, X8, X8
	VMOVQ X8, R9
	MOVLQSX (SI), R11
	IMULQ R10, R11
	SUBQ R11, R9

	// The scale in Y6.
	VXORPS X5, X5, X5
	VCVTSI2SSQ R9, X5, X2
	VCVTSI2SSQ CX, X5, X3
	VDIVSS X3, X2, X2
	VMOVD X0, AX
	VCVTSI2SSL AX, X5, X3
	VSUBSS X3, X2, X2
	MOVL $0x3f800000, AX // 1
	VMOVD AX, X3
	VADDSS X3, X2, X2
	MOVL $0x42a00000, AX // 8 * 10
	VMOVD AX, X3
	VDIVSS X2, X3, X2
	VBROADCASTSS X2, Y6

	// The steps, and the first of them in Y7.
	MOVL $const_depthSteps, AX
	VMOVD AX, X5
	VPBROADCASTD X5, Y5
	VPCMPEQD Y7, Y7, Y7
	VPSRLD $1, Y7, Y7
	XORQ AX, AX

steps:
	VMOVDQU (SI)(AX*1), Y2
	VPSUBD Y0, Y2, Y2
	VCVTDQ2PS Y2, Y2
	VMULPS Y6, Y2, Y2
	VCVTTPS2DQ Y2, Y2
	VPMOVZXBD (DX), Y3
	VPMULLD Y5, Y3, Y3
	VPADDD Y3, Y2, Y2
	VPMINSD Y2, Y7, Y7
	VMOVDQU Y2, (DI)(AX*1)
	ADDQ $8, DX
	ADDQ $32, AX
	CMPQ AX, R8
	JLT steps
	LEASTLANE(Y7, X7)

	// The weights.
	LEAQ ·falloff(SB), R11
	MOVL $63, AX // the last of falloff
	VMOVD AX, X5
	VPBROADCASTD X5, Y5
	XORQ AX, AX

weights:
	VMOVDQU (DI)(AX*1), Y2
	VPSUBD Y7, Y2, Y2
	VPMINSD Y5, Y2, Y2
	VPCMPEQD Y4, Y4, Y4
	VPGATHERDD Y4, (R11)(Y2*4), Y3
	VMOVDQU Y3, (DI)(AX*1)
	ADDQ $32, AX
	CMPQ AX, R8
	JLT weights
	VZEROUPPER
	RET
