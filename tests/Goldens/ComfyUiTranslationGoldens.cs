using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Graphs;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Graphs as ComfyUI's interface saves them, and what it sends to its server for them.</summary>
public sealed class ComfyUiTranslationGoldens
{
    const string Group = "diffusion/comfyui/translation";

    static string Path => System.IO.Path.Combine(ComfyUiFolders.Goldens, "translation.json");

    static JsonElement Json => JsonDocument.Parse(File.ReadAllText(Path)).RootElement;

    static IEnumerable<JsonElement> All => File.Exists(Path) ? Json.GetProperty("cases").EnumerateArray() : [];

    public static IEnumerable<TheoryDataRow<string>> Cases => All.Select(c => new TheoryDataRow<string>(c.GetProperty("name").GetString()!));

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Translation(string name) => Golden.Run(Group, name, () =>
    {
        var c = All.First(one => one.GetProperty("name").GetString() == name);
        var saved = SavedGraph.Of(PythonJson.Of(c.GetProperty("workflow")));
        if (saved.Nodes.FirstOrDefault(node => !node.IsVirtual && GraphNodes.Find(node.Type) is null) is { } unknown)
            throw Golden.NotCovered($"node {unknown.Type}");
        Assert.Equal(Text(PythonJson.Of(c.GetProperty("expected"))), Text(GraphTranslation.Of(saved).Graph.Written()));
    });

    // Widgets in the order in which they are saved, what is not sent in brackets.
    [Fact, Trait("kind", "goldens")]
    public void EveryClassSavesItsWidgetsInItsInputsOrder()
    {
        Assert.SkipUnless(File.Exists(Path), "no data");
        foreach (var wanted in Json.GetProperty("widgets").EnumerateObject())
        {
            if (GraphNodes.Find(wanted.Name) is not { } node) continue;
            string[] expected = [.. wanted.Value.EnumerateArray().Select(widget => widget.GetString()!)];
            Assert.Equal(expected, node.Inputs.Where(input => input.HasWidget).SelectMany(Widgets));
        }

        static IEnumerable<string> Widgets(NodeInput input) => input switch
        {
            WholeInput { IsSeed: true } => [input.Name, "(control_after_generate)"],
            ChoiceInput { HasUpload: true } => [input.Name, "(upload)"],
            _ => [input.Name],
        };
    }

    // Objects that are equal have one text.
    static string Text(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> fields =>
            "{" + string.Join(", ", fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}: {Text(field.Value)}")) + "}",
        string or null => PythonText.Repr(value),
        System.Collections.IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(Text)) + "]",
        _ => PythonText.Repr(value),
    };
}
