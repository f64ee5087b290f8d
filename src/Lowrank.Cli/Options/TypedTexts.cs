using Lowrank.Language;

namespace Lowrank.Cli;

/// <summary>Texts as they were typed, or one from the standard input.</summary>
static class TypedTexts
{
    /// <summary>How the input is read, as help says it: as llama.cpp reads a prompt's file.</summary>
    public const string Told = "- reads one from the standard input, without the end of its last line";

    /// <summary>The texts; - stands for what the standard input holds.</summary>
    /// <exception cref="UsageException">It stands there twice.</exception>
    /// <exception cref="LowrankException">The input is no text.</exception>
    public static IReadOnlyList<string> Of(string[]? typed)
    {
        if (typed?.Count(text => text == "-") > 1)
            throw new UsageException("- stands there twice, and the standard input is read once. Give the texts by a file, or one by one.");
        return [.. (typed ?? []).Select(text => text == "-" ? Read() : text)];
    }

    static string Read()
    {
        string text = Console.IsInputRedirected ? Fed() : Console.In.ReadToEnd();   // a console has an encoding of its own
        if (text.EndsWith("\r\n", StringComparison.Ordinal)) return text[..^2];
        return text.EndsWith('\n') ? text[..^1] : text;
    }

    static string Fed()
    {
        using var input = Console.OpenStandardInput();
        return TextFile.Read(input, "the standard input");
    }
}
