using System.Globalization;

namespace Lowrank.Language;

/// <summary>The token that stands in front of a text where nothing else does.</summary>
public static class BeginTokens
{
    // What separated documents in the training of many models, whatever their chats begin and end with.
    const string EndOfText = "<|endoftext|>";

    /// <summary>
    /// The one that the tokenizer puts there by itself; where it puts none, the control token &lt;|endoftext|&gt;, which stood between
    /// texts in training; else the begin token of the files, or the end token.
    /// </summary>
    /// <exception cref="LowrankException">There is none of them.</exception>
    public static int Usual(TextTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (Added(tokenizer) is { } added) return added;
        if (tokenizer.Id(EndOfText) is { } between && tokenizer.IsControl(between)) return between;
        return tokenizer.Specials.Begin ?? tokenizer.Specials.End ?? throw new LowrankException(
            "the tokenizer has neither a begin nor an end token, and a text's first token needs one before it. Name the token.");
    }

    /// <summary>The token that the tokenizer puts in front of texts by itself; null for none.</summary>
    public static int? Added(TextTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var empty = tokenizer.Encode("a");
        return empty.Added[0] == 1 ? empty.Ids[0] : null;
    }

    /// <summary>The token that somebody names, by its text or its number.</summary>
    /// <exception cref="LowrankException">The tokenizer has none of that name.</exception>
    public static int Named(TextTokenizer tokenizer, string name)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer.Id(name) is { } id) return id;
        bool isNumber = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        if (isNumber && tokenizer.Token(number) is not null) return number;
        var control = tokenizer.Added.Where(token => token.IsSpecial).Select(token => token.Content).ToList();
        string nearest = string.Join(", ", NearestNames.To(name, control, 3));
        throw new LowrankException($"the tokenizer has no token \"{name}\". Control tokens of a like name: {nearest}.");
    }
}
