using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Lowrank.Graphs;

/// <summary>
/// What nodes compute, as texts: class, values and, through links, all that stands above. Ids, titles and the order of inputs do not
/// matter, and 1 and 1.0 are the same (comfy_execution/caching.py of ComfyUI 0.3.64).
/// </summary>
/// <param name="graph">A graph without circles.</param>
/// <param name="folders">Where its files lie.</param>
sealed class NodeSignatures(ApiGraph graph, GraphFolders folders)
{
    readonly Dictionary<string, string> known = [];

    /// <summary>The signature of a node.</summary>
    public string Of(string id)
    {
        if (known.TryGetValue(id, out string? signature)) return signature;
        known[id] = "";   // a circle, which no output of a checked graph hangs on
        var placed = graph[id];
        var text = new StringBuilder(placed.ClassType).Append('\n');
        if (GraphNodes.Find(placed.ClassType)?.Fingerprint(placed, folders) is { } fingerprint) text.Append(fingerprint).Append('\n');
        foreach (var (name, value) in placed.Inputs.OrderBy(input => input.Key, StringComparer.Ordinal))
            text.Append(name).Append('=').Append(ValueText(value)).Append('\n');
        return known[id] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    string ValueText(object? value) => GraphLink.Of(value) is { } link
        ? $"link {(graph.Find(link.From) is null ? $"missing {link.From}" : Of(link.From))} {link.Slot}"
        : PythonJson.Write(Plain(value));

    static object? Plain(object? value) => value switch
    {
        bool on => on ? BigInteger.One : BigInteger.Zero,
        double number when double.IsInteger(number) => new BigInteger(number),
        double number => number.ToString("R", CultureInfo.InvariantCulture) + "f",
        string text => "'" + text,
        _ => value,
    };
}
