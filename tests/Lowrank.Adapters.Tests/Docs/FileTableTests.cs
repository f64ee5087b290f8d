namespace Lowrank.Adapters.Tests;

/// <summary>The tables of docs/files.md: what each dialect holds, and what comes back from each by way of each other. Whatever comes back must be the same, or the same to rounding.</summary>
public class FileTableTests
{
    // Where a dialect has no place for alpha its scale is in the factor: a product in float32, and one back.
    const double Rounding = 1e-6;

    // One of each method; LoRA's kinds are told apart by what files must hold for them.
    static readonly string[] kinds =
        [.. Methods.All.Where(m => m.StoredAs is null).Select(m => m.Name).Where(name => MethodVariant.All.Any(v => v.Name == name)), "lora rs", "lora core", "lora bias", "lora, DoRA out", "lora, DoRA in"];

    // Words are no layers, and GGUF and mlx-lm have those of language models alone.
    static readonly Dialect[] dialects = [.. Dialects.All.Where(d => d.Spelling.Suffixes.Count > 0 && d.Name is not ("gguf" or "mlx"))];

    static MethodVariant? Variant(string name) => MethodVariant.All.FirstOrDefault(v => v.Name == name);

    // Every kind of part must find a place: a LoRA with a core is not held where its layers without one are.
    bool Holds(EveryLayer model, Dialect dialect, string kind) => held.TryGetValue((dialect, kind), out bool known) ? known : held[(dialect, kind)] = Finds(model, dialect, kind);

    readonly Dictionary<(Dialect, string), bool> held = [];

    static bool Finds(EveryLayer model, Dialect dialect, string kind)
    {
        if (!WriteReadLaw.Holds(dialect, Variant(kind)!, model)) return false;
        using var fitting = model.Trained(kind, [dialect]);
        return PartsOf(fitting!).SetEquals(PartsOf(model.Whole(kind)));
    }

    static HashSet<string> PartsOf(Adapter adapter) => [.. adapter.Targets.Values.SelectMany(t => t.Parts.Select(p => p.Part))];

    [Fact]
    public void ThePageTellsWhatEachDialectHolds()
    {
        using var scope = NewDisposeScope();
        var model = EveryLayer.Of("sd1");
        var lines = from kind in kinds
                    let cells = dialects.Select(d => !Holds(model, d, kind) ? "" : IsExact(model, d, kind) ? "yes" : "to rounding").ToList()
                    where cells.Exists(cell => cell.Length > 0)
                    select $"| {kind} | {string.Join(" | ", cells)} |\n";
        WrittenPage.Check("docs/files.md", "holdings", Head("method") + string.Concat(lines));
    }

    [Fact]
    public void WhatGoesThroughAnotherDialectComesBack()
    {
        using var scope = NewDisposeScope();
        var model = EveryLayer.Of("sd1");
        var lines = dialects.Select(own => $"| {own.Name} | {string.Join(" | ", dialects.Select(through => Cell(model, own, through)))} |\n");
        WrittenPage.Check("docs/files.md", "round trips", Head("of") + string.Concat(lines));
    }

    static string Head(string first)
    {
        var names = dialects.Select(d => d.Name).ToList();
        return $"| {first} | {string.Join(" | ", names)} |\n|---|{string.Concat(names.Select(_ => "---|"))}\n";
    }

    static bool IsExact(EveryLayer model, Dialect dialect, string kind) => Difference(model, dialect, null, kind) == 0;

    string Cell(EveryLayer model, Dialect own, Dialect through)
    {
        int exact = 0, rounded = 0;
        foreach (string kind in kinds.Where(kind => Holds(model, own, kind) && Holds(model, through, kind)))
            if (Difference(model, own, through, kind) is not { } difference) continue;
            else if (difference == 0) exact++;
            else if (difference <= Rounding) rounded++;
            else Assert.Fail($"{kind} of {own.Name} comes back from {through.Name} with a difference of {difference}");
        return exact + rounded == 0 ? "" : rounded == 0 ? $"{exact}" : exact == 0 ? $"{rounded}≈" : $"{exact}, {rounded}≈";
    }

    // The largest difference of a part, relative to the part's largest number, after a way through another dialect (null: of writing and reading alone); null where the two hold no layer in common.
    static double? Difference(EveryLayer model, Dialect own, Dialect? through, string kind)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var made = model.Trained(kind, through is null ? [own] : [own, through]);
        if (made is null) return null;
        using var first = There(model, folder, made, own, "first");
        if (through is not null && through.Refuses(first, model.Description) is not null) return null;
        if (through is null) return Largest(made, first);
        using var other = There(model, folder, first, through, "other");
        using var back = There(model, folder, other, own, "back");
        return Largest(first, back);
    }

    static Adapter There(EveryLayer model, TemporaryFolder folder, Adapter adapter, Dialect dialect, string name)
    {
        string path = folder.File(dialect.Packaging.WritesFolder ? name : name + ".safetensors");
        AdapterFile.Write(path, adapter, model.Description, dialect.Name);
        return AdapterFile.Read(path, model.Description);
    }

    static double Largest(Adapter one, Adapter other)
    {
        Assert.Equal(one.Targets.Keys.Order(StringComparer.Ordinal), other.Targets.Keys.Order(StringComparer.Ordinal));
        double largest = 0;
        using var grad = no_grad();
        foreach (var (path, first) in one.Targets)
        {
            var second = other.Targets[path];
            Assert.Equal(first.Parts.Select(p => p.Part), second.Parts.Select(p => p.Part));
            if (first.Parts.Zip(second.Parts).All(p => !WriteReadLaw.Counts(p.First.Part, first) || WriteReadLaw.Same(p.First.Value, p.Second.Value))) continue;
            foreach (var ((_, wanted), (_, got)) in Scaled(first).Zip(Scaled(second)).Where(p => WriteReadLaw.Counts(p.First.Part, first)))
                largest = Math.Max(largest, (got - wanted).abs().max().ToDouble() / Math.Max(wanted.abs().max().ToDouble(), 1e-30));
        }
        return largest;
    }

    // Without alpha, which may be in up.
    static IEnumerable<(string Part, Tensor Value)> Scaled(Reparameterization made)
    {
        var parts = made.Parts.ToDictionary(p => p.Part, p => p.Value.to(ScalarType.Float64));
        bool isLora = parts.ContainsKey("up");
        if (isLora && parts.Remove("alpha", out var alpha))
            foreach (string part in new[] { "up", "up_bias" }.Where(parts.ContainsKey)) parts[part] = parts[part] * alpha / parts["down"].shape[0];
        return parts.Select(p => (p.Key, p.Value));
    }
}
