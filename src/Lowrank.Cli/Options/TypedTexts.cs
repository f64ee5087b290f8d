namespace Lowrank.Cli;

/// <summary>Texts as they were typed, or one from the standard input.</summary>
static class TypedTexts
{
    /// <summary>The texts; - stands for what the standard input holds, without its last line's end.</summary>
    public static IReadOnlyList<string> Of(string[]? typed) =>
        [.. (typed ?? []).Select(text => text == "-" ? Read() : text)];

    static string Read()
    {
        string text = Console.In.ReadToEnd();
        if (text.EndsWith("\r\n", StringComparison.Ordinal)) return text[..^2];
        return text.EndsWith('\n') ? text[..^1] : text;
    }
}
