namespace Lowrank.Language;

/// <summary>The text of tokens that come one by one, whole characters only, up to a stop string.</summary>
sealed class RowText
{
    const char Incomplete = '\uFFFD';

    readonly StreamingDecoder decoder;
    readonly StopStrings stops;
    readonly System.Text.StringBuilder shown = new();

    /// <summary>A text behind a prompt.</summary>
    /// <param name="tokenizer">Makes text of tokens.</param>
    /// <param name="prompt">The prompt: whether the first token begins with a space hangs on what stands before it.</param>
    /// <param name="options">Stop strings, and whether control tokens are shown.</param>
    public RowText(TextTokenizer tokenizer, IReadOnlyList<int> prompt, GenerationOptions options)
    {
        stops = new StopStrings(options.Stops) { Includes = options.IncludesStop };
        decoder = tokenizer.Stream(!options.KeepsControl);
        int last = prompt[^1];
        bool isText = !tokenizer.IsControl(last) && decoder.Add(last) is not null;
        if (!isText) decoder = tokenizer.Stream(!options.KeepsControl);
    }

    /// <summary>The stop string that ended it; null while it goes on.</summary>
    public string? Stop => stops.Stop;

    /// <summary>All that was shown.</summary>
    public string Shown => shown.ToString();

    /// <summary>What one more token lets be shown.</summary>
    public string Add(int id) => decoder.Add(id) is { } piece ? Show(stops.Take(piece)) : "";

    /// <summary>The rest; a character that is not whole is left out.</summary>
    public string Finish()
    {
        if (Stop is not null) return "";
        string rest = decoder.Flush().TrimEnd(Incomplete);
        string piece = rest.Length > 0 ? stops.Take(rest) : "";
        return Show(piece + (Stop is null ? stops.Finish() : ""));
    }

    string Show(string piece)
    {
        shown.Append(piece);
        return piece;
    }
}
