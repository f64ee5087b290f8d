using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>Reads a text file of prompts for language models: one a line, as it stands; blank lines are left out and counted.</summary>
static class WritingPrompts
{
    /// <summary>The prompts, in order, with their lines from 1.</summary>
    /// <exception cref="LowrankException">The file is missing, no text, or has no prompt.</exception>
    public static IReadOnlyList<(int Line, string Text)> Read(string path, JobRun run)
    {
        string[] lines = TextFile.Read(path).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        List<(int Line, string Text)> prompts = 
        [
            .. from line in lines.Index()
               where !string.IsNullOrWhiteSpace(line.Item)
               select (line.Index + 1, line.Item),
        ];
        if (prompts.Count == 0) throw new LowrankException($"{path} has no prompts. Write one a line.");
        int blank = lines.Length - prompts.Count;
        if (blank > 0) run.Say($"{path}: {(blank == 1 ? "1 blank line is no prompt" : $"{blank} blank lines are no prompts")}.");
        return prompts;
    }
}
