namespace Lowrank.Workbench;

/// <summary>Reads a text file of prompts: one a line; empty lines and those that begin with # are left out.</summary>
public static class PromptFile
{
    /// <summary>The prompts, in order.</summary>
    /// <exception cref="LowrankException">No such file, or no prompt in it.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        if (!File.Exists(path)) throw new LowrankException($"{path} does not exist. A file of prompts holds one prompt a line.");
        string[] prompts = [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
        return prompts.Length > 0 ? prompts : throw new LowrankException($"{path} holds no prompt. Write one a line.");
    }
}
