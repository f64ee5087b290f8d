namespace Lowrank.Cli;

/// <summary>A call that a newcomer can copy.</summary>
/// <param name="Command">The line to type, after the program's name.</param>
/// <param name="Meaning">What it does, in a few words.</param>
sealed record Example(string Command, string Meaning);
