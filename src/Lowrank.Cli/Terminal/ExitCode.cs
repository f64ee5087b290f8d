namespace Lowrank.Cli;

/// <summary>What the program answers to the shell.</summary>
static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>Not done: the message on stderr says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line itself was wrong; nothing was begun.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C (128 + SIGINT), as shells expect.</summary>
    public const int Interrupted = 130;
}
