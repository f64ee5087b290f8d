namespace Lowrank.Workbench;

/// <summary>Reads a text file of prompts: one a line; empty lines and those that begin with # are left out.</summary>
public static class PromptFile
{
    /// <summary>The prompts, in order.</summary>
    /// <exception cref="LowrankException">No such file, no prompt in it, or no UTF-8 text.</exception>
    public static IReadOnlyList<string> Read(string path) => PromptLines.Read(path).Prompts;
}
