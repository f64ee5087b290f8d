using System.Text;

namespace Lowrank.Workbench;

/// <summary>Reads a text file of prompts: one a line; empty lines and those that begin with # are left out.</summary>
public static class PromptFile
{
    static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The prompts, in order.</summary>
    /// <exception cref="LowrankException">No such file, no prompt in it, or no UTF-8 text.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        if (!File.Exists(path)) throw new LowrankException($"{path} does not exist. A file of prompts holds one prompt a line.");
        var lines = Text(path).Split('\n').Select(line => line.Trim());
        string[] prompts = [.. lines.Where(line => line.Length > 0 && line[0] != '#')];
        return prompts.Length > 0 ? prompts : throw new LowrankException($"{path} holds no prompt. Write one a line.");
    }

    static string Text(string path)
    {
        try
        {
            return strict.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw new LowrankException($"{path} is no UTF-8 text. Open it in an editor and save it as UTF-8.", error);
        }
    }
}
