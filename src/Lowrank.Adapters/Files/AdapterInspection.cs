namespace Lowrank.Adapters;

/// <summary>Tells what an adapter file holds, from its header and its alphas: no model, no libtorch.</summary>
public static class AdapterInspection
{
    // What a tensor may be: its part's name in each method that has its suffix, "" standing for every method.
    sealed record Part(IReadOnlyList<(string Method, string Name)> Meanings, TensorInfo Tensor)
    {
        public string? NameIn(string method) => Meanings.Where(m => m.Method == method || m.Method.Length == 0).Select(m => m.Name).FirstOrDefault();
    }

    /// <summary>A report on an open file.</summary>
    public static AdapterReport Inspect(ITensorFile file)
    {
        var dialect = Known(file);
        var words = new List<string>();
        var parts = new Dictionary<string, List<Part>>();
        var rest = new List<string>();
        foreach (var tensor in file.Tensors)
        {
            string key = tensor.Name;
            if (dialect?.EmbeddingOf(file, key) is { } word)
            {
                words.Add(word.Name);
                continue;
            }
            if (Suffix(dialect, key) is null) key = dialect?.Mend(key) ?? key;
            if (Suffix(dialect, key) is not { } suffix)
            {
                rest.Add(tensor.Name);
                continue;
            }
            var name = key[..^suffix.Length];
            if (!parts.TryGetValue(name, out var module)) parts[name] = module = [];
            module.Add(new([.. dialect!.Suffixes.Where(s => s.Suffix == suffix).Select(s => (s.Method, s.Part))], tensor));
        }
        var modules = new List<AdapterModule>();
        foreach (var (name, module) in parts)
            if (Module(file, name, module) is { } made) modules.Add(made);
            else rest.AddRange(module.Select(p => p.Tensor.Name));
        return new AdapterReport(
            file.Path, file.Container, dialect?.Name, FamilyGuess.Of(file), modules, [.. file.Tensors.Select(t => t.Dtype.ToString()).Distinct()],
            file.Tensors.Sum(t => t.Count), rest, [.. rest.Select(OtherMethods.Of).OfType<string>().Distinct()], file.Metadata)
        {
            Embeddings = [.. words.Distinct()],
        };
    }

    /// <summary>The report with norms, which need the tensors' values.</summary>
    /// <exception cref="LowrankException">Factors of a layer do not fit each other.</exception>
    public static AdapterReport Measure(ITensorFile file)
    {
        var report = Inspect(file);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var dialect = Known(file);
        try
        {
            return report with { Modules = [.. report.Modules.Select(m => Measure(m, file, dialect))] };
        }
        catch (LowrankException error) when (!error.Message.StartsWith(file.Path, StringComparison.Ordinal))
        {
            throw new LowrankException($"{file.Path}: {error.Message}", error);
        }
    }

    // Where several recognize a file, the first in the list.
    static Dialect? Known(ITensorFile file) => Dialects.Recognizing(file) is [var first, ..] ? first : null;

    // The longest is meant: .q_layer.weight ends in .weight.
    static string? Suffix(Dialect? dialect, string key) => dialect?.Suffixes.Select(s => s.Suffix).Where(end => key.EndsWith(end, StringComparison.Ordinal)).MaxBy(end => end.Length);

    static AdapterModule? Module(ITensorFile file, string name, List<Part> parts)
    {
        foreach (var method in parts.SelectMany(p => p.Meanings).Select(m => m.Method).Where(m => m.Length > 0).Distinct().Select(Methods.Named))
        {
            var tensors = parts.Select(p => (Name: p.NameIn(method.Name), p.Tensor)).Where(p => p.Name is not null).GroupBy(p => p.Name!).ToDictionary(g => g.Key, g => g.First().Tensor);
            var shapes = tensors.ToDictionary(p => p.Key, p => p.Value.Shape);
            if (tensors.Count != parts.Count || method.Parts.Any(p => p.Required && !shapes.ContainsKey(p.Name)) || !method.Recognizes(shapes)) continue;
            if (method.Facts(shapes) is not { } facts) continue;
            double? alpha = tensors.GetValueOrDefault("alpha") is { Count: 1 } scalar ? file.ReadScalar(scalar.Name) : null;
            return new AdapterModule(name, method.Name, facts.Rank, facts.Out, facts.In, facts.Kernel, tensors.ToDictionary(p => p.Key, p => p.Value.Name), alpha, null);
        }
        return null;
    }

    static AdapterModule Measure(AdapterModule module, ITensorFile file, Dialect? dialect)
    {
        // Larger than any model's weight; a change that has to be built to be measured would take that much.
        const double MostElements = 1 << 28;
        if (module is not { Out: { } outputs, In: { } inputs } || module.Kernel.Aggregate((double)outputs * inputs, (product, side) => product * side) > MostElements) return module;
        using var scope = NewDisposeScope();
        var kind = module.Kernel.Length switch { 0 => LayerKind.Linear, 1 => LayerKind.Conv1d, 2 => LayerKind.Conv2d, _ => LayerKind.Conv3d };
        var target = new Target(module.Name, kind, [outputs, inputs, .. module.Kernel]);
        var method = Methods.Named(module.Method);
        var parts = module.Keys.ToDictionary(k => k.Key, k => file.Read(k.Value));
        if (method.TakesBase || method.Parts.Any(p => p.IsShared)) return module;
        // PEFT tells alpha beside its tensors alone.
        if (dialect is null || dialect is PeftDialect && file is not PeftFolder) return module;
        using var made = dialect.Make(file, module.Name, target, method, parts, new Initialization());
        // What does not add to the weight, or takes it in, changes it by an amount that only the base tells.
        return made is AdditiveReparameterization { NeedsWeight: false } additive && !module.Keys.Keys.Any(Wrappers.Parts.Contains)
            ? module with { Norm = ChangeNorms.Of(additive) }
            : module;
    }
}
