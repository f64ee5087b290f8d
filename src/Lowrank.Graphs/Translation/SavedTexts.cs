using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Graphs;

/// <summary>What ComfyUI's interface does to texts of a saved graph before it sends them.</summary>
/// <remarks>ComfyUI_frontend 1.27.10: formatUtil (processDynamicPrompt, formatDate) and searchAndReplace (applyTextReplacements).</remarks>
/// <param name="saved">The graph.</param>
/// <param name="now">The time that dates tell.</param>
/// <param name="notes">Where it is told what was done.</param>
sealed partial class SavedTexts(SavedGraph saved, DateTime now, List<string> notes)
{
    const string Prefix = "filename_prefix";

    /// <summary>Comments of prompts are left out; of names of files, values of nodes and dates are filled in.</summary>
    public void Apply(SavedNode node, OrderedDictionary<string, object?> inputs)
    {
        foreach (string name in inputs.Keys.ToList())
        {
            if (inputs[name] is not string text) continue;
            if (GraphNodes.Find(node.Type)?.Input(name) is TextInput { IsPrompt: true }) inputs[name] = WithoutComments(node, name, text);
            else if (name == Prefix) inputs[name] = FrontendSigns.Filled().Replace(text, match => Filled(match.Value));
        }
    }

    string WithoutComments(SavedNode node, string name, string text)
    {
        string left = Comment().Replace(text, "");
        if (left != text) notes.Add($"Node {node}: the comments in {name} are left out, as ComfyUI's interface does.");
        return left;
    }

    // %date:yyyy-MM-dd% or %Node.widget%; what is not found stays.
    string Filled(string sign)
    {
        string inner = sign[1..^1];
        const string date = "date:";
        if (inner.StartsWith(date, StringComparison.Ordinal)) return DatePart().Replace(inner[date.Length..], match => PartOf(match.Value));
        string[] parts = inner.Split('.');
        var node = saved.Nodes.FirstOrDefault(one => one.SearchName == parts[0])
            ?? saved.Nodes.FirstOrDefault(one => GraphTranslation.TitleOf(one) == parts[0]);
        if (node is null || !new SavedWidgets(node, []).Values().TryGetValue(parts[1], out object? value)) return sign;
        return Forbidden().Replace(PythonText.Str(value), "_");
    }

    string PartOf(string part) => part[0] switch
    {
        'd' => Padded(now.Day, part.Length),
        'M' => Padded(now.Month, part.Length),
        'h' => Padded(now.Hour, part.Length),
        'm' => Padded(now.Minute, part.Length),
        's' => Padded(now.Second, part.Length),
        _ when part.Length == 2 => (now.Year % 100).ToString("00", CultureInfo.InvariantCulture),
        _ when part.Length == 4 => now.Year.ToString(CultureInfo.InvariantCulture),
        _ => part,
    };

    static string Padded(int number, int length) => number.ToString(CultureInfo.InvariantCulture).PadLeft(length, '0');

    [GeneratedRegex(@"/\*[\s\S]*?\*/|//.*")]
    private static partial Regex Comment();

    [GeneratedRegex("dd?|MM?|hh?|mm?|ss?|yyy?y?")]
    private static partial Regex DatePart();

    [GeneratedRegex("[/?<>\\\\:*|\"\\x00-\\x1F\\x7F]")]
    private static partial Regex Forbidden();
}
