namespace Lowrank.Adapters.Tests;

/// <summary>What PEFT, diffusers, LyCORIS and sd-scripts write is read as what they make of it, and written again in the dialects that hold it.</summary>
public sealed class ReaderCaseTests : IDisposable
{
    // Of a weight's change and of its norm: the programs sum in another order.
    const double ProbeTolerance = 1e-5, WeightTolerance = 2e-7, NormTolerance = 1e-4;

    readonly StableDiffusion model = StableDiffusion.Load(Path.Combine(GoldenFolder.Repository, "models", "emoji-sd"), new Storage(ScalarType.Float32));

    public void Dispose() => model.Dispose();

    public static IEnumerable<TheoryDataRow<string>> Cases => ReaderCase.All.Select(c => new TheoryDataRow<string>(c.Name));

    // The merged weights of what is adapted, by the names of the cases: without text_model.
    static Dictionary<string, (Tensor Own, Tensor Merged)> Merged(ModelDescription description, Adapter adapter)
    {
        var merged = new Dictionary<string, (Tensor, Tensor)>();
        foreach (var (target, layer) in description.Components.SelectMany(component => component.Targets))
        {
            if (!adapter.Targets.TryGetValue(target.Path, out var made)) continue;
            var own = layer.Weight.Dense();
            string name = target.Path.Replace("text_model.", "", StringComparison.Ordinal) + ".weight";
            merged[name] = (own, target.FromMatrix(made.Apply(target.ToMatrix(own), 1)).reshape(own.shape));
        }
        return merged;
    }

    static void AssertMeans(ReaderCase c, ModelDescription description, Adapter adapter)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var merged = Merged(description, adapter);
        Assert.NotEmpty(c.Norms);
        Assert.NotEmpty(c.Probes);
        Assert.Equal(c.Norms.Keys.Order(StringComparer.Ordinal), merged.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, norm) in c.Norms)
        {
            var (own, changed) = merged[name];
            Assert.Equal(norm, (changed - own).to(ScalarType.Float64).norm().ToDouble(), NormTolerance * norm);
        }
        using var probes = Safetensors.Open(Path.Combine(ReaderCase.Folder, "probes.safetensors"));
        foreach (string probe in c.Probes)
        {
            var (own, changed) = merged[probe[(probe.IndexOf('|') + 1)..]];
            var wanted = probes.Read(probe);
            double allowed = Math.Max(ProbeTolerance * (wanted - own).abs().max().ToDouble(), WeightTolerance * own.abs().max().ToDouble());
            double apart = (changed - wanted).abs().max().ToDouble();
            Assert.True(apart <= allowed, $"{probe} is {apart} apart, and {allowed} is allowed");
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void WhatTheProgramsWriteIsReadAsTheyMeanIt(string name)
    {
        var c = ReaderCase.All.First(one => one.Name == name);
        var description = model.Describe();
        using var adapter = AdapterFile.Read(c.File, description);
        AssertMeans(c, description, adapter);
    }

    [Theory, MemberData(nameof(Cases))]
    public void AndMeansTheSameInEveryDialectThatHoldsIt(string name)
    {
        var c = ReaderCase.All.First(one => one.Name == name);
        var description = model.Describe();
        using var adapter = AdapterFile.Read(c.File, description);
        var holding = Dialects.Holding(adapter, description);
        Assert.Contains(holding, dialect => dialect.Name == adapter.Dialect);
        foreach (var dialect in holding)
        {
            using var folder = new TemporaryFolder();
            string path = folder.File(dialect.Packaging.WritesFolder ? "adapter" : "adapter.safetensors");
            AdapterFile.Write(path, adapter, description, dialect.Name);
            using var again = AdapterFile.Read(path, description);
            AssertMeans(c, description, again);
        }
    }

    [Fact]
    public void APeftFolderOfSeveralComponentsKeepsWhatEachTellsOfItsBase()
    {
        var c = ReaderCase.All.First(one => one.Name == "peft_both");
        var description = model.Describe();
        using var folder = new TemporaryFolder();
        using (var adapter = AdapterFile.Read(c.File, description)) AdapterFile.Write(folder.File("kohya.safetensors"), adapter, description);
        using (var adapter = AdapterFile.Read(folder.File("kohya.safetensors"), description)) AdapterFile.Write(folder.File("again"), adapter, description, "peft");
        foreach (string component in new[] { "unet", "text_encoder" })
        {
            using var before = PeftFolder.Open(Path.Combine(c.File, component));
            using var after = PeftFolder.Open(folder.File(Path.Combine("again", component)));
            foreach (string field in new[] { "base_model_name_or_path", "task_type", "revision", "auto_mapping" })
                Assert.Equal(before.Config.Json.GetProperty(field).GetRawText().Where(c => !char.IsWhiteSpace(c)), after.Config.Json.GetProperty(field).GetRawText().Where(c => !char.IsWhiteSpace(c)));
            Assert.Equal(before.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal), after.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void AComponentsFolderAloneIsReadAsThatComponent()
    {
        var c = ReaderCase.All.First(one => one.Name == "peft_both");
        using var adapter = AdapterFile.Read(Path.Combine(c.File, "text_encoder"), model.Describe());
        Assert.NotEmpty(adapter.Targets);
        Assert.All(adapter.Targets.Keys, path => Assert.StartsWith("text_encoder.", path, StringComparison.Ordinal));
    }
}
