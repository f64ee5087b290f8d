namespace Lowrank.Adapters.Tests;

/// <summary>Law 5: what is written is read, in every dialect, and every key is consumed.</summary>
public class WriteReadLaw
{
    // One model that holds every kind of layer which the method fits, in the families whose spelling differs.
    public static IEnumerable<TheoryDataRow<string, string, string>> All => all.Value;

    static readonly Lazy<List<TheoryDataRow<string, string, string>>> all = new(() =>
    [
        .. from dialect in Dialects.All
           from variant in MethodVariant.All
           from family in new[] { "sd1", "sdxl" }
           where Holds(dialect, variant, EveryLayer.Of(family))
           select new TheoryDataRow<string, string, string>(dialect.Name, variant.Name, family).OfMethod(variant.Method),
    ]);

    /// <summary>Whether a dialect can hold a method at some of a model's layers, bit for bit.</summary>
    internal static bool Holds(Dialect dialect, MethodVariant variant, EveryLayer model)
    {
        // PEFT stores whole weights beside a method alone.
        if (dialect.Packaging.WritesFolder && variant.Method == Replacement.Descriptor) return false;
        // PEFT's IA3 holds 1 + w, which rounds, and scales an output's bias: its own files are read, written and read in the goldens.
        if (dialect.Packaging.WritesFolder && variant.Method == Ia3.Descriptor) return false;
        using var adapter = model.Trained(variant.Name, dialect);
        return adapter is not null && dialect.Refuses(adapter, model.Description) is null;
    }

    static string File(TemporaryFolder folder, string dialect) => folder.File(dialect == "peft" ? "adapter" : "adapter.safetensors");

    // The parts as they come back: where a dialect has no place for alpha, the scale is in up, and alpha is the rank.
    static IEnumerable<(string Part, Tensor Value)> Stored(Dialect dialect, Reparameterization made)
    {
        var parts = made.Parts.ToDictionary(p => p.Part, p => p.Value.detach());
        if (!parts.TryGetValue("up", out var up) || !dialect.Layout.LeavesOut(made, "alpha")) return made.Parts;
        var baked = dialect.Layout.Write(made, "up", up);
        if (Same(up, baked)) return made.Parts;
        return made.Parts.Select(p => (p.Part, p.Part == "alpha" ? tensor((float)parts["down"].shape[0]) : BakedAlphaLayout.Only.Write(made, p.Part, p.Value.detach())));
    }

    /// <summary>Whether a part says something: a LoKr of whole factors has no scale, and its alpha is PEFT's rank when it comes from there.</summary>
    internal static bool Counts(string part, Reparameterization made) => part != "alpha" || !made.Parts.Select(p => p.Part).ToHashSet().IsSupersetOf(["w1", "w2"]);

    internal static bool Same(Tensor one, Tensor other) => one.shape.AsSpan().SequenceEqual(other.shape) && one.eq(other).all().ToBoolean();

    [Theory, MemberData(nameof(All))]
    public void EveryPartComesBackBitForBit(string dialect, string method, string family)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var model = EveryLayer.Of(family);
        var spelling = Dialects.Named(dialect);
        using var adapter = model.Trained(method, spelling)!;
        var path = File(folder, dialect);
        AdapterFile.Write(path, adapter, model.Description, dialect, metadata: new Dictionary<string, string> { ["ss_seed"] = "7" });

        using var read = AdapterFile.Read(path, model.Description);
        using (var written = AdapterFile.Open(path)) Assert.Equal(spelling.NotesOn(written), read.Notes);
        Assert.Equal(dialect, read.Dialect);
        Assert.Equal("adapter", read.Name);
        Assert.Equal("7", read.Metadata["ss_seed"]);
        Assert.Equal(adapter.Targets.Keys.Order(StringComparer.Ordinal), read.Targets.Keys.Order(StringComparer.Ordinal));
        foreach (var (target, want) in adapter.Targets)
        {
            var got = read.Targets[target];
            Assert.Equal(want.Method.StoredAs ?? want.Method, got.Method);
            Assert.Equal(want.Parts.Select(p => p.Part), got.Parts.Select(p => p.Part));
            foreach (var (one, other) in Stored(spelling, want).Zip(got.Parts).Where(p => Counts(p.First.Part, want))) Close.Same(one.Value, other.Value, $"{one.Part} of {target}");
        }
        using var file = AdapterFile.Open(path);
        Assert.Equal(AdapterFile.Spell(adapter, model.Description, spelling).Count, file.Tensors.Count);
    }

    [Theory, MemberData(nameof(All))]
    public void HalfPrecisionRoundsTheFactorsAndKeepsAlpha(string dialect, string method, string family)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var model = EveryLayer.Of(family);
        var spelling = Dialects.Named(dialect);
        using var adapter = model.Trained(method, spelling)!;
        foreach (var dtype in new[] { ScalarType.Float16, ScalarType.BFloat16 })
        {
            AdapterFile.Write(File(folder, dialect), adapter, model.Description, dialect, dtype);
            using var read = AdapterFile.Read(File(folder, dialect), model.Description);
            foreach (var (target, want) in adapter.Targets)
                foreach (var ((part, value), (_, got)) in Stored(spelling, want).Zip(read.Targets[target].Parts).Where(p => Counts(p.First.Part, want)))
                    Close.Same(part == "alpha" || !value.is_floating_point() ? value : value.detach().to(dtype).to(ScalarType.Float32), got, $"{part} of {target}");
        }
    }

    [Theory, MemberData(nameof(All))]
    public void InspectingNamesTheMethodWhereTheShapesTellTheLayer(string dialect, string method, string family)
    {
        using var folder = new TemporaryFolder();
        var model = EveryLayer.Of(family);
        using var adapter = model.Trained(method, Dialects.Named(dialect))!;
        AdapterFile.Write(File(folder, dialect), adapter, model.Description, dialect);
        using var file = AdapterFile.Open(File(folder, dialect));
        var stored = adapter.Targets.Values.Select(r => (r.Method.StoredAs ?? r.Method).Name).ToHashSet();
        var report = AdapterInspection.Inspect(file);
        Assert.Equal(dialect, report.Dialect);
        Assert.All(report.Modules, module => Assert.Contains(module.Method, stored));
    }

    [Fact]
    public void ReadingAndWritingLeaveNoTensorBehind()
    {
        using var folder = new TemporaryFolder();
        using var model = new EveryLayer("sdxl");
        using var adapter = model.Trained("lora")!;
        LeakGuard.NoTensorLeaks(() =>
        {
            AdapterFile.Write(folder.File("a.safetensors"), adapter, model.Description, dtype: ScalarType.BFloat16);
            using var read = AdapterFile.Read(folder.File("a.safetensors"), model.Description);
        });
    }
}
