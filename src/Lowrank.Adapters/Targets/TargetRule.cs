namespace Lowrank.Adapters;

/// <summary>A rule for some of the chosen layers: what it does not say stays as it is for all.</summary>
/// <param name="Match">Which layers.</param>
public sealed record TargetRule(TargetPattern Match)
{
    /// <summary>The word that leaves layers alone, in place of a method.</summary>
    public const string None = "none";

    /// <summary>The method; null keeps it, "none" leaves the layers alone.</summary>
    public string? Method { get; init; }

    /// <summary>Rank.</summary>
    public int? Rank { get; init; }

    /// <summary>Alpha.</summary>
    public double? Alpha { get; init; }

    /// <summary>Learning rate.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Arguments of the method.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Arguments { get; init; } = [];

    /// <summary>
    /// The rule of a text: <c>match=*.attn2.* method=lokr rank=8 factor=4</c>; other names than match, method,
    /// rank, alpha and learning_rate are the method's arguments.
    /// </summary>
    /// <exception cref="LowrankException">No match, a word without =, or a value of the wrong kind.</exception>
    public static TargetRule Parse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var pairs = words.Select(word => Pair(word, text)).ToList();
        var match = pairs.FirstOrDefault(p => p.Key == "match").Value ?? throw new LowrankException(
            $"the rule \"{text}\" does not say what it matches (match=*.attn2.*)");
        var rule = new TargetRule(TargetPattern.Parse(match));
        foreach (var (key, value) in pairs)
            rule = key switch
            {
                "match" => rule,
                "method" => rule with { Method = value },
                "rank" or "dim" or "network_dim" => rule with { Rank = (int)Whole(key, value) },
                "alpha" or "network_alpha" => rule with { Alpha = Number(key, value) },
                "learning_rate" or "lr" => rule with { LearningRate = Number(key, value) },
                _ => rule with { Arguments = [.. rule.Arguments, new(key, value)] },
            };
        return rule;

        double Number(string key, string value) => Finite(value) ?? throw Misread(key, value, "number");

        double Whole(string key, string value)
        {
            if (Finite(value) is >= 1 and var number && number == Math.Floor(number)) return number;
            throw Misread(key, value, "whole number of 1 or more");
        }

        LowrankException Misread(string key, string value, string wanted) =>
            new($"{key} is \"{value}\" in the rule \"{text}\", which is no {wanted}");
    }

    static double? Finite(string text)
    {
        var number = PlainValue.ReadNumber(text);
        return number is { } value && double.IsFinite(value) ? number : null;
    }

    static KeyValuePair<string, string> Pair(string word, string text)
    {
        int at = word.IndexOf('=', StringComparison.Ordinal);
        if (at > 0) return new(word[..at], word[(at + 1)..]);
        string inRule = word == text ? "" : $" in the rule \"{text}\"";
        throw new LowrankException($"\"{word}\"{inRule} is no name=value");
    }

    /// <summary>A text of the form name=value.</summary>
    /// <exception cref="LowrankException">It has no =.</exception>
    public static KeyValuePair<string, string> Pair(string text) => Pair(text, text);
}
