using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Cases that stand in a list of their own beside others, with the tensors that they name: an array, or the array under a key of an object.</summary>
sealed class GoldenList(string group, string file, string key = "cases")
{
    readonly Lazy<List<JsonElement>> cases = new(() => Read(Path.Combine(GoldenFolder.Root, group, file), key));

    /// <summary>The folder.</summary>
    public string Folder => Path.Combine(GoldenFolder.Root, group);

    /// <summary>What the score is kept under.</summary>
    public string Name => $"{group}/{Path.GetFileNameWithoutExtension(file)}{(key == "cases" ? "" : $".{key}")}";

    /// <summary>All of them; none where the folder has no such file.</summary>
    public IReadOnlyList<JsonElement> All => cases.Value;

    /// <summary>A row for each, by its name.</summary>
    public IEnumerable<TheoryDataRow<string>> Rows => All.Select((json, place) => new TheoryDataRow<string>(NameOf(json, place)));

    static string NameOf(JsonElement json, int place)
    {
        foreach (string field in new[] { "name", "type", "kind", "ftype" })
            if (json.TryGetProperty(field, out var name)) return name.GetString()!;
        return $"{place}";
    }

    static List<JsonElement> Read(string path, string key)
    {
        if (!File.Exists(path)) return [];
        var root = JsonDocument.Parse(File.ReadAllText(path)).RootElement;
        return [.. (root.ValueKind == JsonValueKind.Array ? root : root.GetProperty(key)).EnumerateArray()];
    }

    /// <summary>Runs one, and keeps its score.</summary>
    public void Run(string name, Action<JsonElement> body) =>
        Golden.Run(Name, name, () => body(All.Where((json, place) => NameOf(json, place) == name).First()));

    /// <summary>A file of tensors beside the list.</summary>
    public ITensorFile Tensors(string name) => Containers.Open(Path.Combine(Folder, name));

    /// <summary>Asserts that two tensors have the same shape and bits; one NaN is as good as another.</summary>
    public static void AssertSame(Tensor want, Tensor got, string what)
    {
        Assert.True(want.shape.AsSpan().SequenceEqual(got.shape), $"{what} has shape ({string.Join(", ", got.shape)}), expected ({string.Join(", ", want.shape)})");
        AssertClose(want, got, what, absolute: 0, relative: 0);
    }

    /// <summary>Asserts |got - want| ≤ absolute + relative·|want|.</summary>
    public static void AssertClose(Tensor want, Tensor got, string what, double absolute, double relative)
    {
        using var scope = NewDisposeScope();
        Assert.True(want.shape.AsSpan().SequenceEqual(got.shape), $"{what} has shape ({string.Join(", ", got.shape)}), expected ({string.Join(", ", want.shape)})");
        var (a, b) = (got.to(ScalarType.Float64), want.to(ScalarType.Float64));
        var bad = (a - b).abs().gt(absolute + relative * b.abs()).logical_or(a.isnan().ne(b.isnan()));
        bad = bad.logical_and(a.ne(b));   // infinities of one sign differ by NaN
        long count = bad.sum().ToInt64();
        Assert.True(count == 0, $"{what}: {count} of {bad.numel()} values are off; largest difference {(a - b).abs().nan_to_num(0).max().ToDouble():g4}");
    }
}
