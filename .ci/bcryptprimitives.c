/* A stand-in for bcryptprimitives.dll, for tests alone: Go's runtime takes its
   random numbers from ProcessPrng, which Debian's Wine 8 lacks. */
#include <windows.h>
#include <ntsecapi.h> /* RtlGenRandom, which Wine has in advapi32.dll */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
	return RtlGenRandom(data, (ULONG)length);
}
