namespace Lowrank.Cli;

/// <summary>A command line whose parts do not go together: ends the program with <see cref="ExitCode.Usage"/>.</summary>
sealed class UsageException(string message) : LowrankException(message);
