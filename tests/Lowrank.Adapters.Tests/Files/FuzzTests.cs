using Lowrank.Testing.Fuzzing;

namespace Lowrank.Adapters.Tests;

/// <summary>Adapters of every method in every dialect, spoilt: they are inspected and read, or refused, and nothing else happens.</summary>
/// <remarks>Other or more files: see <see cref="FuzzRun"/>.</remarks>
public sealed class FuzzTests : IDisposable
{
    readonly EveryLayer model = new("sd1");
    readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        folder.Dispose();
        model.Dispose();
    }

    IEnumerable<FuzzSeed> Seeds =>
        from dialect in Dialects.All
        from variant in MethodVariant.All
        where variant.Name == "lora" || Dialects.All.First(d => d == dialect || WriteReadLaw.Holds(d, variant, model)) == dialect   // LoRA in every dialect, another method in one
        where WriteReadLaw.Holds(dialect, variant, model)
        from seed in Written(dialect, variant.Name)
        select seed;

    IEnumerable<FuzzSeed> Written(Dialect dialect, string method)
    {
        string name = $"{method} of {dialect.Name}", path = folder.File(name.Replace(' ', '-'));
        using (var adapter = model.Trained(method, dialect)!) AdapterFile.Write(path, adapter, model.Description, dialect.Name, metadata: new Dictionary<string, string> { ["ss_network_dim"] = "4" });
        if (!Directory.Exists(path)) return [FuzzSeed.Safetensors(name, File.ReadAllBytes(path))];
        // PEFT's folder of the first component.
        path = Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal).Last();
        byte[] weights = File.ReadAllBytes(Path.Combine(path, PeftFolder.Weights)), settings = File.ReadAllBytes(Path.Combine(path, PeftFolder.Settings));
        return
        [
            FuzzSeed.Json(name, settings, PeftFolder.Settings) with { Beside = [(PeftFolder.Weights, weights)] },
            FuzzSeed.Safetensors(name, weights, PeftFolder.Weights) with { Beside = [(PeftFolder.Settings, settings)] },
        ];
    }

    static readonly string[] folders = ["adapters", "defects"];

    // The goldens' files fit none of our layers: each is read to its refusal.
    static IEnumerable<FuzzSeed> Goldens => folders.Select(name => Path.Combine(GoldenFolder.Root, "files", name)).Where(Directory.Exists)
        .SelectMany(name => Directory.EnumerateFiles(name)).Where(file => new FileInfo(file).Length is > 0 and < 40_000).Order(StringComparer.Ordinal).Select(FuzzSeed.File);

    // What was read can be used, whatever numbers come out.
    void Apply(Adapter adapter)
    {
        using var grad = no_grad();
        foreach (var (target, layer) in model.Description.Components.SelectMany(component => component.Targets))
        {
            using var scope = NewDisposeScope();
            if (adapter.Targets.TryGetValue(target.Path, out var made) && !made.Method.DependsOnInput)
                Assert.Equal(target.ToMatrix(layer.Weight.Dense()).shape, made.Apply(target.ToMatrix(layer.Weight.Dense()).detach(), 0.5).shape);
        }
    }

    [Fact]
    public void SpoiltAdaptersAreReadOrRefused()
    {
        var run = new FuzzRun([.. Seeds, .. Goldens], path =>
        {
            using var scope = NewDisposeScope();
            using var file = AdapterFile.Open(path.EndsWith(PeftFolder.Settings, StringComparison.Ordinal) ? Path.GetDirectoryName(path)! : path);
            var report = AdapterInspection.Inspect(file);
            TrainingFacts.Of(file.Metadata);
            AdapterHealth.Of(file, AdapterInspection.Measure(file));
            using var adapter = AdapterFile.Read(file, model.Description, allowUnmatched: true);
            Apply(adapter);
            return report.Parameters * sizeof(double);
        });
        run.Run(1500);
        TestContext.Current.TestOutputHelper!.WriteLine($"{run.Opened} read, {run.Refused} refused");
    }
}
