using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Files that other people published, against facts about them: container and hashes, dialect, layers with their ranks, alphas and places in the model, norms of changes.</summary>
/// <remarks>
/// A file is looked for beside its facts, and in the folder that LOWRANK_ADAPTERS names: most may not be passed on. A PEFT adapter is a folder of its name, or NAME.safetensors with
/// NAME.adapter_config.json. The model is the published shape of the host; of a language model, the layers that the adapter itself names.
/// </remarks>
public sealed partial class FilesRealGoldens
{
    const string Group = "files/real";

    static string Folder => Path.Combine(GoldenFolder.Root, "files", "real");

    public static IEnumerable<TheoryDataRow<string>> Cases => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, "*.json").Where(file => !file.EndsWith(".adapter_config.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(file => new TheoryDataRow<string>(Path.GetFileName(file)))
        : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void File(string name) => Golden.Run(Group, name, () =>
    {
        var facts = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(Folder, name))).RootElement;
        string path = Find(facts.GetProperty("file").GetString()!), weights = Directory.Exists(path) ? Path.Combine(path, PeftFolder.Weights) : path;
        using var file = Open(path);
        AssertContainer(facts, file, weights);

        using var outline = Host(facts, file);
        var model = outline.Describe();
        string[] unmatched = [.. facts.GetProperty("unmatched_keys").EnumerateArray().Select(key => key.GetString()!)];
        if (unmatched.Length > 0)
        {
            var error = Assert.Throws<LowrankException>(() => AdapterFile.Read(file, model));
            Assert.All(unmatched, key => Assert.Contains(key, error.Message, StringComparison.Ordinal));
        }
        using var adapter = AdapterFile.Read(file, model, allowUnmatched: unmatched.Length > 0);
        Assert.All(unmatched, key => Assert.Contains(adapter.Notes, note => note.Contains(key, StringComparison.Ordinal)));
        Assert.Equal(facts.GetProperty("dialect").GetString()!.Split(' ')[0], adapter.Dialect);
        Assert.Equal(facts.GetProperty("embeddings").EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal), adapter.Embeddings.Select(e => e.Name).Order(StringComparer.Ordinal));
        AssertCounts(facts, adapter);
        AssertLayers(facts, file, adapter, model, unmatched);
        AssertNumbering(facts, file, model);
        AssertChanges(facts, file, adapter);
    });

    static string Find(string name)
    {
        string? given = Environment.GetEnvironmentVariable("LOWRANK_ADAPTERS");
        foreach (string folder in new[] { Folder, given ?? "" }.Where(folder => folder.Length > 0))
            foreach (string path in new[] { Path.Combine(folder, name), Path.Combine(folder, Path.GetFileNameWithoutExtension(name)) })
                if (System.IO.File.Exists(path) || Directory.Exists(path)) return path;
        throw Golden.NotCovered($"{name} is not here; LOWRANK_ADAPTERS may name a folder that holds it");
    }

    static ITensorFile Open(string path)
    {
        string settings = Path.ChangeExtension(path, null) + "." + PeftFolder.Settings;
        return System.IO.File.Exists(settings) ? new PeftFolder(Containers.Open(path), JsonDocument.Parse(System.IO.File.ReadAllText(settings)).RootElement.Clone()) : AdapterFile.Open(path);
    }

    static ModelOutline Host(JsonElement facts, ITensorFile file)
    {
        string host = facts.GetProperty("host").GetString()!;
        // "sd15", "sd21": the family and a version.
        if (ModelKinds.All.Where(kind => host.StartsWith(kind.Family.Name, StringComparison.Ordinal)).MaxBy(kind => kind.Family.Name.Length) is { } kind) return ModelKinds.Published(kind.Family.Name);
        return AdapterOutline.Of(file) is { } layers ? new ModelOutline(host, layers) : throw Golden.NotCovered($"no model {host}, and the file does not name its layers by their paths");
    }

    static void AssertContainer(JsonElement facts, ITensorFile file, string weights)
    {
        Assert.Equal(facts.GetProperty("bytes").GetInt64(), new FileInfo(weights).Length);
        Assert.Equal(facts.GetProperty("sha256").GetString(), FileHashes.Of(weights, file).Sha256);
        Assert.Equal(facts.GetProperty("container").GetString(), file.Container);
        Assert.Equal(facts.GetProperty("tensor_count").GetInt32(), file.Tensors.Count);
        Assert.Equal(Counts(facts, "dtypes"), Counted(file.Tensors.Select(t => t.Dtype.ToScalarType().ToString().ToLowerInvariant())));
        Assert.Equal(facts.GetProperty("total_params").GetInt64(), file.Tensors.Sum(t => t.Count));
        Assert.Equal(facts.GetProperty("metadata_count").GetInt32(), file.Metadata.Count);
        foreach (var entry in facts.GetProperty("metadata").EnumerateObject()) Assert.Equal(entry.Value.GetString(), file.Metadata[entry.Name]);
        Assert.Equal(facts.GetProperty("notes").GetArrayLength(), file.Notes.Count);
        if (facts.TryGetProperty("adapter_config", out var config))
            foreach (var field in config.EnumerateObject()) Assert.True(JsonElement.DeepEquals(field.Value, ((PeftFolder)file).Config.Json.GetProperty(field.Name)), field.Name);
        Assert.Equal(facts.GetProperty("not_finite").GetInt64(), file.Tensors.Sum(t => t.Count - file.Read(t.Name).to(ScalarType.Float32).isfinite().sum().ToInt64()));
    }

    static SortedDictionary<string, int> Counts(JsonElement facts, string field) =>
        new(facts.GetProperty(field).EnumerateObject().ToDictionary(count => count.Name, count => count.Value.GetInt32()), StringComparer.Ordinal);

    static SortedDictionary<string, int> Counted(IEnumerable<string> facts) => new(facts.CountBy(fact => fact).ToDictionary(), StringComparer.Ordinal);

    static void AssertCounts(JsonElement facts, Adapter adapter)
    {
        Assert.Equal(Counts(facts, "component_counts"), Counted(adapter.Targets.Keys.Select(path => path.Split('.')[0])));
        Assert.Equal(Counts(facts, "ranks"), Counted(adapter.Targets.Values.Select(made => RankOf(made).ToString(CultureInfo.InvariantCulture))));
        Assert.Equal(Counts(facts, "layer_kinds"), Counted(adapter.Targets.Keys.Select(path => Numbers().Replace(path[(path.IndexOf('.') + 1)..], ".N."))));
        // "none in the file: scale 1"
        if (Scale().Match(facts.GetProperty("alpha").GetString()!) is { Success: true } scale)
            Assert.All(adapter.Targets.Values, made => Assert.Equal(double.Parse(scale.Groups[1].Value, CultureInfo.InvariantCulture), made.Parts.First(p => p.Part == "alpha").Value.ToDouble() / RankOf(made), 1e-6));
    }

    static long RankOf(Reparameterization made) => made.Method.Facts(made.Parts.ToDictionary(p => p.Part, p => p.Value.shape))!.Rank;

    // A number that ends the path is told.
    [GeneratedRegex(@"\.\d+\.")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"scale (\d+(\.\d+)?)$")]
    private static partial Regex Scale();

    // Rows of a name in the file, component and path in the model, rank and alpha.
    static void AssertLayers(JsonElement facts, ITensorFile file, Adapter adapter, ModelDescription model, string[] unmatched)
    {
        var dialect = Dialects.Named(adapter.Dialect!).For(file, model);
        var places = new PlacedKeys(dialect, model);
        var modules = AdapterInspection.Inspect(file).Modules.Where(m => !m.Keys.Values.All(unmatched.Contains)).ToDictionary(m => m.Name);
        var rows = facts.GetProperty("layers").EnumerateArray().ToList();
        Assert.Equal(rows.Select(row => row[0].GetString()!).Order(StringComparer.Ordinal), modules.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(rows.Select(row => PathOf(row[1])).Order(StringComparer.Ordinal), adapter.Targets.Keys.Order(StringComparer.Ordinal));
        foreach (var row in rows)
        {
            string name = row[0].GetString()!;
            Assert.Equal(PathOf(row[1]), places.Named(name)?.Path);
            Assert.Equal(row[2].GetInt64(), modules[name].Rank);
            Assert.Equal(row[2].GetInt64(), RankOf(adapter.Targets[PathOf(row[1])]));
            Assert.Equal(row[3].ValueKind == JsonValueKind.Null ? null : row[3].GetDouble(), modules[name].Alpha);
        }
        // Those that do not fit would have been faults.
        Assert.Equal(0, facts.GetProperty("shapes_that_do_not_fit").GetArrayLength());
    }

    static string PathOf(JsonElement module) => module.GetString()!.Replace(':', '.');

    // Files that number their layers: what they tell of it, and how many of the UNet's layers have the file's shapes in today's order and in the one that was found.
    static void AssertNumbering(JsonElement facts, ITensorFile file, ModelDescription model)
    {
        if (facts.TryGetProperty("host_classes", out var classes))
            foreach (var component in classes.EnumerateObject())
                Assert.Equal(component.Value.EnumerateArray().Select(c => c.GetString()), JsonSerializer.Deserialize<string[]>(file.Metadata[component.Name])!);
        if (facts.TryGetProperty("host_layers", out _))
            Assert.Equal(Counts(facts, "host_layers"), Counted(AdapterInspection.Inspect(file).Modules.Select(m => m.Name.Split(':')[0])));
        if (!facts.TryGetProperty("numbering", out var numbering)) return;
        var shapes = file.Tensors.ToDictionary(t => t.Name, t => t.Shape);
        var today = Dialects.Of(file);
        int Fitting(Dialect dialect) => model.Components.Where(c => c.Name == "unet").Sum(c => c.Targets.Count(t => dialect.Spelling.Names(model, c, t.Target).Any(name =>
            shapes.TryGetValue(name + ":up", out var up) && shapes.TryGetValue(name + ":down", out var down) && up[0] == t.Target.Out && down[1] == t.Target.In)));
        var fits = numbering.GetProperty("layers_that_fit").EnumerateObject().Select(count => count.Value.GetInt32()).ToList();
        Assert.Contains(Fitting(today), fits);
        Assert.Equal(fits.Max(), Fitting(today.For(file, model)));
    }

    static void AssertChanges(JsonElement facts, ITensorFile file, Adapter adapter)
    {
        using var grad = no_grad();
        double relative = GoldenGroup.Open("files").Json.GetProperty("tolerance").GetProperty("summary_relative").GetDouble();
        var measured = AdapterInspection.Measure(file).Modules.ToDictionary(m => m.Name);
        foreach (var row in facts.GetProperty("delta_norms").EnumerateArray())
        {
            using var scope = NewDisposeScope();
            var made = adapter.Targets[PathOf(row.GetProperty("module"))];
            var change = made.Apply(zeros(made.Target.Out, made.Target.Columns, ScalarType.Float64), 1);
            double norm = row.GetProperty("frobenius").GetDouble(), sum = row.GetProperty("sum").GetDouble(), largest = row.GetProperty("max_abs").GetDouble();
            Assert.Equal(norm, change.norm().ToDouble(), relative * norm);
            Assert.Equal(norm, measured[row.GetProperty("key").GetString()!].Norm!.Value, relative * norm);
            Assert.Equal(sum, change.sum().ToDouble(), relative * Math.Abs(sum) + 1e-5);
            Assert.Equal(largest, change.abs().max().ToDouble(), relative * largest);
        }
    }
}
