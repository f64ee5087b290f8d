using System.Globalization;
using Lowrank.Adapters;
using Lowrank.Models;

namespace Lowrank.Cli;

/// <summary>Pieces of what is told of adapter files.</summary>
static class InspectTexts
{
    // Metadata may hold a picture or thousands of tags: the text shows its beginning, --json all of it.
    const int LongestValue = 120;

    /// <summary>A norm, in as many digits as tell something.</summary>
    public static string Norm(double norm)
    {
        bool isPlain = norm is 0 or (>= 0.001 and < 1e6);
        return norm.ToString(isPlain ? "0.0000" : "0.000e+0", CultureInfo.InvariantCulture);
    }

    /// <summary>A text on one line, cut where it is long.</summary>
    public static string Short(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= LongestValue ? line : line[..LongestValue] + " ...";
    }

    /// <summary>The same, with its length where it is cut.</summary>
    public static string ShortWithLength(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= LongestValue ? line : $"{line[..LongestValue]} ... ({line.Length} characters)";
    }

    /// <summary>The words that training pictures were captioned with, most used first; null where nothing is known of them.</summary>
    public static string? Triggers(AdapterFacts? adapter, int most)
    {
        if (adapter?.Training is not { } training) return null;
        var words = new List<string>();
        if (training.TriggerPhrase is { } phrase) words.Add(Short(phrase));
        words.AddRange(training.Tags.Take(most).Select(tag => $"{Short(tag.Tag)} ({tag.Count})"));
        if (words.Count == 0) return null;
        int left = training.Tags.Count - most;
        return string.Join(", ", words) + (left > 0 ? $", and {left} more" : "");
    }

    /// <summary>The family that an adapter is made for, by its title; null where it does not tell.</summary>
    public static string? MadeFor(AdapterFacts? adapter) =>
        adapter?.MadeFor is { } family ? ModelKinds.Families.First(known => known.Name == family).Title : ByMetadata(adapter);

    static string? ByMetadata(AdapterFacts? adapter)
    {
        if (adapter?.Architecture is { } architecture) return $"models that llama.cpp calls {Short(architecture)}, by its metadata";
        if (adapter?.Training?.BaseVersion is { } version) return $"{Short(version)}, by its metadata; its names and widths do not tell";
        return adapter?.Prompt is { } prompt ? BaseOf(prompt) : null;
    }

    static string? BaseOf(InspectedPrompt prompt)
    {
        if (prompt.Kind != PromptKind.Prefix) return $"a language model of width {Quantity.Number(prompt.Width)}";
        return prompt.Layers is { } layers ? $"a language model of {layers} layers" : null;
    }

    /// <summary>What the virtual tokens of an adapter are called: "prompt tuning".</summary>
    public static string MethodOf(InspectedPrompt prompt) => prompt.Kind switch
    {
        PromptKind.Prompt => "prompt tuning",
        PromptKind.PTuning => "p-tuning",
        _ => "prefix tuning",
    };

    /// <summary>"8 (128 layers), 4 (2 layers)".</summary>
    public static string Counts(IReadOnlyDictionary<string, int> counts, string of) =>
        string.Join(", ", counts.Select(c => $"{c.Key} ({c.Value} {of})"));
}
