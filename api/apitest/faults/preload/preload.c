// Lets the program begin in a process of its own once its libraries are loaded,
// so that strace, which counts calls by process and thread, does not count the
// loader's. What signal or status ends it ends the first process too.
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((constructor)) static void begin(void) {
	unsetenv("LD_PRELOAD");
	pid_t child = fork();
	if (child < 0)
		_exit(125);
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		return;
	}
	int status = 0;
	while (waitpid(child, &status, 0) < 0)
		;
	if (WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		kill(getpid(), WTERMSIG(status));
		pause();
	}
	_exit(WEXITSTATUS(status));
}
