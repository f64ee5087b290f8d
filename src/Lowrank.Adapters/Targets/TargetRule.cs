using System.Globalization;

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
        var pairs = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word => Pair(word, text)).ToList();
        var match = pairs.FirstOrDefault(p => p.Key == "match").Value ?? throw new LowrankException($"the rule \"{text}\" does not say what it matches (match=*.attn2.*)");
        var rule = new TargetRule(TargetPattern.Parse(match));
        foreach (var (key, value) in pairs)
            rule = key switch
            {
                "match" => rule,
                "method" => rule with { Method = value },
                "rank" or "dim" => rule with { Rank = (int)Number(key, value, whole: true) },
                "alpha" => rule with { Alpha = Number(key, value) },
                "learning_rate" or "lr" => rule with { LearningRate = Number(key, value) },
                _ => rule with { Arguments = [.. rule.Arguments, new(key, value)] },
            };
        return rule;

        double Number(string key, string value, bool whole = false) =>
            double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) && (!whole || number == Math.Floor(number) && number >= 1)
                ? number : throw new LowrankException($"{key} is \"{value}\" in the rule \"{text}\", which is no {(whole ? "whole number of 1 or more" : "number")}");
    }

    static KeyValuePair<string, string> Pair(string word, string text) => word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
        ? new(word[..at], word[(at + 1)..])
        : throw new LowrankException($"\"{word}\"{(word == text ? "" : $" in the rule \"{text}\"")} is no name=value");

    /// <summary>A text of the form name=value.</summary>
    /// <exception cref="LowrankException">It has no =.</exception>
    public static KeyValuePair<string, string> Pair(string text) => Pair(text, text);
}
