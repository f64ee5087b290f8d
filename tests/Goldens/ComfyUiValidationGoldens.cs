using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Graphs;
using Lowrank.Testing;

namespace Goldens;

/// <summary>What ComfyUI's <c>/prompt</c> answers to graphs, good and bad.</summary>
public sealed class ComfyUiValidationGoldens
{
    const string Group = "diffusion/comfyui/validation";

    // Stands where ComfyUI explains something to people.
    const string Explanation = "<text>";

    // Where Python's words follow, type, input and node are compared.
    static readonly HashSet<string> pythons = ["invalid_input_type", "exception_during_inner_validation", "exception_during_validation"];

    static string File => Path.Combine(ComfyUiFolders.Goldens, "validation.json");

    static IEnumerable<JsonElement> All => System.IO.File.Exists(File)
        ? JsonDocument.Parse(System.IO.File.ReadAllText(File)).RootElement.GetProperty("cases").EnumerateArray()
        : [];

    public static IEnumerable<TheoryDataRow<string>> Cases => All.Select(c => new TheoryDataRow<string>(c.GetProperty("name").GetString()!));

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Validation(string name) => Golden.Run(Group, name, () =>
    {
        var c = All.First(one => one.GetProperty("name").GetString() == name);
        using var folders = new ComfyUiFolders();
        var graph = ApiGraph.Of(PythonJson.Of(c.GetProperty("graph")));
        var expected = c.GetProperty("expected");
        string said = expected.GetProperty("body").GetRawText();
        var lacking = graph.Nodes.Select(node => node.ClassType).Where(type => type is not null && GraphNodes.Find(type) is null);
        if (lacking.FirstOrDefault(type => !said.Contains($"node {type} does not exist", StringComparison.Ordinal)) is { } unknown)
            throw Golden.NotCovered($"node {unknown}");
        string[]? targets = c.TryGetProperty("partial_execution_targets", out var told) ? [.. told.EnumerateArray().Select(id => id.GetString()!)] : null;
        var verdict = GraphValidation.Check(graph, folders.Settings.Folders, targets);
        Assert.Equal(expected.GetProperty("status").GetInt32(), verdict.Status);
        Assert.Equal(expected.GetProperty("outputs").EnumerateArray().Select(id => id.GetString()).Order(), verdict.Outputs.Order());
        var want = (IReadOnlyDictionary<string, object?>)PythonJson.Of(expected.GetProperty("body"))!;
        Assert.Equal(Text(want), Text(verdict.Body("<prompt id>")));
        if (expected.TryGetProperty("graph_after", out var after))
            Assert.Equal(PythonJson.Write(PythonJson.Of(after)), PythonJson.Write(verdict.Graph.Written()));
    });

    // The same text for answers that say the same: errors in an order of their own, explanations left out.
    static string Text(object? value, string under = "") => value switch
    {
        IReadOnlyDictionary<string, object?> fields => "{" + string.Join(", ", fields
            .Where(field => field.Value is not Explanation && !IsPythons(fields, field.Key))
            .Select(field => $"{field.Key}: {Text(field.Value, field.Key)}").Where(text => !text.EndsWith(": {}", StringComparison.Ordinal) || under == "")
            .Order(StringComparer.Ordinal)) + "}",
        string text => PythonText.Repr(text),
        System.Collections.IEnumerable list when under is "errors" or "dependent_outputs" =>
            "[" + string.Join(", ", list.Cast<object?>().Select(one => Text(one, "entry")).Order(StringComparer.Ordinal)) + "]",
        System.Collections.IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(one => Text(one, "entry")).Where(text => text != "{}")) + "]",
        double number when double.IsInteger(number) => new System.Numerics.BigInteger(number).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => PythonText.Repr(value),
    };

    static bool IsPythons(IReadOnlyDictionary<string, object?> fields, string name) =>
        name is "exception_message" or "exception_type" or "traceback"
        || name == "details" && fields.GetValueOrDefault("type") is string type && pythons.Contains(type);
}
