/* overpaint.com: what a shell finds first when "overpaint" is typed. A shell waits
   for a program of the console and gets its exit status, and doesn't wait for one
   with a window. This one starts overpaint.exe beside it with the same arguments and
   standard streams, waits, and ends with its status. */
#define UNICODE
#include <windows.h>
#include <wchar.h>

enum { LONGEST = 32768 };

static WCHAR program[LONGEST];

static BOOL WINAPI leaveToTheChild(DWORD event)
{
	(void)event;
	return TRUE;
}

/* arguments returns what follows the program's own name on the command line. */
static WCHAR *arguments(WCHAR *line)
{
	BOOL quoted = FALSE;

	for (; *line && (quoted || (*line != L' ' && *line != L'\t')); line++)
		if (*line == L'"')
			quoted = !quoted;
	return line;
}

/* sibling puts the path of overpaint.exe in the folder of this program into program. */
static BOOL sibling(void)
{
	DWORD length = GetModuleFileNameW(NULL, program, LONGEST);
	WCHAR *name = wcsrchr(program, L'\\');

	if (!length || length >= LONGEST || !name || name - program > LONGEST - 16)
		return FALSE;
	wcscpy(name + 1, L"overpaint.exe");
	return TRUE;
}

int main(void)
{
	static WCHAR line[2 * LONGEST];
	STARTUPINFOW start = { .cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES };
	PROCESS_INFORMATION child;
	WCHAR *rest = arguments(GetCommandLineW());
	DWORD status = 1;

	if (!sibling() || wcslen(program) + wcslen(rest) + 3 > 2 * LONGEST)
		return 1;
	wcscat(wcscat(wcscat(wcscpy(line, L"\""), program), L"\""), rest);
	start.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
	start.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
	start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
	SetConsoleCtrlHandler(leaveToTheChild, TRUE);
	if (!CreateProcessW(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &child)) {
		static const char said[] = "overpaint.exe can't be started.\r\n";
		DWORD n;

		WriteFile(start.hStdError, said, sizeof said - 1, &n, NULL);
		return 1;
	}
	WaitForSingleObject(child.hProcess, INFINITE);
	GetExitCodeProcess(child.hProcess, &status);
	return (int)status;
}
