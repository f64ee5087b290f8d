using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Lowrank.Testing;

/// <summary>How a golden case ended.</summary>
public enum GoldenResult
{
    /// <summary>Within its tolerance.</summary>
    Passed,
    /// <summary>Out of it, or an error.</summary>
    Failed,
    /// <summary>Nothing in the project computes it yet.</summary>
    NotCovered,
}

/// <summary>The table of passed, failed and not yet covered cases per group; groups that no test asked for are in it too.</summary>
public static class GoldenScore
{
    static readonly ConcurrentDictionary<(string Group, string Case), GoldenResult> results = new();

    /// <summary>Counts one case.</summary>
    public static void Add(string group, GoldenResult result, string name) => results[(group, name)] = result;

    /// <summary>The table as text.</summary>
    public static string Table()
    {
        var text = new StringBuilder().AppendLine($"{"group",-28}{"passed",8}{"failed",8}{"not yet covered",17}");
        var groups = GoldenFolder.Groups.Concat(results.Keys.Select(k => k.Group)).Distinct().Order(StringComparer.Ordinal);
        int[] totals = new int[3];
        foreach (var group in groups)
        {
            var counts = new[] { GoldenResult.Passed, GoldenResult.Failed, GoldenResult.NotCovered }
                .Select(r => results.Count(pair => pair.Key.Group == group && pair.Value == r)).ToArray();
            if (counts.Sum() == 0) counts[2] = CountCases(GoldenGroup.Open(group).Json);
            for (int i = 0; i < 3; i++) totals[i] += counts[i];
            text.AppendLine($"{group,-28}{counts[0],8}{counts[1],8}{counts[2],17}");
        }
        return text.Append($"{"all",-28}{totals[0],8}{totals[1],8}{totals[2],17}").ToString();
    }

    // Groups that no test reads yet may list their cases at the top.
    static int CountCases(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.GetArrayLength(),
        JsonValueKind.Object when json.TryGetProperty("cases", out var cases) => cases.GetArrayLength(),
        _ => 1,
    };
}
